// Tables of `dct-mask`, and the path that costs less.
//
// The two paths hardly differ in error, but not exactly, so the difference is turned into bits: a
// uniform quantiser gains 6.02 dB per bit, half a bit per doubling of the squared error, for each
// value that it codes, that is, each that is not zero. Errors are those against the values before
// they were rounded to u8, 1/12 a value, so an exact path is not infinitely better than one that is
// off by much less than that rounding.
#include <algorithm>
#include <cmath>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"
#include "models/codec/dct_mask.h"
#include "models/codec/fixed_log2.h"
#include "models/codec/huffman.h"

namespace karhunen {
namespace {

constexpr uint32_t group_length = 8;  // 16 took more bits on every map of ResNet-18

void check(const CalibrationMaps& maps, const QuantiserOptions& o) {
    if (!(o.bits >= 2 && o.bits <= 8)) throw CodecError("dct-mask: bits must be 2 to 8");
    size_t values = 0;
    for (const auto image : maps.images) {
        values += image.size();
        if (maps.channels == 0 || image.size() % maps.channels != 0)
            throw CodecError("calibration: a map does not consist of whole vectors");
        if (std::any_of(image.begin(), image.end(), [](int16_t x) { return x < 0 || x > 255; }))
            throw CodecError("calibration: dct-mask codes values of 0 to 255");
    }
    if (values == 0) throw CodecError("calibration: no values");
}

struct Trial {
    DctMaskParameters parameters;
    uint64_t bits = 0;     ///< of levels; the masks are the same in both paths
    uint64_t squares = 0;  ///< of errors
};

uint64_t bits_of(const std::vector<uint64_t>& counts, const std::vector<uint8_t>& model) {
    uint64_t bits = 0;
    for (size_t i = 0; i < counts.size(); ++i) bits += counts[i] * (model[i] & 15);
    return bits;
}

/// Groups of all maps, completed with zeros, pixel by pixel.
template <typename Use>
void for_each_pixel(const CalibrationMaps& maps, Use&& use) {
    const size_t stride = (maps.channels + group_length - 1) / group_length * group_length;
    std::vector<int16_t> pixel(stride);
    for (const auto image : maps.images)
        for (size_t at = 0; at < image.size(); at += maps.channels) {
            std::copy_n(image.begin() + static_cast<ptrdiff_t>(at), maps.channels, pixel.begin());
            use(std::span<const int16_t>(pixel));
        }
}

Trial trial(const CalibrationMaps& maps, bool dct, uint32_t step) {
    Trial t;
    DctMaskParameters& p = t.parameters;
    p = {dct, group_length, step, {}, {}};
    const DctMaskLevels levels = dct_mask_levels(p);
    std::vector<uint64_t> first(static_cast<size_t>(levels.first_high - levels.first_low) + 1);
    std::vector<uint64_t> rest(dct ? static_cast<size_t>(2 * levels.rest_high) + 1 : 0);
    std::vector<int16_t> q, back;
    for_each_pixel(maps, [&](std::span<const int16_t> x) {
        q.resize(x.size());
        back.resize(x.size());
        dct_mask_quantise(p, x.data(), x.size(), q.data());
        for (size_t g = 0; g < x.size(); g += group_length) {
            const auto group = x.subspan(g, group_length);
            if (std::all_of(group.begin(), group.end(), [](int16_t v) { return v == 0; })) continue;
            for (size_t i = g; i < g + group_length; ++i)
                if (dct && i > g)
                    ++rest[static_cast<size_t>(q[i] + levels.rest_high)];
                else if (dct || x[i] != 0)
                    ++first[static_cast<size_t>(q[i] - levels.first_low)];
        }
        dct_mask_dequantise(p, q.data(), q.size(), back.data());
        for (size_t i = 0; i < x.size(); ++i) {
            const int64_t error = x[i] == 0 ? 0 : back[i] - x[i];
            t.squares += static_cast<uint64_t>(error * error);
        }
    });
    p.first = model_bytes(first);
    if (dct) p.rest = model_bytes(rest);
    t.bits = bits_of(first, p.first) + bits_of(rest, p.rest);
    return t;
}

}  // namespace

std::vector<uint8_t> calibrate_dct_mask(const CalibrationMaps& maps, const QuantiserOptions& o) {
    check(maps, o);
    const auto step = static_cast<uint32_t>(std::lround(256 * std::exp2(8 - o.bits)));
    const Trial dct = trial(maps, true, step), bypass = trial(maps, false, step);
    uint64_t nonzero = 0;
    for (const auto image : maps.images)
        nonzero += static_cast<uint64_t>(
            std::count_if(image.begin(), image.end(), [](int16_t x) { return x != 0; }));
    if (nonzero == 0) return dct_mask_blob(bypass.parameters);
    const auto cost = [&](const Trial& t) {  // 2 * bits + values * log2(error), in 2^-24
        return (2 * t.bits << fixed_log2_bits) + nonzero * fixed_log2(12 * t.squares + nonzero);
    };
    return dct_mask_blob(cost(dct) < cost(bypass) ? dct.parameters : bypass.parameters);
}

}  // namespace karhunen
