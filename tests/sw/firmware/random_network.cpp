#include "tests/sw/firmware/random_network.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>

#include <karhunen/registers.h>

#include "tests/sw/firmware/random_tiling.h"

namespace karhunen {
namespace {

uint32_t aligned(uint64_t bytes) {
    return static_cast<uint32_t>((bytes + 63) / 64 * 64);
}
uint32_t pair(uint32_t n) {
    return n << 8 | n;
}

class Builder : private RandomTiling {
public:
    using RandomTiling::RandomTiling;

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
        if (channels % 3 == 0) op.array_flags = KRHN_ARRAY_WEIGHTS_4_BIT;
        const auto chunk_bytes = [&](uint32_t n) {
            return aligned(n * 8 +
                           (n * reduction * KRHN_ARRAY_WEIGHT_BITS(op.array_flags) + 7) / 8);
        };
        op.chunk_bytes = chunk_bytes(op.chunk_channels);
        op.last_chunk_bytes = chunk_bytes(channels - (op.chunks - 1) * op.chunk_channels);
        op.weights_offset = static_cast<uint32_t>(weights_.size());
        weights_.resize(weights_.size() + (op.chunks - 1) * op.chunk_bytes + op.last_chunk_bytes);
        if (map_resident) op.array_flags |= KRHN_ARRAY_CHUNK_OUTERMOST;
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
            op = convolution(input, chance(60) ? 3 : 1, stride, pick(1, 6), map_resident);
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

    std::vector<LayerDraft> layers_;
    std::vector<uint8_t> weights_, tables_;
    uint32_t classes_ = 0;
    bool streams_ = false;  ///< weights, once for each band of the layer being added
};

}  // namespace

std::vector<uint8_t> random_network(std::mt19937& random, const NetworkChoices& choices) {
    return Builder(random, choices).build();
}

}  // namespace karhunen
