#include "sw/compiler/tile.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "sw/compiler/error.h"

namespace karhunen {

namespace {

// Two bands keep encoder and array busy at once; more bands than these only cost firmware time.
constexpr uint32_t most_band_rows = 14;
constexpr uint32_t least_bands = 4;
// The array's inner loops take multiples of 16 output channels. Resident weights come in chunks of
// 32, so that the next layer's first chunks find room before this layer's last are done with;
// streamed ones in the largest size of which three fit.
constexpr uint32_t channel_step = 16;
constexpr uint32_t resident_chunk_channels = 32;
constexpr uint32_t most_chunk_channels = 64;
constexpr uint32_t streamed_chunks_in_buffer = 3;
// Decoders deliver whole bands: a sum of three maps has to hold the rest of two of them.
constexpr uint32_t bands_of_parts_in_buffer = 4;

uint32_t ceiling(uint64_t a, uint64_t b) {
    return static_cast<uint32_t>((a + b - 1) / b);
}

uint64_t row_bytes(const MapShape& shape, Format format) {
    return uint64_t{shape.width} * shape.channels * bytes_of(format);
}

[[noreturn]] void does_not_fit(const FloatLayer& layer, const std::string& what,
                               const std::string& buffer, uint64_t needed, uint64_t available) {
    throw CompileError("layer " + layer.name + ": " + what + " needs " + std::to_string(needed) +
                       " bytes of the " + buffer + " buffer, which has " +
                       std::to_string(available) + "; the machine needs a larger one");
}

void require(bool fits, const FloatLayer& layer, const std::string& what, const std::string& buffer,
             uint64_t needed, uint64_t available) {
    if (!fits) does_not_fit(layer, what, buffer, needed, available);
}

/// Operations of a layer in the order in which they run.
struct Step {
    uint32_t input = 0;
    MapShape from, to;                         ///< `to`: rows and columns that the array makes
    uint32_t kernel = 1, stride = 1, top = 0;  ///< vertical
    uint32_t reduction = 0;                    ///< 0: pass
};

Step step_of(const FloatConvolution& c) {
    return {c.input,    c.input_shape, c.output_shape, c.kernel_y,
            c.stride_y, c.padding_top, c.reduction()};
}

std::vector<Step> steps_of(const FloatLayer& layer) {
    std::vector<Step> steps;
    const MapShape& input =
        layer.kind == LayerKind::convolution ? layer.convolution.input_shape : layer.unpooled;
    for (std::size_t i = 1; i < layer.sum.size(); ++i)
        steps.push_back({layer.sum[i], input, input, 1, 1, 0, 0});
    if (layer.kind != LayerKind::convolution) {
        steps.push_back({layer.input, input, input, 1, 1, 0, 0});
        return steps;
    }
    if (layer.shortcut) steps.push_back(step_of(*layer.shortcut));
    steps.push_back(step_of(layer.convolution));
    return steps;
}

void cut_weights(const Step& step, uint32_t chunk_channels, OperationPlan& plan) {
    const uint32_t channels = step.to.channels;
    plan.chunk_channels = std::min(chunk_channels, channels);
    plan.chunks = ceiling(channels, plan.chunk_channels);
    const uint32_t last = channels - (plan.chunks - 1) * plan.chunk_channels;
    plan.chunk_bytes =
        static_cast<uint32_t>(weight_chunk_bytes(step.reduction, plan.chunk_channels));
    plan.last_chunk_bytes = static_cast<uint32_t>(weight_chunk_bytes(step.reduction, last));
}

uint64_t resident_bytes(const FloatLayer& layer) {
    uint64_t bytes = 0;
    for (const Step& step : steps_of(layer)) {
        if (step.reduction == 0) continue;
        const uint32_t n = step.to.channels, full = n / resident_chunk_channels;
        bytes += full * weight_chunk_bytes(step.reduction, resident_chunk_channels);
        if (n % resident_chunk_channels)
            bytes += weight_chunk_bytes(step.reduction, n % resident_chunk_channels);
    }
    return bytes;
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

/// Which rows each operation makes and needs for each output band.
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
            if (o + 1 < steps.size() &&
                layer.sum.empty()) {  // a shortcut makes the rows that are added
                band.output_row = band.conv_row;
                band.output_rows = band.conv_rows;
            }
            plan.operations[o].bands.push_back(band);
        }
    }
    if (!layer.sum.empty()) cut_sums(plan);
}

