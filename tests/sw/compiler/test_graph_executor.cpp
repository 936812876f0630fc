// Reader and float reference together against a naive evaluation of the model, operator by
// operator.
#include <cmath>
#include <random>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "sw/compiler/graph_executor.h"
#include "sw/compiler/onnx_reader.h"
#include "tests/sw/compiler/model_builder.h"
#include "tests/sw/compiler/naive_onnx.h"
#include "tests/sw/compiler/onnx_of.h"
#include "tests/sw/compiler/topologies.h"

using namespace karhunen;

namespace {

/// The reference's result equals the oracle's, value by value, with one thread and with three.
void check(ModelBuilder& b, bool channels_last = false) {
    const Graph graph = parse_onnx(b.bytes(), "model");
    const MapShape in = graph.nodes[0].shape;
    const size_t plane = in.height * in.width;
    std::mt19937 random(7);
    GraphExecutor::Map picture(in.values());
    std::vector<double> given(picture.size());
    for (size_t i = 0; i < picture.size(); ++i) {
        picture[i] = static_cast<float>(random()) / 2147483648.0f - 1;
        given[channels_last ? i : i % 3 * plane + i / 3] = picture[i];
    }
    const std::vector<double> expected = evaluate_naively(b.model(), given);
    const MapShape out = graph.nodes[graph.output].shape;
    const GraphExecutor::Map found = GraphExecutor(graph, 1).run(picture);
    BOOST_TEST_REQUIRE(found.size() == expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
        const size_t at = i % out.channels * out.height * out.width + i / out.channels;
        BOOST_TEST(std::fabs(found[i] - expected[at]) < 1e-4 * (1 + std::fabs(expected[at])));
    }
    BOOST_TEST((GraphExecutor(graph, 3).run(picture) == found));
}

/// A map with values of both signs for what is tested.
std::string first_map(ModelBuilder& b, uint32_t channels) {
    return b.convolution("input", 3, channels, 3, 1, 1);
}

struct Random {
    std::mt19937 engine;
    uint32_t operator()(uint32_t low, uint32_t high) {
        return low + static_cast<uint32_t>(engine() % (high - low + 1));
    }
};

/// Strides, and padding of one of all kinds, for a window.
void set_window(ModelBuilder& b, Random& r, int64_t reach_y, int64_t reach_x) {
    ModelBuilder::set(b.last(), "strides", {r(1, 3), r(1, 3)});
    const uint32_t kind = r(0, 5);
    if (kind == 0) ModelBuilder::set_text(b.last(), "auto_pad", "SAME_UPPER");
    if (kind == 1) ModelBuilder::set_text(b.last(), "auto_pad", "SAME_LOWER");
    if (kind == 2) ModelBuilder::set_text(b.last(), "auto_pad", "VALID");
    const auto pad = [&](int64_t reach) -> int64_t {
        return r(0, static_cast<uint32_t>(reach) - 1);
    };
    if (kind > 3)
        ModelBuilder::set(b.last(), "pads",
                          {pad(reach_y), pad(reach_x), pad(reach_y), pad(reach_x)});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_executor)

BOOST_AUTO_TEST_CASE(random_convolutions) {
    for (uint32_t seed = 0; seed < 60; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            Random r{std::mt19937(seed)};
            ModelBuilder b(r(9, 17), seed);
            const uint32_t groups = r(0, 2) ? r(1, 6) : 1, in = groups * r(1, 3);
            const uint32_t out = groups * (r(0, 3) ? r(1, 4) : 20);
            const uint32_t ky = r(1, 4), kx = r(1, 4), dy = r(1, 2), dx = r(1, 2);
            const std::string map = first_map(b, in);
            std::vector<std::string> operands{map, b.floats({out, in / groups, ky, kx}, 0.3f)};
            if (r(0, 1)) operands.push_back(b.floats({out}, 0.3f));
            const std::string result = b.node("Conv", operands);
            ModelBuilder::set(b.last(), "group", static_cast<int64_t>(groups));
            ModelBuilder::set(b.last(), "dilations", {dy, dx});
            set_window(b, r, (ky - 1) * dy + 1, (kx - 1) * dx + 1);
            b.finish(result);
            check(b);
        }
    }
}

