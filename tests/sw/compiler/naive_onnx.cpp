#include "tests/sw/compiler/naive_onnx.h"

#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>

namespace karhunen {

namespace {

struct Tensor {
    std::vector<int64_t> dims;
    std::vector<double> values;
    double at(int64_t c, int64_t y, int64_t x, double outside) const {
        if (y < 0 || x < 0 || y >= dims[2] || x >= dims[3]) return outside;
        return values[static_cast<size_t>((c * dims[2] + y) * dims[3] + x)];
    }
};

struct Attributes {
    const onnx::NodeProto& node;
    std::vector<int64_t> integers(const std::string& name, std::vector<int64_t> otherwise) const {
        for (const auto& a : node.attribute())
            if (a.name() == name) return {a.ints().begin(), a.ints().end()};
        return otherwise;
    }
    int64_t integer(const std::string& name, int64_t otherwise) const {
        for (const auto& a : node.attribute())
            if (a.name() == name) return a.i();
        return otherwise;
    }
};

/// Calls visit(output index, channel, top, left) for each output of a window operator.
template <typename Visit>
Tensor slide(const Tensor& in, int64_t channels, const Attributes& a,
             const std::vector<int64_t>& kernel, Visit&& visit) {
    const auto strides = a.integers("strides", {1, 1});
    const auto pads = a.integers("pads", {0, 0, 0, 0});
    Tensor out;
    const int64_t height = (in.dims[2] + pads[0] + pads[2] - kernel[0]) / strides[0] + 1;
    const int64_t width = (in.dims[3] + pads[1] + pads[3] - kernel[1]) / strides[1] + 1;
    out.dims = {1, channels, height, width};
    for (int64_t c = 0; c < channels; ++c)
        for (int64_t y = 0; y < height; ++y)
            for (int64_t x = 0; x < width; ++x)
                out.values.push_back(visit(c, y * strides[0] - pads[0], x * strides[1] - pads[1]));
    return out;
}

Tensor convolution(const Attributes& a, const Tensor& in, const Tensor& w, const Tensor* bias) {
    return slide(in, w.dims[0], a, {w.dims[2], w.dims[3]},
                 [&](int64_t o, int64_t top, int64_t left) {
                     double sum = bias ? bias->values[static_cast<size_t>(o)] : 0;
                     size_t at = static_cast<size_t>(o * w.dims[1] * w.dims[2] * w.dims[3]);
                     for (int64_t c = 0; c < w.dims[1]; ++c)
                         for (int64_t y = 0; y < w.dims[2]; ++y)
                             for (int64_t x = 0; x < w.dims[3]; ++x)
                                 sum += w.values[at++] * in.at(c, top + y, left + x, 0);
                     return sum;
                 });
}

Tensor max_pool(const Attributes& a, const Tensor& in) {
    const auto kernel = a.integers("kernel_shape", {});
    return slide(in, in.dims[1], a, kernel, [&](int64_t c, int64_t top, int64_t left) {
        double best = -std::numeric_limits<double>::infinity();
        for (int64_t y = 0; y < kernel[0]; ++y)
            for (int64_t x = 0; x < kernel[1]; ++x)
                best = std::max(best, in.at(c, top + y, left + x, best));
        return best;
    });
}

Tensor normalised(Tensor in, const Tensor& gain, const Tensor& bias, const Tensor& mean,
                  const Tensor& variance) {
    const size_t plane = static_cast<size_t>(in.dims[2] * in.dims[3]);
    for (size_t i = 0; i < in.values.size(); ++i) {
        const size_t c = i / plane;
        in.values[i] = (in.values[i] - mean.values[c]) / std::sqrt(variance.values[c] + 1e-5) *
                           gain.values[c] +
                       bias.values[c];
    }
    return in;
}

Tensor averaged(const Tensor& in) {
    const auto plane = static_cast<size_t>(in.dims[2] * in.dims[3]);
    Tensor out{{1, in.dims[1], 1, 1}, std::vector<double>(in.values.size() / plane)};
    for (size_t i = 0; i < in.values.size(); ++i)
        out.values[i / plane] += in.values[i] / static_cast<double>(plane);
    return out;
}

Tensor product(const Attributes& a, const Tensor& in, const Tensor& w, const Tensor& bias) {
    const bool transposed = a.integer("transB", 0);
    Tensor out{{1, static_cast<int64_t>(bias.values.size())}, bias.values};
    for (size_t o = 0; o < out.values.size(); ++o)
        for (size_t i = 0; i < in.values.size(); ++i)
            out.values[o] +=
                in.values[i] *
                w.values[transposed ? o * in.values.size() + i : i * out.values.size() + o];
    return out;
}

}  // namespace

std::vector<double> evaluate_naively(const onnx::ModelProto& model,
                                     const std::vector<double>& picture) {
    std::map<std::string, Tensor> known;
    const auto& shape = model.graph().input(0).type().tensor_type().shape();
    const int64_t side = shape.dim(2).dim_value();
    known[model.graph().input(0).name()] = {{1, 3, side, side}, picture};
    for (const auto& t : model.graph().initializer())
        known[t.name()] = {{t.dims().begin(), t.dims().end()},
                           {t.float_data().begin(), t.float_data().end()}};
    for (const onnx::NodeProto& node : model.graph().node()) {
        const Attributes a{node};
        const auto in = [&](int i) -> const Tensor& { return known.at(node.input(i)); };
        Tensor& out = known[node.output(0)];
        const std::string& op = node.op_type();
        if (op == "Conv")
            out = convolution(a, in(0), in(1), node.input_size() > 2 ? &in(2) : nullptr);
        else if (op == "BatchNormalization")
            out = normalised(in(0), in(1), in(2), in(3), in(4));
        else if (op == "Relu") {
            out = in(0);
            for (double& v : out.values) v = std::max(v, 0.0);
        } else if (op == "Add") {
            out = in(0);
            for (size_t i = 0; i < out.values.size(); ++i) out.values[i] += in(1).values[i];
        } else if (op == "MaxPool")
            out = max_pool(a, in(0));
        else if (op == "GlobalAveragePool" || op == "ReduceMean")
            out = averaged(in(0));
        else if (op == "Gemm")
            out = product(a, in(0), in(1), in(2));
        else if (op == "Flatten" || op == "Reshape" || op == "Identity")
            out = in(0);
        else
            throw std::runtime_error("the oracle does not know " + op);
    }
    return known.at(model.graph().output(0).name()).values;
}

}  // namespace karhunen