/// Most rows of the input map that are on chip when the decoder, which works in whole bands of
/// `band_rows`, has delivered what an output band needs and the array has not begun with it.
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

/// Most rows of a part of a sum that are left of a decoded band when the sum has taken its own, and
/// one that flows.
uint32_t rows_left(const OperationPlan& plan, uint32_t band_rows, uint32_t height) {
    uint32_t most = 0, decoded = 0;
    for (const krhn_band& band : plan.bands) {
        while (decoded < band.input_rows) decoded = std::min(decoded + band_rows, height);
        most = std::max(most, decoded - band.input_rows);
    }
    return most + 1;
}

/// Pooling windows that overlap the lower border may leave nothing to do for the last band.
bool every_band_works(const LayerPlan& plan) {
    return std::all_of(plan.operations.begin(), plan.operations.end(), [](const auto& operation) {
        return std::all_of(operation.bands.begin(), operation.bands.end(),
                           [](const krhn_band& band) { return band.conv_rows > 0; });
    });
}

class Tiler {
public:
    Tiler(const Network& network, const std::vector<Format>& stored, const krhn_machine& machine)
        : network_(network), stored_(stored), machine_(machine) {
        band_rows_.push_back(input_band_rows(network.input, machine));
    }

    std::vector<LayerPlan> run() {
        for (uint32_t l = 0; l < network_.layers.size(); ++l) {
            const FloatLayer& layer = network_.layers[l];
            LayerPlan plan;
            plan.operations.resize(steps_of(layer).size());
            plan.map_resident = !weights_fit(layer, machine_);
            if (plan.map_resident)
                keep_maps(layer, stored_[l], plan);
            else
                keep_weights(layer, stored_[l], plan);
            if (layer.shortcut || layer.residual || !layer.sum.empty())
                plan.residual_region_bytes =
                    static_cast<uint32_t>(machine_.residual_bytes - sums_bytes(layer, plan));
            band_rows_.push_back(plan.band_rows);
            plans_.push_back(std::move(plan));
        }
        return std::move(plans_);
    }

private:
    /// Bytes of one row in the residual buffer.
    uint64_t residual_row_bytes(const FloatLayer& layer) const {
        return row_bytes(layer.output, layer.shortcut ? Format::s12 : Format::u8);
    }

    Format decoded(uint32_t map) const {
        if (map == 0) return Format::s8;
        return network_.layers[map - 1].before_add ? stored_[map - 1] : Format::u8;
    }

    /// Bytes of a row of a stored map, as decoders deliver it.
    uint64_t map_row_bytes(uint32_t map) const {
        return row_bytes(network_.shape(map), decoded(map));
    }

    void keep_maps(const FloatLayer& layer, Format stored, LayerPlan& plan) const {
        const std::vector<Step> steps = steps_of(layer);
        for (std::size_t o = 0; o < steps.size(); ++o) {
            const Step& step = steps[o];
            OperationPlan& operation = plan.operations[o];
            if (step.reduction == 0) continue;
            const uint64_t map = row_bytes(step.from, Format::u8) * step.from.height;
            require(map <= machine_.activation_bytes, layer,
                    "its weights do not fit as a whole, and its input map", "activation", map,
                    machine_.activation_bytes);
            // The operations take their inputs one after the other from the same region.
            operation.region_bytes = machine_.activation_bytes;
            uint32_t channels = std::min(most_chunk_channels, step.to.channels);
            const auto fit = [&](uint32_t n, uint32_t chunks) {
                return chunks * weight_chunk_bytes(step.reduction, n) <= machine_.weight_bytes;
            };
            while (channels > channel_step && !fit(channels, streamed_chunks_in_buffer))
                channels = (channels - 1) / channel_step * channel_step;
            while (channels > 1 && !fit(channels, 2)) channels = (channels + 1) / 2;
            const uint64_t two = 2 * weight_chunk_bytes(step.reduction, channels);
            require(fit(channels, 2), layer, "two output channels' weights", "weight", two,
                    machine_.weight_bytes);
            cut_weights(step, channels, operation);
        }
        const uint64_t output = row_bytes(layer.output, stored) * layer.output.height;
        require(output <= machine_.output_bytes, layer,
                "its weights do not fit as a whole, and its output map", "output", output,
                machine_.output_bytes);
        const uint64_t residual = residual_row_bytes(layer) * layer.output.height;
        require((!layer.shortcut && !layer.residual) || residual <= machine_.residual_bytes, layer,
                "its weights do not fit as a whole, and its residual map", "residual", residual,
                machine_.residual_bytes);
        plan.band_rows = layer.output.height;
        cut_bands(layer, plan);
        if (!layer.sum.empty()) place_sum(layer, plan, true);
    }