BOOST_AUTO_TEST_CASE(random_pooling) {
    for (uint32_t seed = 0; seed < 80; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            Random r{std::mt19937(seed)};
            ModelBuilder b(r(6, 15), seed);
            const bool average = r(0, 1), rounds_up = r(0, 1);
            const std::string map = first_map(b, 3);
            const std::string result = b.node(average ? "AveragePool" : "MaxPool", {map});
            const uint32_t ky = r(1, 4), kx = r(1, 4);
            ModelBuilder::set(b.last(), "kernel_shape", {ky, kx});
            set_window(b, r, ky, kx);
            ModelBuilder::set(b.last(), "ceil_mode", int64_t{rounds_up});
            if (average && !rounds_up)
                ModelBuilder::set(b.last(), "count_include_pad", int64_t{r(0, 1)});
            b.finish(result);
            check(b);
        }
    }
}

BOOST_AUTO_TEST_CASE(padding_of_its_own) {
    for (const int64_t opset : {9, 13})
        for (const std::string reader : {"Conv", "MaxPool", "AveragePool"}) {
            ModelBuilder b(9);
            b.set_opset(opset);
            std::string map = b.node("Relu", {first_map(b, 4)});
            const std::vector<int64_t> pads{0, 0, 0, 1, 0, 0, 1, 2};
            if (opset < 11) {
                map = b.node("Pad", {map});
                ModelBuilder::set(b.last(), "pads", pads);
            } else {
                map = b.node("Pad", {map, b.integers(pads)});
            }
            if (reader == "Conv")
                map = b.node("Conv", {map, b.floats({5, 4, 3, 3}, 0.3f)});
            else
                map = b.node(reader, {map});
            ModelBuilder::set(b.last(), "kernel_shape", {3, 3});
            ModelBuilder::set(b.last(), "strides", {2, 2});
            b.finish(map);
            check(b);
        }
}

BOOST_AUTO_TEST_CASE(whole_maps) {
    for (const std::string operation : {"GlobalAveragePool", "GlobalMaxPool", "ReduceMean"}) {
        ModelBuilder b(7);
        const std::string map = b.node(operation, {first_map(b, 5)});
        if (operation == "ReduceMean") ModelBuilder::set(b.last(), "axes", {2, 3});
        b.finish(map);
        check(b);
    }
}

BOOST_AUTO_TEST_CASE(pooling_that_does_nothing_is_left_out) {
    ModelBuilder b(6);
    std::string map = b.node("AveragePool", {first_map(b, 4)});
    ModelBuilder::set(b.last(), "kernel_shape", {1, 1});
    map = b.max_pool(map, 1, 1, 0);
    map = b.node("GlobalAveragePool", {b.node("GlobalMaxPool", {map})});
    b.finish(b.fully_connected(b.node("Flatten", {map}), 4, 2));
    check(b);
    BOOST_TEST(parse_onnx(b.bytes(), "model").nodes.size() == 4u);
}

BOOST_AUTO_TEST_CASE(clipping) {
    ModelBuilder old(6);
    old.set_opset(9);
    const std::string clipped = old.node("Clip", {first_map(old, 4)});
    ModelBuilder::set_real(old.last(), "min", 0.0f);
    ModelBuilder::set_real(old.last(), "max", 0.5f);
    old.finish(clipped);
    check(old);
    BOOST_TEST((parse_onnx(old.bytes(), "").nodes.back().kind == Operator::clip));
    for (const float high : {0.5f, INFINITY}) {
        ModelBuilder b(6);
        const std::string low = b.floats({1}, 0), top = b.floats({1}, 0, high);
        b.graph().mutable_initializer(1)->set_float_data(0, high);
        b.finish(b.node("Clip", {first_map(b, 4), low, top}));
        check(b);
        const Graph graph = parse_onnx(b.bytes(), "");
        BOOST_TEST(
            (graph.nodes.back().kind == (std::isinf(high) ? Operator::relu : Operator::clip)));
    }
}

