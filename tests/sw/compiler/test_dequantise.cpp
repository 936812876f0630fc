// Weights that a model holds as integers.
#include <functional>

#include <onnx/onnx_pb.h>
#include <boost/test/unit_test.hpp>

#include "sw/compiler/error.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"
#include "tests/sw/compiler/model_builder.h"

using namespace karhunen;

namespace {

/// A model of one convolution, 1 x 1, of 3 to 2 channels, whose weights come out of a
/// DequantizeLinear.
class QuantisedModel {
public:
    QuantisedModel() : builder_(4) {
        const std::string scale = builder_.floats({2}, 0, 1), weights = "steps";
        onnx::TensorProto& tensor = *builder_.graph().add_initializer();
        tensor.set_name(weights);
        tensor.set_data_type(onnx::TensorProto::INT8);
        for (const int64_t dim : {2, 3, 1, 1}) tensor.add_dims(dim);
        tensor.set_raw_data(std::string("\x01\x02\x03\x81\x80\x7F", 6));  // 1 2 3 -127 -128 127
        const std::string made = builder_.node("DequantizeLinear", {weights, scale});
        ModelBuilder::set(builder_.last(), "axis", 0);
        const std::string map = builder_.node("Conv", {"input", made, builder_.floats({2}, 0)});
        builder_.finish(builder_.fully_connected(
            builder_.node("Flatten",
                          {builder_.node("GlobalAveragePool", {builder_.node("Relu", {map})})}),
            2, 2));
    }

    onnx::TensorProto& scale() { return *builder_.graph().mutable_initializer(0); }
    onnx::TensorProto& steps() { return *builder_.graph().mutable_initializer(1); }
    onnx::NodeProto& node() { return *builder_.graph().mutable_node(0); }
    ModelBuilder& builder() { return builder_; }

    /// [input channel][output channel]
    std::vector<float> weights() const {
        return fold(parse_onnx(builder_.bytes(), "model")).layers.at(0).convolution.weights;
    }

private:
    ModelBuilder builder_;
};

void set_scales(onnx::TensorProto& tensor, std::vector<float> scales) {
    tensor.clear_dims();
    tensor.clear_float_data();
    tensor.add_dims(static_cast<int64_t>(scales.size()));
    for (const float scale : scales) tensor.add_float_data(scale);
}

void add_zeros(QuantisedModel& model, int type, std::vector<int32_t> zeros) {
    onnx::TensorProto& tensor = *model.builder().graph().add_initializer();
    tensor.set_name("zeros");
    tensor.set_data_type(type);
    tensor.add_dims(static_cast<int64_t>(zeros.size()));
    for (const int32_t zero : zeros) tensor.add_int32_data(zero);
    model.node().add_input("zeros");
}

void check_refused(const std::function<void(QuantisedModel&)>& spoil, const std::string& part) {
    QuantisedModel model;
    BOOST_TEST(model.weights().size() == 6u);  // good before
    spoil(model);
    BOOST_CHECK_EXCEPTION(model.weights(), CompileError, [&](const CompileError& error) {
        const std::string what = error.what();
        BOOST_TEST(what.find("DequantizeLinear") != std::string::npos, what);
        BOOST_TEST(what.find(part) != std::string::npos, what);
        return true;
    });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(quantised_weights)

/// (x - zero point) * scale, by hand.
BOOST_AUTO_TEST_CASE(scales_by_output_channel) {
    QuantisedModel model;
    set_scales(model.scale(), {0.5f, 2.0f});
    BOOST_TEST((model.weights() == std::vector<float>{0.5f, -254, 1, -256, 1.5f, 254}));
    add_zeros(model, onnx::TensorProto::INT8, {1, -1});
    BOOST_TEST((model.weights() == std::vector<float>{0, -252, 0.5f, -254, 1, 256}));
}

BOOST_AUTO_TEST_CASE(scales_by_input_channel) {
    QuantisedModel model;
    set_scales(model.scale(), {1, 10, 100});
    model.node().mutable_attribute(0)->set_i(-3);  // of four axes: 1
    BOOST_TEST((model.weights() == std::vector<float>{1, -127, 20, -1280, 300, 12700}));
    model.node().clear_attribute();  // 1 if nothing is said
    BOOST_TEST((model.weights() == std::vector<float>{1, -127, 20, -1280, 300, 12700}));
}

BOOST_AUTO_TEST_CASE(one_scale_and_unsigned_steps) {
    QuantisedModel model;
    set_scales(model.scale(), {0.25f});
    model.scale().clear_dims();
    model.steps().set_data_type(onnx::TensorProto::UINT8);
    add_zeros(model, onnx::TensorProto::UINT8, {128});
    BOOST_TEST((model.weights() == std::vector<float>{-31.75f, 0.25f, -31.5f, 0, -31.25f, -0.25f}));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
    check_refused([](auto& m) { set_scales(m.scale(), {1, 2, 3}); }, "3 scales");
    check_refused(
        [](auto& m) {
            add_zeros(m, onnx::TensorProto::INT8, {1, 2, 3});
        },
        "3 zero points");
    check_refused([](auto& m) { m.node().mutable_attribute(0)->set_i(4); }, "axis 4");
    check_refused([](auto& m) { m.node().set_input(0, "input"); }, "constant");
    check_refused([](auto& m) { m.node().set_input(1, "nothing"); }, "nothing");
    check_refused(
        [](auto& m) {
            set_scales(m.scale(), {1, 2, 3});  // which fit axis 1, the default
            m.node().mutable_attribute(0)->set_name("axes");
        },
        "axes");
}

BOOST_AUTO_TEST_SUITE_END()
