#include "tests/sw/firmware/random_network.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>

#include <karhunen/registers.h>

#include "sw/loadable/writer.h"

namespace karhunen {
namespace {

uint32_t aligned(uint64_t bytes) {
    return static_cast<uint32_t>((bytes + 63) / 64 * 64);
}
uint32_t value_bytes(uint32_t format) {
    return format == KRHN_FORMAT_S32 ? 4 : format == KRHN_FORMAT_S12 ? 2 : 1;
}
uint32_t pair(uint32_t n) {
    return n << 8 | n;
}

class Builder {
public:
    Builder(std::mt19937& random, const NetworkChoices& choices)
        : random_(random), choices_(choices) {}

    std::vector<uint8_t> build() {
        const uint32_t size = pick(6, 20);
        tensors_.push_back(tensor(size, size, pick(1, 4), KRHN_CODEC_RAW, KRHN_FORMAT_S8));
        tensors_[0].flags = KRHN_TENSOR_INPUT;
        for (uint32_t i = 0; i + 2 < choices_.layers; ++i) add_layer();
        add_average();
        add_logits();
        return finish();
    }

private:
    uint32_t pick(uint32_t low, uint32_t high) {
        return std::uniform_int_distribution<uint32_t>(low, high)(random_);
    }
    bool chance(uint32_t percent) { return pick(1, 100) <= percent; }

    krhn_tensor tensor(uint32_t height, uint32_t width, uint32_t channels, uint32_t codec,
                       uint32_t format) {
        krhn_tensor t{};
        t.height = height, t.width = width, t.channels = channels;
        t.codec = codec;
        t.stored_format = codec == KRHN_CODEC_VLC ? uint32_t{KRHN_FORMAT_S12} : format;
        t.decoded_format = format;
        t.streams = pick(1, 4);
        t.scale = t.stored_scale = 1;
        set_bands(t, pick(1, height));
        if (codec != KRHN_CODEC_RAW) {
            t.table_bytes = pick(20, 200);
            t.table_offset = static_cast<uint32_t>(tables_.size());
            tables_.resize(tables_.size() + t.table_bytes);
        }
        return t;
    }
    static void set_bands(krhn_tensor& t, uint32_t rows) {
        t.band_rows = rows;
        t.bands = (t.height + rows - 1) / rows;
    }

    krhn_operation convolution(uint32_t input, uint32_t kernel, uint32_t stride, uint32_t channels,
                               bool map_resident) {
        const krhn_tensor& t = tensors_[input];
        krhn_operation op{};
        op.kind = KRHN_ARRAY_CONVOLUTION;
        op.input = input;
        op.kernel = pair(kernel), op.stride = pair(stride), op.padding = pair(kernel / 2);
        op.dilation = pair(1), op.groups = 1;
        if (choices_.dilated_percent && chance(choices_.dilated_percent))
            op.dilation = pair(2), op.padding = pair(kernel / 2 * 2);
        if (choices_.dilated_percent && chance(choices_.dilated_percent))
            op.groups = std::gcd(channels, t.channels);
        op.conv_height = (t.height - 1) / stride + 1;
        op.conv_width = (t.width - 1) / stride + 1;
        op.channels = channels;
        op.chunk_channels = pick(1, channels);
        op.chunks = (channels + op.chunk_channels - 1) / op.chunk_channels;
        const uint32_t reduction = kernel * kernel * t.channels / op.groups;
        op.chunk_bytes = aligned(op.chunk_channels * (8 + reduction));
        op.last_chunk_bytes =
            aligned((channels - (op.chunks - 1) * op.chunk_channels) * (8 + reduction));
        op.weights_offset = static_cast<uint32_t>(weights_.size());
        weights_.resize(weights_.size() + (op.chunks - 1) * op.chunk_bytes + op.last_chunk_bytes);
        if (map_resident) op.array_flags = KRHN_ARRAY_CHUNK_OUTERMOST;
        op.shift = pick(0, 20);
        return op;
    }

