// Operations one by one, against the shapes of the tensors they join.
#include <algorithm>
#include <cstring>

#include "models/arithmetic/packed_weights.h"
#include "sw/loadable/checker.h"

namespace karhunen {

namespace {

constexpr uint32_t array_flags = KRHN_ARRAY_CHUNK_OUTERMOST | KRHN_ARRAY_WEIGHTS_4_BIT;
constexpr uint32_t post_flags = KRHN_POST_RELU | KRHN_POST_RESIDUAL | KRHN_POST_TO_RESIDUAL |
                                KRHN_POST_MAX_POOL | KRHN_POST_AVERAGE_POOL |
                                KRHN_POST_CHUNKED_ROWS | KRHN_POST_TO_INPUT;

/// Sums of this many products of 8 bits by 8 bits stay within 32 bits.
constexpr uint64_t most_reduction = 65792;

}  // namespace

void LoadableChecker::check_operation(const krhn_layer& layer, uint32_t o,
                                      const FilePlace& place) const {
    const krhn_operation& op = l_.operation(layer, o);
    place.range("kind", op.kind, KRHN_ARRAY_CONVOLUTION, KRHN_ARRAY_PASS);
    if (op.input == KRHN_NONE) {
        place.require(o > 0 && o + 1 == layer.operations, "input", op.input,
                      "a tensor, but for the last of several operations");
    } else {
        place.range("input", op.input, 0, l_.tensors_.size() - 1);
        place.require(made_[op.input], "input", op.input, "a tensor made before");
    }
    place.range("region", op.region, 0, KRHN_BUFFER_REGIONS - 1);
    place.require((op.array_flags & ~array_flags) == 0, "array_flags", op.array_flags,
                  "8 (chunk outermost), 16 (weights of 4 bits), both or 0");
    place.range("flags", op.flags, 0, KRHN_OPERATION_SHARES_INPUT);
    if (op.flags) check_shared_input(layer, o, place);
    check_array(layer, o, place);
    check_post(layer, o, place);
}

/// The operation before keeps its rows, and this one frees none that the other still needs.
void LoadableChecker::check_shared_input(const krhn_layer& layer, uint32_t o,
                                         const FilePlace& place) const {
    const krhn_operation& op = l_.operation(layer, o);
    place.require(o > 0 && op.input != KRHN_NONE, "flags", op.flags,
                  "an operation before this one, of the same stored map");
    const krhn_operation& before = l_.operation(layer, o - 1);
    place.equal("input", op.input, before.input);
    place.equal("region", op.region, before.region);
    place.equal("kind", op.kind, KRHN_ARRAY_CONVOLUTION);
    place.equal("kind of the operation before", before.kind, KRHN_ARRAY_CONVOLUTION);
    place.equal("stride", Axes(op.stride).y, Axes(before.stride).y);
    place.range("padding", Axes(op.padding).y, Axes(before.padding).y, 255);
}

void LoadableChecker::check_array(const krhn_layer& layer, uint32_t o,
                                  const FilePlace& place) const {
    const krhn_operation& op = l_.operation(layer, o);
    const OperationInput input = l_.input(layer, o);
    if (op.kind == KRHN_ARRAY_PASS) {
        place.range("region_bytes", op.region_bytes, row_bytes(input),
                    l_.machine_->activation_bytes);
        place.equal("array_flags", op.array_flags, 0);
        place.equal("conv_height", op.conv_height, input.height);
        place.equal("conv_width", op.conv_width, input.width);
        place.equal("channels", op.channels, input.channels);
        place.equal("chunks", op.chunks, 0);
        return;
    }
    place.range("kernel", op.kernel, 0x0101, 0xFFFF);
    place.range("stride", op.stride, 0x0101, 0xFFFF);
    place.range("padding", op.padding, 0, 0xFFFF);
    place.range("dilation", op.dilation, 0x0101, 0xFFFF);
    const Axes kernel(op.kernel), stride(op.stride), padding(op.padding), dilation(op.dilation);
    const auto check_axis = [&](const char* field, uint32_t taps, uint32_t d, uint32_t s,
                                uint32_t p, uint32_t size, uint32_t found) {
        place.range("kernel", taps, 1, 255);
        place.range("stride", s, 1, 255);
        place.range("dilation", d, 1, 255);
        const uint32_t k = (taps - 1) * d + 1;
        place.range("padding", p, 0, k - 1);
        // From no padding at the far end to one less than the kernel.
        const uint64_t least = size + p >= k ? (size + p - k) / s + 1 : 1;
        place.range(field, found, least, (size + p - 1) / s + 1);
    };
    check_axis("conv_height", kernel.y, dilation.y, stride.y, padding.y, input.height,
               op.conv_height);
    check_axis("conv_width", kernel.x, dilation.x, stride.x, padding.x, input.width, op.conv_width);
    place.range("conv_width * conv_height * channels",
                uint64_t{op.conv_width} * op.conv_height * op.channels, 1, uint64_t{1} << 28);
    place.require(bytes_of(input.format) == 1, "format of the input",
                  static_cast<uint32_t>(input.format), "8 bits");
    place.range("groups", op.groups, 1, input.channels);
    place.equal("channels of the input modulo groups", input.channels % op.groups, 0);
    place.equal("channels modulo groups", op.channels % op.groups, 0);
    place.range("region_bytes", op.region_bytes,
                std::min((kernel.y - 1) * dilation.y + 1, input.height) * row_bytes(input),
                l_.machine_->activation_bytes);
    check_chunks(layer, o, place);
}

void LoadableChecker::check_chunks(const krhn_layer& layer, uint32_t o,
                                   const FilePlace& place) const {
    const krhn_operation& op = l_.operation(layer, o);
    const Axes kernel(op.kernel);
    const uint64_t reduction =
        uint64_t{kernel.y} * kernel.x * l_.input(layer, o).channels / op.groups;
    place.range("reduction", reduction, 1, most_reduction);
    place.range("channels", op.channels, 1, 65535);
    place.range("chunk_channels", op.chunk_channels, 1, op.channels);
    place.equal("chunks", op.chunks, (op.channels + op.chunk_channels - 1) / op.chunk_channels);
    const uint32_t bits = KRHN_ARRAY_WEIGHT_BITS(op.array_flags);
    const auto bytes_for = [&](uint64_t n) {
        const uint64_t bytes = n * 8 + weight_bytes(n * reduction, bits);
        return (bytes + KRHN_ALIGNMENT - 1) / KRHN_ALIGNMENT * KRHN_ALIGNMENT;
    };
    const uint64_t last = op.channels - uint64_t{op.chunks - 1} * op.chunk_channels;
    if (op.chunks > 1) place.equal("chunk_bytes", op.chunk_bytes, bytes_for(op.chunk_channels));
    place.equal("last_chunk_bytes", op.last_chunk_bytes, bytes_for(last));
    place.range("bytes of a chunk", bytes_for(op.chunk_channels), 1, l_.machine_->weight_bytes);

    const auto found = sections_.find(KRHN_SECTION_WEIGHTS);
    if (found == sections_.end()) place.fail("section WEIGHTS", "missing", "present");
    const krhn_section& s = found->second;
    const uint64_t end = uint64_t{s.offset} + s.bytes;
    place.aligned("weights_offset", op.weights_offset);
    place.range("weights_offset", op.weights_offset, s.offset, end);
    place.range("end of weights",
                op.weights_offset + uint64_t{op.chunks - 1} * op.chunk_bytes + op.last_chunk_bytes,
                s.offset, end);
    for (uint32_t i = 0; i < op.chunks; ++i) {
        const uint32_t n = l_.chunk_channels(op, i);
        std::vector<uint32_t> multipliers(n);
        std::memcpy(multipliers.data(), l_.chunk(op, i).data() + size_t{n} * 4, size_t{n} * 4);
        place.range("largest multiplier of chunk " + std::to_string(i),
                    *std::ranges::max_element(multipliers), 0, INT32_MAX);
    }
}

void LoadableChecker::check_post(const krhn_layer& layer, uint32_t o,
                                 const FilePlace& place) const {
    const krhn_operation& op = l_.operation(layer, o);
    const bool last = o + 1 == layer.operations;
    const uint32_t flags = op.post_flags, pooling = flags & pool_flags;
    place.require((flags & ~post_flags) == 0 && pooling != pool_flags, "post_flags", flags,
                  "known flags without the release bit, one kind of pooling at most");
    place.require(!(flags & KRHN_POST_CHUNKED_ROWS) || op.array_flags & KRHN_ARRAY_CHUNK_OUTERMOST,
                  "post_flags", flags, "chunked rows only where chunks are outermost");
    place.range("format", op.format, 0, KRHN_FORMAT_S32);
    place.range("shift", op.shift, 0, 62);
    place.range("multiplier", op.multiplier, 0, INT32_MAX);
    place.range("residual_multiplier", op.residual_multiplier, 0, INT32_MAX);
    if (!last && is_sum(layer)) return;  // see check_sum
    place.equal("residual_region", op.residual_region, 0);
    place.equal("result_region", op.result_region, 0);
    if (!last && flags & KRHN_POST_TO_RESIDUAL) {
        place.require(o == 0 && (flags & ~KRHN_POST_CHUNKED_ROWS) == KRHN_POST_TO_RESIDUAL,
                      "post_flags", flags,
                      "a shortcut: results to the residual buffer and nothing else");
        place.require(op.format != KRHN_FORMAT_S32, "format", op.format, "no logits");
        return;
    }
    check_output(layer, o, place);
}

/// What the operation makes is the output tensor, or some of its channels.
void LoadableChecker::check_output(const krhn_layer& layer, uint32_t o,
                                   const FilePlace& place) const {
    const krhn_operation& op = l_.operation(layer, o);
    const krhn_tensor& output = l_.tensors_[layer.output];
    const uint32_t flags = op.post_flags;
    place.require(!(flags & (KRHN_POST_TO_RESIDUAL | KRHN_POST_TO_INPUT)), "post_flags", flags,
                  "the last operation to write the output buffer");
    place.equal("format", op.format, output.stored_format);
    if (op.format == KRHN_FORMAT_S32)
        place.require(!(flags & (KRHN_POST_MAX_POOL | KRHN_POST_RESIDUAL)), "post_flags", flags,
                      "neither a maximum nor a residual with logits");
    if (flags & KRHN_POST_AVERAGE_POOL)
        place.require(op.kind == KRHN_ARRAY_PASS && !(flags & KRHN_POST_RESIDUAL), "post_flags",
                      flags, "average pooling of a map that is passed through, without a residual");
    place.range("channels", op.channels, 1, output.channels);
    place.range("first_channel", op.first_channel, 0, output.channels - op.channels);
    const CheckedPool pool(op);
    place.range("kernel of the pool", pool.kernel, 1,
                std::min(op.conv_height, op.conv_width) + 2 * pool.padding);
    place.range("kernel of the pool", pool.kernel, 1, 255);
    place.range("stride of the pool", pool.stride, 1, 255);
    place.range("padding of the pool", pool.padding, 0, pool.kernel - 1);
    const PoolShape shape = pool.shape(op);
    place.equal("height of the output", output.height, shape.output_height());
    place.equal("width of the output", output.width, shape.output_width());
    place.range("bytes in the output buffer",
                uint64_t{output.width} * output.channels *
                    bytes_of(static_cast<Format>(op.format)) * rows_held(layer, o),
                1, l_.machine_->output_bytes);
}

}  // namespace karhunen
