// What the compiler cannot do it says, naming node and operator.
#include <cmath>
#include <functional>

#include <boost/test/unit_test.hpp>

#include "sw/compiler/compile.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"
#include "tests/sw/compiler/model_builder.h"

using namespace karhunen;

namespace {

/// Reading and folding fails with a message that holds all of `parts`.
void check_refused(const std::vector<uint8_t>& model, const std::vector<std::string>& parts) {
    std::string message = "nothing was refused";
    try {
        fold(parse_onnx(model, "net.onnx"));
    } catch (const CompileError& error) {
        message = error.what();
    }
    for (const std::string& part : parts)
        BOOST_TEST(message.find(part) != std::string::npos,
                   "\"" << message << "\" does not say \"" << part << "\"");
}

using Edit = std::function<void(onnx::GraphProto&)>;

/// A good model, spoilt by `edit`.
void check_spoilt(const Edit& edit, const std::vector<std::string>& parts) {
    ModelBuilder b = small_resnet(16, 4, 3);
    fold(parse_onnx(b.bytes(), "net.onnx"));  // good before
    edit(b.graph());
    check_refused(b.bytes(), parts);
}

onnx::NodeProto& node(onnx::GraphProto& graph, const std::string& op_type) {
    for (auto& n : *graph.mutable_node())
        if (n.op_type() == op_type) return n;
    throw std::logic_error("no such node");
}

onnx::AttributeProto& attribute(onnx::NodeProto& n, const std::string& name) {
    for (auto& a : *n.mutable_attribute())
        if (a.name() == name) return a;
    throw std::logic_error("no such attribute");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(operators_are_refused_by_name_and_node) {
    check_spoilt([](auto& g) { node(g, "Relu").set_op_type("Softplus"); },
                 {"net.onnx", "/Relu_3", "Softplus", "not supported", "BatchNormalization"});
    check_spoilt([](auto& g) { node(g, "Relu").set_domain("com.example"); },
                 {"com.example.Relu", "not supported"});
    // All at once, and none that the output does not need.
    check_spoilt(
        [](auto& g) {
            node(g, "Relu").set_op_type("Softplus");
            node(g, "Relu").set_op_type("Softplus");
            node(g, "Add").set_op_type("Mystery");
        },
        {"Mystery (Mystery node /Add", "Softplus (Softplus node /Relu_3 and 1 more)"});
    check_spoilt([](auto& g) { node(g, "Gemm").set_op_type("Concat"); }, {"Concat node"});
}

BOOST_AUTO_TEST_CASE(attributes_are_refused_by_name_and_value) {
    check_spoilt([](auto& g) { ModelBuilder::set(node(g, "Conv"), "group", 2); },
                 {"Conv node /Conv_1", "group is 2", "3 channels"});
    check_spoilt(
        [](auto& g) {
            ModelBuilder::set(node(g, "Conv"), "dilations", {0, 2});
        },
        {"Conv node /Conv_1", "dilations"});
    check_spoilt([](auto& g) { ModelBuilder::set_text(node(g, "MaxPool"), "auto_pad", "SAME"); },
                 {"MaxPool node", "auto_pad is SAME", "SAME_UPPER"});
    check_spoilt([](auto& g) { ModelBuilder::set(node(g, "Relu"), "alpha", 1); },
                 {"Relu node", "attribute alpha is not supported"});
    check_spoilt([](auto& g) { attribute(node(g, "Conv"), "pads").set_ints(0, -1); }, {"pads"});
    check_spoilt([](auto& g) { attribute(node(g, "Conv"), "pads").set_ints(0, 7); }, {"pads"});
    check_spoilt([](auto& g) { attribute(node(g, "Conv"), "strides").set_ints(0, 0); },
                 {"strides"});
    check_spoilt([](auto& g) { attribute(node(g, "Conv"), "kernel_shape").set_ints(0, 5); },
                 {"kernel_shape", "weights"});
    check_spoilt(
        [](auto& g) { attribute(node(g, "Gemm"), "transB").set_type(onnx::AttributeProto::FLOAT); },
        {"Gemm node", "transB", "wrong type"});
}

BOOST_AUTO_TEST_CASE(tensors_are_checked) {
    const auto tensor = [](auto& g) { return g.mutable_initializer(0); };
    check_spoilt([&](auto& g) { tensor(g)->set_data_type(onnx::TensorProto::INT16); },
                 {"tensor w1", "INT16", "FLOAT16"});
    check_spoilt([&](auto& g) { tensor(g)->set_float_data(7, INFINITY); },
                 {"tensor w1", "infinity"});
    check_spoilt([&](auto& g) { tensor(g)->mutable_float_data()->RemoveLast(); },
                 {"tensor w1", "587", "588"});
    check_spoilt([&](auto& g) { tensor(g)->set_dims(0, -4); }, {"tensor w1", "-4"});
    check_spoilt([&](auto& g) { tensor(g)->set_dims(0, int64_t{1} << 62); }, {"tensor w1"});
    check_spoilt([&](auto& g) { tensor(g)->set_raw_data("abc"); }, {"tensor w1", "twice"});
    check_spoilt([&](auto& g) { tensor(g)->clear_float_data(), tensor(g)->set_raw_data("abc"); },
                 {"tensor w1", "3 bytes"});
    check_spoilt([&](auto& g) { tensor(g)->set_dims(1, 2), tensor(g)->set_dims(2, 7); },
                 {"Conv node /Conv_1", "[4, 2, 7, 7]"});
    check_spoilt([&](auto& g) { tensor(g)->set_data_location(onnx::TensorProto::EXTERNAL); },
                 {"tensor w1", "another file"});
}

BOOST_AUTO_TEST_CASE(the_graph_is_checked) {
    check_spoilt([](auto& g) { node(g, "Relu").set_input(0, "nothing"); },
                 {"Relu node", "no node before it makes its operand nothing"});
    check_spoilt([](auto& g) { node(g, "BatchNormalization").mutable_input()->RemoveLast(); },
                 {"BatchNormalization node", "operand 4 is missing"});
    check_spoilt([](auto& g) { *g.add_node() = node(g, "Relu"); },
                 {"Relu node /Relu_3", "defined twice"});
    check_spoilt([](auto& g) { *g.add_initializer() = g.initializer(1); },
                 {"tensor w2", "defined twice"});
    check_spoilt([](auto& g) { node(g, "Flatten").set_input(0, "w1"); }, {"constant"});
    check_spoilt([](auto& g) { g.add_output()->set_name("input"); }, {"2 outputs"});
    check_spoilt([](auto& g) { g.clear_output(); }, {"0 outputs"});
    check_spoilt([](auto& g) { g.mutable_output(0)->set_name("w1"); }, {"no node makes"});
    check_spoilt(
        [](auto& g) {
            auto* shape =
                g.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
            shape->mutable_dim(3)->set_dim_value(17);
        },
        {"input input", "[1, 3, N, N]"});
    check_spoilt([](auto& g) { *node(g, "Add").mutable_input(1) = "v3"; }, {"Add node", "shapes"});
}

BOOST_AUTO_TEST_CASE(orders_of_operators_that_the_machine_does_not_have) {
    // A network that does not end in logits.
    ModelBuilder map(8);
    map.finish(map.block("input", 3, 4, 3, 1));
    check_refused(map.bytes(), {"must end in a vector"});
    // Pooling with a window that is not square.
    ModelBuilder oblong(8);
    const std::string pooled = oblong.max_pool(oblong.block("input", 3, 4, 3, 1), 2, 2, 0);
    oblong.last().mutable_attribute(0)->set_ints(0, 4);
    oblong.finish(pooled);
    check_refused(oblong.bytes(), {"MaxPool node", "square"});
}

BOOST_AUTO_TEST_CASE(files_that_are_not_models) {
    check_refused({1, 2, 3, 4}, {"net.onnx", "not an ONNX model"});
    check_refused({}, {"net.onnx", "no graph"});
    ModelBuilder b = small_resnet(16, 4, 3);
    std::vector<uint8_t> bytes = b.bytes();
    bytes.resize(bytes.size() / 2);
    check_refused(bytes, {"net.onnx", "not an ONNX model"});
    BOOST_CHECK_EXCEPTION(read_network("/nowhere/net.onnx"), CompileError, [](const auto& e) {
        return std::string(e.what()).find("/nowhere/net.onnx") == 0;
    });
}

/// Cutting or spoiling the bytes of a model anywhere ends in a CompileError or a network.
BOOST_AUTO_TEST_CASE(damaged_models_do_no_harm) {
    ModelBuilder b = small_resnet(8, 2, 3);
    const std::vector<uint8_t> good = b.bytes();
    std::mt19937 random(3);
    int refused = 0;
    for (int i = 0; i < 2000; ++i) {
        std::vector<uint8_t> bad = good;
        for (int k = 0; k < 3; ++k) bad[random() % bad.size()] = static_cast<uint8_t>(random());
        try {
            fold(parse_onnx(bad, "net.onnx"));
        } catch (const CompileError&) {
            ++refused;
        }
    }
    BOOST_TEST(refused > 100);
}

BOOST_AUTO_TEST_CASE(options_are_checked) {
    ModelBuilder b = small_resnet(16, 4, 3);
    const Network network = fold(parse_onnx(b.bytes(), "net.onnx"));
    const std::vector<Picture> pictures{{16, 16, std::vector<uint8_t>(16 * 16 * 3)}};
    CompileOptions options;
    options.codec = "zip";
    BOOST_CHECK_THROW(compile(network, pictures, options), CompileError);
    options.codec = "ebpc";
    options.machine.streams = 7;  // coders, of two substreams each; 12 are the most
    BOOST_CHECK_THROW(compile(network, pictures, options), CompileError);
    options.machine.streams = 4;
    options.codec = "raw";
    BOOST_CHECK_THROW(compile(network, {}, options), CompileError);
    const std::vector<Picture> large{{17, 17, std::vector<uint8_t>(17 * 17 * 3)}};
    BOOST_CHECK_THROW(compile(network, large, options), CompileError);
    options.batch = 0;
    BOOST_CHECK_THROW(compile(network, pictures, options), CompileError);
    BOOST_CHECK_THROW(preset_of("Paper"), CompileError);
    BOOST_TEST((preset_of("paper") == Preset::paper));
}

BOOST_AUTO_TEST_SUITE_END()
