#include "tests/sw/firmware/random_tiling.h"

#include <karhunen/registers.h>

namespace karhunen {
namespace {

uint32_t value_bytes(uint32_t format) {
    return format == KRHN_FORMAT_S32 ? 4 : format == KRHN_FORMAT_S12 ? 2 : 1;
}
}  // namespace

bool RandomTiling::add_bands(const LayerDraft& layer) {
    for (uint32_t b = 0; b < layer.bands; ++b)
        for (uint32_t o = 0; o < layer.operations; ++o) add_band(layer, b, o);
    const uint32_t last = layer.operations - 1;
    for (uint32_t b = 0; b < layer.bands; ++b)
        for (uint32_t o = last; o > 0; --o) {
            if (!(layer.operation[o].flags & KRHN_OPERATION_SHARES_INPUT)) continue;
            krhn_band* band = &bands_[layer.tiling + b * layer.operations + o];
            band[-1].input_rows = std::max(band[-1].input_rows, band->input_rows);
        }
    uint32_t row = 0;
    bool works = true;
    for (uint32_t b = 0; has_sum(layer) && b < layer.bands; ++b) {
        const uint32_t end = bands_[layer.tiling + b * layer.operations + last].input_rows;
        for (uint32_t o = 0; o < last; ++o)
            bands_[layer.tiling + b * layer.operations + o] = {row, end - row, row, end - row, end};
        works = works && end > row;
        row = end;
    }
    return works;
}

void RandomTiling::add_band(const LayerDraft& layer, uint32_t b, uint32_t o) {
    const krhn_tensor& output = tensors_[layer.output];
    const krhn_operation &op = layer.operation[o], &last = layer.operation[layer.operations - 1];
    const Pool pool(last);
    const auto conv_end = [&](uint32_t band) {
        const uint32_t rows = std::min(output.height, (band + 1) * output.band_rows);
        return pool.rows_for(rows, last.conv_height);
    };
    krhn_band band{};
    band.conv_row = b == 0 ? 0 : conv_end(b - 1);
    band.conv_rows = conv_end(b) - band.conv_row;
    const bool shortcut = op.post_flags & KRHN_POST_TO_RESIDUAL;
    band.output_row = shortcut ? band.conv_row : b * output.band_rows;
    band.output_rows =
        shortcut ? band.conv_rows : std::min(output.band_rows, output.height - band.output_row);
    const bool sum = op.input == KRHN_NONE;
    const uint32_t height = sum ? (&op)[-1].conv_height : tensors_[op.input].height;
    const uint32_t end = conv_end(b);
    band.input_rows =
        op.kind == KRHN_ARRAY_PASS
            ? end
            : std::min(height, (end - 1) * (op.stride & 255) + window(op) - (op.padding & 255));
    // The map's last band takes what no row needs, so that it is made and released.
    if (sum && b + 1 == layer.bands) band.input_rows = height;
    bands_.push_back(band);
}

void RandomTiling::size_regions(LayerDraft& layer) {
    uint32_t both = 0;
    for (uint32_t o = 0; o < layer.operations; ++o) {
        krhn_operation& op = layer.operation[o];
        const bool sum = op.input == KRHN_NONE;
        const krhn_tensor& t = tensors_[sum ? (&op)[-1].input : op.input];
        const bool pass = op.kind == KRHN_ARRAY_PASS;
        uint32_t released = 0, rows = 0, left = 0;
        for (uint32_t b = 0; b < layer.bands; ++b) {
            const krhn_band& band = bands_[layer.tiling + b * layer.operations + o];
            const uint32_t band_rows = sum ? 1 : t.band_rows;
            const uint32_t decoded =
                std::min(t.height, (band.input_rows + band_rows - 1) / band_rows * band_rows);
            left = std::max(left, decoded - band.input_rows);
            rows = std::max(rows, decoded - std::min(decoded, released));
            const uint32_t end = band.conv_row + band.conv_rows;
            const uint32_t next = pass ? end : end * (op.stride & 255);
            released = std::max(next, op.padding & 255) - (op.padding & 255);
        }
        const uint32_t row = t.width * t.channels * value_bytes(t.decoded_format);
        if (has_sum(layer) && !sum) rows = left + 1;  // the parts of a sum flow
        const uint32_t least = op.kind == KRHN_ARRAY_PASS ? 1 : window(op);
        op.region_bytes = std::max(rows, std::min(least, t.height)) * row;
        both += op.region_bytes;
    }
    for (uint32_t o = layer.operations - 1; o > 0; --o) {
        uint32_t &before = layer.operation[o - 1].region_bytes,
                 &here = layer.operation[o].region_bytes;
        if (!(layer.operation[o].flags & KRHN_OPERATION_SHARES_INPUT)) continue;
        both -= std::min(before, here);
        before = std::max(before, here);
    }
    for (uint32_t o = 1; o < layer.operations; ++o)
        if (layer.operation[o].flags & KRHN_OPERATION_SHARES_INPUT)
            layer.operation[o].region_bytes = layer.operation[o - 1].region_bytes;
    machine_.activation_bytes = std::max(machine_.activation_bytes, both);
}

void RandomTiling::size_buffers(LayerDraft& layer, bool map_resident) {
    const krhn_tensor& t = tensors_[layer.output];
    uint32_t resident = 0, chunk = 0, tables = 0, table = t.table_bytes;
    for (uint32_t o = 0; o < layer.operations; ++o) {
        const krhn_operation& op = layer.operation[o];
        if (!(op.array_flags & KRHN_ARRAY_CHUNK_OUTERMOST) && op.chunks)
            resident += (op.chunks - 1) * op.chunk_bytes + op.last_chunk_bytes;
        else if (op.chunks)
            chunk = std::max({chunk, op.chunks > 1 ? op.chunk_bytes : 0, op.last_chunk_bytes});
        if (op.input == KRHN_NONE) continue;
        tables += tensors_[op.input].table_bytes;
        table = std::max(table, tensors_[op.input].table_bytes);
    }
    const krhn_operation& last = layer.operation[layer.operations - 1];
    const uint32_t row = t.width * t.channels * value_bytes(t.stored_format);
    const auto grow = [](uint32_t& size, uint32_t least) { size = std::max(size, least); };
    grow(machine_.weight_bytes, resident + chunk);
    grow(machine_.table_bytes, choices_.tables_fit_together ? std::max(table, tables) : table);
    const bool together = last.first_channel > 0;
    grow(machine_.output_bytes, row * (map_resident || together ? t.band_rows : 1));
    uint32_t rows = 0;  // most that operation 0 makes for a band
    for (uint32_t b = 0; b < layer.bands; ++b)
        rows = std::max(rows, bands_[layer.tiling + b * layer.operations].conv_rows);
    if (has_sum(layer)) {
        const uint32_t sum_row = layer.operation[0].conv_width * layer.operation[0].channels;
        grow(machine_.table_bytes, tensors_[layer.residual].table_bytes);
        layer.residual_region_bytes = sum_row * pick(1, 3);
        grow(machine_.residual_bytes,
             layer.residual_region_bytes + (layer.operations - 2) * rows * sum_row);
    } else if (layer.residual != KRHN_NONE) {
        grow(machine_.table_bytes, tensors_[layer.residual].table_bytes);
        layer.residual_region_bytes =
            last.conv_width * last.channels * (map_resident ? rows : pick(1, 3));
    } else if (layer.operations == 2) {
        layer.residual_region_bytes = 2 * last.conv_width * last.channels * rows;
    }
    grow(machine_.residual_bytes, layer.residual_region_bytes);
}

}  // namespace karhunen
