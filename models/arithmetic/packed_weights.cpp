#include "models/arithmetic/packed_weights.h"

namespace karhunen {

void pack_four_bits(std::span<const int8_t> weights, uint8_t* bytes) {
    for (size_t i = 0; i < weights.size(); i += 2) {
        const int high = i + 1 < weights.size() ? weights[i + 1] : 0;
        bytes[i / 2] = static_cast<uint8_t>((high & 15) << 4 | (weights[i] & 15));
    }
}

std::vector<int8_t> unpack_four_bits(const uint8_t* bytes, size_t count) {
    std::vector<int8_t> weights(count);
    for (size_t i = 0; i < count; ++i) {
        const int half = bytes[i / 2] >> (i % 2 * 4) & 15;
        weights[i] = static_cast<int8_t>((half ^ 8) - 8);  // extends the sign
    }
    return weights;
}

}  // namespace karhunen
