#include "sw/compiler/tile.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "models/arithmetic/packed_weights.h"
#include "sw/compiler/error.h"
#include "sw/compiler/tile_steps.h"

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

uint64_t resident_bytes(const FloatLayer& layer) {
    uint64_t bytes = 0;
    for (const Step& step : steps_of(layer)) {
        if (step.reduction == 0) continue;
        const uint32_t n = step.to.channels, full = n / resident_chunk_channels;
        bytes += full * weight_chunk_bytes(step, resident_chunk_channels);
        if (n % resident_chunk_channels)
            bytes += weight_chunk_bytes(step, n % resident_chunk_channels);
    }
    return bytes;
}

class Tiler {
public:
    Tiler(const Network& network, const std::vector<Format>& stored, const krhn_machine& machine)
        : network_(network),
          stored_(stored),
          machine_(machine),
          most_rows_(network.layers.size() + 1, UINT32_MAX) {}

    std::vector<LayerPlan> run() {
        for (;;) {
            try {
                return tiled();
            } catch (const CompileError&) {
                if (!shorten_bands()) throw;
            }
        }
    }

private:
    std::vector<LayerPlan> tiled() {
        band_rows_.assign(1, input_band_rows(network_.input, machine_));
        plans_.clear();
        for (uint32_t l = 0; l < network_.layers.size(); ++l) {
            const FloatLayer& layer = network_.layers[l];
            LayerPlan plan;
            plan.operations.resize(steps_of(layer).size());
            plan.streams_weights = !weights_fit(layer, machine_);
            if (plan.streams_weights)
                stream_weights(layer, stored_[l], plan);
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

    /// Inputs that take turns come in whole bands of theirs: where a layer does not fit, the
    /// largest of these bands is halved. False: it is not that.
    bool shorten_bands() {
        const std::vector<Step> steps = steps_of(network_.layers[plans_.size()]);
        uint64_t most = 0;
        uint32_t map = 0;
        for (const Step& step : steps) {
            const uint32_t rows = step.input < band_rows_.size() ? band_rows_[step.input] : 0;
            const uint64_t bytes = rows * row_bytes(step.from, Format::u8);
            const bool is_free = step.input > 0 && rows <= most_rows_[step.input];
            if (!is_free || rows < 2 || bytes <= most) continue;
            most = bytes;
            map = step.input;
        }
        if (steps.size() < 2 || map == 0) return false;
        most_rows_[map] = band_rows_[map] / 2;
        return true;
    }

    /// Of the layer's map.
    uint32_t most_rows() const { return most_rows_[plans_.size() + 1]; }

    /// Bytes of one row in the residual buffer.
    uint64_t residual_row_bytes(const FloatLayer& layer) const {
        return row_bytes(layer.unpooled, layer.shortcut ? Format::s12 : Format::u8);
    }

    Format decoded(uint32_t map) const {
        if (map == 0) return Format::s8;
        return network_.layers[map - 1].before_add ? stored_[map - 1] : Format::u8;
    }

    /// Bytes of a row of a stored map, as decoders deliver it.
    uint64_t map_row_bytes(uint32_t map) const {
        return row_bytes(network_.shape(map), decoded(map));
    }

    /// Weights are loaded again for each band, chunk by chunk; the fewer bands, the fewer bytes.
    void stream_weights(const FloatLayer& layer, Format stored, LayerPlan& plan) const {
        const std::vector<Step> steps = steps_of(layer);
        for (std::size_t o = 0; o < steps.size(); ++o)
            if (steps[o].reduction) cut_streamed(layer, steps[o], plan.operations[o]);
        plan.band_rows = layer.output.height;
        cut_bands(layer, plan);
        const std::string cause = "its weights do not fit as a whole, and its ";
        if (!layer.sum.empty()) {
            require_output(layer, stored, plan, cause + "output map");
            place_sum(layer, plan, true);
            return;
        }
        if (most_rows() >= layer.output.height && keeps_maps(layer, stored, plan)) return;
        for (uint32_t rows = std::min(layer.output.height, most_rows()); rows > 0;
             rows = plan.band_rows - 1) {
            plan.band_rows = ceiling(layer.output.height, ceiling(layer.output.height, rows));
            cut_bands(layer, plan);
            if (output_bytes(layer, stored, plan) <= machine_.output_bytes &&
                residual_bytes(layer, plan) <= machine_.residual_bytes && every_band_works(plan) &&
                place_inputs(layer, plan))
                return;
        }
        require_output(layer, stored, plan, cause + "output, row by row,");
        require(residual_bytes(layer, plan) <= machine_.residual_bytes, layer,
                cause + "residual for one row of output", "residual", residual_bytes(layer, plan),
                machine_.residual_bytes);
        if (!every_band_works(plan))
            throw CompileError("layer " + layer.name + ": its pooling cannot be cut into bands");
        does_not_fit(layer, cause + "input for one row of output", "activation",
                     needed_bytes(layer, plan), machine_.activation_bytes);
    }

    void cut_streamed(const FloatLayer& layer, const Step& step, OperationPlan& operation) const {
        uint32_t channels = std::min(most_chunk_channels, step.to.channels);
        const auto fit = [&](uint32_t n, uint32_t chunks) {
            return chunks * weight_chunk_bytes(step, n) <= machine_.weight_bytes;
        };
        while (channels > channel_step && !fit(channels, streamed_chunks_in_buffer))
            channels = (channels - 1) / channel_step * channel_step;
        while (channels > 1 && !fit(channels, 2)) channels = (channels + 1) / 2;
        const uint64_t two = 2 * weight_chunk_bytes(step, channels);
        require(fit(channels, 2), layer, "two output channels' weights", "weight", two,
                machine_.weight_bytes);
        cut_weights(step, channels, operation);
    }

    /// One band: whole maps are on chip, and inputs come one after the other into one region.
    bool keeps_maps(const FloatLayer& layer, Format stored, LayerPlan& plan) const {
        const std::vector<Step> steps = steps_of(layer);
        for (const Step& step : steps)
            if (row_bytes(step.from, Format::u8) * step.from.height > machine_.activation_bytes)
                return false;
        for (OperationPlan& operation : plan.operations)
            operation.region_bytes = machine_.activation_bytes;
        return output_bytes(layer, stored, plan) <= machine_.output_bytes &&
               residual_bytes(layer, plan) <= machine_.residual_bytes;
    }

    /// Of the rows of a band.
    static uint64_t output_bytes(const FloatLayer& layer, Format stored, const LayerPlan& plan) {
        return row_bytes(layer.output, stored) * plan.band_rows;
    }
    uint64_t residual_bytes(const FloatLayer& layer, const LayerPlan& plan) const {
        if (!layer.shortcut && !layer.residual) return 0;
        uint64_t rows = 0;
        for (const krhn_band& band : plan.operations.back().bands)
            rows = std::max<uint64_t>(rows, band.conv_rows);
        return rows * residual_row_bytes(layer);
    }

    void require_output(const FloatLayer& layer, Format stored, const LayerPlan& plan,
                        const std::string& what) const {
        const uint64_t bytes = output_bytes(layer, stored, plan);
        require(bytes <= machine_.output_bytes, layer, what, "output", bytes,
                machine_.output_bytes);
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
        uint64_t most =
            std::min<uint64_t>({machine_.output_bytes / row, layer.output.height, most_rows()});
        if (layer.shortcut)  // a whole band of the shortcut waits for the other operation
            most = std::min(most, machine_.residual_bytes / residual_row);
        if (layer.before_add)
            most = std::min(
                most,
                std::max<uint64_t>(machine_.activation_bytes / bands_of_parts_in_buffer / row, 1));
        const uint64_t good =
            std::min<uint64_t>({std::max<uint64_t>(machine_.output_bytes / 2 / row, 1),
                                most_band_rows, ceiling(layer.output.height, least_bands), most});
        const auto works = [&](uint64_t rows) {
            plan.band_rows = ceiling(layer.output.height, ceiling(layer.output.height, rows));
            cut_bands(layer, plan);
            return every_band_works(plan) && place_inputs(layer, plan);
        };
        for (uint64_t rows = good; rows > 0; --rows)
            if (works(rows)) return;
        if (!every_band_works(plan))  // the rows before pooling are done before the last band is
            for (uint64_t rows = good + 1; rows <= most; ++rows)
                if (works(rows)) return;
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

    uint64_t window_bytes(const Step& step) const {
        return std::min(step.kernel, step.from.height) * row_bytes(step.from, Format::u8);
    }

    /// Bytes of each operation's input that must be there at once, 0 where it shares the rows of
    /// the one before. An operation that makes row by row of a map of its own needs a window.
    /// Others need all of a band: chunks and operations come one after the other. Where inputs take
    /// turns that means whole bands of theirs, or the decoder would wait for the wrong one.
    std::vector<uint64_t> needed_of_each(const FloatLayer& layer, const LayerPlan& plan) const {
        const std::vector<Step> steps = steps_of(layer);
        if (steps.size() == 1 && !plan.streams_weights) return {window_bytes(steps[0])};
        const auto own = std::count_if(steps.begin(), steps.end(),
                                       [](const Step& step) { return !step.shares_input; });
        std::vector<uint64_t> bytes(steps.size());
        std::size_t first = 0;
        for (std::size_t o = 0; o < steps.size(); ++o) {
            const Step& step = steps[o];
            if (!step.shares_input) first = o;
            const uint32_t band_rows = own > 1 ? band_rows_[step.input] : 1;
            bytes[first] = std::max(bytes[first], rows_held(step, plan.operations[o], band_rows) *
                                                      row_bytes(step.from, Format::u8));
        }
        return bytes;
    }

    uint64_t needed_bytes(const FloatLayer& layer, const LayerPlan& plan) const {
        const std::vector<uint64_t> bytes = needed_of_each(layer, plan);
        return std::accumulate(bytes.begin(), bytes.end(), uint64_t{0});
    }

    /// What is left over is shared out evenly.
    bool place_inputs(const FloatLayer& layer, LayerPlan& plan) const {
        if (!layer.sum.empty()) return place_sum(layer, plan, false);
        const std::vector<uint64_t> bytes = needed_of_each(layer, plan);
        const uint64_t needed = std::accumulate(bytes.begin(), bytes.end(), uint64_t{0});
        if (needed > machine_.activation_bytes) return false;
        const auto regions = static_cast<uint64_t>(
            std::count_if(bytes.begin(), bytes.end(), [](uint64_t b) { return b > 0; }));
        const uint64_t spare = (machine_.activation_bytes - needed) / regions;
        uint32_t region = 0;
        for (std::size_t o = 0; o < bytes.size(); ++o) {
            OperationPlan& operation = plan.operations[o];
            if (bytes[o] == 0) {
                operation.region = plan.operations[o - 1].region;
                operation.region_bytes = plan.operations[o - 1].region_bytes;
                continue;
            }
            operation.region = region++;
            operation.region_bytes =
                regions == 1 ? machine_.activation_bytes : static_cast<uint32_t>(bytes[o] + spare);
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
    std::vector<uint32_t> most_rows_;  ///< of a band of each map, for readers that need it short
    std::vector<LayerPlan> plans_;     ///< so far
};

}  // namespace

uint64_t weight_chunk_bytes(uint32_t reduction, uint32_t n, uint32_t bits) {
    const uint64_t bytes = n * 2 * sizeof(int32_t) + weight_bytes(uint64_t{n} * reduction, bits);
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
