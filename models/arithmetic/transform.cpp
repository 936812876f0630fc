#include "models/arithmetic/transform.h"

#include <algorithm>

#include "models/arithmetic/requantise.h"

namespace karhunen {

namespace {

constexpr int64_t half_of(uint32_t shift) {
    return shift == 0 ? 0 : int64_t{1} << (shift - 1);
}

/// Vectors taken at once: scratch stays in the first level cache.
constexpr uint32_t block_vectors = 24;

/// Scratch of one call, for a matrix: inputs padded to pairs, sums.
struct Scratch {
    explicit Scratch(const PackedWeights& matrix)
        : run(matrix.reduction()),
          stride(run + run % 2),
          values(size_t{block_vectors} * stride),
          sums(size_t{block_vectors} * matrix.columns()),
          offsets(block_vectors) {
        for (uint32_t i = 0; i < block_vectors; ++i) offsets[i] = i * stride;
    }
    PatchView view(uint32_t vectors) const {
        return {values.data(), offsets.data(), vectors, 1, run, 0};
    }

    uint32_t run, stride;
    std::vector<int16_t> values;
    std::vector<int32_t> sums;
    std::vector<uint32_t> offsets;
};

}  // namespace

void transform_forward_naive(const TransformParameters& p, const int16_t* x, int16_t* q) {
    if (p.folded) {
        for (uint32_t k = 0; k < p.components; ++k)
            q[k] = static_cast<int16_t>(saturate(x[k], p.low, p.high));
        return;
    }
    for (uint32_t k = 0; k < p.components; ++k) {
        int32_t y = 0;
        for (uint32_t c = 0; c < p.channels; ++c)
            y = wrapping_add(y, p.matrix[size_t{k} * p.channels + c] * (x[c] - p.mean[c]));
        q[k] = static_cast<int16_t>(
            saturate(scale_and_round(int64_t{y} * p.forward[k], p.forward_shift), p.low, p.high));
    }
}

void transform_inverse_naive(const TransformParameters& p, const int16_t* q, int16_t* x) {
    std::vector<int32_t> z(p.components);
    for (uint32_t k = 0; k < p.components; ++k)
        z[k] = static_cast<int32_t>(
            saturate(scale_and_round(int64_t{q[k]} * p.inverse[k], p.inverse_shift),
                     -largest_coefficient, largest_coefficient));
    for (uint32_t c = 0; c < p.channels; ++c) {
        int32_t v = p.offset[c];
        for (uint32_t k = 0; k < p.components; ++k)
            v = wrapping_add(v, p.matrix[size_t{k} * p.channels + c] * z[k]);
        const Format format = p.rectified ? Format::u8 : Format::s12;
        x[c] = static_cast<int16_t>(
            saturate(scale_and_round(int64_t{v} * p.out_multiplier, p.out_shift), min_of(format),
                     max_of(format)));
    }
}

Transform::Transform(TransformParameters parameters)
    : p_(std::move(parameters)),
      by_component_(p_.matrix.data(), p_.channels, rows(p_.folded), 1, p_.channels),
      by_channel_(p_.matrix.data(), rows(p_.matrix.empty()), p_.channels, p_.channels, 1) {}

void Transform::forward(const int16_t* x, uint32_t vectors, int16_t* q) const {
    const uint32_t channels = p_.channels, components = p_.components;
    const int64_t half = half_of(p_.forward_shift), low = p_.low, high = p_.high;
    const uint32_t shift = p_.forward_shift;
    if (p_.folded) {
        const size_t values = size_t{vectors} * channels;
        for (size_t i = 0; i < values; ++i) q[i] = static_cast<int16_t>(saturate(x[i], low, high));
        return;
    }
    Scratch scratch(by_component_);
    for (uint32_t done = 0; done < vectors; done += block_vectors) {
        const uint32_t now = std::min(block_vectors, vectors - done);
        for (uint32_t i = 0; i < now; ++i, x += channels) {
            int16_t* centred = &scratch.values[size_t{i} * scratch.stride];
            for (uint32_t c = 0; c < channels; ++c)
                centred[c] = static_cast<int16_t>(x[c] - p_.mean[c]);
        }
        dot_products(scratch.view(now), by_component_, scratch.sums.data());
        const int32_t* y = scratch.sums.data();
        const int32_t* multiplier = p_.forward.data();
        for (uint32_t i = 0; i < now; ++i, y += components, q += components)
            for (uint32_t k = 0; k < components; ++k)
                q[k] = static_cast<int16_t>(
                    saturate((int64_t{y[k]} * multiplier[k] + half) >> shift, low, high));
    }
}

void Transform::inverse(const int16_t* q, uint32_t vectors, int16_t* x) const {
    const uint32_t channels = p_.channels, components = p_.components;
    const uint32_t inverse_shift = p_.inverse_shift, out_shift = p_.out_shift;
    const int64_t inverse_half = half_of(inverse_shift), out_half = half_of(out_shift);
    const int32_t out_multiplier = p_.out_multiplier;
    const Format format = p_.rectified ? Format::u8 : Format::s12;
    const int64_t low = min_of(format), high = max_of(format);
    const int32_t* inverse = p_.inverse.data();
    const int32_t* offset = p_.offset.data();
    Scratch scratch(by_channel_);
    for (uint32_t done = 0; done < vectors; done += block_vectors) {
        const uint32_t now = std::min(block_vectors, vectors - done);
        for (uint32_t i = 0; i < now; ++i, q += components) {
            int16_t* z = &scratch.values[size_t{i} * scratch.stride];
            for (uint32_t k = 0; k < components; ++k)
                z[k] = static_cast<int16_t>(
                    saturate((int64_t{q[k]} * inverse[k] + inverse_half) >> inverse_shift,
                             -largest_coefficient, largest_coefficient));
        }
        dot_products(scratch.view(now), by_channel_, scratch.sums.data());
        const int32_t* sums = scratch.sums.data();
        for (uint32_t i = 0; i < now; ++i, sums += channels, x += channels)
            for (uint32_t c = 0; c < channels; ++c) {
                const int64_t v = wrapping_add(sums[c], offset[c]);
                x[c] = static_cast<int16_t>(
                    saturate((v * out_multiplier + out_half) >> out_shift, low, high));
            }
    }
}

}  // namespace karhunen
