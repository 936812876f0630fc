#include "models/compute_array/weight_chunk.h"

#include <karhunen/loadable.h>

#include <algorithm>
#include <cstring>

namespace karhunen {

std::optional<WeightChunk> WeightChunk::parse(std::span<const uint8_t> bytes,
                                              const ConvolutionShape& shape, uint32_t first,
                                              uint32_t n) {
    const uint32_t reduction = shape.reduction();
    const uint64_t head = uint64_t{n} * 2 * sizeof(int32_t);
    const uint64_t size = head + uint64_t{n} * reduction;
    if (n == 0 || reduction == 0 || bytes.size() < size || bytes.size() - size >= KRHN_ALIGNMENT)
        return {};
    auto parameters = std::make_shared<std::vector<int32_t>>(2 * size_t{n});
    std::memcpy(parameters->data(), bytes.data(), head);
    if (std::any_of(parameters->begin() + n, parameters->end(), [](int32_t m) { return m < 0; }))
        return {};
    const auto* weights = reinterpret_cast<const int8_t*>(bytes.data() + head);
    return WeightChunk{PreparedWeights(weights, shape, first, n), std::move(parameters)};
}

}  // namespace karhunen
