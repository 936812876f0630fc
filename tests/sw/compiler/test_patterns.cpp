// What well-known networks are made of besides plain layers: DenseNet's blocks, GoogLeNet's
// preparation of the picture and its pooling beside convolutions.
#include <cmath>
#include <random>

#include <boost/test/unit_test.hpp>

#include "sw/compiler/compile.h"
#include "sw/compiler/float_executor.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/graph_executor.h"
#include "sw/compiler/onnx_reader.h"
#include "sw/golden/executor.h"
#include "sw/images/picture.h"
#include "tests/sw/compiler/model_builder.h"
#include "tests/sw/compiler/naive_onnx.h"

using namespace karhunen;

namespace {

constexpr uint32_t side = 14;

/// The graph's result, and the folded network's, for a picture that the model has yet to prepare.
void check(const ModelBuilder& b) {
    const Graph graph = parse_onnx(b.bytes(), "model");
    const Node& input = graph.nodes[0];
    std::mt19937 random(7);
    FloatMap picture(side * side * 3), prepared;
    std::vector<double> planes(picture.size());
    for (uint32_t i = 0; i < picture.size(); ++i) {
        picture[i] = static_cast<float>(random()) / 2147483648.0f - 1;
        planes[i % 3 * side * side + i / 3] = picture[i];
        prepared.push_back(input.weights.empty()
                               ? picture[i]
                               : picture[i] * input.weights[i % 3] + input.bias[i % 3]);
    }
    const std::vector<double> expected = evaluate_naively(b.model(), planes);
    const auto graphs = GraphExecutor(graph, 1).run(picture);
    const FloatMap folded = FloatExecutor(fold(graph)).run(prepared);
    BOOST_TEST_REQUIRE(graphs.size() == expected.size());
    BOOST_TEST_REQUIRE(folded.size() == expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
        const double tolerance = 1e-4 * (1 + std::fabs(expected[i]));
        BOOST_TEST(std::fabs(graphs[i] - expected[i]) < tolerance);
        BOOST_TEST(std::fabs(folded[i] - expected[i]) < tolerance);
    }
}

void check_refused(const ModelBuilder& b, const std::string& what) {
    BOOST_CHECK_EXCEPTION(parse_onnx(b.bytes(), "model"), CompileError, [&](const CompileError& e) {
        return std::string(e.what()).find(what) != std::string::npos;
    });
}

std::string logits(ModelBuilder& b, const std::string& map, uint32_t channels) {
    return b.fully_connected(b.node("Flatten", {b.node("GlobalAveragePool", {map})}), channels, 5);
}

/// A block of DenseNet: each layer takes all maps before it.
ModelBuilder dense(uint32_t count) {
    ModelBuilder b(side);
    const uint32_t growth = 3;
    uint32_t channels = 5;
    std::vector<std::string> maps{b.block("input", 3, channels, 3, 1)};
    std::string joined;
    for (uint32_t i = 0; i < count; ++i) {
        const std::string all = maps.size() > 1 ? b.node("Concat", maps) : maps[0];
        const std::string normal = b.node("Relu", {b.normalisation(all, channels)});
        maps.push_back(b.convolution(normal, channels, growth, 3, 1, 1));
        channels += growth;
    }
    b.finish(
        logits(b, b.node("Relu", {b.normalisation(b.node("Concat", maps), channels)}), channels));
    return b;
}

/// One channel of the picture, as picture[:, c] or picture[:, c:c+1]; times and plus constants.
std::string channel(ModelBuilder& b, int64_t c, bool by_number, float offset) {
    const std::string place = b.integers({c});
    if (by_number) b.graph().mutable_initializer(b.graph().initializer_size() - 1)->clear_dims();
    std::string value = b.node("Gather", {"input", place});
    ModelBuilder::set(b.last(), "axis", int64_t{1});
    if (by_number) value = b.node("Unsqueeze", {value, b.integers({1})});
    return b.node(
        "Add", {b.node("Mul", {value, b.floats({}, 0.05f, 0.45f)}), b.floats({}, 0.05f, offset)});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(patterns)

BOOST_AUTO_TEST_CASE(dense_blocks) {
    // Of 19 maps: four of four maps, (0-3, 4-7, 8, 9) for the layer that takes 11 maps, (0-3, 4-7,
    // 8-11, 12) for those that take 14 and 15, the first four groups for those that take more.
    const std::pair<uint32_t, uint32_t> cases[] = {{1, 0}, {3, 0}, {4, 1}, {7, 2}, {18, 7}};
    for (const auto& [count, groups] : cases) {
        const ModelBuilder b = dense(count);
        check(b);
        const Network network = fold(parse_onnx(b.bytes(), "model"));
        for (const FloatLayer& layer : network.layers) {
            BOOST_TEST(layer.beside.size() < KRHN_MAX_OPERATIONS);
            // What normalises and rectifies joined maps is part of the layer that joins them.
            const bool joins_groups = !layer.beside.empty() && !layer.rectified;
            BOOST_TEST((!joins_groups || layer.beside.size() == KRHN_MAX_OPERATIONS - 1));
        }
        // The first map, a convolution and joined maps for each, average, logits; and the groups.
        BOOST_TEST(network.layers.size() == 2 * (count + 1) + 2 + groups);
    }
}

BOOST_AUTO_TEST_CASE(channels_of_the_picture_prepared_one_by_one) {
    for (const bool by_number : {false, true}) {
        ModelBuilder b(side);
        std::vector<std::string> channels;
        for (int64_t c = 0; c < 3; ++c) channels.push_back(channel(b, c, by_number, 0.1f));
        const std::string picture = b.node("Concat", channels);
        b.finish(logits(b, b.block(picture, 3, 4, 3, 2), 4));
        check(b);
        BOOST_TEST(parse_onnx(b.bytes(), "model").nodes[0].weights.size() == 3u);
        // Where the picture is used as it is, too, this is arithmetic like any other.
        b.graph().mutable_output(0)->set_name(b.node(
            "Add", {b.graph().output(0).name(), logits(b, b.block("input", 3, 4, 3, 2), 4)}));
        check(b);
        BOOST_TEST(parse_onnx(b.bytes(), "model").nodes[0].weights.empty());
    }
}

BOOST_AUTO_TEST_CASE(channels_of_the_picture_that_are_not_joined_again) {
    ModelBuilder one(side);
    one.finish(one.convolution(channel(one, 0, true, 0), 1, 4, 3, 1, 1));
    check_refused(one, "Conv node /Conv_5: its operand v4 is one channel of the picture");
    ModelBuilder turned(side);
    std::vector<std::string> channels;
    for (int64_t c = 3; c-- > 0;) channels.push_back(channel(turned, c, true, 0));
    turned.finish(logits(turned, turned.block(turned.node("Concat", channels), 3, 4, 3, 2), 4));
    check_refused(turned, "all of them in their order");
    ModelBuilder later(side);
    const std::string map = later.block("input", 3, 4, 3, 2);
    later.finish(later.node("Gather", {map, later.integers({0})}));
    ModelBuilder::set(later.last(), "axis", int64_t{1});
    check_refused(later, "Gather node");
    ModelBuilder output(side);
    output.finish(channel(output, 0, false, 0));
    check_refused(output, "the model's output v3 is one channel");
}

/// Windows of the last bands but one reach the end of a map of few rows.
BOOST_AUTO_TEST_CASE(pooling_of_small_maps_beside_convolutions) {
    for (uint32_t rows = 2; rows < 16; ++rows)
        for (const uint32_t kernel : {2u, 3u, 5u}) {
            if (kernel > rows) continue;
            ModelBuilder b(4 * rows);
            const std::string map = b.block("input", 3, 16, 3, 4);
            const uint32_t padding = kernel == 2 ? 0 : kernel / 2;
            const std::string pooled = b.max_pool(map, kernel, 1, padding);
            std::string beside = b.block(map, 16, 8, 1, 1);
            if (kernel == 2) beside = b.max_pool(beside, 2, 1, 0);
            const std::string joined = b.node("Concat", {b.node("Relu", {pooled}), beside});
            b.finish(logits(b, joined, 24));
            const Network network = fold(parse_onnx(b.bytes(), "model"));
            CompileOptions options;
            options.codec = "raw";
            const Loadable loadable = Loadable::parse(
                compile(network, drawn_pictures(1, 1, 4, 4 * rows), options), "net");
            const Picture picture = drawn_picture(1, 9, 4 * rows);
            const FloatMap expected =
                FloatExecutor(network).run(normalise(picture, loadable.input()));
            const GoldenExecutor golden(loadable);
            const auto found = golden.logits(golden.run(input_values(picture, loadable.input())));
            BOOST_TEST_REQUIRE(found.size() == expected.size());
            double signal = 0, error = 0;
            for (size_t i = 0; i < found.size(); ++i) {
                signal += std::pow(expected[i], 2);
                error += std::pow(found[i] * loadable.input().logit_scale - expected[i], 2);
            }
            BOOST_TEST(error < 0.03 * signal, rows << " rows, window " << kernel << ": "
                                                   << 10 * std::log10(signal / error) << " dB");
        }
}

BOOST_AUTO_TEST_CASE(more_layers_than_the_firmware_takes) {
    ModelBuilder b(8);
    std::string map = "input";
    for (uint32_t i = 0; i < KRHN_MAX_LAYERS; ++i) map = b.block(map, i ? 2 : 3, 2, 1, 1);
    b.finish(logits(b, map, 2));
    BOOST_CHECK_EXCEPTION(
        compile(fold(parse_onnx(b.bytes(), "model")), drawn_pictures(1, 1, 1, 8), {}), CompileError,
        [](const CompileError& e) {
            return std::string(e.what()) ==
                   "the network has 514 layers; the firmware takes up to 512";
        });
}

BOOST_AUTO_TEST_SUITE_END()
