// Parameters of `context` from calibration maps.
#include <cmath>

#include "models/arithmetic/format.h"
#include "models/codec/calibrate.h"
#include "models/codec/context_band.h"
#include "models/codec/fit_predictors.h"
#include "models/codec/merge_contexts.h"

namespace karhunen {
namespace {

constexpr uint32_t usual_band_rows = 14;  ///< the first row of a band has no neighbours above
constexpr size_t fitted_pixels = 12000;
constexpr double batch = 16;  ///< images for which tables are loaded once

/// A ratio as an integer of up to 31 bits and a shift.
void set_ratio(double ratio, int32_t& multiplier, uint8_t& shift) {
    int exponent = 0;
    std::frexp(ratio, &exponent);  // ratio < 2^exponent
    shift = static_cast<uint8_t>(std::clamp(30 - exponent, 0, 62));
    const double m = std::round(std::ldexp(ratio, shift));
    if (!(m <= INT32_MAX)) throw CodecError("calibration: a ratio is out of range");
    multiplier = static_cast<int32_t>(m);
}

void set_quantiser(const CalibrationMaps& maps, const QuantiserOptions& o, ContextParameters& p) {
    if (!(o.bits >= 2 && o.bits <= 8)) throw CodecError("context: bits must be 2 to 8");
    if (o.bits == 8) return;  // lossless
    const double step = std::exp2(8 - o.bits);
    set_ratio(maps.stored_scale / maps.decoded_scale / step, p.forward, p.forward_shift);
    set_ratio(step, p.inverse, p.inverse_shift);
}

void check(const CalibrationMaps& maps) {
    if (maps.channels < 1 || maps.channels > context_max_channels)
        throw CodecError("context: 1 to 2048 channels, not " + std::to_string(maps.channels));
    if (!(maps.stored_scale > 0 && maps.decoded_scale > 0) ||
        !(maps.stored_scale / maps.decoded_scale < 1e6))
        throw CodecError("calibration: scales must be positive");
    bool any = false;
    for (const auto image : maps.images) {
        const size_t row = size_t{maps.width} * maps.channels;
        if (image.size() % maps.channels != 0 || (row > 0 && image.size() % row != 0))
            throw CodecError("calibration: a map does not consist of whole rows");
        any = any || !image.empty();
        for (const int16_t x : image)
            if (x < min_of(Format::s12) || x > max_of(Format::s12))
                throw CodecError("calibration: a value exceeds 12 bits");
    }
    if (!any) throw CodecError("calibration: no values");
}

/// Calls use(neighbours, values) for every pixel of the quantised maps.
template <typename Use>
void for_each_pixel(const CalibrationMaps& maps, const ContextTables& quantiser, Use&& use) {
    const uint32_t channels = maps.channels;
    for (const auto image : maps.images) {
        const auto pixels = static_cast<uint32_t>(image.size() / channels);
        const uint32_t width = maps.width == 0 ? pixels : maps.width;
        const size_t row = size_t{width} * channels;
        ContextRows rows(width, channels);
        for (size_t at = 0, y = 0; at < image.size(); at += row, ++y) {
            if (y % usual_band_rows == 0) rows = ContextRows(width, channels);
            quantise(quantiser, image.subspan(at, row), rows.pixel(0));
            for (uint32_t x = 0; x < width; ++x) use(rows.neighbours(x), rows.pixel(x));
            rows.next_row();
        }
    }
}

/// Of some pixels; not of those of first rows and columns, whose neighbours stand for others and
/// would spoil the fit (0.4 % of the bits, 1 % at 112 x 112), unless there are no others.
std::vector<NeighbourMoments> moments_of(const CalibrationMaps& maps,
                                         const ContextTables& quantiser, int64_t& pixels,
                                         bool edges = false) {
    size_t all = 0, at = 0;
    for (const auto image : maps.images) all += image.size() / maps.channels;
    const size_t distance = std::max<size_t>(all / fitted_pixels, 1);
    std::vector<NeighbourMoments> moments(maps.channels);
    pixels = 0;
    for_each_pixel(maps, quantiser, [&](const Neighbours& n, const uint8_t* values) {
        if (at++ % distance != 0 || (!edges && n.n == n.w)) return;
        ++pixels;
        for (uint32_t c = 0; c < maps.channels; ++c)
            moments[c].add({n.w[c], n.n[c], n.ne[c], n.nw[c], values[c]});
    });
    return pixels > 0 || edges ? moments : moments_of(maps, quantiser, pixels, true);
}

TokenCounts count_tokens(const CalibrationMaps& maps, const ContextTables& quantiser,
                         const ContextParameters& p) {
    const ContextModel model(p);
    const size_t room = ContextModel::padded(p.channels);
    std::vector<uint16_t> contexts(room);
    std::vector<uint8_t> predictions(room), numbers(room);
    std::array<uint8_t, 256> token{};
    for (size_t v = 0; v < token.size(); ++v) token[v] = token_of(static_cast<uint8_t>(v)).number;
    TokenCounts counts(context_count);
    for_each_pixel(maps, quantiser, [&](const Neighbours& n, const uint8_t* values) {
        model.predict(n, contexts.data(), predictions.data());
        fold(values, predictions.data(), p.channels, numbers.data());
        for (uint32_t c = 0; c < p.channels; ++c) ++counts[contexts[c]][token[numbers[c]]];
    });
    return counts;
}

}  // namespace

std::vector<uint8_t> calibrate_context(const CalibrationMaps& maps, const QuantiserOptions& o) {
    check(maps);
    ContextParameters p;
    set_quantiser(maps, o, p);
    const ContextTables quantiser(p);
    int64_t pixels = 0;
    const auto moments = moments_of(maps, quantiser, pixels);
    p.channels = maps.channels;

    std::vector<uint8_t> best;
    double fewest = 0;
    for (const bool shared : {false, true}) {
        fit_predictors(moments, pixels, shared, p);
        const TokenCounts counts = count_tokens(maps, quantiser, p);
        for (const MergedContexts& merged : merge_contexts(counts, {32, 16, 8})) {
            p.table_of = merged.table_of;
            p.tables = merged.tables;
            std::vector<uint8_t> blob = context_blob(p);
            // Encoder and decoder each load the blob.
            const double bits = merged.bits / static_cast<double>(maps.images.size()) +
                                2 * 8 * static_cast<double>(blob.size()) / batch;
            if (!best.empty() && bits >= fewest) continue;
            best = std::move(blob);
            fewest = bits;
        }
    }
    return best;
}

}  // namespace karhunen
