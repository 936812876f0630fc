// Layers, their operations and their tiling, against the shapes of the tensors they join.
#include <algorithm>
#include <cstring>

#include <karhunen/registers.h>

#include "sw/loadable/checker.h"

#include "models/arithmetic/format.h"

namespace karhunen {

namespace {

constexpr uint32_t post_flags = KRHN_POST_RELU | KRHN_POST_RESIDUAL | KRHN_POST_TO_RESIDUAL |
                                KRHN_POST_MAX_POOL | KRHN_POST_AVERAGE_POOL |
                                KRHN_POST_CHUNKED_ROWS | KRHN_POST_TO_INPUT;
constexpr uint32_t pool_flags = KRHN_POST_MAX_POOL | KRHN_POST_AVERAGE_POOL;

/// Sums of this many products of 8 bits by 8 bits stay within 32 bits.
constexpr uint64_t most_reduction = 65792;

uint64_t row_bytes(const krhn_tensor& t) {
    return uint64_t{t.width} * t.channels * bytes_of(static_cast<Format>(t.decoded_format));
}

uint64_t row_bytes(const OperationInput& map) {
    return uint64_t{map.width} * map.channels * bytes_of(map.format);
}

/// Whether the last operation's input is a sum, made by the operations before it.
bool is_sum(const krhn_layer& layer) {
    return layer.operation[layer.operations - 1].input == KRHN_NONE;
}

/// A map-resident operation keeps whole maps in the buffers, others a row at least.
uint64_t rows_held(const krhn_operation& op, uint64_t rows) {
    return op.array_flags & KRHN_ARRAY_CHUNK_OUTERMOST ? rows : 1;
}

struct Pool {
    uint32_t kernel, stride, padding;
    explicit Pool(const krhn_operation& op)
        : kernel(op.pool >> 16), stride(op.pool >> 8 & 0xFF), padding(op.pool & 0xFF) {
        if (!(op.post_flags & pool_flags)) kernel = stride = 1, padding = 0;
    }
    uint64_t output(uint64_t input) const { return (input + 2 * padding - kernel) / stride + 1; }
};

/// Rows (from 0) that must be there before row `output` of a window operation can be made.
uint64_t rows_needed(uint64_t output, uint64_t kernel, uint64_t stride, uint64_t padding,
                     uint64_t height) {
    const uint64_t end = output * stride + kernel;
    return std::min(height, end > padding ? end - padding : 0);
}

}  // namespace

void LoadableChecker::check_layers() {
    made_.assign(l_.tensors_.size(), false);
    made_[l_.input_tensor_] = true;
    for (size_t i = 0; i < l_.layers_.size(); ++i) {
        const krhn_layer& layer = l_.layers_[i];
        FilePlace place{section_place(KRHN_SECTION_LAYERS).name + ", entry " + std::to_string(i)};
        place.name += " (" + string_at(place, layer.name) + ")";
        check_layer(layer, place);
        made_[layer.output] = true;
    }
    for (size_t i = 0; i < made_.size(); ++i)
        section_place(KRHN_SECTION_TENSORS)
            .require(made_[i], "entry", i, "to be the input or the output of a layer");
}

void LoadableChecker::check_layer(const krhn_layer& layer, const FilePlace& place) const {
    place.range("output", layer.output, 0, l_.tensors_.size() - 1);
    place.require(!made_[layer.output], "output", layer.output, "a tensor that nothing else makes");
    place.range("operations", layer.operations, 1, KRHN_MAX_OPERATIONS);
    place.equal("bands", layer.bands, l_.tensors_[layer.output].bands);
    place.range("end of tiling", uint64_t{layer.tiling} + uint64_t{layer.operations} * layer.bands,
                0, l_.bands_.size());
    for (uint32_t o = 0; o < layer.operations; ++o) {
        const FilePlace operation{place.name + ", operation " + std::to_string(o)};
        check_operation(layer, o, operation);
    }
    if (is_sum(layer))
        check_sums(layer, place);
    else
        check_residual(layer, place);
    check_tiling(layer, place);
}

void LoadableChecker::check_residual(const krhn_layer& layer, const FilePlace& place) const {
    place.range("operations", layer.operations, 1, 2);
    const krhn_operation& last = layer.operation[layer.operations - 1];
    const bool adds = last.post_flags & KRHN_POST_RESIDUAL;
    const bool identity = layer.residual != KRHN_NONE;
    place.require(adds == (identity || layer.operations == 2), "post_flags of the last operation",
                  last.post_flags,
                  "the residual flag if and only if a residual tensor or a shortcut is there");
    if (!adds) return;
    place.require(!identity || layer.operations == 1, "residual", layer.residual,
                  "none beside a shortcut convolution");
    uint64_t row = uint64_t{last.conv_width} * last.channels;
    if (identity) {
        place.range("residual", layer.residual, 0, l_.tensors_.size() - 1);
        place.require(made_[layer.residual], "residual", layer.residual, "a tensor made before");
        const krhn_tensor& t = l_.tensors_[layer.residual];
        place.equal("height of the residual", t.height, last.conv_height);
        place.equal("width of the residual", t.width, last.conv_width);
        place.equal("channels of the residual", t.channels, last.channels);
        place.require(t.decoded_format != KRHN_FORMAT_S32, "decoded_format of the residual",
                      t.decoded_format, "no logits");
        row = row_bytes(t);
    } else {
        const krhn_operation& shortcut = layer.operation[0];
        place.require(shortcut.post_flags & KRHN_POST_TO_RESIDUAL, "post_flags of operation 0",
                      shortcut.post_flags, "the flag that sends rows to the residual buffer");
        place.equal("conv_height of the shortcut", shortcut.conv_height, last.conv_height);
        place.equal("conv_width of the shortcut", shortcut.conv_width, last.conv_width);
        place.equal("channels of the shortcut", shortcut.channels, last.channels);
        row *= bytes_of(static_cast<Format>(shortcut.format));
    }
    place.range("residual_region_bytes", layer.residual_region_bytes,
                row * rows_held(last, last.conv_height), l_.machine_->residual_bytes);
}

/// Sums pass maps of one shape through and add; the last operation takes what they make.
void LoadableChecker::check_sums(const krhn_layer& layer, const FilePlace& place) const {
    place.range("residual", layer.residual, 0, l_.tensors_.size() - 1);
    place.require(made_[layer.residual], "residual", layer.residual, "a tensor made before");
    const krhn_tensor& t = l_.tensors_[layer.residual];
    const uint32_t last = layer.operations - 1;
    const OperationInput sum = l_.input(layer, last);
    place.equal("height of the residual", t.height, sum.height);
    place.equal("width of the residual", t.width, sum.width);
    place.equal("channels of the residual", t.channels, sum.channels);
    place.require(t.decoded_format != KRHN_FORMAT_S32, "decoded_format of the residual",
                  t.decoded_format, "no logits");
    place.range("residual_region_bytes", layer.residual_region_bytes, row_bytes(t),
                l_.machine_->residual_bytes);
    place.require(!(layer.operation[last].post_flags & KRHN_POST_RESIDUAL),
                  "post_flags of the last operation", layer.operation[last].post_flags,
                  "no residual beside a sum");
    uint64_t bytes = layer.operation[last].region_bytes;
    for (uint32_t o = 0; o < last; ++o) {
        check_sum(layer, o, {place.name + ", operation " + std::to_string(o)});
        bytes += layer.operation[o].region_bytes;
    }
    place.range("bytes of all regions", bytes, 1, l_.machine_->activation_bytes);
}

void LoadableChecker::check_sum(const krhn_layer& layer, uint32_t o, const FilePlace& place) const {
    const krhn_operation& op = layer.operation[o];
    const krhn_operation& next = layer.operation[o + 1];
    const bool last = o + 2 == layer.operations;
    place.equal("kind of a sum", op.kind, KRHN_ARRAY_PASS);
    place.equal("post_flags of a sum", op.post_flags & ~uint32_t{KRHN_POST_RELU},
                KRHN_POST_RESIDUAL | (last ? KRHN_POST_TO_INPUT : KRHN_POST_TO_RESIDUAL));
    place.range("format of a sum", op.format, 0, last ? KRHN_FORMAT_S8 : KRHN_FORMAT_S12);
    place.equal("residual_region", op.residual_region, o);
    place.equal("result_region", op.result_region, last ? next.region : o + 1);
    place.equal("region", op.region, o);
    place.equal("region of the next operation", next.region, o + 1);
    place.range("multiplier", op.multiplier, 1, INT32_MAX);
    place.equal("conv_height", op.conv_height, l_.tensors_[layer.residual].height);
    place.equal("conv_width", op.conv_width, l_.tensors_[layer.residual].width);
    place.equal("channels", op.channels, l_.tensors_[layer.residual].channels);
    place.require(l_.input(layer, o).format != Format::s32, "format of the input",
                  static_cast<uint32_t>(l_.input(layer, o).format), "no logits");
}

void LoadableChecker::check_operation(const krhn_layer& layer, uint32_t o,
                                      const FilePlace& place) const {
    const krhn_operation& op = layer.operation[o];
    place.range("kind", op.kind, KRHN_ARRAY_CONVOLUTION, KRHN_ARRAY_PASS);
    if (op.input == KRHN_NONE) {
        place.require(o > 0 && o + 1 == layer.operations, "input", op.input,
                      "a tensor, but for the last of several operations");
    } else {
        place.range("input", op.input, 0, l_.tensors_.size() - 1);
        place.require(made_[op.input], "input", op.input, "a tensor made before");
    }
    place.range("region", op.region, 0, KRHN_BUFFER_REGIONS - 1);
    place.require(op.array_flags == 0 || op.array_flags == KRHN_ARRAY_CHUNK_OUTERMOST,
                  "array_flags", op.array_flags, "0 or 8 (chunk outermost)");
    if (op.array_flags & KRHN_ARRAY_CHUNK_OUTERMOST)
        place.equal("bands of a map-resident layer", layer.bands, 1);
    check_array(layer, o, place);
    check_post(layer, o, place);
}

void LoadableChecker::check_array(const krhn_layer& layer, uint32_t o,
                                  const FilePlace& place) const {
    const krhn_operation& op = layer.operation[o];
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
    const Axes kernel(op.kernel), stride(op.stride), padding(op.padding);
    const auto check_axis = [&](const char* field, uint32_t k, uint32_t s, uint32_t p,
                                uint32_t size, uint32_t found) {
        place.range("kernel", k, 1, 255);
        place.range("stride", s, 1, 255);
        place.range("padding", p, 0, k - 1);
        // From no padding at the far end to one less than the kernel.
        const uint64_t least = size + p >= k ? (size + p - k) / s + 1 : 1;
        place.range(field, found, least, (size + p - 1) / s + 1);
    };
    check_axis("conv_height", kernel.y, stride.y, padding.y, input.height, op.conv_height);
    check_axis("conv_width", kernel.x, stride.x, padding.x, input.width, op.conv_width);
    place.range("conv_width * conv_height * channels",
                uint64_t{op.conv_width} * op.conv_height * op.channels, 1, uint64_t{1} << 28);
    place.require(bytes_of(input.format) == 1, "format of the input",
                  static_cast<uint32_t>(input.format), "8 bits");
    place.range("region_bytes", op.region_bytes,
                std::min(kernel.y, input.height) * row_bytes(input), l_.machine_->activation_bytes);
    check_chunks(layer, o, place);
}

void LoadableChecker::check_chunks(const krhn_layer& layer, uint32_t o,
                                   const FilePlace& place) const {
    const krhn_operation& op = layer.operation[o];
    const Axes kernel(op.kernel);
    const uint64_t reduction = uint64_t{kernel.y} * kernel.x * l_.input(layer, o).channels;
    place.range("reduction", reduction, 1, most_reduction);
    place.range("channels", op.channels, 1, 65535);
    place.range("chunk_channels", op.chunk_channels, 1, op.channels);
    place.equal("chunks", op.chunks, (op.channels + op.chunk_channels - 1) / op.chunk_channels);
    const auto bytes_for = [&](uint64_t n) {
        return (n * (8 + reduction) + KRHN_ALIGNMENT - 1) / KRHN_ALIGNMENT * KRHN_ALIGNMENT;
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
    const krhn_operation& op = layer.operation[o];
    const bool last = o + 1 == layer.operations;
    const uint32_t flags = op.post_flags, pooling = flags & pool_flags;
    place.require((flags & ~post_flags) == 0 && pooling != pool_flags, "post_flags", flags,
                  "known flags without the release bit, one kind of pooling at most");
    place.require(!(flags & KRHN_POST_CHUNKED_ROWS) || op.array_flags, "post_flags", flags,
                  "chunked rows only in a map-resident layer");
    place.range("format", op.format, 0, KRHN_FORMAT_S32);
    place.range("shift", op.shift, 0, 62);
    place.range("multiplier", op.multiplier, 0, INT32_MAX);
    place.range("residual_multiplier", op.residual_multiplier, 0, INT32_MAX);
    if (!last && is_sum(layer)) return;  // see check_sum
    place.equal("residual_region", op.residual_region, 0);
    place.equal("result_region", op.result_region, 0);
    if (!last) {
        place.require((flags & ~KRHN_POST_CHUNKED_ROWS) == KRHN_POST_TO_RESIDUAL, "post_flags",
                      flags, "a shortcut: results to the residual buffer and nothing else");
        place.require(op.format != KRHN_FORMAT_S32, "format", op.format, "no logits");
        return;
    }
    check_output(layer, place);
}

/// What the last operation makes is the output tensor.
void LoadableChecker::check_output(const krhn_layer& layer, const FilePlace& place) const {
    const krhn_operation& op = layer.operation[layer.operations - 1];
    const krhn_tensor& output = l_.tensors_[layer.output];
    const uint32_t flags = op.post_flags, pooling = flags & pool_flags;
    place.require(!(flags & (KRHN_POST_TO_RESIDUAL | KRHN_POST_TO_INPUT)), "post_flags", flags,
                  "the last operation to write the output buffer");
    place.equal("format", op.format, output.stored_format);
    if (op.format == KRHN_FORMAT_S32)
        place.require(!(pooling | (flags & KRHN_POST_RESIDUAL)), "post_flags", flags,
                      "neither pooling nor a residual with logits");
    if (flags & KRHN_POST_AVERAGE_POOL)
        place.require(op.kind == KRHN_ARRAY_PASS && !(flags & KRHN_POST_RESIDUAL), "post_flags",
                      flags, "average pooling of a map that is passed through, without a residual");
    place.equal("channels", op.channels, output.channels);
    const Pool pool(op);
    place.range("kernel of the pool", pool.kernel, 1,
                std::min(op.conv_height, op.conv_width) + 2 * pool.padding);
    place.range("kernel of the pool", pool.kernel, 1, 255);
    place.range("stride of the pool", pool.stride, 1, 255);
    place.range("padding of the pool", pool.padding, 0, pool.kernel - 1);
    place.equal("height of the output", output.height, pool.output(op.conv_height));
    place.equal("width of the output", output.width, pool.output(op.conv_width));
    place.range("bytes in the output buffer",
                uint64_t{output.width} * output.channels *
                    bytes_of(static_cast<Format>(op.format)) * rows_held(op, output.height),
                1, l_.machine_->output_bytes);
}

/// Bands follow each other without gap or overlap, and each can be made of the rows that it names.
void LoadableChecker::check_tiling(const krhn_layer& layer, const FilePlace& layer_place) const {
    const krhn_tensor& output = l_.tensors_[layer.output];
    for (uint32_t o = 0; o < layer.operations; ++o) {
        const krhn_operation& op = layer.operation[o];
        const OperationInput input = l_.input(layer, o);
        const Pool pool(op);
        uint64_t conv_row = 0, output_row = 0;
        for (uint32_t b = 0; b < layer.bands; ++b) {
            const krhn_band& band = l_.band(layer, b, o);
            const FilePlace place{layer_place.name + ", operation " + std::to_string(o) +
                                  ", band " + std::to_string(b)};
            place.equal("conv_row", band.conv_row, conv_row);
            place.range("conv_rows", band.conv_rows, 1, op.conv_height - conv_row);
            conv_row += band.conv_rows;
            place.equal("output_row", band.output_row, output_row);
            if (o + 1 == layer.operations) {
                place.equal("output_rows", band.output_rows,
                            std::min<uint64_t>(output.band_rows, output.height - output_row));
            } else {  // what the last operation takes, or of a shortcut: what it adds
                const krhn_band& last = l_.band(layer, b, layer.operations - 1);
                if (is_sum(layer))
                    place.equal("end of conv_rows", conv_row, last.input_rows);
                else
                    place.equal("conv_rows", band.conv_rows, last.conv_rows);
                place.equal("output_rows", band.output_rows, band.conv_rows);
            }
            output_row += band.output_rows;
            // Post-processing pools a row as soon as it can: exactly output_rows must be complete.
            const auto needed = [&](uint64_t row) {
                return rows_needed(row, pool.kernel, pool.stride, pool.padding, op.conv_height);
            };
            const uint64_t enough = needed(output_row - 1);
            const bool more = b + 1 < layer.bands;
            place.range("conv_row + conv_rows", conv_row, enough,
                        more ? needed(output_row) - 1 : op.conv_height);
            const Axes kernel(op.kernel), stride(op.stride), padding(op.padding);
            const uint64_t rows =
                op.kind == KRHN_ARRAY_PASS
                    ? conv_row
                    : rows_needed(conv_row - 1, kernel.y, stride.y, padding.y, input.height);
            place.range("input_rows", band.input_rows, rows, input.height);
        }
    }
}

}  // namespace karhunen
