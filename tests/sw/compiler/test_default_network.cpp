// The network that the program brings along.
#include "sw/compiler/default_network.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <onnx/onnx_pb.h>
#include <boost/test/unit_test.hpp>

#include "sw/compiler/compile.h"
#include "sw/compiler/float_executor.h"
#include "sw/compiler/quantise.h"
#include "sw/golden/executor.h"
#include "sw/images/picture.h"

using namespace karhunen;

BOOST_AUTO_TEST_SUITE(built_in_network)

BOOST_AUTO_TEST_CASE(it_is_a_resnet18_of_the_drawn_classes) {
    const Network network = default_network();
    BOOST_TEST((network.input == MapShape{224, 224, 3}));
    BOOST_TEST(network.layers.size() == 19u);
    BOOST_TEST(network.layers.back().output.channels == drawn_classes().size());
    uint64_t products = 0;
    for (const FloatLayer& l : network.layers) {
        products += l.convolution.reduction() * l.convolution.output_shape.values();
        if (l.shortcut) products += l.shortcut->reduction() * l.shortcut->output_shape.values();
    }
    // ResNet-18 at 224 x 224, with fewer classes.
    BOOST_TEST(products == 1814073344u - 512 * (1000 - drawn_classes().size()));
}

/// The machine's own quantisation finds the integers of the file again.
BOOST_AUTO_TEST_CASE(the_machine_has_the_weights_of_the_file) {
    const auto file = default_network_file();
    onnx::ModelProto model;
    BOOST_REQUIRE(model.ParseFromArray(file.data(), static_cast<int>(file.size())));
    std::map<std::string, const onnx::TensorProto*> steps;
    for (const auto& tensor : model.graph().initializer())
        if (tensor.data_type() == onnx::TensorProto::INT8) steps[tensor.name()] = &tensor;
    const auto check = [&](const std::string& name, const FloatConvolution& c) {
        const std::string& raw = steps.at(name + ".steps")->raw_data();
        const QuantisedConvolution q = quantise_for(c, name, 1.0 / 127, 1.0 / 255);
        BOOST_REQUIRE(raw.size() == q.weights.size());
        const size_t channels = c.output_shape.channels, inputs = c.input_shape.channels,
                     taps = size_t{c.kernel_y} * c.kernel_x;
        size_t different = 0;
        for (size_t n = 0; n < channels; ++n)
            for (size_t i = 0; i < inputs; ++i)
                for (size_t t = 0; t < taps; ++t)
                    different += static_cast<int8_t>(raw[(n * inputs + i) * taps + t]) !=
                                 q.weights[(t * inputs + i) * channels + n];
        BOOST_TEST(different == 0u, name);
    };
    size_t checked = 0;
    for (const FloatLayer& l : default_network().layers) {
        if (l.kind != LayerKind::convolution || l.logits) continue;
        check(l.name, l.convolution);
        ++checked;
        if (!l.shortcut) continue;
        check(l.name.substr(0, l.name.rfind('.')) + ".downsample", *l.shortcut);
        ++checked;
    }
    BOOST_TEST(checked == 20u);
}

/// In the machine's integers, and nearly as in float.
BOOST_AUTO_TEST_CASE(it_knows_pictures_that_it_has_not_seen) {
    const Network network = default_network();
    CompileOptions options;
    options.codec = "raw";
    const Loadable loadable = Loadable::parse(
        compile(network, drawn_pictures(calibration_seed, 0, 10), options), "the network");
    const GoldenExecutor golden(loadable);
    const FloatExecutor reference(network);
    int good = 0;
    double signal = 0, noise = 0;
    for (uint64_t i = 0; i < 10; ++i) {
        const Picture picture = drawn_picture(1, i);
        const auto logits = golden.logits(golden.run(input_values(picture, loadable.input())));
        const FloatMap wanted = reference.run(normalise(picture, loadable.input()));
        const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
        good += static_cast<uint32_t>(best) == drawn_class(1, i);
        for (size_t n = 0; n < wanted.size(); ++n) {
            signal += double{wanted[n]} * wanted[n];
            noise += std::pow(logits[n] * loadable.input().logit_scale - wanted[n], 2);
        }
    }
    BOOST_TEST(good >= 9);
    BOOST_TEST(10 * std::log10(signal / noise) > 20);
}

BOOST_AUTO_TEST_SUITE_END()