BOOST_AUTO_TEST_CASE(sums_and_constants_per_channel) {
    for (const std::string operation : {"Add", "Sub", "Mul", "Div"})
        for (const std::vector<int64_t>& dims :
             std::vector<std::vector<int64_t>>{{1}, {4, 1, 1}, {1, 4, 1, 1}}) {
            ModelBuilder b(6);
            const std::string constant = b.floats(dims, 0.1f, 2);
            b.finish(b.node(operation, {first_map(b, 4), constant}));
            check(b);
        }
    for (const std::string operation : {"Add", "Sub", "Mul"}) {  // the constant first
        ModelBuilder b(6);
        const std::string constant = b.floats({4, 1, 1}, 0.5f);
        b.finish(b.node(operation, {constant, first_map(b, 4)}));
        check(b);
    }
    ModelBuilder b(6);
    const std::string a = first_map(b, 4), c = b.node("Relu", {first_map(b, 4)});
    b.finish(b.node("Add", {b.node("Add", {a, c}), a}));
    check(b);
}

BOOST_AUTO_TEST_CASE(what_the_model_does_with_the_picture) {
    ModelBuilder b(6);
    const std::string mean = b.floats({1, 3, 1, 1}, 0.2f), deviation = b.floats({3, 1, 1}, 0.1f, 1);
    const std::string prepared = b.node("Div", {b.node("Sub", {"input", mean}), deviation});
    b.finish(first_map(b, 4));
    b.last().set_input(0, prepared);
    check(b);
    const Graph graph = parse_onnx(b.bytes(), "model");
    BOOST_TEST(graph.nodes.size() == 2u);  // it is the picture's own
    BOOST_TEST(graph.nodes[0].weights.size() == 3u);
    // Not if the unprepared picture is used, too.
    b.graph().mutable_output(0)->set_name(
        b.node("Add", {b.graph().output(0).name(), b.convolution("input", 3, 4, 1, 1, 0)}));
    check(b);
    BOOST_TEST(parse_onnx(b.bytes(), "model").nodes[0].weights.empty());
}

BOOST_AUTO_TEST_CASE(joined_channels) {
    ModelBuilder b(8);
    const std::string a = first_map(b, 4), c = b.node("Relu", {first_map(b, 3)});
    const std::string joined = b.node("Concat", {a, c, a});
    ModelBuilder::set(b.last(), "axis", int64_t{-3});
    b.finish(b.convolution(joined, 11, 2, 3, 2, 1));
    check(b);
}

BOOST_AUTO_TEST_CASE(matrices) {
    for (const bool turned : {false, true}) {
        ModelBuilder b(4);
        const std::string vector = b.node("Flatten", {first_map(b, 5)});
        std::string weights =
            b.floats(turned ? std::vector<int64_t>{70, 80} : std::vector<int64_t>{80, 70}, 0.2f);
        if (turned) weights = b.node("Transpose", {weights});
        const std::string hidden =
            b.node("Add", {b.node("MatMul", {vector, weights}), b.floats({70}, 1)});
        const std::string normal = b.normalisation(b.node("Relu", {hidden}), 70);
        const std::string logits = b.fully_connected(normal, 70, 6, turned);
        b.finish(b.node("Softmax", {logits}));
        BOOST_TEST(parse_onnx(b.bytes(), "model").softmax);
        // The reference stops before it.
        b.graph().mutable_node()->RemoveLast();
        b.graph().mutable_output(0)->set_name(logits);
        check(b);
        BOOST_TEST(!parse_onnx(b.bytes(), "model").softmax);
    }
}

