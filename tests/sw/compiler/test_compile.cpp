// The whole way: a small network becomes a loadable, which the golden executor runs.
#include <cmath>

#include <zlib.h>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "sw/compiler/calibrate_layers.h"
#include "sw/compiler/compile.h"
#include "sw/compiler/emit.h"
#include "sw/compiler/float_executor.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"
#include "sw/golden/executor.h"
#include "sw/images/picture.h"
#include "tests/sw/compiler/model_builder.h"

using namespace karhunen;

namespace {

constexpr uint32_t side = 48;

Network small_network() {
    ModelBuilder b = small_resnet(side, 16, 20);
    return fold(parse_onnx(b.bytes(), "small"));
}

/// With identity blocks before the average, copies of the convolution there.
Network with_blocks(Network n, uint32_t count) {
    const auto at = static_cast<uint32_t>(n.layers.size() - 2);
    for (uint32_t map = at; map < at + count; ++map) {
        FloatLayer block = n.layers[at - 1];
        block.name = "block" + std::to_string(map);
        block.shortcut.reset();
        block.residual = map;
        block.convolution.input = map;
        n.layers.insert(n.layers.begin() + map, block);
        n.layers[map + 1].input = map + 1;
    }
    n.layers.back().convolution.input = at + count + 1;
    return n;
}

std::vector<uint8_t> compiled(const CompileOptions& options) {
    return compile(small_network(), drawn_pictures(1, 1, 4, side), options);
}

/// 10 log10 of signal over error, all logits of some pictures that calibration has not seen.
double logit_snr(const Network& network, const Loadable& loadable) {
    const FloatExecutor reference(network);
    const GoldenExecutor golden(loadable);
    double signal = 0, error = 0;
    for (uint64_t seed = 100; seed < 104; ++seed) {
        const Picture picture = drawn_picture(1, seed, network.input.width);
        const FloatMap expected = reference.run(normalise(picture, loadable.input()));
        const auto found = golden.logits(golden.run(input_values(picture, loadable.input())));
        BOOST_TEST_REQUIRE(found.size() == expected.size());
        for (size_t i = 0; i < expected.size(); ++i) {
            const double difference = found[i] * loadable.input().logit_scale - expected[i];
            signal += expected[i] * expected[i];
            error += difference * difference;
        }
    }
    return 10 * std::log10(signal / error);
}

const std::vector<std::string> codecs{"raw", "vlc", "transform", "zvc", "zrle", "ebpc", "dct-mask"};

}  // namespace

BOOST_AUTO_TEST_SUITE(compiling)

BOOST_DATA_TEST_CASE(the_loadable_computes_the_network, boost::unit_test::data::make(codecs)) {
    CompileOptions options;
    options.codec = sample;
    options.quantiser.bits = sample == "dct-mask" ? 8 : 10;
    const Loadable loadable = Loadable::parse(compiled(options), "small");
    BOOST_TEST(loadable.layers().size() == 7u);
    BOOST_TEST(logit_snr(small_network(), loadable) > 25);
    int counted = 0;
    for (const krhn_tensor& t : loadable.tensors())
        if (t.flags & KRHN_TENSOR_COUNTED) {
            ++counted;
            BOOST_TEST(t.codec == codec_number(sample));
        }
    BOOST_TEST(counted == 5);
}