    void keep_weights(const FloatLayer& layer, Format stored, LayerPlan& plan) const {
        const std::vector<Step> steps = steps_of(layer);
        for (std::size_t o = 0; o < steps.size(); ++o)
            if (steps[o].reduction)
                cut_weights(steps[o], resident_chunk_channels, plan.operations[o]);
        const uint64_t row = row_bytes(layer.output, stored);
        require(row <= machine_.output_bytes, layer, "one row of its output", "output", row,
                machine_.output_bytes);
        const uint64_t residual_row = residual_row_bytes(layer);
        if (layer.shortcut || layer.residual)
            require(residual_row <= machine_.residual_bytes, layer, "one row of its residual",
                    "residual", residual_row, machine_.residual_bytes);
        uint64_t rows =
            std::min<uint64_t>({std::max<uint64_t>(machine_.output_bytes / 2 / row, 1),
                                most_band_rows, ceiling(layer.output.height, least_bands)});
        if (layer.shortcut)  // a whole band of the shortcut waits for the other operation
            rows = std::min(rows, machine_.residual_bytes / residual_row);
        if (layer.before_add)
            rows = std::min(
                rows,
                std::max<uint64_t>(machine_.activation_bytes / bands_of_parts_in_buffer / row, 1));
        for (; rows > 0; --rows) {
            plan.band_rows = ceiling(layer.output.height, ceiling(layer.output.height, rows));
            cut_bands(layer, plan);
            if (every_band_works(plan) && place_inputs(layer, plan)) return;
        }
        if (!layer.sum.empty()) {  // one band leaves nothing of the parts' last ones
            plan.band_rows = layer.output.height;
            cut_bands(layer, plan);
            require(row * plan.band_rows <= machine_.output_bytes, layer, "its output map",
                    "output", row * plan.band_rows, machine_.output_bytes);
            place_sum(layer, plan, true);
            return;
        }
        if (!every_band_works(plan))
            throw CompileError("layer " + layer.name + ": its pooling cannot be cut into bands");
        does_not_fit(layer, "its input for one row of output", "activation",
                     needed_bytes(layer, plan), machine_.activation_bytes);
    }

    uint64_t held_bytes(const Step& step, const OperationPlan& plan) const {
        return rows_held(step, plan, band_rows_[step.input]) * row_bytes(step.from, Format::u8);
    }

    uint64_t window_bytes(const Step& step) const {
        return std::min(step.kernel, step.from.height) * row_bytes(step.from, Format::u8);
    }

    uint64_t needed_bytes(const FloatLayer& layer, const LayerPlan& plan) const {
        const std::vector<Step> steps = steps_of(layer);
        if (steps.size() == 1) return window_bytes(steps[0]);
        return held_bytes(steps[0], plan.operations[0]) + held_bytes(steps[1], plan.operations[1]);
    }