    void add_layer() {
        const auto input = static_cast<uint32_t>(
            chance(80) ? tensors_.size() - 1 : pick(0, uint32_t(tensors_.size()) - 1));
        LayerDraft layer{};
        layer.residual = KRHN_NONE;
        const bool map_resident = chance(30);
        const uint32_t stride = tensors_[input].height > 4 && chance(30) ? 2 : 1;
        krhn_operation op =
            convolution(input, chance(60) ? 3 : 1, stride, pick(1, 6), map_resident);
        if (chance(50)) op.post_flags |= KRHN_POST_RELU;
        streams_ = map_resident && choices_.streams_percent && chance(choices_.streams_percent);
        if (choices_.parts_percent && chance(choices_.parts_percent))
            return add_parts(layer, op, map_resident);

        if (choices_.sums_percent && chance(choices_.sums_percent)) add_sum(layer, input);
        const bool pools = op.conv_height >= 3 && chance(15);
        if (pools) op.post_flags |= KRHN_POST_MAX_POOL, op.pool = 3 << 16 | 2 << 8 | 1;
        if (layer.operations)
            op.input = KRHN_NONE, op.region = layer.operations;
        else if (!pools)
            add_residual(layer, op, map_resident);
        constexpr krhn_codec codecs[] = {KRHN_CODEC_RAW, KRHN_CODEC_VLC, KRHN_CODEC_DCT_MASK};
        finish_layer(layer, op, map_resident, codecs[pick(0, 2)], KRHN_FORMAT_U8);
    }

    /// Operations that make the map together; some take the input of the one before.
    void add_parts(LayerDraft& layer, krhn_operation op, bool map_resident) {
        const krhn_tensor& t = tensors_[op.input];
        if (op.conv_height >= 3 && chance(20))
            op.post_flags |= KRHN_POST_MAX_POOL, op.pool = 3 << 16 | 2 << 8 | 1;
        const uint32_t stride = op.stride & 255, parts = pick(2, KRHN_MAX_OPERATIONS);
        for (uint32_t i = 1; i < parts; ++i) {
            layer.operation[layer.operations++] = op;
            const krhn_operation before = op;
            uint32_t input = before.input;
            for (auto j = static_cast<uint32_t>(tensors_.size()); j-- > 1 && chance(50);)
                if (tensors_[j].height == t.height && tensors_[j].width == t.width &&
                    tensors_[j].decoded_format == KRHN_FORMAT_U8)
                    input = j;
            op =
                convolution(input, chance(60) ? 3 : 1, stride, pick(1, 6), before.array_flags != 0);
            op.first_channel = before.first_channel + before.channels;
            op.post_flags = before.post_flags, op.pool = before.pool;
            op.region = before.region + 1;
            if (input != before.input || op.padding < before.padding) continue;
            op.flags = KRHN_OPERATION_SHARES_INPUT;
            op.region = before.region;
        }
        finish_layer(layer, op, map_resident, KRHN_CODEC_VLC, KRHN_FORMAT_U8);
    }

    /// An identity where a map fits, else perhaps a convolved one, as operation 0.
    void add_residual(LayerDraft& layer, krhn_operation& op, bool map_resident) {
        for (auto i = static_cast<uint32_t>(tensors_.size()); i-- > 1 && chance(70);) {
            const krhn_tensor& t = tensors_[i];
            if (t.height == op.conv_height && t.width == op.conv_width) {
                op.post_flags |= KRHN_POST_RESIDUAL;
                if (t.channels == op.channels && chance(70)) {
                    layer.residual = i;
                } else {
                    layer.operation[layer.operations++] =
                        convolution(i, 1, 1, op.channels, map_resident && chance(70));
                }
                break;
            }
            if ((t.height - 1) / 2 + 1 == op.conv_height &&
                (t.width - 1) / 2 + 1 == op.conv_width) {
                op.post_flags |= KRHN_POST_RESIDUAL;
                layer.operation[layer.operations++] =
                    convolution(i, 1, 2, op.channels, map_resident && chance(70));
                break;
            }
        }
        if (layer.operations == 0) return;
        krhn_operation& shortcut = layer.operation[0];
        shortcut.post_flags = KRHN_POST_TO_RESIDUAL;
        shortcut.format = KRHN_FORMAT_S12;
        shortcut.region = 1;
    }

