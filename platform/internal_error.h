#pragma once

#include <stdexcept>

namespace karhunen {

/// A sum of ours does not add up: a mistake in Karhunen, never in what it was given.
struct InternalError : std::logic_error {
    using std::logic_error::logic_error;
};

}  // namespace karhunen