    /// One operation: rows flow, the window must fit. Two: they take turns, so each region must
    /// hold all that its operation needs for a band, or the decoder would wait for the wrong one.
    /// What is left over is shared out evenly.
    bool place_inputs(const FloatLayer& layer, LayerPlan& plan) const {
        if (!layer.sum.empty()) return place_sum(layer, plan, false);
        const uint64_t needed = needed_bytes(layer, plan);
        if (needed > machine_.activation_bytes) return false;
        if (plan.operations.size() == 1) {
            plan.operations[0].region_bytes = machine_.activation_bytes;
            return true;
        }
        const std::vector<Step> steps = steps_of(layer);
        const uint64_t spare = (machine_.activation_bytes - needed) / 2;
        for (uint32_t o = 0; o < 2; ++o) {
            plan.operations[o].region = o;
            plan.operations[o].region_bytes =
                static_cast<uint32_t>(held_bytes(steps[o], plan.operations[o]) + spare);
        }
        return true;
    }

    /// Bytes of the residual buffer that sums are put into, for the next to add to.
    static uint64_t sums_bytes(const FloatLayer& layer, const LayerPlan& plan) {
        if (layer.sum.size() < 3) return 0;
        uint64_t most = 0;
        for (const krhn_band& band : plan.operations[0].bands)
            most = std::max<uint64_t>(most, band.conv_rows);
        return most * (layer.sum.size() - 2) * row_bytes(steps_of(layer)[0].to, Format::u8);
    }

    /// Parts of a sum flow through regions of their own, but for what a whole decoded band leaves
    /// for later: the decoder delivers one part after the other. The sum waits as a whole for the
    /// last operation. What is left over is shared out to the parts. False, or an error if asked
    /// for: it does not fit.
    bool place_sum(const FloatLayer& layer, LayerPlan& plan, bool must) const {
        const std::vector<Step> steps = steps_of(layer);
        const std::size_t last = steps.size() - 1;
        std::vector<uint64_t> bytes;
        for (std::size_t o = 0; o < last; ++o)
            bytes.push_back(
                rows_left(plan.operations[o], band_rows_[steps[o].input], steps[o].from.height) *
                map_row_bytes(steps[o].input));
        bytes.push_back(rows_held(steps[last], plan.operations[last], 1) *
                        row_bytes(steps[last].from, Format::u8));
        const uint64_t needed = std::accumulate(bytes.begin(), bytes.end(), uint64_t{0});
        const uint64_t residual = sums_bytes(layer, plan) + map_row_bytes(layer.sum[0]);
        const char* const what = "the sum that it takes, band by band,";
        require(!must || needed <= machine_.activation_bytes, layer, what, "activation", needed,
                machine_.activation_bytes);
        require(!must || residual <= machine_.residual_bytes, layer, what, "residual", residual,
                machine_.residual_bytes);
        if (needed > machine_.activation_bytes || residual > machine_.residual_bytes) return false;
        for (std::size_t o = 0; o <= last; ++o) {
            const uint64_t spare = o < last ? (machine_.activation_bytes - needed) / last : 0;
            plan.operations[o].region = static_cast<uint32_t>(o);
            plan.operations[o].region_bytes = static_cast<uint32_t>(bytes[o] + spare);
        }
        return true;
    }

    const Network& network_;
    const std::vector<Format>& stored_;
    const krhn_machine& machine_;
    std::vector<uint32_t> band_rows_;  ///< of the maps so far
    std::vector<LayerPlan> plans_;
};

}  // namespace

uint64_t weight_chunk_bytes(uint32_t reduction, uint32_t n) {
    const uint64_t bytes = uint64_t{n} * (reduction + 2 * sizeof(int32_t));
    return (bytes + KRHN_ALIGNMENT - 1) / KRHN_ALIGNMENT * KRHN_ALIGNMENT;
}

uint32_t input_band_rows(const MapShape& picture, const krhn_machine& machine) {
    return ceiling(picture.height, std::max(ceiling(picture.height, most_band_rows), 1u));
}

bool weights_fit(const FloatLayer& layer, const krhn_machine& machine) {
    return resident_bytes(layer) <= machine.weight_bytes;
}

std::vector<LayerPlan> tile(const Network& network, const std::vector<Format>& stored,
                            const krhn_machine& machine) {
    return Tiler(network, stored, machine).run();
}

}  // namespace karhunen
