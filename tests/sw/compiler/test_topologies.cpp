// What folding makes of whole networks computes what their operators do.
#include <cmath>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "sw/compiler/compile.h"
#include "sw/compiler/error.h"
#include "sw/compiler/float_executor.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/quantise.h"
#include "sw/compiler/ranges.h"
#include "sw/images/picture.h"
#include "sw/loadable/loadable.h"
#include "tests/sw/compiler/topologies.h"

using namespace karhunen;

BOOST_AUTO_TEST_SUITE(topologies)

BOOST_DATA_TEST_CASE(layers_compute_the_graph, boost::unit_test::data::make(topology_names())) {
    const Graph graph = topology(sample, {64, 16, 10});
    const Network network = fold(graph);
    const FloatMap picture = normalise(drawn_picture(1, 3, 64), imagenet_input(64));
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

/// Codecs that take a map with negative values are chosen for it, whatever the others get.
BOOST_DATA_TEST_CASE(codecs_are_chosen_for_every_map,
                     boost::unit_test::data::make({"mobilenetv2", "squeezenet", "mixed"})) {
    CompileOptions options;
    options.codec = "auto";
    options.max_drop = 5;
    CodecChoices choices;
    options.chosen = [&](const CodecChoices& c) { choices = c; };
    const Network network = fold(topology(sample, {32, 16, 10}));
    const Loadable loadable =
        Loadable::parse(compile(network, drawn_pictures(1, 1, 8, 32), options), "small");
    size_t next = 0;
    for (size_t l = 0; l < network.layers.size(); ++l) {
        if (!is_coded(network.layers[l])) continue;
        const CodecCandidate& chosen = choices.candidate(next++);
        BOOST_TEST(loadable.tensors()[l + 1].codec == chosen.setting.codec);
        if (!has_relu(network.layers[l])) BOOST_TEST(chosen.lossless);
    }
    BOOST_TEST(next == choices.tensors.size());
}

BOOST_AUTO_TEST_CASE(a_codec_that_a_map_cannot_have) {
    const Network network = fold(topology("mobilenetv2", {32, 16, 10}));
    std::string linear;
    for (const FloatLayer& l : network.layers)
        if (!has_relu(l) && !l.logits) linear = l.name;
    CompileOptions options;
    options.codec = "raw";
    options.tensor_codecs[linear] = "context:6";
    BOOST_CHECK_EXCEPTION(compile(network, drawn_pictures(1, 1, 1, 32), options), CompileError,
                          [&](const CompileError& e) {
                              return e.what() == "layer " + linear +
                                                     ": its map has negative values, and context "
                                                     "decodes to rectified maps";
                          });
    options.tensor_codecs[linear] = "zvc";
    const Loadable loadable =
        Loadable::parse(compile(network, drawn_pictures(1, 1, 1, 32), options), "small");
    for (const krhn_tensor& t : loadable.tensors())
        if (loadable.name(t) == linear) {
            BOOST_TEST(t.codec == uint32_t{KRHN_CODEC_ZVC});
            BOOST_TEST(t.decoded_format == uint32_t{KRHN_FORMAT_S8});
        }
}

/// Saturation is the clipping of ReLU6.
BOOST_AUTO_TEST_CASE(ranges_end_at_the_ceiling) {
    const Network network = fold(topology("mobilenetv2", {32, 16, 10}));
    const std::vector<FloatMap> pictures{normalise(drawn_picture(1, 3, 32), imagenet_input(32))};
    auto ranges = observe_ranges(network, pictures, 1);
    std::vector<float> large(1000, 5.5f);  // as if the map reached far beyond
    large.push_back(40);
    ranges[0].result.add(large);
    const auto layers = quantise(network, ranges, 1, std::vector<CodecSetting>(ranges.size()));
    BOOST_TEST(layers[0].scale * 255 <= 6);
    for (size_t l = 0; l < layers.size(); ++l)
        if (!std::isinf(network.layers[l].ceiling)) BOOST_TEST(layers[l].scale * 255 <= 6);
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
