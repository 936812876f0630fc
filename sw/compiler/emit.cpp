#include "sw/compiler/emit.h"

#include <algorithm>
#include <cstring>

#include <karhunen/dma.h>
#include <karhunen/registers.h>

#include "models/arithmetic/packed_weights.h"
#include "models/codec/codec.h"
#include "models/codec/transform_codec.h"
#include "sw/compiler/error.h"
#include "sw/loadable/writer.h"

namespace karhunen {

namespace {

uint64_t aligned(uint64_t bytes) {
    return (bytes + KRHN_ALIGNMENT - 1) / KRHN_ALIGNMENT * KRHN_ALIGNMENT;
}

class Emitter {
public:
    Emitter(const Network& network, const std::vector<QuantisedLayer>& layers,
            const std::vector<LayerPlan>& plans, krhn_input input, const krhn_machine& machine,
            uint32_t batch)
        : network_(network),
          layers_(layers),
          plans_(plans),
          input_(input),
          machine_(machine),
          batch_(batch) {}

    std::vector<uint8_t> run() {
        tensors_.push_back(picture());
        for (uint32_t l = 0; l < layers_.size(); ++l) {
            tensors_.push_back(tensor(l));
            descriptors_.push_back(layer(l));
        }
        input_.classes = network_.layers.back().output.channels;
        input_.logit_scale = static_cast<float>(layers_.back().scale);
        return write();
    }

private:
    // ---- Sections of bytes: each returns the offset in its section ----

    uint32_t string(const std::string& text) {
        const auto offset = static_cast<uint32_t>(strings_.size());
        strings_.insert(strings_.end(), text.begin(), text.end());
        strings_.push_back(0);
        return offset;
    }

    static uint32_t append(std::vector<uint8_t>& section, std::span<const uint8_t> bytes) {
        const auto offset = static_cast<uint32_t>(section.size());
        section.insert(section.end(), bytes.begin(), bytes.end());
        section.resize(aligned(section.size()));
        return offset;
    }

    /// One after the other, each as loadable.h says.
    uint32_t weights(const FloatConvolution& c, const QuantisedConvolution& q,
                     const OperationPlan& plan) {
        const auto offset = static_cast<uint32_t>(weights_.size());
        const uint32_t channels = c.output_shape.channels;
        for (uint32_t first = 0; first < channels; first += plan.chunk_channels) {
            const uint32_t n = std::min(plan.chunk_channels, channels - first);
            std::vector<uint8_t> chunk(weight_chunk_bytes(c.reduction(), n, c.weight_bits));
            std::memcpy(chunk.data(), &q.bias[first], n * sizeof(int32_t));
            std::memcpy(&chunk[n * sizeof(int32_t)], &q.multiplier[first], n * sizeof(int32_t));
            std::vector<int8_t> weights;
            for (uint32_t k = 0; k < c.reduction(); ++k) {
                const auto row = q.weights.begin() + std::ptrdiff_t{k} * channels + first;
                weights.insert(weights.end(), row, row + n);
            }
            uint8_t* to = &chunk[n * 2 * sizeof(int32_t)];
            if (c.weight_bits == 4)
                pack_four_bits(weights, to);
            else
                std::memcpy(to, weights.data(), weights.size());
            append(weights_, chunk);
        }
        return offset;
    }

    // ---- Tensors ----

    krhn_tensor described(const std::string& name, const MapShape& shape, uint32_t band_rows) {
        krhn_tensor t{};
        t.name = string(name);
        t.height = shape.height;
        t.width = shape.width;
        t.channels = shape.channels;
        t.streams = machine_.streams;
        t.band_rows = band_rows;
        t.bands = (shape.height + band_rows - 1) / band_rows;
        return t;
    }

    krhn_tensor picture() {
        krhn_tensor t =
            described("picture", network_.input, input_band_rows(network_.input, machine_));
        t.stored_format = t.decoded_format = KRHN_FORMAT_S8;
        t.codec = KRHN_CODEC_RAW;
        t.flags = KRHN_TENSOR_INPUT;
        t.scale = t.stored_scale = input_.scale;
        size_slots(t, {});
        return t;
    }

    krhn_tensor tensor(uint32_t l) {
        const FloatLayer& layer = network_.layers[l];
        const QuantisedLayer& q = layers_[l];
        krhn_tensor t = described(layer.name, layer.output, plans_[l].band_rows);
        t.stored_format = static_cast<uint32_t>(q.stored);
        t.decoded_format = has_relu(layer) ? uint32_t{KRHN_FORMAT_U8} : t.stored_format;
        t.codec = q.coding.codec;
        t.streams *= codec_traits(t.codec).streams_per_coder;
        t.flags = layer.logits ? KRHN_TENSOR_LOGITS : is_coded(layer) ? KRHN_TENSOR_COUNTED : 0;
        t.scale = static_cast<float>(q.scale);
        t.stored_scale = static_cast<float>(q.stored_scale);
        if (!q.table.empty()) {
            if (q.table.size() > machine_.table_bytes)
                throw CompileError("layer " + layer.name + ": its codec's table needs " +
                                   std::to_string(q.table.size()) +
                                   " bytes of the table memory, which has " +
                                   std::to_string(machine_.table_bytes));
            t.table_offset = append(tables_, q.table);
            t.table_bytes = static_cast<uint32_t>(q.table.size());
            t.bits = static_cast<float>(q.coding.quantiser.bits);
            if (q.folded)
                t.encoder_table_bytes = static_cast<uint32_t>(folded_encoder_bytes(q.table));
        }
        size_slots(t, q.table);
        return t;
    }

