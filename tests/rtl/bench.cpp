#include "tests/rtl/bench.h"

namespace karhunen::rtl {

std::vector<uint8_t> bytes_low_first(const std::vector<uint64_t>& words, uint32_t bits) {
    std::vector<uint8_t> bytes;
    for (const uint64_t word : words)
        for (uint32_t at = 0; at < bits; at += 8) bytes.push_back(static_cast<uint8_t>(word >> at));
    return bytes;
}

std::vector<uint8_t> bytes_high_first(const std::vector<uint64_t>& words, uint32_t bits) {
    std::vector<uint8_t> bytes;
    for (const uint64_t word : words)
        for (uint32_t at = bits; at > 0; at -= 8)
            bytes.push_back(static_cast<uint8_t>(word >> (at - 8)));
    return bytes;
}

std::vector<uint8_t> filled_up(std::vector<uint8_t> bytes, uint32_t bits) {
    while (bytes.size() * 8 % bits != 0) bytes.push_back(0);
    return bytes;
}

}  // namespace karhunen::rtl
