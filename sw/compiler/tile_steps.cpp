#include "sw/compiler/tile_steps.h"

#include <algorithm>

namespace karhunen {

namespace {

Step step_of(const FloatConvolution& c) {
    return {c.input,       c.input_shape, c.output_shape, c.window_rows(), c.stride_y,
            c.padding_top, c.reduction(), false,          c.weight_bits};
}

/// Sums make the rows that the last operation needs in addition for each band.
void cut_sums(LayerPlan& plan) {
    const std::vector<krhn_band>& last = plan.operations.back().bands;
    for (std::size_t o = 0; o + 1 < plan.operations.size(); ++o) {
        uint32_t row = 0;
        for (std::size_t b = 0; b < last.size(); ++b) {
            const uint32_t rows = last[b].input_rows - row;
            plan.operations[o].bands[b] = {row, rows, row, rows, last[b].input_rows};
            row = last[b].input_rows;
        }
    }
}

}  // namespace

std::vector<Part> parts_of(const FloatLayer& layer) {
    std::vector<Part> parts{{&layer.convolution, 0, 0, false}};
    uint32_t channel = layer.convolution.output_shape.channels;
    for (uint32_t i = 0; i < layer.beside.size(); ++i) {
        parts.push_back({&layer.beside[i], i + 1, channel, false});
        channel += layer.beside[i].output_shape.channels;
    }
    const auto can_share = [](const Part& a, const Part& b) {
        return a.convolution->input == b.convolution->input &&
               a.convolution->stride_y == b.convolution->stride_y;
    };
    for (std::size_t i = 0; i < parts.size(); ++i) {  // brings those together that can
        const auto rest = parts.begin() + static_cast<std::ptrdiff_t>(i);
        const auto end = std::stable_partition(
            rest, parts.end(), [&, first = *rest](const Part& p) { return can_share(p, first); });
        std::stable_sort(rest, end, [](const Part& a, const Part& b) {
            return a.convolution->padding_top < b.convolution->padding_top;
        });
        for (auto part = rest + 1; part < end; ++part) part->shares_input = true;
        i = static_cast<std::size_t>(end - parts.begin()) - 1;
    }
    return parts;
}

std::vector<Step> steps_of(const FloatLayer& layer) {
    std::vector<Step> steps;
    const MapShape& input =
        layer.kind == LayerKind::convolution ? layer.convolution.input_shape : layer.unpooled;
    for (std::size_t i = 1; i < layer.sum.size(); ++i)
        steps.push_back({layer.sum[i], input, input, 1, 1, 0, 0, false});
    if (layer.kind != LayerKind::convolution) {
        steps.push_back({layer.input, input, input, 1, 1, 0, 0, false});
        return steps;
    }
    if (layer.shortcut) steps.push_back(step_of(*layer.shortcut));
    for (const Part& part : parts_of(layer)) {
        steps.push_back(step_of(*part.convolution));
        steps.back().shares_input = part.shares_input;
    }
    return steps;
}

void cut_weights(const Step& step, uint32_t chunk_channels, OperationPlan& plan) {
    const uint32_t channels = step.to.channels;
    plan.chunk_channels = std::min(chunk_channels, channels);
    plan.chunks = ceiling(channels, plan.chunk_channels);
    const uint32_t last = channels - (plan.chunks - 1) * plan.chunk_channels;
    plan.chunk_bytes = static_cast<uint32_t>(weight_chunk_bytes(step, plan.chunk_channels));
    plan.last_chunk_bytes = static_cast<uint32_t>(weight_chunk_bytes(step, last));
}

void cut_bands(const FloatLayer& layer, LayerPlan& plan) {
    const std::vector<Step> steps = steps_of(layer);
    plan.bands = ceiling(layer.output.height, plan.band_rows);
    for (std::size_t o = 0; o < steps.size(); ++o) {
        const Step& step = steps[o];
        plan.operations[o].bands.clear();
        uint32_t conv_row = 0;
        for (uint32_t b = 0; b < plan.bands; ++b) {
            krhn_band band{};
            band.output_row = b * plan.band_rows;
            band.output_rows = std::min(plan.band_rows, layer.output.height - band.output_row);
            // Rows before pooling that the last output row needs; the map's last band takes the
            // rest, so that every row is made once and every input row is consumed.
            const bool last = b + 1 == plan.bands;
            int64_t conv_end = band.output_row + band.output_rows;
            if (layer.pool)
                conv_end =
                    (conv_end - 1) * layer.pool->stride - layer.pool->padding + layer.pool->kernel;
            if (last || conv_end > step.to.height) conv_end = step.to.height;
            band.conv_row = conv_row;
            band.conv_rows = static_cast<uint32_t>(conv_end) - conv_row;
            const int64_t bottom = (conv_end - 1) * step.stride - step.top + step.kernel;
            band.input_rows =
                last ? step.from.height
                     : static_cast<uint32_t>(std::clamp<int64_t>(bottom, 0, step.from.height));
            conv_row = static_cast<uint32_t>(conv_end);
            if (o == 0 && layer.shortcut) {  // it makes the rows that are added
                band.output_row = band.conv_row;
                band.output_rows = band.conv_rows;
            }
            plan.operations[o].bands.push_back(band);
        }
    }
    if (!layer.sum.empty()) cut_sums(plan);
    for (std::size_t o = steps.size(); o-- > 1;)
        for (uint32_t b = 0; steps[o].shares_input && b < plan.bands; ++b) {
            uint32_t& before = plan.operations[o - 1].bands[b].input_rows;
            before = std::max(before, plan.operations[o].bands[b].input_rows);
        }
}

uint32_t rows_held(const Step& step, const OperationPlan& plan, uint32_t band_rows) {
    uint32_t most = 0, decoded = 0;
    for (const krhn_band& band : plan.bands) {
        const int64_t first = int64_t{band.conv_row} * step.stride - step.top;
        while (decoded < band.input_rows) decoded = std::min(decoded + band_rows, step.from.height);
        most =
            std::max(most, decoded - static_cast<uint32_t>(std::clamp<int64_t>(first, 0, decoded)));
    }
    return most;
}

uint32_t rows_left(const OperationPlan& plan, uint32_t band_rows, uint32_t height) {
    uint32_t most = 0, decoded = 0;
    for (const krhn_band& band : plan.bands) {
        while (decoded < band.input_rows) decoded = std::min(decoded + band_rows, height);
        most = std::max(most, decoded - band.input_rows);
    }
    return most + 1;
}

bool every_band_works(const LayerPlan& plan) {
    return std::all_of(plan.operations.begin(), plan.operations.end(), [](const auto& operation) {
        return std::all_of(operation.bands.begin(), operation.bands.end(),
                           [](const krhn_band& band) { return band.conv_rows > 0; });
    });
}

}  // namespace karhunen