    void size_slots(krhn_tensor& t, std::span<const uint8_t> table) const {
        const auto codec = make_codec(t.codec, table, static_cast<Format>(t.stored_format));
        const BandShape band{std::min(t.band_rows, t.height), t.width, t.channels};
        t.stream_stride = static_cast<uint32_t>(aligned(codec->worst_case_bytes(band, t.streams)));
        t.slot_stride = t.stream_stride * t.streams;
        t.slots_bytes = t.slot_stride * t.bands;
    }

    /// Behind the file: for each tensor the slots of all images, then their tile table.
    uint64_t place_maps(uint64_t end) {
        for (krhn_tensor& t : tensors_) {
            t.slots_offset = static_cast<uint32_t>(end);
            end += uint64_t{t.slots_bytes} * batch_;
            t.entries_offset = static_cast<uint32_t>(end);
            end += uint64_t{t.bands} * batch_ * sizeof(krhn_tile_entry);
            if (end > UINT32_MAX)
                throw CompileError("the maps of a batch of " + std::to_string(batch_) +
                                   " do not fit into 4 GiB");
        }
        return end;
    }

    // ---- Layers ----

    LayerDraft layer(uint32_t l) {
        const FloatLayer& layer = network_.layers[l];
        const LayerPlan& plan = plans_[l];
        LayerDraft d{};
        d.name = string(layer.name);
        d.output = l + 1;
        d.residual = layer.sum.empty() ? layer.residual.value_or(KRHN_NONE) : layer.sum[0];
        d.residual_region_bytes = plan.residual_region_bytes;
        d.operations = static_cast<uint32_t>(plan.operations.size());
        d.bands = plan.bands;
        d.tiling = static_cast<uint32_t>(bands_.size());
        for (uint32_t b = 0; b < plan.bands; ++b)
            for (const OperationPlan& operation : plan.operations)
                bands_.push_back(operation.bands[b]);
        for (uint32_t o = 0; o < d.operations; ++o) {
            krhn_operation& operation = d.operation[o];
            const OperationPlan& cut = plan.operations[o];
            operation.region = cut.region;
            operation.region_bytes = cut.region_bytes;
            operation.chunks = cut.chunks;
            operation.chunk_channels = cut.chunk_channels;
            operation.chunk_bytes = cut.chunk_bytes;
            operation.last_chunk_bytes = cut.last_chunk_bytes;
            if (plan.streams_weights && cut.chunks > 0) {
                operation.array_flags = KRHN_ARRAY_CHUNK_OUTERMOST;
                operation.post_flags = KRHN_POST_CHUNKED_ROWS;
            }
        }
        krhn_operation& last = d.operation[d.operations - 1];
        if (layer.kind != LayerKind::convolution)
            pass(layer, layers_[l], last);
        else
            convolutions(layer, layers_[l], plan, d);
        for (uint32_t o = layer.shortcut ? 1 : 0; o < d.operations; ++o)
            if (layer.sum.empty()) finish(layer, layers_[l], d.operation[o]);
        if (!layer.sum.empty()) finish(layer, layers_[l], last);
        if (!layer.sum.empty()) sums(layer, layers_[l], d);
        return d;
    }

    void convolutions(const FloatLayer& layer, const QuantisedLayer& q, const LayerPlan& plan,
                      LayerDraft& d) {
        if (layer.shortcut)
            convolution(*layer.shortcut, q.shortcut, plan.operations[0], d.operation[0]);
        const std::vector<Part> parts = parts_of(layer);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const std::size_t o = d.operations - parts.size() + i;
            const Part& part = parts[i];
            krhn_operation& operation = d.operation[o];
            convolution(*part.convolution,
                        part.index == 0 ? q.convolution : q.beside[part.index - 1],
                        plan.operations[o], operation);
            operation.first_channel = part.first_channel;
            if (part.shares_input) operation.flags = KRHN_OPERATION_SHARES_INPUT;
        }
        if (layer.shortcut) {
            d.operation[0].post_flags |= KRHN_POST_TO_RESIDUAL;
            d.operation[0].format = KRHN_FORMAT_S12;
        }
    }

