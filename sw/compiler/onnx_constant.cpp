#include "sw/compiler/onnx_constant.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "sw/compiler/error.h"
#include "sw/compiler/onnx_model.h"

namespace karhunen {

namespace {

constexpr uint64_t most_elements = uint64_t{1} << 29;
using Type = onnx::TensorProto;

float from_bits(uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// IEEE 754 half precision.
float half(uint16_t bits) {
    const uint32_t sign = uint32_t{bits & 0x8000u} << 16, mantissa = bits & 0x3FFu;
    const uint32_t exponent = bits >> 10 & 0x1Fu;
    if (exponent == 0x1F) return from_bits(sign | 0x7F800000u | mantissa << 13);
    if (exponent) return from_bits(sign | (exponent + 112) << 23 | mantissa << 13);
    const float small = std::ldexp(static_cast<float>(mantissa), -24);
    return sign ? -small : small;
}

float brain(uint16_t bits) {
    return from_bits(uint32_t{bits} << 16);
}

}  // namespace

Constant::Constant(const OnnxFile& file, const onnx::TensorProto& proto, const std::string& title)
    : file_(&file), proto_(&proto), title_(title), dims_(proto.dims().begin(), proto.dims().end()) {
    uint64_t product = 1;
    for (const int64_t dim : dims_) {
        if (dim < 0 || static_cast<uint64_t>(dim) > most_elements)
            refuse(title, "its shape " + shape() + " is impossible");
        product *= static_cast<uint64_t>(dim);
        if (product > most_elements) refuse(title, "its shape " + shape() + " is too large");
    }
}

Constant::Constant(std::vector<int64_t> dims, std::vector<int64_t> values)
    : dims_(std::move(dims)),
      integers_(std::make_shared<const std::vector<int64_t>>(std::move(values))) {}

Constant::Constant(std::vector<int64_t> dims, std::vector<float> values)
    : dims_(std::move(dims)),
      floats_(std::make_shared<const std::vector<float>>(std::move(values))) {}

uint64_t Constant::elements() const {
    uint64_t product = 1;
    for (const int64_t dim : dims_) product *= static_cast<uint64_t>(dim);
    return product;
}

std::string Constant::shape() const {
    return text_of(dims_);
}

bool Constant::is_integer() const {
    if (!proto_) return integers_ != nullptr;
    switch (proto_->data_type()) {
        case Type::BOOL:
        case Type::INT8:
        case Type::UINT8:
        case Type::INT32:
        case Type::INT64:
            return true;
        default:
            return false;
    }
}

std::string Constant::type_name() const {
    if (!proto_) return integers_ ? "INT64" : "FLOAT";
    return Type::DataType_IsValid(proto_->data_type())
               ? Type::DataType_Name(static_cast<Type::DataType>(proto_->data_type()))
               : std::to_string(proto_->data_type());
}

// ---- Values ----

void Constant::check_size(uint64_t values) const {
    if (values != elements())
        refuse(title_, "it has " + std::to_string(values) + " values where its shape " + shape() +
                           " asks for " + std::to_string(elements()));
}

/// What is not in the typed list of the tensor.
Blob Constant::blob() const {
    Blob blob = file_->blob_of(*proto_, title_);
    const bool raw = proto_->has_raw_data() && proto_->data_location() != Type::EXTERNAL;
    if (!raw) return blob;
    if (blob.source) refuse(title_, "it has its values twice");
    const std::string& bytes = proto_->raw_data();
    return {source_of({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}), 0,
            bytes.size()};
}

template <typename Value, typename Stored, typename Convert>
std::vector<Value> Constant::converted(const Blob& blob, Convert convert) const {
    if (blob.bytes % sizeof(Stored) != 0)
        refuse(title_, "its data of " + std::to_string(blob.bytes) + " bytes are not values of " +
                           std::to_string(sizeof(Stored)) + " bytes");
    check_size(blob.bytes / sizeof(Stored));
    std::vector<Value> values(elements());
    if constexpr (std::is_same_v<Value, Stored>) {
        if (!values.empty()) blob.source->read(blob.offset, blob.bytes, values.data());
    } else {
        constexpr std::size_t most = 1 << 16;
        std::vector<Stored> part(std::min(values.size(), most));
        for (std::size_t at = 0; at < values.size(); at += part.size()) {
            const std::size_t n = std::min(part.size(), values.size() - at);
            blob.source->read(blob.offset + at * sizeof(Stored), n * sizeof(Stored), part.data());
            std::transform(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(n),
                           values.begin() + static_cast<std::ptrdiff_t>(at), convert);
        }
    }
    return values;
}

template <typename Value, typename Field>
std::vector<Value> Constant::listed(const Field& field) const {
    check_size(static_cast<uint64_t>(field.size()));
    return std::vector<Value>(field.begin(), field.end());
}

std::vector<float> Constant::read_floats() const {
    if (floats_) return *floats_;
    if (integers_) refuse("a constant", "it holds integers; FLOAT is needed");
    const Blob source = blob();
    const bool given = source.source != nullptr;
    std::vector<float> values;
    const auto same = [](auto value) { return static_cast<float>(value); };
    switch (proto_->data_type()) {
        case Type::FLOAT:
            values =
                given ? converted<float, float>(source, same) : listed<float>(proto_->float_data());
            break;
        case Type::DOUBLE:
            values = given ? converted<float, double>(source, same)
                           : listed<float>(proto_->double_data());
            break;
        case Type::FLOAT16:
        case Type::BFLOAT16: {
            const auto real = proto_->data_type() == Type::FLOAT16 ? half : brain;
            if (given) {
                values = converted<float, uint16_t>(source, real);
                break;
            }
            check_size(static_cast<uint64_t>(proto_->int32_data_size()));
            for (const int32_t bits : proto_->int32_data())
                values.push_back(real(static_cast<uint16_t>(bits)));
            break;
        }
        default:
            refuse(title_, "it has type " + type_name() +
                               "; FLOAT, FLOAT16, BFLOAT16 and DOUBLE are supported");
    }
    return values;
}

std::vector<float> Constant::untransposed_floats() const {
    std::vector<float> values = read_floats();
    for (const float value : values)
        if (!std::isfinite(value)) refuse(title_, "it holds infinity, or what is not a number");
    return values;
}

float Constant::scalar() const {
    if (elements() != 1) refuse(title_, "its shape is " + shape() + "; one value is needed");
    return read_floats().front();
}

std::vector<float> Constant::floats() const {
    std::vector<float> values = untransposed_floats();
    if (!transposed_) return values;
    const auto rows = static_cast<std::size_t>(dims_[0]),
               columns = static_cast<std::size_t>(dims_[1]);
    std::vector<float> turned(values.size());
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) turned[r * columns + c] = values[c * rows + r];
    return turned;
}

std::vector<int64_t> Constant::integers() const {
    if (integers_) return *integers_;
    if (!proto_) refuse("a constant", "it holds real numbers; integers are needed");
    const Blob source = blob();
    const bool given = source.source != nullptr;
    const auto same = [](auto value) { return static_cast<int64_t>(value); };
    switch (proto_->data_type()) {
        case Type::INT64:
            return given ? converted<int64_t, int64_t>(source, same)
                         : listed<int64_t>(proto_->int64_data());
        case Type::INT32:
            return given ? converted<int64_t, int32_t>(source, same)
                         : listed<int64_t>(proto_->int32_data());
        case Type::INT8:
            return given ? converted<int64_t, int8_t>(source, same)
                         : listed<int64_t>(proto_->int32_data());
        case Type::UINT8:
        case Type::BOOL:
            return given ? converted<int64_t, uint8_t>(source, same)
                         : listed<int64_t>(proto_->int32_data());
        default:
            refuse(title_, "it has type " + type_name() + "; an integer type is needed here");
    }
}

// ---- Shapes ----

Constant Constant::reshaped(std::vector<int64_t> dims) const {
    Constant result = transposed_ ? Constant(dims_, floats()) : *this;
    result.dims_ = std::move(dims);
    return result;
}

Constant Constant::transposed() const {
    Constant result = *this;
    std::swap(result.dims_.at(0), result.dims_.at(1));
    result.transposed_ = !transposed_;
    return result;
}

}  // namespace karhunen