/// Stored before the additions: the shortcut is one more tensor, and no PCA is left to do.
BOOST_DATA_TEST_CASE(the_folded_variant_computes_the_network,
                     boost::unit_test::data::make(std::vector<std::string>{"raw", "zvc",
                                                                           "transform"})) {
    CompileOptions options;
    options.codec = sample;
    options.quantiser.bits = 10;
    options.folded = true;
    const Network network = with_blocks(small_network(), 1);
    for (const Preset preset : {Preset::standard, Preset::paper}) {
        options.preset = preset;
        const Loadable loadable =
            Loadable::parse(compile(network, drawn_pictures(1, 1, 4, side), options), "small");
        BOOST_TEST(logit_snr(network, loadable) > 25);
        int counted = 0, added = 0, folded = 0;
        for (const krhn_tensor& t : loadable.tensors()) {
            if (t.flags & KRHN_TENSOR_COUNTED) ++counted;
            if (t.flags & (KRHN_TENSOR_INPUT | KRHN_TENSOR_LOGITS)) continue;
            added += t.decoded_format != KRHN_FORMAT_U8;
            folded += t.encoder_table_bytes > 0;
        }
        BOOST_TEST(counted == 7);
        BOOST_TEST(added == 4);
        const int unfolded = preset == Preset::paper ? 0 : 1;  // pooled in its layer
        BOOST_TEST(folded == (sample == "transform" ? 7 - unfolded : 0));
        uint32_t operations = 0;
        for (const krhn_layer& layer : loadable.layers())
            operations = std::max(operations, layer.operations);
        BOOST_TEST(operations == 3u);  // two sums, then the average
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_folded_is_said) {
    const auto refused = [](auto change, const std::string& what) {
        CompileOptions options;
        options.folded = true;
        change(options);
        BOOST_CHECK_EXCEPTION(compiled(options), CompileError, [&](const CompileError& e) {
            return std::string(e.what()).find(what) != std::string::npos;
        });
    };
    refused([](auto& o) { o.codec = "vlc"; }, "vlc decodes to rectified maps");
    refused([](auto& o) { o.quantiser.components = 3; }, "keeps all components");
    refused([](auto& o) { o.machine.residual_bytes = 150; },
            "the sum that it takes, band by band, needs 192 bytes of the residual buffer");
}

/// Each identity block more is one map more to add.
BOOST_AUTO_TEST_CASE(a_sum_of_too_many_maps) {
    const auto maps = [](uint32_t blocks) {
        Network network = with_blocks(small_network(), blocks);
        store_before_add(network);
        return network.layers[network.layers.size() - 2].sum.size();
    };
    BOOST_TEST(maps(0) == 2u);
    BOOST_TEST(maps(2) == 4u);
    BOOST_CHECK_THROW(maps(3), CompileError);
}

BOOST_AUTO_TEST_CASE(a_tensor_with_a_codec_of_its_own) {
    CompileOptions options;
    options.codec = "zvc";
    const Loadable plain = Loadable::parse(compiled(options), "small");
    const std::string name(plain.name(plain.tensors()[2]));
    options.tensor_codecs[name] = "transform:6";
    const Loadable mixed = Loadable::parse(compiled(options), "small");
    for (size_t t = 0; t < mixed.tensors().size(); ++t)
        BOOST_TEST(mixed.tensors()[t].codec ==
                   (t == 2 ? uint32_t{KRHN_CODEC_TRANSFORM} : plain.tensors()[t].codec));
    options.tensor_codecs["nowhere"] = "raw";
    BOOST_CHECK_THROW(compiled(options), CompileError);
    options.tensor_codecs = {{name, "transform:zip"}};
    BOOST_CHECK_THROW(compiled(options), CompileError);
}

/// Field of a transform's blob, see models/codec/README.md.
int blob_field(std::span<const uint8_t> blob, size_t at) {
    return static_cast<int16_t>(blob[at] | blob[at + 1] << 8);
}

BOOST_AUTO_TEST_CASE(bits_may_have_a_fraction) {
    for (const double bits : {6.0, 6.5, 7.0}) {
        CompileOptions options;
        options.codec = "transform";
        options.quantiser.bits = bits;
        const Loadable loadable = Loadable::parse(compiled(options), "small");
        for (const krhn_tensor& t : loadable.tensors()) {
            if (t.codec != KRHN_CODEC_TRANSFORM) continue;
            const auto blob = loadable.table(t);
            const double levels = blob_field(blob, 8) - blob_field(blob, 6);
            BOOST_TEST(std::fabs(levels - 1.3 * (std::exp2(bits) - 2)) <= 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(truncation_reaches_every_transform) {
    const auto components = [](const CompileOptions& options) {
        const Loadable loadable = Loadable::parse(compiled(options), "small");
        std::vector<int> kept;
        for (const krhn_tensor& t : loadable.tensors())
            if (t.codec == KRHN_CODEC_TRANSFORM) kept.push_back(blob_field(loadable.table(t), 4));
        BOOST_TEST(logit_snr(small_network(), loadable) > 10);
        return kept;
    };
    CompileOptions options;
    options.quantiser.bits = 9;
    const std::vector<int> all = components(options);
    options.quantiser.components = 12;
    const std::vector<int> some = components(options);
    options.quantiser.energy = 0.7;
    const std::vector<int> fewer = components(options);
    BOOST_TEST_REQUIRE((all.size() == 5 && some.size() == 5 && fewer.size() == 5));
    for (size_t i = 0; i < 5; ++i) {
        BOOST_TEST(some[i] == std::min(all[i], 12));
        BOOST_TEST(fewer[i] <= some[i]);
        BOOST_TEST(fewer[i] >= 1);
    }
    BOOST_TEST(fewer != some);
    options.quantiser.energy = 0;
    BOOST_CHECK_THROW(compiled(options), CompileError);
}

BOOST_AUTO_TEST_CASE(preset_paper_stores_the_map_before_pooling) {
    CompileOptions options;
    options.codec = "transform";
    options.quantiser.bits = 10;
    options.preset = Preset::paper;
    const Loadable loadable = Loadable::parse(compiled(options), "small");
    BOOST_TEST(loadable.layers().size() == 8u);
    const krhn_tensor &stem = loadable.tensors()[1], &pooled = loadable.tensors()[2];
    BOOST_TEST(stem.height == side / 2);
    BOOST_TEST((stem.flags & KRHN_TENSOR_COUNTED) != 0u);
    BOOST_TEST(stem.codec == uint32_t{KRHN_CODEC_TRANSFORM});
    BOOST_TEST(pooled.height == side / 4);
    BOOST_TEST(pooled.flags == 0u);
    BOOST_TEST(pooled.codec == uint32_t{KRHN_CODEC_RAW});
    BOOST_TEST(logit_snr(small_network(), loadable) > 25);
}

/// Small buffers: a map-resident layer, short bands; the same network all the same.
BOOST_DATA_TEST_CASE(small_buffers_change_no_logit, boost::unit_test::data::make(codecs)) {
    CompileOptions options;
    options.codec = sample;
    const Loadable large = Loadable::parse(compiled(options), "large");
    options.machine.weight_bytes = 5 << 10;
    options.machine.output_bytes = options.machine.residual_bytes = 2304;
    options.machine.activation_bytes = 3 << 10;
    options.machine.streams = 3;
    const Loadable small = Loadable::parse(compiled(options), "small");
    BOOST_TEST(large.operation(large.layers()[4], 0).array_flags == 0u);
    BOOST_TEST(small.operation(small.layers()[4], 0).array_flags != 0u);
    const auto picture = input_values(drawn_picture(1, 9, side), large.input());
    const GoldenExecutor a(large), b(small);
    BOOST_TEST(a.logits(a.run(picture)) == b.logits(b.run(picture)),
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(compiling_twice_gives_the_same_bytes, boost::unit_test::data::make(codecs)) {
    CompileOptions options;
    options.codec = sample;
    options.threads = 1;
    const auto first = compiled(options);
    options.threads = 5;
    BOOST_TEST((first == compiled(options)));
}

BOOST_AUTO_TEST_CASE(batches_have_room) {
    CompileOptions options;
    options.codec = "raw";
    const Loadable one = Loadable::parse(compiled(options), "one");
    options.batch = 5;
    const Loadable five = Loadable::parse(compiled(options), "five");
    BOOST_TEST(five.header().batch == 5u);
    const auto maps = [](const Loadable& l) { return l.header().memory_bytes - l.header().bytes; };
    BOOST_TEST(maps(five) == 5 * maps(one));
}

BOOST_AUTO_TEST_CASE(a_table_that_does_not_fit_is_named) {
    CompileOptions options;
    options.machine.table_bytes = 300;  // 16 x 16 and more
    BOOST_CHECK_EXCEPTION(compiled(options), CompileError, [](const CompileError& error) {
        return std::string(error.what()).find("layer Conv_1: its codec's table needs") == 0;
    });
    // A matrix that cannot fit is left out, unless it was asked for.
    options.machine.table_bytes = 100;
    std::vector<std::string> said;
    options.progress = [&](const std::string& line) { said.push_back(line); };
    const Loadable raw = Loadable::parse(compiled(options), "small");
    for (const krhn_tensor& t : raw.tensors()) BOOST_TEST(t.codec == uint32_t{KRHN_CODEC_RAW});
    BOOST_TEST(
        said[0] ==
        "layer Conv_1 is stored raw: transform's matrix needs 256 bytes of the table memory, "
        "which has 100");
    options.tensor_codecs["Conv_1"] = "transform";
    BOOST_CHECK_EXCEPTION(compiled(options), CompileError, [](const CompileError& error) {
        return std::string(error.what()).find("layer Conv_1: transform's matrix needs") == 0;
    });
}

/// Calibration must see the very maps that the machine makes.
BOOST_DATA_TEST_CASE(calibration_runs_the_golden_arithmetic,
                     boost::unit_test::data::make(codecs) * boost::unit_test::data::make({8u, 4u}),
                     codec_name, weight_bits) {
    Network network = small_network();
    set_weight_bits(network, weight_bits);
    const Picture picture = drawn_picture(1, 5, side);
    const krhn_input input = imagenet_input(side);
    const std::vector<FloatMap> real{normalise(picture, input)};
    const auto ranges = observe_ranges(network, real, 1);
    const std::vector<CodecSetting> settings(network.layers.size(), {codec_number(codec_name), {}});
    auto layers = quantise(network, ranges, input.scale, settings);
    calibrate_layers(network, ranges, {input_values(picture, input)}, {}, {}, layers);
    std::vector<Format> stored;
    for (const QuantisedLayer& layer : layers) stored.push_back(layer.stored);
    const auto plans = tile(network, stored, default_machine());
    const Loadable loadable =
        Loadable::parse(emit(network, layers, plans, input, default_machine(), 1), "small");
    const auto golden = GoldenExecutor(loadable).run(input_values(picture, input));
    std::vector<IntegerMap> maps{input_values(picture, input)};
    for (size_t l = 0; l < layers.size(); ++l) {
        IntegerMap map = IntegerLayer(network.layers[l], layers[l]).run(maps);
        if (layers[l].coding.codec != KRHN_CODEC_RAW) {
            const auto codec =
                make_codec(layers[l].coding.codec, layers[l].table, layers[l].stored);
            const MapShape& s = network.layers[l].output;
            const BandShape shape{s.height, s.width, s.channels};
            map = decode_band(*codec, shape, encode_band(*codec, shape, 4, map));
        }
        BOOST_TEST((map == golden[l + 1].decoded), network.layers[l].name);
        maps.push_back(std::move(map));
    }
}

BOOST_AUTO_TEST_CASE(a_channel_without_weights_keeps_its_bias) {
    Network network = small_network();
    FloatConvolution& c = network.layers[1].convolution;
    for (size_t i = 3; i < c.weights.size(); i += c.output_shape.channels) c.weights[i] = 0;
    for (size_t i = 4; i < c.weights.size(); i += c.output_shape.channels) c.weights[i] *= 1e-9f;
    c.bias[3] = 0.75f;
    c.bias[4] = 0.5f;
    CompileOptions options;
    options.codec = "raw";
    const Loadable loadable =
        Loadable::parse(compile(network, drawn_pictures(1, 1, 4, side), options), "x");
    const GoldenExecutor golden(loadable);
    const auto maps = golden.run(input_values(drawn_picture(1, 8, side), loadable.input()));
    const krhn_tensor& t = loadable.tensors()[2];
    BOOST_TEST(std::fabs(maps[2].decoded[3] * t.scale - 0.75) < t.scale);
    BOOST_TEST(std::fabs(maps[2].decoded[4] * t.scale - 0.5) < t.scale);
    BOOST_TEST(logit_snr(network, loadable) > 25);
}

BOOST_AUTO_TEST_SUITE_END()
