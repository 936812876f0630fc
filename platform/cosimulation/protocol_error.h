// A block in RTL that breaks the rules of its streams, or hangs.
#pragma once

#include <stdexcept>

namespace karhunen::rtl {

class ProtocolError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace karhunen::rtl
