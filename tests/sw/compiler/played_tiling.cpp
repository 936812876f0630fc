#include "tests/sw/compiler/played_tiling.h"

#include <algorithm>

namespace karhunen {

bool runs_through(const FloatLayer& l, const LayerPlan& plan, const Network& n,
                  const std::vector<uint32_t>& band_rows) {
    struct Side {
        const FloatConvolution* c;
        uint32_t delivered = 0, wanted = 0, freed = 0, region_rows = 0, rows_per_band = 0;
    };
    std::vector<Side> sides;
    for (size_t o = 0; o < plan.operations.size(); ++o) {
        const FloatConvolution* c = o + 1 < plan.operations.size() ? &*l.shortcut : &l.convolution;
        sides.push_back({c, 0, 0, 0,
                         plan.operations[o].region_bytes / row_bytes(c->input_shape, Format::u8),
                         band_rows[c->input]});
    }
    // One step at a time: (band, operation) of the decoder and of the array.
    size_t decoding = 0, computing = 0;
    uint32_t row = 0;
    const size_t steps = plan.bands * sides.size();
    for (bool moved = true; moved;) {
        moved = false;
        if (decoding < steps) {
            Side& s = sides[decoding % sides.size()];
            const krhn_band& b =
                plan.operations[decoding % sides.size()].bands[decoding / sides.size()];
            while (s.wanted < b.input_rows)
                s.wanted = std::min(s.wanted + s.rows_per_band, s.c->input_shape.height);
            if (s.delivered >= s.wanted)
                ++decoding, moved = true;
            else if (s.delivered - std::min(s.freed, s.delivered) < s.region_rows)
                ++s.delivered, moved = true;
        }
        if (computing < steps) {
            Side& s = sides[computing % sides.size()];
            const krhn_band& b =
                plan.operations[computing % sides.size()].bands[computing / sides.size()];
            if (row < b.conv_row) row = b.conv_row;
            const int64_t end = int64_t{row} * s.c->stride_y - s.c->padding_top + s.c->kernel_y;
            if (std::min<int64_t>(end, s.c->input_shape.height) <= s.delivered) {
                s.freed = static_cast<uint32_t>(std::max<int64_t>(
                    s.freed, (row + 1) * int64_t{s.c->stride_y} - s.c->padding_top));
                moved = true;
                if (++row == b.conv_row + b.conv_rows) {
                    if (row == s.c->output_shape.height) s.freed = s.c->input_shape.height;
                    ++computing;
                    row = 0;
                }
            }
        }
    }
    return decoding == steps && computing == steps;
}

bool sum_runs_through(const TilingCase& made, const FloatLayer& l, const LayerPlan& plan,
                      const std::vector<uint32_t>& band_rows) {
    struct Row {
        size_t part;
        uint32_t row;
    };
    const size_t last = plan.operations.size() - 1;
    const MapShape& shape = made.network.shape(l.sum[0]);
    const FloatConvolution* c = l.kind == LayerKind::convolution ? &l.convolution : nullptr;
    std::vector<uint32_t> delivered(last), taken(last), room;
    std::vector<Row> decoding, adding;
    std::vector<uint32_t> freed_after;  // rows of the sum, once a band's additions are done
    for (size_t o = 0; o < last; ++o) {
        const uint32_t map = l.sum[o + 1];
        const Format f =
            made.network.layers[map - 1].before_add ? made.stored[map - 1] : Format::u8;
        room.push_back(plan.operations[o].region_bytes / row_bytes(shape, f));
    }
    for (uint32_t b = 0; b < plan.bands; ++b) {
        for (size_t o = 0; o < last; ++o) {
            const krhn_band& band = plan.operations[o].bands[b];
            for (; delivered[o] < band.input_rows; ++delivered[o])
                decoding.push_back({o, delivered[o]});
            for (const uint32_t rows = band_rows[l.sum[o + 1]];
                 delivered[o] % rows && delivered[o] < shape.height; ++delivered[o])
                decoding.push_back({o, delivered[o]});
            for (uint32_t i = 0; i < band.conv_rows; ++i) adding.push_back({o, band.conv_row + i});
        }
        const krhn_band& band = plan.operations[last].bands[b];
        const int64_t next = band.conv_row + band.conv_rows;
        const int64_t top = c ? next * c->stride_y - c->padding_top : next;
        freed_after.push_back(static_cast<uint32_t>(std::clamp<int64_t>(top, 0, shape.height)));
    }
    const uint32_t sum_rows = plan.operations[last].region_bytes / row_bytes(shape, Format::u8);
    std::fill(delivered.begin(), delivered.end(), 0);
    uint32_t summed = 0, freed = 0, b = 0;
    for (size_t d = 0, a = 0; a < adding.size();) {
        if (d < decoding.size() &&
            delivered[decoding[d].part] - taken[decoding[d].part] < room[decoding[d].part]) {
            ++delivered[decoding[d++].part];
            continue;
        }
        const Row& row = adding[a];
        if (delivered[row.part] <= row.row || (row.part + 1 == last && summed - freed >= sum_rows))
            return false;
        ++taken[row.part];
        ++a;
        if (row.part + 1 < last) continue;
        ++summed;
        if (summed == plan.operations[last].bands[b].input_rows) freed = freed_after[b++];
    }
    return b == plan.bands;
}

}  // namespace karhunen
