// Values that stand for data: a map row, a weight chunk, a stream is one number, and what a block
// makes of its inputs is a hash of them. Any wrong, stale or misplaced input changes the result.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace karhunen {

using Value = uint64_t;

inline Value mix(std::initializer_list<Value> parts) {
    Value h = 0x9E3779B97F4A7C15;
    for (Value v : parts) {
        h ^= v;  // splitmix64
        h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9;
        h = (h ^ h >> 27) * 0x94D049BB133111EB;
        h ^= h >> 31;
    }
    return h;
}

constexpr Value padding_row = 1;

inline Value chunk_value(uint32_t address, uint32_t bytes) {
    return mix({2, address, bytes});
}
inline Value stored_row(Value row, Value table, uint32_t codec) {
    return mix({3, row, table, codec});
}
inline Value decoded_row(Value stored, Value table, uint32_t codec) {
    return mix({4, stored, table, codec});
}
inline Value input_row(uint32_t image, uint32_t row) {
    return mix({5, image, row});
}
/// One more input row, then one more chunk, of a row of sums.
inline Value window_of(Value window, Value row) {
    return mix({6, window, row});
}
inline Value sums_of(Value window, Value chunk, uint32_t kernel, uint32_t stride, uint32_t dilation,
                     uint32_t groups, uint32_t weight_bits) {
    return mix({7, window, chunk, kernel, stride, dilation, groups, weight_bits});
}
inline Value result_of(Value sums, Value residual, uint32_t shift, uint32_t format) {
    return mix({8, sums, residual, shift, format});
}
/// What operations that make a row together make of it; their order does not matter.
inline Value part_of_row(Value part, uint32_t first_channel, uint32_t channels) {
    return mix({11, part, first_channel, channels});
}
inline Value pooled(Value window, Value row) {
    return mix({9, window, row});
}

}  // namespace karhunen
