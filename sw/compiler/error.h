// What the compiler throws: one sentence that names the file, node, layer or buffer, what was found
// and what is supported.
#pragma once

#include <stdexcept>

namespace karhunen {

class CompileError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace karhunen
