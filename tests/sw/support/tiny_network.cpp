#include "tests/sw/support/tiny_network.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include <karhunen/registers.h>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"

namespace karhunen {

namespace {

constexpr uint32_t shift = 24;
constexpr uint32_t streams = 4;

uint64_t aligned(uint64_t bytes) {
    return (bytes + 63) / 64 * 64;
}

uint32_t square(uint32_t value) {
    return value << 8 | value;
}

}  // namespace

TinyNetwork::TinyNetwork(uint32_t seed, uint32_t batch, uint32_t weight_bits)
    : batch(batch), seed_(seed), weight_bits_(weight_bits) {
    machine = {.weight_bytes = 16384,
               .activation_bytes = 8192,
               .output_bytes = 8192,
               .residual_bytes = 8192,
               .table_bytes = 4096,
               .streams = streams,
               .reserved = {}};
    input = {.resize = 10,
             .crop = 9,
             .mean = {0.5f, 0.4f, 0.3f},
             .std = {0.2f, 0.2f, 0.2f},
             .scale = 0.02f,
             .classes = 10,
             .logit_scale = 0.001f,
             .reserved = {}};
    add_tensor("picture", 9, 3, KRHN_FORMAT_S8, KRHN_CODEC_RAW, 4);
    add_tensor("stem", 5, 8, KRHN_FORMAT_U8, KRHN_CODEC_RAW, 2);
    add_tensor("one", 3, 12, KRHN_FORMAT_U8, KRHN_CODEC_DCT_MASK, 2);
    add_tensor("two", 3, 12, KRHN_FORMAT_S12, KRHN_CODEC_TRANSFORM, 3);
    add_tensor("three", 3, 12, KRHN_FORMAT_S12, KRHN_CODEC_VLC, 1);
    add_tensor("average", 1, 12, KRHN_FORMAT_U8, KRHN_CODEC_RAW, 1);
    add_tensor("logits", 1, 10, KRHN_FORMAT_S32, KRHN_CODEC_RAW, 1);
    tensors[0].flags = KRHN_TENSOR_INPUT;
    tensors[3].flags = tensors[4].flags = KRHN_TENSOR_COUNTED;
    tensors[6].flags = KRHN_TENSOR_LOGITS;

    krhn_operation stem =
        convolution(0, 8, 3, 1, KRHN_FORMAT_U8, KRHN_POST_RELU | KRHN_POST_MAX_POOL, 8);
    stem.pool = 3u << 16 | 2u << 8 | 1u;
    add_layer("stem", 1, {stem});
    add_layer("one", 2, {convolution(1, 12, 3, 2, KRHN_FORMAT_U8, KRHN_POST_RELU, 5)});
    krhn_operation shortcut = convolution(1, 12, 1, 2, KRHN_FORMAT_S12, KRHN_POST_TO_RESIDUAL, 12);
    krhn_operation two = convolution(2, 12, 3, 1, KRHN_FORMAT_S12, KRHN_POST_RESIDUAL, 4);
    for (krhn_operation* op : {&shortcut, &two}) {
        op->array_flags |= KRHN_ARRAY_CHUNK_OUTERMOST;
        op->post_flags |= KRHN_POST_CHUNKED_ROWS;
    }
    two.residual_multiplier = 3u << (shift - 1);  // 1.5
    two.region = 1;
    add_layer("two", 3, {shortcut, two});
    krhn_operation three = convolution(3, 12, 3, 1, KRHN_FORMAT_S12, KRHN_POST_RESIDUAL, 12);
    three.residual_multiplier = 8u << shift;  // a step of u8 is 8 steps of s12
    add_layer("three", 4, {three}).residual = 3;
    krhn_operation average{};
    average.kind = KRHN_ARRAY_PASS;
    average.input = 4, average.channels = 12, average.conv_height = average.conv_width = 3;
    average.region_bytes = 1024, average.post_flags = KRHN_POST_AVERAGE_POOL;
    average.format = KRHN_FORMAT_U8, average.shift = shift;
    average.multiplier = (1u << shift) / 9, average.pool = 3u << 16 | 1u << 8;
    add_layer("average", 5, {average});
    add_layer("fc", 6, {convolution(5, 10, 1, 1, KRHN_FORMAT_S32, 0, 10)});
    add_table(2);
    add_table(3);
    add_table(4);
    place();
}

uint32_t TinyNetwork::add_name(const std::string& name) {
    const auto offset = static_cast<uint32_t>(strings.size());
    strings += name;
    strings += '\0';
    return offset;
}

void TinyNetwork::add_tensor(const std::string& name, uint32_t size, uint32_t channels,
                             uint32_t format, uint32_t codec, uint32_t band_rows) {
    krhn_tensor t{};
    t.name = add_name(name);
    t.height = t.width = size;
    t.channels = channels;
    t.stored_format = format;
    t.decoded_format = format == KRHN_FORMAT_S12 ? uint32_t{KRHN_FORMAT_U8} : format;
    t.codec = codec;
    t.streams = streams;
    t.band_rows = band_rows;
    t.bands = (size + band_rows - 1) / band_rows;
    t.stored_scale = 0.125f;
    t.scale = format == KRHN_FORMAT_S12 ? 1 : 0.125f;
    tensors.push_back(t);
}

/// A convolution whose results are about half as wide as their format.
krhn_operation TinyNetwork::convolution(uint32_t from, uint32_t channels, uint32_t kernel,
                                        uint32_t stride, uint32_t format, uint32_t post_flags,
                                        uint32_t chunk_channels) {
    const krhn_tensor& map = tensors[from];
    krhn_operation op{};
    op.kind = KRHN_ARRAY_CONVOLUTION;
    op.input = from;
    op.region_bytes = 2048;
    op.kernel = square(kernel), op.stride = square(stride), op.padding = square(kernel / 2);
    op.dilation = square(1), op.groups = 1;
    op.conv_height = op.conv_width = (map.height - 1) / stride + 1;
    op.channels = channels, op.chunk_channels = chunk_channels;
    op.chunks = (channels + chunk_channels - 1) / chunk_channels;
    op.post_flags = post_flags, op.format = format, op.shift = shift;

    std::mt19937 random(seed_ * 100 + static_cast<uint32_t>(convolutions.size()));
    TinyConvolution c{channels, map.channels, kernel, {}, {}, {}};
    c.weights.resize(size_t{channels} * map.channels * kernel * kernel);
    const bool few = weight_bits_ == 4 && from > 0;
    if (few) op.array_flags = KRHN_ARRAY_WEIGHTS_4_BIT;
    for (int8_t& w : c.weights)
        w = static_cast<int8_t>(few ? static_cast<int>(random() % 16) - 8
                                    : static_cast<int8_t>(random()));
    const double weight = few ? 4.6 : 74;
    const double deviation = std::sqrt(double(c.weights.size() / channels)) * weight * 74;
    const double wanted = format == KRHN_FORMAT_S12 ? 600 : 75;
    for (uint32_t i = 0; i < channels; ++i) {
        c.bias.push_back(static_cast<int32_t>(random() % 20001) - 10000);
        const double spread = 0.75 + 0.5 * (random() % 1000) / 1000;
        c.multiplier.push_back(static_cast<int32_t>(spread * wanted / deviation * (1 << shift)));
    }
    pack(op, c);
    convolutions.push_back(std::move(c));
    return op;
}

/// Chunks as sw/include/karhunen/loadable.h describes them; offsets are made absolute by place().
void TinyNetwork::pack(krhn_operation& op, const TinyConvolution& c) {
    op.weights_offset = static_cast<uint32_t>(weights.size());
    for (uint32_t first = 0; first < op.channels; first += op.chunk_channels) {
        const uint32_t n = std::min(op.chunk_channels, op.channels - first);
        const size_t begin = weights.size();
        for (const auto* words : {&c.bias, &c.multiplier}) {
            const auto* bytes = reinterpret_cast<const uint8_t*>(words->data() + first);
            weights.insert(weights.end(), bytes, bytes + size_t{n} * 4);
        }
        bool half = false;
        for (uint32_t y = 0; y < c.kernel; ++y)
            for (uint32_t x = 0; x < c.kernel; ++x)
                for (uint32_t i = 0; i < c.input_channels; ++i)
                    for (uint32_t o = first; o < first + n; ++o) {
                        const int weight =
                            c.weights[((o * c.input_channels + i) * c.kernel + y) * c.kernel + x];
                        if (half)
                            weights.back() |= (weight & 15) << 4;
                        else
                            weights.push_back(
                                static_cast<uint8_t>(op.array_flags ? weight & 15 : weight));
                        half = op.array_flags && !half;
                    }
        weights.resize(aligned(weights.size()));
        op.last_chunk_bytes = static_cast<uint32_t>(weights.size() - begin);
        if (first == 0) op.chunk_bytes = op.last_chunk_bytes;
    }
}

LayerDraft& TinyNetwork::add_layer(const std::string& name, uint32_t output,
                                   std::vector<krhn_operation> operations) {
    LayerDraft layer{};
    layer.name = add_name(name);
    layer.output = output;
    layer.residual = KRHN_NONE;
    layer.residual_region_bytes = 1024;
    layer.operations = static_cast<uint32_t>(operations.size());
    layer.bands = tensors[output].bands;
    std::ranges::copy(operations, layer.operation);
    layers.push_back(layer);
    add_bands(layers.back());
    return layers.back();
}

void TinyNetwork::add_bands(LayerDraft& layer) {
    layer.tiling = static_cast<uint32_t>(bands.size());
    const krhn_tensor& output = tensors[layer.output];
    std::vector<uint32_t> conv_rows(layer.operations);  // so far
    for (uint32_t b = 0; b < layer.bands; ++b) {
        const uint32_t row = b * output.band_rows;
        const uint32_t rows = std::min(output.band_rows, output.height - row);
        for (uint32_t o = 0; o < layer.operations; ++o) {
            const krhn_operation& op = layer.operation[o];
            // The last conv row that output row `row + rows - 1` needs, and then the input's.
            const uint32_t kernel = op.pool ? op.pool >> 16 : 1;
            const uint32_t stride = op.pool ? op.pool >> 8 & 0xFF : 1;
            const uint32_t end =
                std::min(op.conv_height, (row + rows - 1) * stride + kernel - (op.pool & 0xFF));
            const uint32_t conv_kernel = op.kind == KRHN_ARRAY_PASS ? 1 : op.kernel & 0xFF;
            const uint32_t conv_stride = op.kind == KRHN_ARRAY_PASS ? 1 : op.stride & 0xFF;
            const uint32_t input_rows =
                std::min(tensors[op.input].height,
                         (end - 1) * conv_stride + conv_kernel - (op.padding & 0xFF));
            bands.push_back({conv_rows[o], end - conv_rows[o], row, rows, input_rows});
            conv_rows[o] = end;
        }
    }
}

/// Codec parameters calibrated on values such as the layer makes.
void TinyNetwork::add_table(uint32_t tensor) {
    krhn_tensor& t = tensors[tensor];
    std::mt19937 random(seed_ + tensor);
    std::normal_distribution<double> normal(100, 700);
    std::vector<int16_t> values(size_t{500} * t.channels);
    const auto format = static_cast<Format>(t.stored_format);
    const double scale = format == Format::u8 ? 0.125 : 1,
                 low = static_cast<double>(min_of(format)),
                 high = static_cast<double>(max_of(format));
    for (int16_t& v : values)
        v = static_cast<int16_t>(std::clamp(scale * normal(random), low, high));
    const CalibrationMaps maps{{values}, t.channels, t.stored_scale, t.scale};
    const auto blob = calibrate_codec({t.codec, {}}, maps);
    t.table_offset = static_cast<uint32_t>(tables.size());
    t.table_bytes = static_cast<uint32_t>(blob.size());
    tables.insert(tables.end(), blob.begin(), blob.end());
    tables.resize(aligned(tables.size()));
}

/// Makes offsets absolute: sections first, maps behind them.
void TinyNetwork::place() {
    const uint32_t weights_offset = LoadableWriter().bytes();  // the first section
    for (LayerDraft& layer : layers)
        for (uint32_t o = 0; o < layer.operations; ++o)
            if (layer.operation[o].chunks) layer.operation[o].weights_offset += weights_offset;
    memory_bytes = writer().bytes();
    const auto take = [&](uint64_t bytes) {
        const auto offset = static_cast<uint32_t>(memory_bytes);
        memory_bytes += aligned(bytes);
        return offset;
    };
    for (krhn_tensor& t : tensors) {
        const uint32_t blob_offset = t.table_offset;
        const std::span table(tables.data() + blob_offset, t.table_bytes);
        if (t.table_bytes) t.table_offset += tables_offset();
        const auto codec = make_codec(t.codec, table, static_cast<Format>(t.stored_format));
        t.stream_stride = static_cast<uint32_t>(
            aligned(codec->worst_case_bytes({t.band_rows, t.width, t.channels}, t.streams)));
        t.slot_stride = t.stream_stride * t.streams;
        t.slots_bytes = t.slot_stride * t.bands;
        t.slots_offset = take(uint64_t{batch} * t.slots_bytes);
        t.entries_offset = take(uint64_t{batch} * t.bands * 64);
    }
}

uint32_t TinyNetwork::tables_offset() const {
    LoadableWriter before;
    before.add(KRHN_SECTION_WEIGHTS, weights);
    return before.bytes();
}

LoadableWriter TinyNetwork::writer() const {
    LoadableWriter writer;
    writer.add(KRHN_SECTION_WEIGHTS, weights);
    writer.add(KRHN_SECTION_TABLES, tables);
    writer.add(KRHN_SECTION_MACHINE, as_bytes_of(machine));
    writer.add(KRHN_SECTION_INPUT, as_bytes_of(input));
    writer.add(KRHN_SECTION_TENSORS, as_bytes_of(tensors));
    writer.add(layers);
    writer.add(KRHN_SECTION_TILING, as_bytes_of(bands));
    const auto* names = reinterpret_cast<const uint8_t*>(strings.data());
    writer.add(KRHN_SECTION_STRINGS, {names, strings.size()});
    writer.add_checksums(layers, tensors);
    return writer;
}

std::vector<uint8_t> TinyNetwork::file() const {
    return writer().finish(memory_bytes, batch);
}

std::vector<int16_t> TinyNetwork::picture(uint32_t seed) const {
    std::mt19937 random(seed);
    std::vector<int16_t> values(size_t{9} * 9 * 3);
    for (int16_t& v : values) v = static_cast<int16_t>(static_cast<int8_t>(random()));
    return values;
}

}  // namespace karhunen
