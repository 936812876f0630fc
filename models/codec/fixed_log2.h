// Binary logarithm in integers: the same on every host.
#pragma once

#include <cstdint>

namespace karhunen {

inline constexpr uint32_t fixed_log2_bits = 24;  ///< of the fraction

/// log2(x) for x >= 1, within 2^-22.
uint64_t fixed_log2(uint64_t x);

}  // namespace karhunen
