// Convolution and pooling: windows, and the padding before them.
#include <algorithm>
#include <limits>

#include "sw/compiler/onnx_importer.h"

namespace karhunen {

namespace {

constexpr int64_t largest_window = 255;  // the array's registers have 8 bits for each

bool within(const std::vector<int64_t>& v, std::size_t n, int64_t low) {
    return v.size() == n && std::all_of(v.begin(), v.end(),
                                        [&](int64_t x) { return x >= low && x <= largest_window; });
}

/// One direction of a window.
struct Axis {
    int64_t side, kernel, stride, dilation;
    int64_t before, after;  // padding: first all, then with what the window has of its own
    int64_t own_before, own_after;
    int64_t out = 0;
    bool overhangs = false;

    int64_t reach() const { return (kernel - 1) * dilation + 1; }

    void pad(int64_t first, int64_t last) {
        own_before = first;
        own_after = last;
        before += first;
        after += last;
    }
    /// As many outputs as strides in the map; an odd row of padding is at the end, or the start.
    void pad_same(bool at_end) {
        const int64_t padded = before + side + after;
        const int64_t outputs = (padded + stride - 1) / stride;
        const int64_t total = std::max<int64_t>((outputs - 1) * stride + reach() - padded, 0);
        const int64_t less = total / 2;
        at_end ? pad(less, total - less) : pad(total - less, less);
    }
    /// False if the window does not fit.
    bool count(bool rounds_up) {
        const int64_t room = before + side + after - reach();
        if (room < 0) return false;
        out = room / stride + 1;
        // The last window may reach beyond the padding, but not begin there.
        if (rounds_up && room % stride != 0 && out * stride < before + side) {
            const int64_t needed = out * stride + reach() - side - before;
            overhangs = true;
            after = needed;
            ++out;
        }
        return true;
    }
};

}  // namespace

OnnxImporter::Windows OnnxImporter::windows_of(Attributes& attributes, std::vector<int64_t> kernel,
                                               const Value& operand, bool rounds_up) const {
    const auto given = attributes.integers("kernel_shape", kernel);
    if (!kernel.empty() && given != kernel)
        refuse(title_, "attribute kernel_shape does not fit its weights");
    const auto strides = attributes.integers("strides", {1, 1});
    const auto pads = attributes.integers("pads", {0, 0, 0, 0});
    const auto dilations = attributes.integers("dilations", {1, 1});
    const std::string automatic = attributes.text("auto_pad", "NOTSET");
    if (!within(given, 2, 1)) refuse(title_, "attribute kernel_shape must be two of 1 to 255");
    if (!within(strides, 2, 1)) refuse(title_, "attribute strides must be two of 1 to 255");
    if (!within(dilations, 2, 1)) refuse(title_, "attribute dilations must be two of 1 to 255");
    if (!within(pads, 4, 0)) refuse(title_, "attribute pads must be four of 0 to 255");
    const bool same = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
    if (!same && automatic != "NOTSET" && automatic != "VALID")
        refuse(title_, "attribute auto_pad is " + automatic +
                           "; NOTSET, VALID, SAME_UPPER and SAME_LOWER are supported");
    const MapShape& in = shape_of(operand);
    const Padding& p = operand.padding;
    Axis y{in.height, given[0], strides[0], dilations[0], p.top, p.bottom, 0, 0};
    Axis x{in.width, given[1], strides[1], dilations[1], p.left, p.right, 0, 0};
    for (Axis* axis : {&y, &x}) {
        if (same) axis->pad_same(automatic == "SAME_UPPER");
        if (automatic == "NOTSET") axis == &y ? y.pad(pads[0], pads[2]) : x.pad(pads[1], pads[3]);
        if (axis->before >= axis->reach() || axis->after >= axis->reach())
            refuse(title_, "its padding (attribute pads) must be smaller than its kernel");
        if (!axis->count(rounds_up && !same))
            refuse(title_,
                   "its kernel is larger than its operand of shape " + text_of(dims_of(in)));
    }
    const auto u = [](int64_t value) { return static_cast<uint32_t>(value); };
    Windows result;
    Window& w = result.window;
    w.kernel_y = u(y.kernel), w.kernel_x = u(x.kernel);
    w.stride_y = u(y.stride), w.stride_x = u(x.stride);
    w.dilation_y = u(y.dilation), w.dilation_x = u(x.dilation);
    w.padding_top = u(y.before), w.padding_left = u(x.before);
    w.padding_bottom = u(y.after), w.padding_right = u(x.after);
    result.out = {u(y.out), u(x.out), in.channels};
    result.overhangs = y.overhangs || x.overhangs;
    result.own = {u(y.own_before), u(x.own_before), u(y.own_after), u(x.own_after)};
    return result;
}

void OnnxImporter::convolution(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& input = map_operand(proto, 0, true);
    const Constant& weights = constant_operand(proto, 1);
    const auto& dims = weights.dims();
    const int64_t channels = shape_of(input).channels;
    const int64_t groups = attributes.integer("group", 1);
    if (groups < 1 || channels % groups != 0)
        refuse(title_, "attribute group is " + std::to_string(groups) + ", which does not divide " +
                           std::to_string(channels) + " channels");
    if (dims.size() != 4 || dims[1] != channels / groups || dims[0] < 1 || dims[0] % groups != 0)
        refuse(title_, "its weights have shape " + weights.shape() + " where [N, " +
                           std::to_string(channels / groups) +
                           ", rows, columns] is supported, N a multiple of the groups");
    const Windows windows = windows_of(attributes, {dims[2], dims[3]}, input, false);
    Node node;
    node.window = windows.window;
    node.groups = static_cast<uint32_t>(groups);
    node.weights = weights.floats();
    MapShape out = windows.out;
    out.channels = static_cast<uint32_t>(dims[0]);
    node.bias.assign(out.channels, 0.0f);
    if (has_operand(proto, 2)) node.bias = channel_values(proto, 2, out.channels);
    add_map(proto, Operator::convolution, {input.node}, out, std::move(node));
}

void OnnxImporter::max_pool(const onnx::NodeProto& proto, Attributes& attributes) {
    attributes.require("storage_order", 0);
    const Value& input = map_operand(proto, 0, true);
    if (input.padding.any() && !rectified_[input.node])
        refuse(title_,
               "its operand was padded with zeros, which win against values below zero; "
               "this is supported behind Relu and Clip only");
    const bool rounds_up = attributes.integer("ceil_mode", 0) != 0;
    const Windows windows = windows_of(attributes, {}, input, rounds_up);
    if (windows.window.dilation_y != 1 || windows.window.dilation_x != 1)
        refuse(title_, "attribute dilations must be 1, 1 in pooling");
    Node node;
    node.window = windows.window;
    add_map(proto, Operator::max_pool, {input.node}, windows.out, std::move(node));
}

void OnnxImporter::average_pool(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& input = map_operand(proto, 0, true);
    const bool rounds_up = attributes.integer("ceil_mode", 0) != 0;
    const bool counts = attributes.integer("count_include_pad", 0) != 0;
    const Windows windows = windows_of(attributes, {}, input, rounds_up);
    if (windows.window.dilation_y != 1 || windows.window.dilation_x != 1)
        refuse(title_, "attribute dilations must be 1, 1 in pooling");
    const bool zeros = input.padding.any();  // these are values of the map
    if ((counts || zeros) && windows.overhangs)
        refuse(title_,
               "with ceil_mode 1, windows that reach beyond the padding are supported "
               "where padding is not counted only (count_include_pad 0, no Pad)");
    if (zeros && !counts && windows.own.any())
        refuse(title_,
               "its operand was padded; padding of its own is supported with "
               "count_include_pad 1 only");
    const Window& w = windows.window;
    const bool padded = w.padding_top + w.padding_left + w.padding_bottom + w.padding_right > 0;
    Node node;
    node.window = w;
    node.window.counts_padding = (counts || zeros) && padded;
    add_map(proto, Operator::average_pool, {input.node}, windows.out, std::move(node));
}

void OnnxImporter::pool_whole_map(const onnx::NodeProto& proto, Operator kind, const Value& operand,
                                  std::vector<int64_t> dims) {
    const MapShape& in = shape_of(operand);
    if (in.height > largest_window || in.width > largest_window)
        refuse(title_, "its operand of shape " + text_of(dims_of(in)) +
                           " has more than 255 rows or columns");
    Node node;
    node.window.kernel_y = in.height;
    node.window.kernel_x = in.width;
    Value value;
    value.dims = std::move(dims);
    value.node = push(kind, {operand.node}, {1, 1, in.channels}, std::move(node), proto);
    define(proto.output(0), std::move(value), title_);
}

void OnnxImporter::global_average(const onnx::NodeProto& proto, Attributes&) {
    const Value& input = map_operand(proto, 0);
    pool_whole_map(proto, Operator::average_pool, input, {1, input.dims[1], 1, 1});
}

void OnnxImporter::global_maximum(const onnx::NodeProto& proto, Attributes&) {
    const Value& input = map_operand(proto, 0);
    pool_whole_map(proto, Operator::max_pool, input, {1, input.dims[1], 1, 1});
}

/// Over everything but batch and channels.
void OnnxImporter::reduce_mean(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& input = view_operand(proto, 0);
    const std::size_t rank = input.dims.size();
    const std::size_t channel = input.channels_last ? rank - 1 : 1;
    std::vector<int64_t> axes = attributes.integers("axes", {});
    for (int64_t& axis : axes) axis = static_cast<int64_t>(axis_of(axis, rank));
    std::sort(axes.begin(), axes.end());
    std::vector<int64_t> others, kept;
    const bool keeps = attributes.integer("keepdims", 1) != 0;
    for (std::size_t i = 0; i < rank; ++i) {
        const bool gone = i != 0 && i != channel;
        if (gone) others.push_back(static_cast<int64_t>(i));
        if (!gone || keeps) kept.push_back(gone ? 1 : input.dims[i]);
    }
    if (rank < 3 || input.dims[0] != 1 || input.dims[channel] != shape_of(input).channels ||
        axes != others)
        refuse(title_, "only the mean over rows and columns (axes 2 and 3) is supported");
    pool_whole_map(proto, Operator::average_pool, input, std::move(kept));
}

void OnnxImporter::pad(const onnx::NodeProto& proto, Attributes& attributes) {
    attributes.require_text("mode", "constant");
    const Value& input = map_operand(proto, 0, true);
    std::vector<int64_t> pads;
    float value = 0;
    if (opset_ < 11) {
        pads = attributes.integers("pads", {});
        value = attributes.real("value", 0);
    } else {
        pads = small_integers(proto, 1);
        if (has_operand(proto, 2)) value = constant_operand(proto, 2).scalar();
    }
    if (value != 0) refuse(title_, "it pads with another value than 0, which alone is supported");
    const bool rows_and_columns = pads.size() == 8 && pads[0] == 0 && pads[1] == 0 &&
                                  pads[4] == 0 && pads[5] == 0 && within(pads, 8, 0);
    if (!rows_and_columns)
        refuse(title_, "its pads " + text_of(pads) +
                           " are not eight of 0 to 255 for rows and columns only");
    Value result = input;
    Padding& p = result.padding;
    p.top += static_cast<uint32_t>(pads[2]);
    p.left += static_cast<uint32_t>(pads[3]);
    p.bottom += static_cast<uint32_t>(pads[6]);
    p.right += static_cast<uint32_t>(pads[7]);
    if (std::max({p.top, p.left, p.bottom, p.right}) > largest_window)
        refuse(title_, "more than 255 rows or columns of padding are not supported");
    alias_of(proto, std::move(result));
}

}  // namespace karhunen
