// DequantizeLinear of constants: weights that a model holds as integers.
#include "sw/compiler/onnx_importer.h"

namespace karhunen {

/// (x - zero point) * scale, one pair for all or one for each index of `axis`.
void OnnxImporter::dequantise(const onnx::NodeProto& proto, Attributes& attributes) {
    const Constant& steps = constant_operand(proto, 0);
    const std::vector<int64_t> dims = steps.dims();
    const std::vector<float> scale = constant_operand(proto, 1).floats();
    const std::vector<int64_t> zero = has_operand(proto, 2) ? constant_operand(proto, 2).integers()
                                                            : std::vector<int64_t>(scale.size(), 0);
    const int64_t axis = attributes.integer("axis", 1);
    std::size_t along = 1, inner = steps.elements();  // of one pair for all
    if (scale.size() != 1) {
        const std::size_t a = axis_of(axis, dims.size());
        along = static_cast<std::size_t>(dims[a]);
        inner = 1;
        for (std::size_t d = a + 1; d < dims.size(); ++d)
            inner *= static_cast<std::size_t>(dims[d]);
    }
    if (scale.size() != along || zero.size() != along)
        refuse(title_, "it has " + std::to_string(scale.size()) + " scales and " +
                           std::to_string(zero.size()) + " zero points for a tensor of shape " +
                           steps.shape() +
                           "; one of each, or one for each index of its axis, is "
                           "supported");
    const std::vector<int64_t> integers = steps.integers();
    std::vector<float> values(integers.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t pair = i / inner % along;
        values[i] =
            static_cast<float>(static_cast<double>(integers[i]) - static_cast<double>(zero[pair])) *
            scale[pair];
    }
    Value value;
    value.is_constant = true;
    value.constant = Constant(dims, std::move(values));
    alias_of(proto, std::move(value));
}

}  // namespace karhunen
