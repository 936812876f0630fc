#include "tests/sw/compiler/naive_onnx.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>

namespace karhunen {

namespace {

using Dims = std::vector<int64_t>;

int64_t product(const Dims& dims) {
    return std::accumulate(dims.begin(), dims.end(), int64_t{1}, std::multiplies<>());
}

/// Integers are kept as real numbers, too.
struct Tensor {
    Dims dims;
    std::vector<double> values;
    double at(int64_t c, int64_t y, int64_t x) const {
        return values[static_cast<size_t>((c * dims[2] + y) * dims[3] + x)];
    }
    bool inside(int64_t y, int64_t x) const {
        return y >= 0 && x >= 0 && y < dims[2] && x < dims[3];
    }
    Dims integers() const { return {values.begin(), values.end()}; }
};

struct Attributes {
    const onnx::NodeProto& node;
    const onnx::AttributeProto* find(const std::string& name) const {
        for (const auto& a : node.attribute())
            if (a.name() == name) return &a;
        return nullptr;
    }
    Dims integers(const std::string& name, Dims otherwise) const {
        const auto* a = find(name);
        return a ? Dims{a->ints().begin(), a->ints().end()} : otherwise;
    }
    int64_t integer(const std::string& name, int64_t otherwise) const {
        const auto* a = find(name);
        return a ? a->i() : otherwise;
    }
    double real(const std::string& name, double otherwise) const {
        const auto* a = find(name);
        return a ? double{a->f()} : otherwise;
    }
    std::string text(const std::string& name) const {
        const auto* a = find(name);
        return a ? a->s() : "";
    }
};

// ---- Windows ----

/// Where the windows of one direction begin, by trying them one after the other.
struct Starts {
    Dims at;
    int64_t before = 0, after = 0;  // padding

