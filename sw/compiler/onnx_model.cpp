#include "sw/compiler/onnx_model.h"

#include <algorithm>
#include <cctype>

namespace karhunen {

std::string title_of(const onnx::NodeProto& node) {
    const std::string& name = !node.name().empty()     ? node.name()
                              : node.output_size() > 0 ? node.output(0)
                                                       : node.name();
    return node.op_type() + " node " + (name.empty() ? "without a name" : name);
}

std::string short_name(const onnx::NodeProto& node) {
    std::vector<std::string> parts(1);
    for (const char c : node.name().empty() && node.output_size() ? node.output(0) : node.name()) {
        if (c == '/')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    std::string result;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        // Exporters repeat the path ("layer1/layer1.0") and end it with the operator.
        const bool repeated = i + 1 < parts.size() && parts[i + 1].rfind(parts[i] + ".", 0) == 0;
        const bool is_operator =
            i + 1 == parts.size() && !result.empty() && parts[i].rfind(node.op_type(), 0) == 0;
        if (parts[i].empty() || repeated || is_operator) continue;
        result += (result.empty() ? "" : ".") + parts[i];
    }
    const bool number =
        std::all_of(result.begin(), result.end(), [](unsigned char c) { return std::isdigit(c); });
    return number ? node.op_type() + "_" + result : result;
}

std::string text_of(const std::vector<int64_t>& dims) {
    std::string text = "[";
    for (std::size_t i = 0; i < dims.size(); ++i) text += (i ? ", " : "") + std::to_string(dims[i]);
    return text + "]";
}

Attributes::Attributes(const onnx::NodeProto& node)
    : node_(node), asked_(node.attribute_size(), false) {}

const onnx::AttributeProto* Attributes::find(const char* name) {
    for (int i = 0; i < node_.attribute_size(); ++i)
        if (node_.attribute(i).name() == name) {
            asked_[i] = true;
            return &node_.attribute(i);
        }
    return nullptr;
}

const onnx::AttributeProto* Attributes::find(const char* name,
                                             onnx::AttributeProto::AttributeType type) {
    const onnx::AttributeProto* attribute = find(name);
    if (attribute && attribute->type() != type)
        refuse(title_of(node_), std::string("attribute ") + name + " has the wrong type");
    return attribute;
}

std::vector<int64_t> Attributes::integers(const char* name, std::vector<int64_t> otherwise) {
    const auto* attribute = find(name, onnx::AttributeProto::INTS);
    if (attribute) otherwise.assign(attribute->ints().begin(), attribute->ints().end());
    return otherwise;
}

int64_t Attributes::integer(const char* name, int64_t otherwise) {
    const auto* attribute = find(name, onnx::AttributeProto::INT);
    return attribute ? attribute->i() : otherwise;
}

float Attributes::real(const char* name, float otherwise) {
    const auto* attribute = find(name, onnx::AttributeProto::FLOAT);
    return attribute ? attribute->f() : otherwise;
}

std::vector<float> Attributes::reals(const char* name) {
    const auto* attribute = find(name, onnx::AttributeProto::FLOATS);
    if (!attribute) return {};
    return {attribute->floats().begin(), attribute->floats().end()};
}

std::string Attributes::text(const char* name, const char* otherwise) {
    const auto* attribute = find(name, onnx::AttributeProto::STRING);
    return attribute ? attribute->s() : otherwise;
}

const onnx::TensorProto* Attributes::tensor(const char* name) {
    const auto* attribute = find(name, onnx::AttributeProto::TENSOR);
    return attribute ? &attribute->t() : nullptr;
}

void Attributes::require(const char* name, int64_t value) {
    const int64_t found = integer(name, value);
    if (found != value)
        refuse(title_of(node_), std::string("attribute ") + name + " is " + std::to_string(found) +
                                    "; only " + std::to_string(value) + " is supported");
}

void Attributes::require_text(const char* name, const char* value) {
    const std::string found = text(name, value);
    if (found != value)
        refuse(title_of(node_), std::string("attribute ") + name + " is " + found + "; only " +
                                    value + " is supported");
}

void Attributes::finish() const {
    for (int i = 0; i < node_.attribute_size(); ++i)
        if (!asked_[i])
            refuse(title_of(node_), "attribute " + node_.attribute(i).name() + " is not supported");
}

}  // namespace karhunen
