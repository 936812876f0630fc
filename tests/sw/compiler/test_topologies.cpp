// What folding makes of whole networks computes what their operators do.
#include <cmath>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "sw/compiler/compile.h"
#include "sw/compiler/default_network.h"
#include "sw/compiler/error.h"
#include "sw/compiler/float_executor.h"
#include "sw/compiler/fold.h"
#include "tests/sw/compiler/topologies.h"

using namespace karhunen;

BOOST_AUTO_TEST_SUITE(topologies)

BOOST_DATA_TEST_CASE(layers_compute_the_graph, boost::unit_test::data::make(topology_names())) {
    const Graph graph = topology(sample, {64, 16, 10});
    const Network network = fold(graph);
    const FloatMap picture = normalise(generated_picture(3, 64), imagenet_input(64));
    const std::vector<float> expected = evaluate(graph, picture);
    const FloatMap found = FloatExecutor(network).run(picture);
    BOOST_TEST_REQUIRE(found.size() == expected.size());
    double error = 0, signal = 0;
    for (size_t i = 0; i < found.size(); ++i) {
        error += std::pow(found[i] - expected[i], 2);
        signal += std::pow(expected[i], 2);
    }
    BOOST_TEST(signal > 0);
    BOOST_TEST(error < 1e-8 * signal);
}

/// Which layers the machine runs.
BOOST_AUTO_TEST_CASE(nothing_is_stored_that_can_be_joined) {
    const auto layers = [](const char* name) { return fold(topology(name, {64, 16, 10})).layers; };
    BOOST_TEST(layers("resnet18").size() == 19u);
    BOOST_TEST(layers("resnet50").size() == 1u + 3 * 16 + 2);
    BOOST_TEST(layers("alexnet").size() == 8u);
    BOOST_TEST(layers("vgg16").size() == 16u);
    BOOST_TEST(layers("squeezenet").size() == 1u + 2 * 8 + 2);
    BOOST_TEST(layers("mobilenetv2").size() == 1u + 17 * 3 - 1 + 3);
    int linear = 0, depthwise = 0;
    for (const FloatLayer& l : layers("mobilenetv2")) {
        linear += !has_relu(l) && !l.logits;
        depthwise += l.convolution.groups > 1;
    }
    BOOST_TEST(linear == 17);
    BOOST_TEST(depthwise == 17);
}

BOOST_AUTO_TEST_CASE(what_the_machine_does_not_have) {
    const auto refused = [](auto change, const std::string& what) {
        Graph graph = topology("mixed", {64, 16, 10});
        change(graph);
        BOOST_CHECK_EXCEPTION(fold(graph), CompileError, [&](const CompileError& e) {
            return std::string(e.what()).find(what) != std::string::npos;
        });
    };
    const auto node = [](Graph& graph, Operator kind) -> Node& {
        for (Node& n : graph.nodes)
            if (n.kind == kind) return n;
        throw std::logic_error("no such node");
    };
    refused([&](Graph& g) { node(g, Operator::max_pool).window.kernel_x = 5; }, "square");
    refused([&](Graph& g) { node(g, Operator::max_pool).window.dilation_y = 2; }, "dilation");
    refused([&](Graph& g) { node(g, Operator::max_pool).shape.height += 3; }, "number of windows");
    refused([&](Graph& g) { node(g, Operator::average_pool).shape.height += 1; }, "number of");
    refused(
        [&](Graph& g) {
            Node& concat = node(g, Operator::concat);
            concat.inputs.push_back(concat.inputs[0]);
        },
        "joins 5 maps");
    refused([&](Graph& g) { node(g, Operator::convolution).window.padding_top = 3; }, "padding");
    refused([&](Graph& g) { g.output = node(g, Operator::relu).inputs[0]; }, "vector");
}

BOOST_AUTO_TEST_SUITE_END()