    Starts(const Attributes& a, size_t axis, int64_t side, int64_t reach) {
        const int64_t stride = a.integers("strides", {1, 1})[axis];
        const Dims pads = a.integers("pads", {0, 0, 0, 0});
        const std::string automatic = a.text("auto_pad");
        before = pads[axis], after = pads[axis + 2];
        if (automatic.rfind("SAME", 0) == 0) {
            int64_t outputs = 0;
            for (int64_t p = 0; p < side; p += stride) ++outputs;
            int64_t total = 0;
            while (side + total < (outputs - 1) * stride + reach) ++total;
            const int64_t half = total / 2;
            before = automatic == "SAME_UPPER" ? half : total - half;
            after = total - before;
        }
        const bool rounds_up = a.integer("ceil_mode", 0) != 0;
        for (int64_t p = -before;; p += stride) {
            const bool fits = p + reach <= side + after;
            const bool hangs =
                rounds_up && p < side && !at.empty() && at.back() + reach < side + after;
            if (!fits && !hangs) break;
            at.push_back(p);
        }
    }
};

/// Calls visit(channel, top, left) for each output of a window operator.
template <typename Visit>
Tensor slide(const Tensor& in, int64_t channels, const Attributes& a, const Dims& kernel,
             Visit&& visit) {
    const Dims dilation = a.integers("dilations", {1, 1});
    const Starts rows(a, 0, in.dims[2], (kernel[0] - 1) * dilation[0] + 1);
    const Starts columns(a, 1, in.dims[3], (kernel[1] - 1) * dilation[1] + 1);
    Tensor out;
    out.dims = {1, channels, static_cast<int64_t>(rows.at.size()),
                static_cast<int64_t>(columns.at.size())};
    for (int64_t c = 0; c < channels; ++c)
        for (const int64_t top : rows.at)
            for (const int64_t left : columns.at) out.values.push_back(visit(c, top, left));
    return out;
}

Tensor convolution(const Attributes& a, const Tensor& in, const Tensor& w, const Tensor* bias) {
    const Dims dilation = a.integers("dilations", {1, 1});
    const int64_t groups = a.integer("group", 1);
    return slide(
        in, w.dims[0], a, {w.dims[2], w.dims[3]}, [&](int64_t o, int64_t top, int64_t left) {
            double sum = bias ? bias->values[static_cast<size_t>(o)] : 0;
            const int64_t group = o / (w.dims[0] / groups);
            size_t at = static_cast<size_t>(o * w.dims[1] * w.dims[2] * w.dims[3]);
            for (int64_t c = 0; c < w.dims[1]; ++c)
                for (int64_t y = 0; y < w.dims[2]; ++y)
                    for (int64_t x = 0; x < w.dims[3]; ++x, ++at) {
                        const int64_t row = top + y * dilation[0];
                        const int64_t column = left + x * dilation[1];
                        if (in.inside(row, column))
                            sum += w.values[at] * in.at(group * w.dims[1] + c, row, column);
                    }
            return sum;
        });
}

Tensor max_pool(const Attributes& a, const Tensor& in) {
    const Dims kernel = a.integers("kernel_shape", {});
    return slide(in, in.dims[1], a, kernel, [&](int64_t c, int64_t top, int64_t left) {
        double best = -std::numeric_limits<double>::infinity();
        for (int64_t y = top; y < top + kernel[0]; ++y)
            for (int64_t x = left; x < left + kernel[1]; ++x)
                if (in.inside(y, x)) best = std::max(best, in.at(c, y, x));
        return best;
    });
}

Tensor average_pool(const Attributes& a, const Tensor& in) {
    const Dims kernel = a.integers("kernel_shape", {});
    const bool all = a.integer("count_include_pad", 0) != 0;
    return slide(in, in.dims[1], a, kernel, [&](int64_t c, int64_t top, int64_t left) {
        double sum = 0, count = 0;
        for (int64_t y = top; y < top + kernel[0]; ++y)
            for (int64_t x = left; x < left + kernel[1]; ++x) {
                if (in.inside(y, x)) sum += in.at(c, y, x);
                count += all || in.inside(y, x);
            }
        return sum / count;
    });
}

Tensor whole_map(const Tensor& in, bool largest) {
    const auto plane = static_cast<size_t>(product(in.dims) / in.dims[1]);
    Tensor out{{1, in.dims[1], 1, 1}, {}};
    for (size_t i = 0; i < in.values.size(); i += plane) {
        const auto first = in.values.begin() + static_cast<std::ptrdiff_t>(i);
        const auto last = first + static_cast<std::ptrdiff_t>(plane);
        out.values.push_back(largest
                                 ? *std::max_element(first, last)
                                 : std::accumulate(first, last, 0.0) / static_cast<double>(plane));
    }
    return out;
}

Tensor padded(const Tensor& in, const Dims& pads) {
    Tensor out{{1, in.dims[1], in.dims[2] + pads[2] + pads[6], in.dims[3] + pads[3] + pads[7]}, {}};
    for (int64_t c = 0; c < out.dims[1]; ++c)
        for (int64_t y = -pads[2]; y < in.dims[2] + pads[6]; ++y)
            for (int64_t x = -pads[3]; x < in.dims[3] + pads[7]; ++x)
                out.values.push_back(in.inside(y, x) ? in.at(c, y, x) : 0);
    return out;
}

// ---- Others ----

/// Index of the element of `dims` that element `i` of a broadcast result of `all` is made of.
size_t broadcast(size_t i, const Dims& all, const Dims& dims) {
    size_t index = 0, step = 1;
    for (size_t k = all.size(); k-- > 0;) {
        const size_t place = i % static_cast<size_t>(all[k]);
        i /= static_cast<size_t>(all[k]);
        const size_t lost = all.size() - dims.size();
        if (k < lost) continue;
        if (dims[k - lost] != 1) index += place * step;
        step *= static_cast<size_t>(dims[k - lost]);
    }
    return index;
}

Tensor binary(const Tensor& a, const Tensor& b, const std::function<double(double, double)>& f) {
    Tensor out;
    out.dims = a.dims.size() >= b.dims.size() ? a.dims : b.dims;
    const Dims& shorter = a.dims.size() >= b.dims.size() ? b.dims : a.dims;
    for (size_t k = 0; k < shorter.size(); ++k) {
        int64_t& dim = out.dims[out.dims.size() - shorter.size() + k];
        dim = std::max(dim, shorter[k]);
    }
    for (size_t i = 0; i < static_cast<size_t>(product(out.dims)); ++i)
        out.values.push_back(
            f(a.values[broadcast(i, out.dims, a.dims)], b.values[broadcast(i, out.dims, b.dims)]));
    return out;
}

Tensor normalised(const Attributes& a, Tensor in, const std::vector<const Tensor*>& p) {
    const size_t plane = in.values.size() / static_cast<size_t>(in.dims[1]);
    const double epsilon = a.real("epsilon", 1e-5);
    for (size_t i = 0; i < in.values.size(); ++i) {
        const size_t c = i / plane;
        in.values[i] = (in.values[i] - p[2]->values[c]) / std::sqrt(p[3]->values[c] + epsilon) *
                           p[0]->values[c] +
                       p[1]->values[c];
    }
    return in;
}

Tensor matrix_product(const Tensor& in, const Tensor& w, bool transposed) {
    const size_t outputs = static_cast<size_t>(w.dims[transposed ? 0 : 1]);
    Tensor out{{1, static_cast<int64_t>(outputs)}, std::vector<double>(outputs)};
    for (size_t o = 0; o < outputs; ++o)
        for (size_t i = 0; i < in.values.size(); ++i)
            out.values[o] +=
                in.values[i] * w.values[transposed ? o * in.values.size() + i : i * outputs + o];
    return out;
}

Tensor transposed(const Tensor& in, const Dims& order) {
    Tensor out;
    for (const int64_t axis : order) out.dims.push_back(in.dims[static_cast<size_t>(axis)]);
    for (size_t i = 0; i < in.values.size(); ++i) {
        Dims place(order.size());
        size_t rest = i;
        for (size_t k = order.size(); k-- > 0;) {
            place[static_cast<size_t>(order[k])] = static_cast<int64_t>(rest) % out.dims[k];
            rest /= static_cast<size_t>(out.dims[k]);
        }
        size_t from = 0;
        for (size_t k = 0; k < place.size(); ++k)
            from = from * static_cast<size_t>(in.dims[k]) + static_cast<size_t>(place[k]);
        out.values.push_back(in.values[from]);
    }
    return out;
}

Tensor concatenated(const std::vector<const Tensor*>& parts, int64_t axis) {
    Tensor out = *parts[0];
    const auto k =
        static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(out.dims.size()) : axis);
    out.dims[k] = 0;
    for (const Tensor* part : parts) out.dims[k] += part->dims[k];
    out.values.clear();
    int64_t outer = 1;
    for (size_t i = 0; i < k; ++i) outer *= out.dims[i];
    for (int64_t o = 0; o < outer; ++o)
        for (const Tensor* part : parts) {
            const int64_t run = product(part->dims) / outer;
            out.values.insert(out.values.end(), part->values.begin() + o * run,
                              part->values.begin() + (o + 1) * run);
        }
    return out;
}

Tensor gathered(const Tensor& in, const Tensor& places, int64_t axis) {
    const Dims before(in.dims.begin(), in.dims.begin() + axis),
        after(in.dims.begin() + axis + 1, in.dims.end());
    Tensor out{before, {}};
    out.dims.insert(out.dims.end(), places.dims.begin(), places.dims.end());
    out.dims.insert(out.dims.end(), after.begin(), after.end());
    for (int64_t o = 0; o < product(before); ++o)
        for (const int64_t place : places.integers())
            for (int64_t i = 0; i < product(after); ++i)
                out.values.push_back(in.values[static_cast<size_t>(
                    (o * in.dims[static_cast<size_t>(axis)] + place) * product(after) + i)]);
    return out;
}

Dims reshaped(const Tensor& in, Dims dims) {
    int64_t known = 1;
    for (size_t i = 0; i < dims.size(); ++i) {
        if (dims[i] == 0) dims[i] = in.dims[i];
        if (dims[i] > 0) known *= dims[i];
    }
    for (int64_t& d : dims)
        if (d < 0) d = product(in.dims) / known;
    return dims;
}

Tensor tensor_of(const onnx::TensorProto& t) {
    Tensor result{{t.dims().begin(), t.dims().end()}, {}};
    result.values.assign(t.float_data().begin(), t.float_data().end());
    result.values.insert(result.values.end(), t.int64_data().begin(), t.int64_data().end());
    return result;
}

Tensor evaluate(const onnx::NodeProto& node, const std::vector<const Tensor*>& in) {
    const Attributes a{node};
    const std::string& op = node.op_type();
    const auto axes = [&](size_t i) {
        return in.size() > i ? in[i]->integers() : a.integers("axes", {});
    };
    const auto mapped = [&](auto&& f) {
        Tensor out = *in[0];
        for (double& v : out.values) v = f(v);
        return out;
    };
    const auto renamed = [&](Dims dims) { return Tensor{std::move(dims), in[0]->values}; };
    if (op == "Conv") return convolution(a, *in[0], *in[1], in.size() > 2 ? in[2] : nullptr);
    if (op == "BatchNormalization") return normalised(a, *in[0], {in[1], in[2], in[3], in[4]});
    if (op == "Relu") return mapped([](double v) { return std::max(v, 0.0); });
    if (op == "Clip") {
        const double low = in.size() > 1 ? in[1]->values[0] : a.real("min", -INFINITY);
        const double high = in.size() > 2 ? in[2]->values[0] : a.real("max", INFINITY);
        return mapped([&](double v) { return std::clamp(v, low, high); });
    }
    if (op == "Add") return binary(*in[0], *in[1], std::plus<>());
    if (op == "Sub") return binary(*in[0], *in[1], std::minus<>());
    if (op == "Mul") return binary(*in[0], *in[1], std::multiplies<>());
    if (op == "Div") return binary(*in[0], *in[1], std::divides<>());
    if (op == "MaxPool") return max_pool(a, *in[0]);
    if (op == "AveragePool") return average_pool(a, *in[0]);
    if (op == "GlobalMaxPool") return whole_map(*in[0], true);
    if (op == "GlobalAveragePool" || op == "ReduceMean") return whole_map(*in[0], false);
    if (op == "Pad")
        return padded(*in[0], in.size() > 1 ? in[1]->integers() : a.integers("pads", {}));
    if (op == "MatMul") return matrix_product(*in[0], *in[1], false);
    if (op == "Gemm")
        return binary(matrix_product(*in[0], *in[1], a.integer("transB", 0)), *in[2],
                      std::plus<>());
    if (op == "Concat") return concatenated(in, a.integer("axis", 1));
    if (op == "Transpose") return transposed(*in[0], a.integers("perm", {1, 0}));
    if (op == "Flatten") return renamed({1, product(in[0]->dims)});
    if (op == "Reshape") return renamed(reshaped(*in[0], in[1]->integers()));
    if (op == "Squeeze" || op == "Unsqueeze") {
        Dims dims = in[0]->dims;
        Dims list = axes(1);
        std::sort(list.begin(), list.end());
        if (op == "Unsqueeze")
            for (const int64_t axis : list) dims.insert(dims.begin() + axis, 1);
        else
            for (size_t i = list.size(); i-- > 0;) dims.erase(dims.begin() + list[i]);
        return renamed(dims);
    }
    if (op == "Shape") {
        const Dims& dims = in[0]->dims;
        return {{static_cast<int64_t>(dims.size())}, {dims.begin(), dims.end()}};
    }
    if (op == "Gather") return gathered(*in[0], *in[1], a.integer("axis", 0));
    if (op == "Constant") return tensor_of(a.find("value")->t());
    if (op == "Identity" || op == "Dropout") return *in[0];
    throw std::runtime_error("the oracle does not know " + op);
}

}  // namespace

std::vector<double> evaluate_naively(const onnx::ModelProto& model,
                                     const std::vector<double>& picture) {
    std::map<std::string, Tensor> known;
    const auto& shape = model.graph().input(0).type().tensor_type().shape();
    Tensor& input = known[model.graph().input(0).name()];
    for (const auto& dim : shape.dim()) input.dims.push_back(std::max<int64_t>(dim.dim_value(), 1));
    input.values = picture;
    for (const auto& t : model.graph().initializer()) known[t.name()] = tensor_of(t);
    for (const onnx::NodeProto& node : model.graph().node()) {
        std::vector<const Tensor*> operands;
        for (const std::string& name : node.input()) operands.push_back(&known.at(name));
        known[node.output(0)] = evaluate(node, operands);
    }
    return known.at(model.graph().output(0).name()).values;
}

}  // namespace karhunen
