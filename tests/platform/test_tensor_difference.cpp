// The float model beside its integers: what is measured, and which fault is named.
#include <algorithm>
#include <cmath>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "platform/tensor_difference.h"
#include "sw/compiler/compile.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"
#include "sw/golden/executor.h"
#include "sw/images/picture.h"
#include "tests/sw/compiler/model_builder.h"
#include "tests/sw/compiler/topologies.h"

using namespace karhunen;

namespace {

constexpr uint32_t side = 64, pictures = 3;

std::vector<Picture> some_pictures() {
    std::vector<Picture> result;
    for (uint32_t i = 0; i < pictures; ++i)
        result.push_back(resize_and_crop(drawn_picture(1, i, 80), side, side));
    return result;
}

struct Setup {
    ModelBuilder builder = small_resnet(side, 8, 5);
    Graph graph = parse_onnx(builder.bytes(), "model");
    Network network = fold(graph);
    CompileOptions options;
    float gain = 1;  ///< of what the model is fed

    Setup() { options.codec = "raw"; }

    Loadable compiled(const Network& n) const {
        return Loadable::parse(compile(n, some_pictures(), options), "net");
    }
    NetworkDifference measure(const Loadable& loadable, unsigned threads = 2) const {
        const GraphExecutor reference(graph, 1);
        const auto all = some_pictures();
        DifferenceOptions o;
        o.threads = threads;
        return measure_difference(
            reference, loadable, nodes_of(loadable, graph, network), all.size(),
            [&](size_t i) {
                ComparedPicture p{input_values(all[i], loadable.input()),
                                  normalise(all[i], loadable.input())};
                for (float& v : p.picture) v *= gain;
                return p;
            },
            o);
    }
};

const TensorDifference& tensor(const NetworkDifference& d, const std::string& name) {
    const auto found = std::find_if(d.tensors.begin(), d.tensors.end(),
                                    [&](const auto& t) { return t.tensor == name; });
    BOOST_REQUIRE(found != d.tensors.end());
    return *found;
}

std::string first_of(const NetworkDifference& d) {
    return d.first ? d.tensors[*d.first].tensor : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tensor_difference)

BOOST_AUTO_TEST_CASE(a_good_network_goes_wrong_nowhere) {
    for (const std::string codec : {"raw", "transform:9", "context"})
        for (const Preset preset : {Preset::standard, Preset::paper}) {
            Setup s;
            s.options.codec = codec;
            s.options.preset = preset;
            const Loadable loadable = s.compiled(s.network);
            const NetworkDifference d = s.measure(loadable);
            BOOST_TEST_CONTEXT(codec << ' ' << first_of(d)) {
                BOOST_TEST(!d.first.has_value());
                BOOST_TEST(d.tensors.size() == loadable.tensors().size());
                for (const TensorDifference& t : d.tensors) {
                    BOOST_TEST(t.snr_db > 15, t.tensor << " has " << t.snr_db);
                    BOOST_TEST(t.cosine > 0.98);
                    BOOST_TEST(t.max_error < t.largest);
                    if (codec != "transform:9") BOOST_TEST(std::isinf(t.coding_db));
                }
                BOOST_TEST(d.tensors[0].snr_db > 35);  // rounding to 8 bits alone
            }
        }
}

BOOST_AUTO_TEST_CASE(maps_that_are_stored_before_additions) {
    Setup s;
    s.options.folded = true;
    const NetworkDifference d = s.measure(s.compiled(s.network));
    BOOST_TEST(!d.first.has_value());
    uint32_t sums = 0;
    for (const TensorDifference& t : d.tensors) {
        BOOST_TEST(t.snr_db > 15, t.tensor << " has " << t.snr_db);
        sums += t.node.find("Add") != std::string::npos;
    }
    BOOST_TEST(sums == 0u);
}

/// Concatenations, depthwise convolutions, linear maps and all: each tensor has its node.
BOOST_DATA_TEST_CASE(well_known_networks, boost::unit_test::data::make(topology_names())) {
    Setup s;
    s.graph = topology(sample, {side, 16, 10});
    s.network = fold(s.graph);
    const NetworkDifference d = s.measure(s.compiled(s.network));
    BOOST_TEST(!d.first.has_value(), first_of(d));
    for (const TensorDifference& t : d.tensors)
        BOOST_TEST(t.snr_db > 6, t.tensor << " has " << t.snr_db);
}

/// The figures are what their definitions say.
BOOST_AUTO_TEST_CASE(figures_of_the_logits) {
    const Setup s;
    const Loadable loadable = s.compiled(s.network);
    const NetworkDifference d = s.measure(loadable);
    const GoldenExecutor golden(loadable);
    const GraphExecutor reference(s.graph);
    double signal = 0, noise = 0, largest = 0;
    uint64_t agreeing = 0;
    for (const Picture& picture : some_pictures()) {
        const auto wanted = reference.run(normalise(picture, loadable.input()));
        const auto found = golden.logits(golden.run(input_values(picture, loadable.input())));
        size_t a = 0, b = 0;
        for (size_t i = 0; i < wanted.size(); ++i) {
            const double error = wanted[i] - found[i] * double{loadable.input().logit_scale};
            signal += double{wanted[i]} * wanted[i];
            noise += error * error;
            largest = std::max(largest, std::fabs(error));
            if (wanted[i] > wanted[a]) a = i;
            if (found[i] > found[b]) b = i;
        }
        agreeing += a == b;
    }
    BOOST_TEST(d.logit_snr_db() == 10 * std::log10(signal / noise),
               boost::test_tools::tolerance(1e-9));
    BOOST_TEST(d.tensors.back().max_error == largest, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(d.agreement == agreeing);
    BOOST_TEST(d.pictures == pictures);
    const NetworkDifference alone = s.measure(loadable, 1);
    for (size_t t = 0; t < d.tensors.size(); ++t)
        BOOST_TEST(alone.tensors[t].snr_db == d.tensors[t].snr_db);
}

BOOST_AUTO_TEST_CASE(a_wrong_scale_is_named) {
    const Setup s;
    for (size_t l = 0; l < s.network.layers.size(); ++l) {
        if (s.network.layers[l].kind != LayerKind::convolution) continue;
        Network wrong = s.network;
        for (float& w : wrong.layers[l].convolution.weights) w *= 2;
        for (float& b : wrong.layers[l].convolution.bias) b *= 2;
        const NetworkDifference d = s.measure(s.compiled(wrong));
        BOOST_TEST(first_of(d) == s.network.layers[l].name);
        // Sums have one part of the wrong scale only.
        const FloatLayer& layer = s.network.layers[l];
        if (!layer.residual && !layer.shortcut) {
            BOOST_TEST(tensor(d, layer.name).gain == 2, boost::test_tools::tolerance(0.05));
            BOOST_TEST(d.advice.find("times the model's") != std::string::npos, d.advice);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_coarse_codec_is_named) {
    Setup s;
    const std::string name = s.network.layers[3].name;
    s.options.tensor_codecs[name] = "transform:2";
    const NetworkDifference d = s.measure(s.compiled(s.network));
    BOOST_TEST(first_of(d) == name);
    BOOST_TEST(d.advice.find("--tensor-codec " + name) != std::string::npos, d.advice);
    BOOST_TEST(tensor(d, name).coding_db < 15);
    BOOST_TEST(tensor(d, name).codec == "transform:2");
}

BOOST_AUTO_TEST_CASE(wrongly_prepared_pictures_show_at_the_input) {
    Setup s;
    s.gain = 1.5f;
    const NetworkDifference d = s.measure(s.compiled(s.network));
    BOOST_TEST_REQUIRE(d.first.has_value());
    BOOST_TEST(*d.first == 0u);
    BOOST_TEST(d.advice.find("mean") != std::string::npos, d.advice);
    // error / signal is (0.5 / 1.5)^2
    BOOST_TEST(d.tensors[0].snr_db == 20 * std::log10(3.0), boost::test_tools::tolerance(1e-2));
}

BOOST_AUTO_TEST_CASE(a_model_that_prepares_pictures_itself) {
    Setup s;
    // (value - 127) / 60, for values in 0..255
    const std::string mean = s.builder.floats({1}, 0, 127),
                      deviation = s.builder.floats({1}, 0, 60);
    const std::string prepared =
        s.builder.node("Div", {s.builder.node("Sub", {"input", mean}), deviation});
    auto& nodes = *s.builder.graph().mutable_node();
    std::rotate(nodes.pointer_begin(), nodes.pointer_end() - 2, nodes.pointer_end());
    nodes[2].set_input(0, prepared);
    s.graph = parse_onnx(s.builder.bytes(), "model");
    s.network = fold(s.graph);
    const Loadable loadable = s.compiled(s.network);
    const GraphExecutor reference(s.graph, 1);
    const auto all = some_pictures();
    const NetworkDifference d =
        measure_difference(reference, loadable, nodes_of(loadable, s.graph, s.network), all.size(),
                           [&](size_t i) {
                               ComparedPicture p{input_values(all[i], loadable.input()), {}};
                               p.picture.assign(all[i].rgb.begin(), all[i].rgb.end());
                               return p;
                           },
                           {});
    BOOST_TEST(!d.first.has_value());
    BOOST_TEST(d.tensors[0].snr_db > 35);
    BOOST_TEST(d.logit_snr_db() > 15);
}

BOOST_AUTO_TEST_CASE(values_beyond_the_range_are_counted) {
    Setup s;
    std::vector<Picture> dark = some_pictures();
    for (Picture& p : dark)
        for (uint8_t& v : p.rgb) v = static_cast<uint8_t>(110 + v / 32);
    const Loadable loadable = Loadable::parse(compile(s.network, dark, s.options), "net");
    const NetworkDifference d = s.measure(loadable);
    BOOST_TEST_REQUIRE(d.first.has_value());
    BOOST_TEST(d.tensors[*d.first].saturated > 0.005);
    BOOST_TEST(d.advice.find("cut off") != std::string::npos, d.advice);
}

BOOST_AUTO_TEST_CASE(a_loadable_of_another_model_is_refused) {
    const Setup s;
    ModelBuilder b = small_resnet(side, 8, 5);
    b.graph().mutable_node(0)->set_name("/other");
    const Graph graph = parse_onnx(b.bytes(), "other");
    const Loadable loadable = s.compiled(s.network);
    BOOST_CHECK_EXCEPTION(nodes_of(loadable, graph, fold(graph)), std::runtime_error,
                          [](const auto& e) {
                              return std::string(e.what()).find("another one") != std::string::npos;
                          });
    ModelBuilder wide = small_resnet(side, 16, 5);
    const Graph wider = parse_onnx(wide.bytes(), "wide");
    BOOST_CHECK_THROW(nodes_of(loadable, wider, fold(wider)), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
