#include "tests/sw/firmware/expected.h"

#include <karhunen/registers.h>

namespace karhunen {
namespace {

using Map = std::vector<Value>;

Value table_of(const krhn_tensor& t) {
    return t.table_bytes ? chunk_value(t.table_offset, t.table_bytes) : 0;
}

Map decode(const krhn_tensor& t, Map rows) {
    for (Value& row : rows) row = decoded_row(row, table_of(t), t.codec);
    return rows;
}

Map convolve(const krhn_operation& op, const Map& input) {
    Map result;
    for (uint32_t r = 0; r < op.conv_height; ++r) {
        Value sums = 0, window = 0;
        if (op.kind == KRHN_ARRAY_PASS) {
            result.push_back(window_of(0, input[r]));
            continue;
        }
        for (uint32_t k = 0; k < op.kernel >> 8; ++k) {
            const int64_t y =
                int64_t{r} * (op.stride >> 8) + k * (op.dilation >> 8) - (op.padding >> 8);
            const bool inside = y >= 0 && y < static_cast<int64_t>(input.size());
            window = window_of(window, inside ? input[static_cast<size_t>(y)] : padding_row);
        }
        for (uint32_t c = 0; c < op.chunks; ++c) {
            const bool last = c + 1 == op.chunks;
            const Value chunk = chunk_value(op.weights_offset + c * op.chunk_bytes,
                                            last ? op.last_chunk_bytes : op.chunk_bytes);
            sums = mix({sums, sums_of(window, chunk, op.kernel, op.stride, op.dilation, op.groups,
                                      KRHN_ARRAY_WEIGHT_BITS(op.array_flags))});
        }
        result.push_back(sums);
    }
    return result;
}

Map post(const krhn_operation& op, Map rows, const Map& residual) {
    for (size_t r = 0; r < rows.size(); ++r)
        rows[r] = result_of(rows[r], residual.empty() ? 0 : residual[r], op.shift, op.format);
    if (op.pool == 0) return rows;
    const uint32_t kernel = op.pool >> 16, stride = op.pool >> 8 & 255, padding = op.pool & 255;
    Map result((op.conv_height + 2 * padding - kernel) / stride + 1);
    for (size_t r = 0; r < result.size(); ++r)
        for (size_t k = 0; k < kernel; ++k) {
            const size_t y = r * stride + k;
            if (y >= padding && y - padding < rows.size())
                result[r] = pooled(result[r], rows[y - padding]);
        }
    return result;
}

}  // namespace

StoredRows expected_rows(const Loadable& loadable, uint32_t images) {
    const auto tensors = loadable.tensors();
    StoredRows stored(tensors.size(), std::vector<Map>(images));
    for (uint32_t i = 0; i < images; ++i)
        for (uint32_t y = 0; y < tensors[loadable.input_tensor()].height; ++y)
            stored[loadable.input_tensor()][i].push_back(input_row(i, y));
    for (const krhn_layer& layer : loadable.layers())
        for (uint32_t i = 0; i < images; ++i) {
            const auto input = [&](uint32_t t) { return decode(tensors[t], stored[t][i]); };
            Map residual, rows, sum, together;
            if (layer.residual != KRHN_NONE) residual = input(layer.residual);
            for (uint32_t o = 0; o < layer.operations; ++o) {
                const krhn_operation& op = loadable.operation(layer, o);
                const bool adds = op.post_flags & KRHN_POST_RESIDUAL;
                const Map& from = op.input == KRHN_NONE ? sum : input(op.input);
                rows = post(op, convolve(op, from), adds ? residual : Map{});
                if (op.post_flags & KRHN_POST_TO_RESIDUAL) residual = rows;
                if (op.post_flags & KRHN_POST_TO_INPUT) sum = rows;
                const uint32_t elsewhere = KRHN_POST_TO_RESIDUAL | KRHN_POST_TO_INPUT;
                if (op.post_flags & elsewhere || op.channels == tensors[layer.output].channels)
                    continue;
                together.resize(rows.size());
                for (size_t r = 0; r < rows.size(); ++r)
                    together[r] += part_of_row(rows[r], op.first_channel, op.channels);
            }
            if (!together.empty()) rows = together;
            const krhn_tensor& t = tensors[layer.output];
            for (Value& row : rows) row = stored_row(row, table_of(t), t.codec);
            stored[layer.output][i] = rows;
        }
    return stored;
}

}  // namespace karhunen