BOOST_AUTO_TEST_CASE(shapes_that_exporters_compute) {
    ModelBuilder b(4);
    b.set_input({-1, 3, 4, 4});
    const std::string map = b.node("Relu", {first_map(b, 5)});
    const std::string batch = b.node("Gather", {b.node("Shape", {map}), b.integers({0})});
    const std::string shape = b.node("Concat", {batch, b.integers({-1})});
    ModelBuilder::set(b.last(), "axis", int64_t{0});
    const std::string vector = b.node("Reshape", {map, shape});
    const std::string apart = b.node("Unsqueeze", {vector, b.integers({2, 3})});
    const std::string again = b.node("Squeeze", {apart, b.integers({3, 2})});
    b.finish(b.fully_connected(b.node("Dropout", {again}), 80, 3));
    check(b);
}

BOOST_AUTO_TEST_CASE(channels_last) {
    ModelBuilder b(6);
    b.set_input({1, 6, 6, 3});
    const std::string first = b.node("Transpose", {"input"});
    ModelBuilder::set(b.last(), "perm", {0, 3, 1, 2});
    const std::string map = b.node("Relu", {b.convolution(first, 3, 4, 3, 2, 1)});
    const std::string last = b.node("Transpose", {map});
    ModelBuilder::set(b.last(), "perm", {0, 2, 3, 1});
    const std::string shifted = b.node("Add", {last, b.floats({4}, 1)});
    const std::string vector = b.node("Reshape", {shifted, b.integers({1, 36})});
    b.finish(b.fully_connected(vector, 36, 5, false));
    check(b, true);
}

/// Written as ONNX and read again they are the same, and two evaluators agree on them.
BOOST_DATA_TEST_CASE(well_known_networks, boost::unit_test::data::make(topology_names())) {
    const Graph graph = topology(sample, {64, 16, 10});
    const std::string text = onnx_of(graph).SerializeAsString();
    const Graph read =
        parse_onnx({reinterpret_cast<const uint8_t*>(text.data()), text.size()}, sample);
    BOOST_TEST_REQUIRE(read.nodes.size() == graph.nodes.size());
    BOOST_TEST(read.output == graph.output);
    BOOST_TEST(read.softmax == graph.softmax);
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        const Node &a = graph.nodes[n], &b = read.nodes[n];
        BOOST_TEST((a.kind == b.kind));
        BOOST_TEST((a.shape == b.shape));
        BOOST_TEST((a.inputs == b.inputs));
        BOOST_TEST((a.weights == b.weights));
        BOOST_TEST((a.bias == b.bias));
        BOOST_TEST(a.groups == b.groups);
    }
    std::mt19937 random(3);
    std::vector<float> picture(graph.nodes[0].shape.values());
    for (float& v : picture) v = static_cast<float>(random()) / 2147483648.0f - 1;
    const std::vector<float> expected = evaluate(graph, picture);
    const GraphExecutor::Map found = GraphExecutor(read).run(picture);
    double error = 0, signal = 0;
    for (size_t i = 0; i < found.size(); ++i) {
        error += std::pow(found[i] - expected[i], 2);
        signal += std::pow(expected[i], 2);
    }
    BOOST_TEST(error < 1e-8 * signal);
}

BOOST_AUTO_TEST_CASE(observers_see_every_node) {
    ModelBuilder b = small_resnet(16, 4, 3);
    const GraphExecutor executor(parse_onnx(b.bytes(), "model"));
    std::vector<uint32_t> seen;
    const auto logits = executor.run(
        GraphExecutor::Map(16 * 16 * 3, 0.5f), [&](uint32_t node, const GraphExecutor::Map& map) {
            BOOST_TEST(map.size() == executor.graph().nodes[node].shape.values());
            seen.push_back(node);
        });
    BOOST_TEST(seen.size() == executor.graph().nodes.size());
    BOOST_TEST(logits.size() == 3u);
    BOOST_CHECK_THROW(executor.run(GraphExecutor::Map(5)), std::runtime_error);
    check(b);
}

BOOST_AUTO_TEST_SUITE_END()
