// What the tests of verilated blocks share beside the bench itself.
#pragma once

#include <cstdint>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "platform/cosimulation/handshake.h"
#include "tests/rtl/seed.h"

namespace karhunen::rtl {

/// Words of `bits` each as bytes, least significant or most significant one first.
std::vector<uint8_t> bytes_low_first(const std::vector<uint64_t>& words, uint32_t bits);
std::vector<uint8_t> bytes_high_first(const std::vector<uint64_t>& words, uint32_t bits);

/// Filled up with zeros to whole words of `bits`.
std::vector<uint8_t> filled_up(std::vector<uint8_t> bytes, uint32_t bits);

}  // namespace karhunen::rtl
