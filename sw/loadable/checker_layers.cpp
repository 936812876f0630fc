// Layers: their operations together, and their tiling.
#include <algorithm>
#include <cstring>

#include "sw/loadable/checker.h"

namespace karhunen {

namespace {

/// Rows (from 0) that must be there before row `output` of a window operation can be made.
uint64_t rows_needed(uint64_t output, uint64_t kernel, uint64_t stride, uint64_t padding,
                     uint64_t height) {
    const uint64_t end = output * stride + kernel;
    return std::min(height, end > padding ? end - padding : 0);
}

}  // namespace

/// Whether the last operation's input is a sum, made by the operations before it.
bool LoadableChecker::is_sum(const krhn_layer& layer) const {
    return l_.operation(layer, layer.operations - 1).input == KRHN_NONE;
}

/// Whether an operation makes the layer's map, or some of its channels.
bool LoadableChecker::writes_output(const krhn_layer& layer, uint32_t o) const {
    return !(l_.operation(layer, o).post_flags & (KRHN_POST_TO_RESIDUAL | KRHN_POST_TO_INPUT));
}

/// Rows of its results that an operation needs room for: whole bands where chunks come one after
/// the other, or where operations make the rows together; else one.
uint64_t LoadableChecker::rows_held(const krhn_layer& layer, uint32_t o) const {
    const krhn_operation& op = l_.operation(layer, o);
    const bool together = op.channels != l_.tensors_[layer.output].channels;
    if (!together && !(op.array_flags & KRHN_ARRAY_CHUNK_OUTERMOST)) return 1;
    uint64_t most = 0;
    for (uint32_t b = 0; b < layer.bands; ++b)
        most = std::max<uint64_t>(most, l_.band(layer, b, o).output_rows);
    return most;
}

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
    place.range("end of operations", uint64_t{layer.first_operation} + layer.operations, 0,
                l_.operations_.size());
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
    const krhn_operation& last = l_.operation(layer, layer.operations - 1);
    const bool adds = last.post_flags & KRHN_POST_RESIDUAL;
    const bool identity = layer.residual != KRHN_NONE;
    const bool shortcut =
        layer.operations == 2 && l_.operation(layer, 0).post_flags & KRHN_POST_TO_RESIDUAL;
    if (!shortcut) check_parts(layer, place);
    place.require(adds == (identity || shortcut), "post_flags of the last operation",
                  last.post_flags,
                  "the residual flag if and only if a residual tensor or a shortcut is there");
    if (!adds) return;
    uint64_t rows = 1;
    const bool streams = last.array_flags & KRHN_ARRAY_CHUNK_OUTERMOST;
    for (uint32_t b = 0; streams && b < layer.bands; ++b)
        rows = std::max<uint64_t>(rows, l_.band(layer, b, layer.operations - 1).conv_rows);
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
        const krhn_operation& shortcut = l_.operation(layer, 0);
        place.equal("conv_height of the shortcut", shortcut.conv_height, last.conv_height);
        place.equal("conv_width of the shortcut", shortcut.conv_width, last.conv_width);
        place.equal("channels of the shortcut", shortcut.channels, last.channels);
        row *= bytes_of(static_cast<Format>(shortcut.format));
    }
    place.range("residual_region_bytes", layer.residual_region_bytes, row * rows,
                l_.machine_->residual_bytes);
}

