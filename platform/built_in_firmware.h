// The firmware of sw/firmware as an ELF file in memory.
#pragma once

#include <cstdint>
#include <span>

namespace karhunen {

std::span<const uint8_t> built_in_firmware();

}  // namespace karhunen
