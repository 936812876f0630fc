// Reader, folding and float executor together against a naive evaluation of the model.
#include <algorithm>
#include <cmath>

#include <boost/test/unit_test.hpp>

#include "sw/compiler/float_executor.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"
#include "tests/sw/compiler/model_builder.h"
#include "tests/sw/compiler/naive_onnx.h"

using namespace karhunen;

namespace {

Network network_of(ModelBuilder& b) {
    return fold(parse_onnx(b.bytes(), "model"));
}

/// The folded network's logits equal the oracle's.
void check_against_oracle(ModelBuilder& b) {
    const Network network = network_of(b);
    const uint32_t side = network.input.height;
    std::mt19937 random(7);
    FloatMap picture(network.input.values());
    std::vector<double> planes(picture.size());
    for (uint32_t i = 0; i < picture.size(); ++i) {
        picture[i] = static_cast<float>(random()) / 2147483648.0f - 1;
        planes[i % 3 * side * side + i / 3] = picture[i];
    }
    const std::vector<double> expected = evaluate_naively(b.model(), planes);
    const FloatMap found = FloatExecutor(network).run(picture);
    BOOST_TEST_REQUIRE(found.size() == expected.size());
    for (size_t i = 0; i < found.size(); ++i) BOOST_TEST(std::fabs(found[i] - expected[i]) < 1e-4);
}

std::string end(ModelBuilder& b, const std::string& map, uint32_t channels) {
    return b.fully_connected(b.node("Flatten", {b.node("GlobalAveragePool", {map})}), channels, 5);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(onnx_models)

BOOST_AUTO_TEST_CASE(a_small_resnet_folds_into_layers) {
    ModelBuilder b = small_resnet(32, 8, 10);
    check_against_oracle(b);
    const Network network = network_of(b);
    BOOST_TEST_REQUIRE(network.layers.size() == 7u);
    BOOST_TEST(network.layers[0].pool.has_value());
    BOOST_TEST((network.layers[0].unpooled == MapShape{16, 16, 8}));
    BOOST_TEST((network.layers[0].output == MapShape{8, 8, 8}));
    BOOST_TEST(network.layers[2].residual.value() == 1u);  // the pooled map
    BOOST_TEST(network.layers[4].shortcut->input == 3u);
    BOOST_TEST(network.layers[4].shortcut->kernel_y == 1u);
    BOOST_TEST((network.layers[5].kind == LayerKind::average_pool));
    BOOST_TEST(network.layers[6].logits);
    BOOST_TEST(network.layers[0].name == "Conv_1");
}

BOOST_AUTO_TEST_CASE(operands_of_an_addition_in_either_order) {
    for (const bool swapped : {false, true}) {
        ModelBuilder b(12);
        const std::string first = b.block("input", 3, 6, 3, 1);
        const std::string sums = b.convolution(first, 6, 6, 3, 1, 1);
        std::vector<std::string> operands{sums, first};
        if (swapped) std::swap(operands[0], operands[1]);
        b.finish(end(b, b.node("Relu", {b.node("Add", operands)}), 6));
        check_against_oracle(b);
    }
}

BOOST_AUTO_TEST_CASE(pooling_before_and_after_the_relu) {
    ModelBuilder before(15);
    const std::string sums = before.convolution("input", 3, 4, 3, 1, 1);
    before.finish(end(before, before.node("Relu", {before.max_pool(sums, 3, 2, 1)}), 4));
    check_against_oracle(before);
    ModelBuilder after(15);
    after.finish(end(after, after.max_pool(after.block("input", 3, 4, 3, 1), 2, 2, 0), 4));
    check_against_oracle(after);
    BOOST_TEST(network_of(after).layers.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_map_that_others_read_is_not_pooled_in_place) {
    ModelBuilder b(16);
    const std::string first = b.block("input", 3, 4, 3, 1);
    const std::string pooled = b.max_pool(first, 2, 2, 0);
    const std::string other = b.convolution(first, 4, 4, 3, 2, 1);
    b.finish(end(b, b.node("Relu", {b.node("Add", {other, pooled})}), 4));
    check_against_oracle(b);
    const Network network = network_of(b);
    BOOST_TEST((network.layers[1].kind == LayerKind::max_pool));
}

BOOST_AUTO_TEST_CASE(storing_before_pooling_keeps_the_result) {
    ModelBuilder b = small_resnet(32, 8, 10);
    Network network = network_of(b);
    const FloatMap picture(network.input.values(), 0.5f);
    const FloatMap fused = FloatExecutor(network).run(picture);
    store_before_pooling(network, 0);
    BOOST_TEST_REQUIRE(network.layers.size() == 8u);
    BOOST_TEST((network.layers[0].output == MapShape{16, 16, 8}));
    BOOST_TEST((network.layers[1].kind == LayerKind::max_pool));
    BOOST_TEST(network.layers[3].residual.value() == 2u);
    const FloatMap apart = FloatExecutor(network).run(picture);
    BOOST_TEST(fused == apart, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_vector_of_a_whole_map_becomes_a_convolution) {
    for (const bool transposed : {false, true}) {
        ModelBuilder b(8);
        const std::string map = b.block("input", 3, 4, 3, 2);
        b.finish(b.fully_connected(b.node("Flatten", {map}), 4 * 4 * 4, 6, transposed));
        check_against_oracle(b);
        BOOST_TEST(network_of(b).layers.back().convolution.kernel_y == 4u);
    }
}

BOOST_AUTO_TEST_CASE(hidden_fully_connected_layers) {
    ModelBuilder b(8);
    const std::string map = b.block("input", 3, 4, 3, 2);
    const std::string hidden = b.fully_connected(b.node("Flatten", {map}), 4 * 4 * 4, 9);
    b.finish(b.fully_connected(b.node("Relu", {hidden}), 9, 5));
    check_against_oracle(b);
}

BOOST_AUTO_TEST_CASE(reshape_and_the_mean_over_rows_and_columns) {
    ModelBuilder b(8);
    const std::string mean = b.node("ReduceMean", {b.block("input", 3, 4, 3, 1)});
    ModelBuilder::set(b.last(), "axes", {-1, -2});
    ModelBuilder::set(b.last(), "keepdims", 1);
    b.finish(b.fully_connected(b.node("Reshape", {mean, b.integers({1, -1})}), 4, 5));
    check_against_oracle(b);
}

BOOST_AUTO_TEST_CASE(windows_that_are_not_square) {
    ModelBuilder b(11);
    const std::string sums = b.node("Conv", {"input", b.floats({4, 3, 3, 5}, 0.2f)});
    ModelBuilder::set(b.last(), "strides", {1, 2});
    ModelBuilder::set(b.last(), "pads", {1, 2, 0, 1});
    b.finish(b.fully_connected(b.node("Flatten", {b.node("Relu", {sums})}), 4 * 10 * 5, 5));
    check_against_oracle(b);
}

BOOST_AUTO_TEST_CASE(weights_through_identities_and_constants) {
    ModelBuilder b(8);
    const std::string shared = b.node("Identity", {b.floats({4, 3, 1, 1}, 0.5f)});
    const std::string map = b.node("Relu", {b.node("Conv", {"input", shared})});
    const std::string constant = b.node("Constant", {});
    onnx::AttributeProto* value = b.last().add_attribute();
    value->set_name("value");
    value->set_type(onnx::AttributeProto::TENSOR);
    *value->mutable_t() = b.graph().initializer(0);
    const std::string second =
        b.node("Identity", {b.node("Relu", {b.node("Conv", {"input", constant})})});
    const Network network = [&] {
        b.finish(end(b, second, 4));
        return network_of(b);
    }();
    // The first convolution feeds nothing: it is left out.
    BOOST_TEST_REQUIRE(network.layers.size() == 3u);
    BOOST_TEST(network.layers[0].convolution.weights[0] == b.graph().initializer(0).float_data(0));
}

BOOST_AUTO_TEST_CASE(raw_data_is_read_as_float_data) {
    ModelBuilder b = small_resnet(16, 4, 3);
    const Network listed = network_of(b);
    for (auto& tensor : *b.graph().mutable_initializer()) {
        const std::vector<float> values(tensor.float_data().begin(), tensor.float_data().end());
        tensor.clear_float_data();
        tensor.set_raw_data(values.data(), values.size() * sizeof(float));
    }
    const Network raw = network_of(b);
    for (size_t l = 0; l < raw.layers.size(); ++l)
        BOOST_TEST(raw.layers[l].convolution.weights == listed.layers[l].convolution.weights);
}

BOOST_AUTO_TEST_SUITE_END()