    /// The input becomes a sum of maps of its shape, perhaps the same one several times.
    void add_sum(LayerDraft& layer, uint32_t input) {
        const krhn_tensor& t = tensors_[input];
        if (t.decoded_format != KRHN_FORMAT_U8) return;
        const auto part = [&] {
            for (auto i = static_cast<uint32_t>(tensors_.size()); i-- > 1 && chance(70);) {
                const krhn_tensor& other = tensors_[i];
                if (other.height == t.height && other.width == t.width &&
                    other.channels == t.channels && chance(60))
                    return i;
            }
            return input;
        };
        layer.residual = part();
        const uint32_t sums = pick(1, KRHN_MAX_OPERATIONS - 1);
        for (uint32_t o = 0; o < sums; ++o) {
            krhn_operation op{};
            op.kind = KRHN_ARRAY_PASS, op.input = part();
            op.conv_height = t.height, op.conv_width = t.width, op.channels = t.channels;
            op.post_flags =
                KRHN_POST_RESIDUAL | (o + 1 == sums ? KRHN_POST_TO_INPUT : KRHN_POST_TO_RESIDUAL);
            op.format = KRHN_FORMAT_U8, op.multiplier = 5, op.shift = pick(0, 20);
            op.region = op.residual_region = o, op.result_region = o + 1;
            layer.operation[layer.operations++] = op;
        }
    }
    static bool has_sum(const LayerDraft& layer) {
        return layer.operation[layer.operations - 1].input == KRHN_NONE;
    }

    void add_average() {
        const auto input = static_cast<uint32_t>(tensors_.size() - 1);
        const krhn_tensor& t = tensors_[input];
        krhn_operation op{};
        op.kind = KRHN_ARRAY_PASS;
        op.input = input;
        op.conv_height = t.height, op.conv_width = t.width, op.channels = t.channels;
        op.post_flags = KRHN_POST_AVERAGE_POOL;
        op.multiplier = 77;
        const uint32_t kernel = std::min(t.height, t.width);
        op.pool = kernel << 16 | kernel << 8;
        LayerDraft layer{};
        layer.residual = KRHN_NONE;
        finish_layer(layer, op, false, KRHN_CODEC_RAW, KRHN_FORMAT_U8);
    }

    void add_logits() {
        LayerDraft layer{};
        layer.residual = KRHN_NONE;
        krhn_operation op =
            convolution(static_cast<uint32_t>(tensors_.size() - 1), 1, 1, pick(3, 20), true);
        finish_layer(layer, op, true, KRHN_CODEC_RAW, KRHN_FORMAT_S32);
        krhn_tensor& t = tensors_.back();
        t.flags = KRHN_TENSOR_LOGITS;
        classes_ = t.height * t.width * t.channels;
    }

    struct Pool {
        uint32_t kernel = 1, stride = 1, padding = 0;
        explicit Pool(const krhn_operation& op) {
            if (op.pool)
                kernel = op.pool >> 16, stride = op.pool >> 8 & 255, padding = op.pool & 255;
        }
        uint32_t size(uint32_t n) const { return (n + 2 * padding - kernel) / stride + 1; }
        uint32_t rows_for(uint32_t outputs, uint32_t height) const {
            return std::min(height, (outputs - 1) * stride + kernel - padding);
        }
    };

    void finish_layer(LayerDraft& layer, krhn_operation& op, bool map_resident, uint32_t codec,
                      uint32_t format) {
        const Pool pool(op);
        krhn_tensor output = tensor(pool.size(op.conv_height), pool.size(op.conv_width),
                                    op.first_channel + op.channels, codec, format);
        if (map_resident && !streams_) set_bands(output, output.height);
        op.format = output.stored_format;
        for (uint32_t o = 0; op.first_channel && o < layer.operations; ++o)
            layer.operation[o].format = op.format;
        layer.operation[layer.operations++] = op;
        layer.output = static_cast<uint32_t>(tensors_.size());
        layer.bands = output.bands;
        layer.tiling = static_cast<uint32_t>(bands_.size());
        tensors_.push_back(output);
        if (!add_bands(layer)) {  // a sum must have work for every band
            bands_.resize(layer.tiling);
            set_bands(tensors_.back(), tensors_.back().height);
            layer.bands = 1;
            add_bands(layer);
        }
        size_regions(layer);
        size_buffers(layer, map_resident);
        layers_.push_back(layer);
    }