    /// Each addition passes a map through; the last operation takes what they make.
    void sums(const FloatLayer& layer, const QuantisedLayer& q, LayerDraft& d) const {
        const uint32_t last = d.operations - 1;
        const MapShape& shape = network_.shape(layer.sum[0]);
        for (uint32_t o = 0; o < last; ++o) {
            const QuantisedSum& sum = q.sums[o];
            krhn_operation& operation = d.operation[o];
            pass_through(shape, layer.sum[o + 1], operation);
            operation.post_flags = KRHN_POST_RELU | KRHN_POST_RESIDUAL |
                                   (o + 1 == last ? KRHN_POST_TO_INPUT : KRHN_POST_TO_RESIDUAL);
            operation.format = KRHN_FORMAT_U8;
            operation.shift = sum.shift;
            operation.multiplier = static_cast<uint32_t>(sum.multiplier);
            operation.residual_multiplier = static_cast<uint32_t>(sum.residual_multiplier);
            operation.residual_region = o;
            operation.result_region = o + 1;
        }
        d.operation[last].input = KRHN_NONE;
    }

    void convolution(const FloatConvolution& c, const QuantisedConvolution& q,
                     const OperationPlan& plan, krhn_operation& d) {
        d.kind = KRHN_ARRAY_CONVOLUTION;
        if (c.weight_bits == 4) d.array_flags |= KRHN_ARRAY_WEIGHTS_4_BIT;
        d.input = c.input;
        d.kernel = c.kernel_y << 8 | c.kernel_x;
        d.stride = c.stride_y << 8 | c.stride_x;
        d.padding = c.padding_top << 8 | c.padding_left;
        d.dilation = c.dilation_y << 8 | c.dilation_x;
        d.groups = c.groups;
        d.conv_height = c.output_shape.height;
        d.conv_width = c.output_shape.width;
        d.channels = c.output_shape.channels;
        d.weights_offset = weights(c, q, plan);
        d.shift = q.shift;
        d.multiplier = 1;
    }

    static void finish(const FloatLayer& layer, const QuantisedLayer& q, krhn_operation& d) {
        d.format = static_cast<uint32_t>(q.stored);
        if (q.stored == Format::u8) d.post_flags |= KRHN_POST_RELU;
        if (layer.shortcut || layer.residual) {
            d.post_flags |= KRHN_POST_RESIDUAL;
            d.residual_multiplier = static_cast<uint32_t>(q.residual_multiplier);
        }
        if (layer.pool) {
            d.post_flags |=
                layer.kind == LayerKind::average_pool ? KRHN_POST_AVERAGE_POOL : KRHN_POST_MAX_POOL;
            d.pool = layer.pool->kernel << 16 | layer.pool->stride << 8 | layer.pool->padding |
                     (layer.pool->partial ? KRHN_POOL_PARTIAL : 0);
        }
    }

    static void pass_through(const MapShape& shape, uint32_t input, krhn_operation& d) {
        d.kind = KRHN_ARRAY_PASS;
        d.input = input;
        d.kernel = d.stride = d.dilation = 1 << 8 | 1;
        d.groups = 1;
        d.conv_height = shape.height;
        d.conv_width = shape.width;
        d.channels = shape.channels;
    }

    static void pass(const FloatLayer& layer, const QuantisedLayer& q, krhn_operation& d) {
        pass_through(layer.unpooled, layer.input, d);
        d.shift = q.pass_shift;
        d.multiplier = static_cast<uint32_t>(q.pass_multiplier);
    }

    // ---- The file ----

    std::vector<uint8_t> write() {
        LoadableWriter writer;
        writer.add(KRHN_SECTION_MACHINE, as_bytes_of(machine_));
        writer.add(KRHN_SECTION_INPUT, as_bytes_of(input_));
        writer.add(KRHN_SECTION_TENSORS, as_bytes_of(tensors_));
        writer.add(descriptors_);
        writer.add(KRHN_SECTION_TILING, as_bytes_of(bands_));
        writer.add(KRHN_SECTION_STRINGS, strings_);
        const uint32_t weights = writer.add(KRHN_SECTION_WEIGHTS, weights_);
        const uint32_t tables = writer.add(KRHN_SECTION_TABLES, tables_);
        for (krhn_tensor& t : tensors_)
            if (t.table_bytes) t.table_offset += tables;
        for (LayerDraft& d : descriptors_)
            for (uint32_t o = 0; o < d.operations; ++o)
                if (d.operation[o].chunks) d.operation[o].weights_offset += weights;
        writer.add_checksums(descriptors_, tensors_);
        const uint64_t memory = place_maps(writer.bytes());
        writer.replace(KRHN_SECTION_TENSORS, as_bytes_of(tensors_));
        writer.replace(descriptors_);
        return writer.finish(memory, batch_);
    }

    const Network& network_;
    const std::vector<QuantisedLayer>& layers_;
    const std::vector<LayerPlan>& plans_;
    krhn_input input_;
    const krhn_machine& machine_;
    const uint32_t batch_;
    std::vector<krhn_tensor> tensors_;
    std::vector<LayerDraft> descriptors_;
    std::vector<krhn_band> bands_;
    std::vector<uint8_t> weights_, tables_, strings_;
};

}  // namespace

std::vector<uint8_t> emit(const Network& network, const std::vector<QuantisedLayer>& layers,
                          const std::vector<LayerPlan>& plans, krhn_input input,
                          const krhn_machine& machine, uint32_t batch) {
    return Emitter(network, layers, plans, input, machine, batch).run();
}

}  // namespace karhunen
