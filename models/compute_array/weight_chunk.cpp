#include "models/compute_array/weight_chunk.h"

#include <karhunen/loadable.h>

#include <algorithm>
#include <cstring>

#include "models/arithmetic/packed_weights.h"

namespace karhunen {

std::optional<WeightChunk> WeightChunk::parse(std::span<const uint8_t> bytes,
                                              const ConvolutionShape& shape, uint32_t first,
                                              uint32_t n, uint32_t bits) {
    const uint32_t reduction = shape.reduction();
    const uint64_t head = uint64_t{n} * 2 * sizeof(int32_t);
    const uint64_t size = head + weight_bytes(uint64_t{n} * reduction, bits);
    if (n == 0 || reduction == 0 || bytes.size() < size || bytes.size() - size >= KRHN_ALIGNMENT)
        return {};
    auto parameters = std::make_shared<std::vector<int32_t>>(2 * size_t{n});
    std::memcpy(parameters->data(), bytes.data(), head);
    if (std::any_of(parameters->begin() + n, parameters->end(), [](int32_t m) { return m < 0; }))
        return {};
    std::vector<int8_t> unpacked;
    if (bits == 4) unpacked = unpack_four_bits(bytes.data() + head, size_t{n} * reduction);
    const int8_t* weights =
        bits == 4 ? unpacked.data() : reinterpret_cast<const int8_t*>(bytes.data() + head);
    return WeightChunk{PreparedWeights(weights, shape, first, n), bits, std::move(parameters)};
}

}  // namespace karhunen