    static uint32_t window(const krhn_operation& op) {
        return ((op.kernel & 255) - 1) * (op.dilation & 255) + 1;
    }

    bool add_bands(const LayerDraft& layer) {
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
                bands_[layer.tiling + b * layer.operations + o] = {row, end - row, row, end - row,
                                                                   end};
            works = works && end > row;
            row = end;
        }
        return works;
    }

    void add_band(const LayerDraft& layer, uint32_t b, uint32_t o) {
        const krhn_tensor& output = tensors_[layer.output];
        const krhn_operation &op = layer.operation[o],
                             &last = layer.operation[layer.operations - 1];
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

    /// The least that an operation's input rows need: what is decoded for a band, less what the
    /// band before has released.
    void size_regions(LayerDraft& layer) {
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

    void size_buffers(LayerDraft& layer, bool map_resident) {
        const krhn_tensor& t = tensors_[layer.output];
        uint32_t resident = 0, chunk = 0, tables = 0, table = t.table_bytes;
        for (uint32_t o = 0; o < layer.operations; ++o) {
            const krhn_operation& op = layer.operation[o];
            if (op.array_flags == 0 && op.chunks)
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

    std::vector<uint8_t> finish() {
        for (uint32_t* size : {&machine_.weight_bytes, &machine_.activation_bytes,
                               &machine_.output_bytes, &machine_.residual_bytes})
            *size = std::max(*size, 1u) + choices_.slack_bytes;
        machine_.table_bytes = std::max(machine_.table_bytes, 1u);
        machine_.streams = 4;
        krhn_input input{};
        input.resize = input.crop = tensors_[0].height;
        std::fill_n(input.std, 3, 1.0f);
        input.scale = input.logit_scale = 1;
        input.classes = classes_;

        LoadableWriter writer;
        writer.add(KRHN_SECTION_MACHINE, as_bytes_of(machine_));
        writer.add(KRHN_SECTION_INPUT, as_bytes_of(input));
        writer.add(KRHN_SECTION_STRINGS, as_bytes_of(std::vector<char>{'x', 0}));
        writer.add(KRHN_SECTION_TILING, as_bytes_of(bands_));
        const uint32_t weights = writer.add(KRHN_SECTION_WEIGHTS, weights_);
        tables_.resize(tables_.size() + 1);
        const uint32_t tables = writer.add(KRHN_SECTION_TABLES, tables_);
        for (LayerDraft& l : layers_)
            for (uint32_t o = 0; o < l.operations; ++o) l.operation[o].weights_offset += weights;
        writer.add(layers_);
        writer.add(KRHN_SECTION_TENSORS, as_bytes_of(tensors_));
        uint32_t end = writer.bytes();
        for (krhn_tensor& t : tensors_) {
            t.table_offset += tables;
            t.stream_stride = aligned(t.band_rows * t.width * t.channels * 4);
            t.slot_stride = t.stream_stride * t.streams;
            t.slots_bytes = t.slot_stride * t.bands;
            t.slots_offset = end;
            t.entries_offset = end + choices_.batch * t.slots_bytes;
            end = t.entries_offset + choices_.batch * t.bands * 64;
        }
        writer.replace(KRHN_SECTION_TENSORS, as_bytes_of(tensors_));
        return writer.finish(end, choices_.batch);
    }

    std::mt19937& random_;
    NetworkChoices choices_;
    krhn_machine machine_{};
    std::vector<krhn_tensor> tensors_;
    std::vector<LayerDraft> layers_;
    std::vector<krhn_band> bands_;
    std::vector<uint8_t> weights_, tables_;
    uint32_t classes_ = 0;
    bool streams_ = false;  ///< weights, once for each band of the layer being added
};

}  // namespace

std::vector<uint8_t> random_network(std::mt19937& random, const NetworkChoices& choices) {
    return Builder(random, choices).build();
}

}  // namespace karhunen