/// Operations that make a map together: all of its channels, each once.
void LoadableChecker::check_parts(const krhn_layer& layer, const FilePlace& place) const {
    std::vector<std::pair<uint32_t, uint32_t>> parts;
    for (uint32_t o = 0; o < layer.operations; ++o) {
        const krhn_operation& op = l_.operation(layer, o);
        const FilePlace operation{place.name + ", operation " + std::to_string(o)};
        parts.push_back({op.first_channel, op.channels});
        operation.require(
            layer.operations == 1 || !(op.post_flags & (KRHN_POST_RESIDUAL | KRHN_POST_TO_RESIDUAL |
                                                        KRHN_POST_TO_INPUT)),
            "post_flags", op.post_flags, "no residual where operations make a map together");
    }
    std::ranges::sort(parts);
    uint64_t channel = 0;
    for (const auto& [first, channels] : parts) {
        place.equal("first_channel of an operation", first, channel);
        channel += channels;
    }
    place.equal("channels of all operations", channel, l_.tensors_[layer.output].channels);
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
    place.require(!(l_.operation(layer, last).post_flags & KRHN_POST_RESIDUAL),
                  "post_flags of the last operation", l_.operation(layer, last).post_flags,
                  "no residual beside a sum");
    uint64_t bytes = l_.operation(layer, last).region_bytes;
    for (uint32_t o = 0; o < last; ++o) {
        check_sum(layer, o, {place.name + ", operation " + std::to_string(o)});
        bytes += l_.operation(layer, o).region_bytes;
    }
    place.range("bytes of all regions", bytes, 1, l_.machine_->activation_bytes);
}

void LoadableChecker::check_sum(const krhn_layer& layer, uint32_t o, const FilePlace& place) const {
    const krhn_operation& op = l_.operation(layer, o);
    const krhn_operation& next = l_.operation(layer, o + 1);
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

/// The rows that a band names are those that it needs, and where it needs them all at once they
/// fit.
void LoadableChecker::check_input_rows(const krhn_layer& layer, uint32_t o, uint32_t b,
                                       const FilePlace& place) const {
    const krhn_operation& op = l_.operation(layer, o);
    const krhn_band& band = l_.band(layer, b, o);
    const OperationInput input = l_.input(layer, o);
    const uint64_t end = uint64_t{band.conv_row} + band.conv_rows;
    if (op.kind == KRHN_ARRAY_PASS)
        return place.range("input_rows", band.input_rows, end, input.height);
    const Axes kernel(op.kernel), stride(op.stride), padding(op.padding), dilation(op.dilation);
    const uint64_t window = (kernel.y - 1) * dilation.y + 1;
    const uint64_t needed = rows_needed(end - 1, window, stride.y, padding.y, input.height);
    place.range("input_rows", band.input_rows, needed, input.height);
    const bool shared =
        o + 1 < layer.operations && l_.operation(layer, o + 1).flags & KRHN_OPERATION_SHARES_INPUT;
    if (op.flags & KRHN_OPERATION_SHARES_INPUT)
        place.range("input_rows of the operation before", l_.band(layer, b, o - 1).input_rows,
                    band.input_rows, input.height);
    if (!(op.array_flags & KRHN_ARRAY_CHUNK_OUTERMOST) && !shared && op.flags == 0) return;
    const uint64_t top = uint64_t{band.conv_row} * stride.y;
    const uint64_t first = std::min(needed, top > padding.y ? top - padding.y : 0);
    place.range("region_bytes", op.region_bytes, (needed - first) * row_bytes(input),
                l_.machine_->activation_bytes);
}

/// Bands follow each other without gap or overlap, and each can be made of the rows that it names.
void LoadableChecker::check_tiling(const krhn_layer& layer, const FilePlace& layer_place) const {
    const krhn_tensor& output = l_.tensors_[layer.output];
    for (uint32_t o = 0; o < layer.operations; ++o) {
        const krhn_operation& op = l_.operation(layer, o);
        const CheckedPool pool(op);
        uint64_t conv_row = 0, output_row = 0;
        for (uint32_t b = 0; b < layer.bands; ++b) {
            const krhn_band& band = l_.band(layer, b, o);
            const FilePlace place{layer_place.name + ", operation " + std::to_string(o) +
                                  ", band " + std::to_string(b)};
            place.equal("conv_row", band.conv_row, conv_row);
            place.range("conv_rows", band.conv_rows, 1, op.conv_height - conv_row);
            conv_row += band.conv_rows;
            place.equal("output_row", band.output_row, output_row);
            if (o + 1 == layer.operations || writes_output(layer, o)) {
                place.equal("output_rows", band.output_rows,
                            std::min<uint64_t>(output.band_rows, output.height - output_row));
            } else {  // what the last operation takes or adds
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
            check_input_rows(layer, o, b, place);
        }
    }
}

}  // namespace karhunen
