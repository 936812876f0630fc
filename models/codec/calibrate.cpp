#include "models/codec/calibrate.h"

#include <algorithm>
#include <cmath>

#include <karhunen/loadable.h>

#include "models/arithmetic/requantise.h"
#include "models/codec/codec.h"
#include "models/codec/huffman.h"
#include "models/codec/integer_basis.h"
#include "models/codec/principal_components.h"
#include "models/codec/transform_codec.h"
#include "models/codec/vlc.h"

namespace karhunen {

namespace {

void check(const CalibrationMaps& maps, const QuantiserOptions& o) {
    if (!(o.bits >= 1.5 && o.bits <= 11) || !(o.headroom >= 0 && o.headroom <= 4))
        throw CodecError("quantiser: bits must be 1.5 to 11 and the head-room 0 to 4");
    if (!(o.energy > 0 && o.energy <= 1))
        throw CodecError("transform: a share of the variance is above 0 and at most 1");
    if (!(o.least_deviation >= 0 && o.least_deviation <= 16))
        throw CodecError("transform: the least standard deviation is 0 to 16 steps");
    if (!(maps.stored_scale > 0 && maps.decoded_scale > 0) ||
        !(maps.stored_scale / maps.decoded_scale < 1e6))
        throw CodecError("calibration: scales must be positive");
    size_t values = 0;
    for (const auto image : maps.images) {
        values += image.size();
        if (maps.channels == 0 || image.size() % maps.channels != 0)
            throw CodecError("calibration: a map does not consist of whole vectors");
        for (const int16_t x : image)
            if (x < min_of(Format::s12) || x > max_of(Format::s12))
                throw CodecError("calibration: a value exceeds 12 bits");
    }
    if (values == 0) throw CodecError("calibration: no values");
}

/// Ratios as integers of up to 31 bits with one shift, as fine as they fit.
struct FixedPoint {
    std::vector<int32_t> multipliers;
    uint32_t shift = 0;
};

FixedPoint to_fixed_point(std::span<const double> ratios) {
    const double largest = *std::max_element(ratios.begin(), ratios.end());
    int exponent = 0;
    std::frexp(largest, &exponent);  // largest < 2^exponent
    FixedPoint result;
    result.shift = static_cast<uint32_t>(std::clamp(30 - exponent, 0, 62));
    for (const double r : ratios) {
        const double m = std::round(std::ldexp(r, static_cast<int>(result.shift)));
        if (m > INT32_MAX) throw CodecError("calibration: a ratio is out of range");
        result.multipliers.push_back(static_cast<int32_t>(m));
    }
    return result;
}

/// One uniform step, zero in the middle of symbol 0.
struct Quantiser {
    double step;
    int32_t low, high;
};

Quantiser make_quantiser(double low, double high, double finest, const QuantiserOptions& o) {
    const double range = high - low;
    Quantiser q;
    q.step = std::max(range / (std::exp2(o.bits) - 2), finest);
    q.low = static_cast<int32_t>(std::lround((low - o.headroom * range) / q.step));
    q.high = static_cast<int32_t>(std::lround((high + o.headroom * range) / q.step));
    if (q.low == q.high) ++q.high;
    const int32_t beyond = q.high - q.low + 1 - static_cast<int32_t>(HuffmanCode::max_symbols);
    if (beyond <= 0) return q;
    q.low += beyond / 2;  // less head-room, but room for the range to a step
    q.high -= beyond - beyond / 2;
    if (q.low > low / q.step + 1 || q.high < high / q.step - 1)
        throw CodecError("quantiser: " + std::to_string(std::lround(range / q.step) + 1) +
                         " levels; at most 2047");
    return q;
}

/// How many components to code, whatever the step. variance: falling.
uint32_t components_to_keep(std::span<const double> variance, const QuantiserOptions& o) {
    auto count = static_cast<uint32_t>(variance.size());
    if (o.components > 0) count = std::min(count, o.components);
    return o.energy < 1 ? std::min(count, components_for(variance, o.energy)) : count;
}

/// How many of these deviate by so much; at least one.
uint32_t components_above(double deviation, std::span<const double> variance) {
    const auto above = [&](double v) { return v >= deviation * deviation; };
    const auto end = std::partition_point(variance.begin(), variance.end(), above);
    return std::max(1u, static_cast<uint32_t>(end - variance.begin()));
}

/// Symbols of all vectors, block by block.
template <typename Use>
void for_each_symbol_block(const CalibrationMaps& maps, const Transform& transform, Use&& use) {
    constexpr size_t block_vectors = 64;
    const size_t components = transform.parameters().components;
    std::vector<int16_t> symbols(block_vectors * components);
    for (const auto image : maps.images)
        for (size_t at = 0; at < image.size(); at += block_vectors * maps.channels) {
            const size_t vectors = std::min(block_vectors, (image.size() - at) / maps.channels);
            transform.forward(image.data() + at, static_cast<uint32_t>(vectors), symbols.data());
            use(std::span<const int16_t>(symbols).first(vectors * components));
        }
}

/// A coefficient of the orthonormal transform is y / length of its row of the matrix.
void set_forward(TransformParameters& p, std::span<const double> lengths, const Quantiser& q) {
    std::vector<double> ratios;
    for (const double length : lengths) ratios.push_back(1 / (length * q.step));
    FixedPoint forward = to_fixed_point(ratios);
    p.forward = std::move(forward.multipliers);
    p.forward_shift = forward.shift;
    p.low = q.low;
    p.high = q.high;
}

struct Ranges {
    double low = 0, high = 0;     ///< of all coefficients, in steps of the s12 values
    std::vector<double> largest;  ///< absolute value, per component
};

/// What the integer unit makes of the maps, measured with steps that are as fine as 16 bits hold:
/// no coefficient is longer than its vector.
Ranges measure_ranges(const CalibrationMaps& maps, TransformParameters p,
                      std::span<const double> lengths) {
    const uint32_t channels = maps.channels, components = p.components;
    int64_t longest = 1;
    for (const auto image : maps.images)
        for (size_t at = 0; at < image.size(); at += channels) {
            int64_t squares = 0;
            for (uint32_t c = 0; c < channels; ++c) {
                const int64_t d = image[at + c] - p.mean[c];
                squares += d * d;
            }
            longest = std::max(longest, squares);
        }
    const double step = std::sqrt(static_cast<double>(longest)) / 32766;
    set_forward(p, lengths, {step, -32767, 32767});
    std::vector<int32_t> low(components), high(components);
    for_each_symbol_block(maps, Transform(p), [&](std::span<const int16_t> q) {
        for (size_t at = 0; at < q.size(); at += components)
            for (uint32_t k = 0; k < components; ++k) {
                low[k] = std::min(low[k], int32_t{q[at + k]});
                high[k] = std::max(high[k], int32_t{q[at + k]});
            }
    });
    Ranges r;
    for (uint32_t k = 0; k < components; ++k) {
        r.low = std::min(r.low, low[k] * step);
        r.high = std::max(r.high, high[k] * step);
        r.largest.push_back(std::max(-low[k], high[k]) * step);
    }
    return r;
}

/// v is the reconstructed s12 value times `scale`, which is as large as lets every z fit 15 bits
/// up to `reach` times what its component showed (beyond, z saturates), and every offset 2^30.
void set_inverse(TransformParameters& p, std::span<const double> lengths, const Quantiser& q,
                 const Ranges& ranges, const CalibrationMaps& maps) {
    constexpr double reach = 1.5;
    double scale = transform_max_offset / 2048;
    for (uint32_t k = 0; k < p.components; ++k) {
        const double longest = reach * ranges.largest[k] + q.step;
        scale = std::min(scale, largest_coefficient * lengths[k] / longest);
    }
    std::vector<double> ratios;
    for (const double length : lengths) ratios.push_back(q.step * scale / length);
    FixedPoint inverse = to_fixed_point(ratios);
    p.inverse = std::move(inverse.multipliers);
    p.inverse_shift = inverse.shift;
    for (const int16_t m : p.mean) p.offset.push_back(static_cast<int32_t>(std::lround(m * scale)));
    const double out[] = {maps.stored_scale / maps.decoded_scale / scale};
    const FixedPoint output = to_fixed_point(out);
    p.out_multiplier = output.multipliers[0];
    p.out_shift = output.shift;
}

struct CalibratedTransform {
    TransformParameters parameters;
    std::vector<double> lengths;  ///< of the rows of the matrix
    Quantiser quantiser;
};

CalibratedTransform calibrated(const CalibrationMaps& maps, const QuantiserOptions& o) {
    check(maps, o);
    if (maps.channels > transform_max_channels)
        throw CodecError("transform: at most 512 channels, not " + std::to_string(maps.channels));
    const PrincipalComponents pca = principal_components(maps.images, maps.channels);
    TransformParameters p;
    p.channels = maps.channels;
    p.components = components_to_keep(pca.variance, o);
    IntegerBasis basis = integer_basis(pca, p.components);
    p.matrix = std::move(basis.matrix);
    for (const double m : pca.mean) p.mean.push_back(static_cast<int16_t>(std::lround(m)));
    const Ranges ranges = measure_ranges(maps, p, basis.length);
    // Steps below 1/64 would code the rounding to 12 bits.
    const Quantiser q = make_quantiser(ranges.low, ranges.high, 1.0 / 64, o);
    p.components =
        std::min(p.components, components_above(o.least_deviation * q.step, pca.variance));
    p.matrix.resize(size_t{p.components} * p.channels);
    basis.length.resize(p.components);
    set_forward(p, basis.length, q);
    set_inverse(p, basis.length, q, ranges, maps);
    return {std::move(p), std::move(basis.length), q};
}

}  // namespace

std::vector<uint8_t> calibrate_transform(const CalibrationMaps& maps, const QuantiserOptions& o) {
    const TransformParameters p = calibrated(maps, o).parameters;
    std::vector<uint64_t> counts(static_cast<size_t>(p.high - p.low) + 1);
    for_each_symbol_block(maps, Transform(p), [&](std::span<const int16_t> symbols) {
        for (const int16_t s : symbols) ++counts[static_cast<size_t>(s - p.low)];
    });
    return transform_blob(p, model_bytes(counts));
}

FoldedTransform calibrate_folded(const CalibrationMaps& maps, const QuantiserOptions& o,
                                 Format decoded) {
    if (o.components != 0 || o.energy != 1 || o.least_deviation != 0)
        throw CodecError("transform: folded into a convolution it keeps all components");
    CalibratedTransform c = calibrated(maps, o);
    TransformParameters& p = c.parameters;
    FoldedTransform result;
    result.step = c.quantiser.step;
    for (size_t i = 0; i < p.matrix.size(); ++i)
        result.rows.push_back(p.matrix[i] / c.lengths[i / p.channels]);
    result.mean.assign(p.mean.begin(), p.mean.end());
    p.folded = true;
    p.rectified = decoded == Format::u8;
    p.forward.clear();
    p.mean.clear();
    p.forward_shift = 0;
    result.parameters = std::move(p);
    return result;
}

std::vector<uint8_t> FoldedTransform::table(
    std::span<const std::span<const int16_t>> symbols) const {
    const TransformParameters& p = parameters;
    std::vector<uint64_t> counts(static_cast<size_t>(p.high - p.low) + 1);
    for (const auto map : symbols)
        for (const int16_t s : map)
            ++counts[static_cast<size_t>(std::clamp<int>(s, p.low, p.high) - p.low)];
    return transform_blob(p, model_bytes(counts));
}

std::vector<uint8_t> calibrate_vlc(const CalibrationMaps& maps, const QuantiserOptions& o) {
    check(maps, o);
    std::vector<uint64_t> seen(4096);
    for (const auto image : maps.images)
        for (const int16_t x : image) ++seen[static_cast<size_t>(x + 2048)];
    const auto used = [](uint64_t n) { return n > 0; };
    const auto first = std::find_if(seen.begin(), seen.end(), used) - seen.begin() - 2048;
    const auto last = 2047 - (std::find_if(seen.rbegin(), seen.rend(), used) - seen.rbegin());
    const Quantiser q = make_quantiser(static_cast<double>(first), static_cast<double>(last), 1, o);

    VlcParameters p;
    p.low = static_cast<int16_t>(q.low);
    p.high = static_cast<int16_t>(q.high);
    const double forward[] = {1 / q.step};
    const double inverse[] = {q.step * maps.stored_scale / maps.decoded_scale};
    const FixedPoint in = to_fixed_point(forward), out = to_fixed_point(inverse);
    p.forward = in.multipliers[0];
    p.forward_shift = static_cast<uint8_t>(in.shift);
    p.inverse = out.multipliers[0];
    p.inverse_shift = static_cast<uint8_t>(out.shift);
    std::vector<uint64_t> counts(static_cast<size_t>(q.high - q.low) + 1);
    for (int x = -2048; x < 2048; ++x) {
        const int64_t symbol =
            saturate(scale_and_round(int64_t{x} * p.forward, p.forward_shift), p.low, p.high);
        counts[static_cast<size_t>(symbol - p.low)] += seen[static_cast<size_t>(x + 2048)];
    }
    p.model = model_bytes(counts);
    return vlc_blob(p);
}

}  // namespace karhunen
