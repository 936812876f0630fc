// The sweep of `karhunen explore` without a file (configs/explore/codec-array-dram.yaml).
#pragma once

#include <cstdint>
#include <span>

namespace karhunen {

std::span<const uint8_t> built_in_sweep();

}  // namespace karhunen
