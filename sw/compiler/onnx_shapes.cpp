// What changes dimensions only, and the arithmetic that exporters leave to compute them: it is
// constant once the batch is 1.
#include <algorithm>
#include <numeric>

#include "sw/compiler/onnx_importer.h"

namespace karhunen {

namespace {

constexpr uint64_t most_integers = 64;
constexpr int64_t largest_integer = int64_t{1} << 40;  // so that none overflows

int64_t product(std::vector<int64_t>::const_iterator first,
                std::vector<int64_t>::const_iterator last) {
    return std::accumulate(first, last, int64_t{1}, [](int64_t a, int64_t b) { return a * b; });
}

}  // namespace

// ---- Other dimensions ----

/// dims: as many values as the operand has.
void OnnxImporter::reshape_to(const onnx::NodeProto& proto, std::vector<int64_t> dims) {
    Value value = operand(proto, 0);
    if (value.is_constant) {
        value.constant = value.constant.reshaped(std::move(dims));
        return alias_of(proto, std::move(value));
    }
    if (value.padding.any()) view_operand(proto, 0);  // refuses
    value.dims = std::move(dims);
    const MapShape& shape = shape_of(value);
    if (shape.height * shape.width == 1) value.channels_last = false;  // either order is the same
    alias_of(proto, std::move(value));
}

void OnnxImporter::flatten(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& value = operand(proto, 0);
    const std::vector<int64_t>& dims = value.is_constant ? value.constant.dims() : value.dims;
    const int64_t given = attributes.integer("axis", 1);
    const auto rank = static_cast<int64_t>(dims.size());
    const auto axis = given == rank ? rank : static_cast<int64_t>(axis_of(given, dims.size()));
    reshape_to(proto, {product(dims.begin(), dims.begin() + axis),
                       product(dims.begin() + axis, dims.end())});
}

void OnnxImporter::reshape(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& value = operand(proto, 0);
    const std::vector<int64_t>& from = value.is_constant ? value.constant.dims() : value.dims;
    const bool zeros_stay = attributes.integer("allowzero", 0) != 0;
    std::vector<int64_t> dims = small_integers(proto, 1);
    const std::string given = text_of(dims);
    for (std::size_t i = 0; i < dims.size(); ++i)
        if (dims[i] == 0 && !zeros_stay && i < from.size()) dims[i] = from[i];
    const int64_t all = product(from.begin(), from.end());
    const auto open = std::find(dims.begin(), dims.end(), -1);
    if (open != dims.end()) {
        *open = 1;
        const bool sound =
            std::all_of(dims.begin(), dims.end(), [&](int64_t d) { return d > 0 && d <= all; });
        int64_t rest = sound ? 1 : 0;
        for (const int64_t d : dims) rest = rest > all ? rest : rest * d;
        *open = rest > 0 && rest <= all && all % rest == 0 ? all / rest : 0;
    }
    int64_t found = 1;
    for (const int64_t d : dims) found = d <= 0 || d > all || found > all ? 0 : found * d;
    if (found != all)
        refuse(title_, "it gives its operand of shape " + text_of(from) + " the shape " + given +
                           ", which does not hold as many values");
    reshape_to(proto, std::move(dims));
}

/// Of Squeeze and Unsqueeze: an attribute before opset 13, an operand since.
std::vector<int64_t> OnnxImporter::axes_of(const onnx::NodeProto& proto, Attributes& attributes,
                                           std::size_t rank) const {
    std::vector<int64_t> axes = opset_ >= 13 && has_operand(proto, 1)
                                    ? small_integers(proto, 1)
                                    : attributes.integers("axes", {});
    for (int64_t& axis : axes) axis = static_cast<int64_t>(axis_of(axis, rank));
    std::sort(axes.begin(), axes.end());
    if (std::adjacent_find(axes.begin(), axes.end()) != axes.end())
        refuse(title_, "it names an axis twice");
    return axes;
}

void OnnxImporter::squeeze(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& value = operand(proto, 0);
    std::vector<int64_t> dims = value.is_constant ? value.constant.dims() : value.dims;
    std::vector<int64_t> axes = axes_of(proto, attributes, dims.size());
    const bool all = axes.empty();
    for (std::size_t i = dims.size(); i-- > 0;) {
        const bool named = std::binary_search(axes.begin(), axes.end(), static_cast<int64_t>(i));
        if (named && dims[i] != 1)
            refuse(title_, "axis " + std::to_string(i) + " of its operand of shape " +
                               text_of(dims) + " is not 1");
        if (named || (all && dims[i] == 1)) dims.erase(dims.begin() + static_cast<int64_t>(i));
    }
    reshape_to(proto, std::move(dims));
}

void OnnxImporter::unsqueeze(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& value = operand(proto, 0);
    std::vector<int64_t> dims = value.is_constant ? value.constant.dims() : value.dims;
    // Axes count in the result; how many there are is known before they are.
    const std::size_t added = opset_ >= 13 && has_operand(proto, 1)
                                  ? small_integers(proto, 1).size()
                                  : attributes.integers("axes", {}).size();
    for (const int64_t axis : axes_of(proto, attributes, dims.size() + added))
        dims.insert(dims.begin() + axis, 1);
    reshape_to(proto, std::move(dims));
}

void OnnxImporter::transpose(const onnx::NodeProto& proto, Attributes& attributes) {
    Value value = operand(proto, 0);
    std::vector<int64_t> dims = value.is_constant ? value.constant.dims() : value.dims;
    std::vector<int64_t> backwards(dims.size());
    for (std::size_t i = 0; i < dims.size(); ++i)
        backwards[i] = static_cast<int64_t>(dims.size() - 1 - i);
    const std::vector<int64_t> order = attributes.integers("perm", backwards);
    if (!std::is_permutation(order.begin(), order.end(), backwards.begin(), backwards.end()))
        refuse(title_, "attribute perm is not an order of its operand's axes");
    const bool same = std::is_sorted(order.begin(), order.end());
    if (value.is_constant) {
        if (!same && dims.size() != 2)
            refuse(title_, "its operand is a constant of shape " + text_of(dims) +
                               "; a matrix is supported");
        if (!same) value.constant = value.constant.transposed();
        return alias_of(proto, std::move(value));
    }
    view_operand(proto, 0);
    std::vector<int64_t> turned;
    for (const int64_t axis : order) turned.push_back(dims[static_cast<std::size_t>(axis)]);
    const MapShape& shape = shape_of(value);
    const std::vector<int64_t> map = dims_of(shape);
    const std::vector<int64_t> last{1, shape.height, shape.width, shape.channels};
    const bool to_last = order == std::vector<int64_t>{0, 2, 3, 1} && dims == map;
    const bool to_first = order == std::vector<int64_t>{0, 3, 1, 2} && dims == last;
    const bool vector = shape.height * shape.width == 1;  // any order is the same
    if (to_last && !value.channels_last)
        value.channels_last = !vector;
    else if (to_first && (value.channels_last || vector))
        value.channels_last = false;
    else if (!same && !vector)
        refuse(title_, "it changes the order of axes from that of shape " + text_of(dims) + " to " +
                           text_of(order) +
                           "; channels last and back ([0, 2, 3, 1], [0, 3, 1, 2]) are supported");
    value.dims = std::move(turned);
    alias_of(proto, std::move(value));
}

void OnnxImporter::identity(const onnx::NodeProto& proto, Attributes&) {
    alias_of(proto, operand(proto, 0));
}

void OnnxImporter::cast(const onnx::NodeProto& proto, Attributes& attributes) {
    using Type = onnx::TensorProto;
    const int64_t to = attributes.integer("to", Type::UNDEFINED);
    const Value& value = operand(proto, 0);
    const bool to_integer = to == Type::INT64 || to == Type::INT32;
    const bool to_real = to == Type::FLOAT || to == Type::FLOAT16 || to == Type::DOUBLE;
    const bool integer = value.is_constant && value.constant.is_integer();
    if (integer ? !to_integer : !to_real)
        refuse(title_,
               "only from integers to INT32 or INT64, and from real numbers to FLOAT, "
               "FLOAT16 or DOUBLE is supported");
    alias_of(proto, value);  // real numbers are computed in single precision
}

// ---- Integers ----

std::vector<int64_t> OnnxImporter::small_integers(const onnx::NodeProto& proto, int i) const {
    const Constant& constant = constant_operand(proto, i);
    if (constant.elements() > most_integers)
        refuse(title_, "its operand " + proto.input(i) + " has shape " + constant.shape() + "; " +
                           std::to_string(most_integers) + " values at most are supported");
    const std::vector<int64_t> values = constant.integers();
    return values;
}

void OnnxImporter::define_integers(const onnx::NodeProto& proto, std::vector<int64_t> dims,
                                   std::vector<int64_t> values) {
    if (values.size() > most_integers)
        refuse(title_,
               "more than " + std::to_string(most_integers) + " integers are not supported");
    for (const int64_t value : values)
        if (value > largest_integer || value < -largest_integer)
            refuse(title_, "its result " + std::to_string(value) + " is too large");
    Value value;
    value.is_constant = true;
    value.constant = Constant(std::move(dims), std::move(values));
    alias_of(proto, std::move(value));
}

void OnnxImporter::constant(const onnx::NodeProto& proto, Attributes& attributes) {
    Value value;
    value.is_constant = true;
    if (const onnx::TensorProto* tensor = attributes.tensor("value")) {
        value.constant = Constant(file_, *tensor, title_);
    } else if (attributes.has("value_int")) {
        value.constant = Constant({}, std::vector<int64_t>{attributes.integer("value_int", 0)});
    } else if (attributes.has("value_float")) {
        value.constant = Constant({}, std::vector<float>{attributes.real("value_float", 0)});
    } else if (attributes.has("value_ints")) {
        std::vector<int64_t> values = attributes.integers("value_ints", {});
        const auto size = static_cast<int64_t>(values.size());
        value.constant = Constant({size}, std::move(values));
    } else if (attributes.has("value_floats")) {
        std::vector<float> values = attributes.reals("value_floats");
        const auto size = static_cast<int64_t>(values.size());
        value.constant = Constant({size}, std::move(values));
    } else {
        refuse(title_, "it has no value; a dense tensor, real numbers or integers are supported");
    }
    alias_of(proto, std::move(value));
}

void OnnxImporter::shape(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& value = operand(proto, 0);
    if (value.padding.any()) view_operand(proto, 0);  // refuses
    const std::vector<int64_t>& dims = value.is_constant ? value.constant.dims() : value.dims;
    const auto rank = static_cast<int64_t>(dims.size());
    const auto bound = [&](int64_t at) {
        return std::clamp<int64_t>(at < 0 ? std::max(at, -rank) + rank : at, 0, rank);
    };
    const int64_t first = bound(attributes.integer("start", 0));
    const int64_t last = std::max(first, bound(attributes.integer("end", rank)));
    define_integers(proto, {last - first}, {dims.begin() + first, dims.begin() + last});
}

void OnnxImporter::gather(const onnx::NodeProto& proto, Attributes& attributes) {
    const int64_t axis = attributes.integer("axis", 0);
    if (!operand(proto, 0).is_constant) return channel_of_picture(proto, axis);
    const std::vector<int64_t> values = small_integers(proto, 0);
    const Constant& places = constant_operand(proto, 1);
    if (axis != 0 || constant_operand(proto, 0).dims().size() != 1)
        refuse(title_, "only picking from a list of integers is supported");
    std::vector<int64_t> result;
    for (const int64_t place : small_integers(proto, 1))
        result.push_back(values[axis_of(place, values.size())]);
    define_integers(proto, places.dims(), std::move(result));
}

void OnnxImporter::slice(const onnx::NodeProto& proto, Attributes& attributes) {
    const std::vector<int64_t> values = small_integers(proto, 0);
    const auto size = static_cast<int64_t>(values.size());
    const bool by_operand = opset_ >= 10;
    const auto one = [&](int i, const char* name, int64_t otherwise) {
        std::vector<int64_t> given{otherwise};
        if (!by_operand)
            given = attributes.integers(name, given);
        else if (has_operand(proto, i))
            given = small_integers(proto, i);
        if (given.size() != 1 || constant_operand(proto, 0).dims().size() != 1)
            refuse(title_, "only a part of a list of integers is supported");
        return given[0];
    };
    const auto bound = [&](int64_t at) {
        return std::clamp<int64_t>(at < 0 ? std::max(at, -size) + size : at, 0, size);
    };
    const int64_t first = bound(one(1, "starts", 0)), last = bound(one(2, "ends", size));
    const int64_t axis = one(3, "axes", 0);
    if ((axis != 0 && axis != -1) || (by_operand && one(4, "steps", 1) != 1))
        refuse(title_, "only steps of 1 along the one axis of a list are supported");
    std::vector<int64_t> result;
    for (int64_t i = first; i < last; ++i) result.push_back(values[static_cast<std::size_t>(i)]);
    const auto count = static_cast<int64_t>(result.size());
    define_integers(proto, {count}, std::move(result));
}

/// Element by element, or with one value for all.
void OnnxImporter::integer_arithmetic(const onnx::NodeProto& proto) {
    const Constant &left = constant_operand(proto, 0), &right = constant_operand(proto, 1);
    if (!left.is_integer() || !right.is_integer())
        refuse(title_, "it computes with constants; export the model with constants folded");
    const std::vector<int64_t> a = small_integers(proto, 0), b = small_integers(proto, 1);
    const bool one_for_all = (a.size() == 1 || b.size() == 1) && !a.empty() && !b.empty();
    if (a.size() != b.size() && !one_for_all)
        refuse(title_, "its operands have shapes " + left.shape() + " and " + right.shape() +
                           "; they must be the same");
    const std::string& operation = proto.op_type();
    std::vector<int64_t> result;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        const int64_t x = a[a.size() == 1 ? 0 : i], y = b[b.size() == 1 ? 0 : i];
        int64_t value = 0;
        bool good = true;
        if (operation == "Add" || operation == "Sum")
            good = !__builtin_add_overflow(x, y, &value);
        else if (operation == "Sub")
            good = !__builtin_sub_overflow(x, y, &value);
        else if (operation == "Mul")
            good = !__builtin_mul_overflow(x, y, &value);
        else if ((good = y != 0 && y != -1))
            value = x / y;
        if (!good) refuse(title_, "its operands give no integer of 64 bits");
        result.push_back(value);
    }
    define_integers(proto, a.size() >= b.size() ? left.dims() : right.dims(), std::move(result));
}

}  // namespace karhunen
