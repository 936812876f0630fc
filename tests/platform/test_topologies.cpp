// Well-known networks in small on the whole machine: every band equals the golden reference, whose
// fast and naive kernels agree, and the logits are near those of the network in float.
#include <cmath>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <karhunen/registers.h>

#include "platform/run.h"
#include "sw/compiler/compile.h"
#include "sw/compiler/float_executor.h"
#include "sw/compiler/fold.h"
#include "sw/golden/executor.h"
#include "sw/images/picture.h"
#include "tests/support/simulation.h"
#include "tests/sw/compiler/topologies.h"

using namespace karhunen;

namespace {

constexpr uint32_t side = 64;

Picture picture(uint64_t seed) {
    return drawn_picture(1, seed, side);
}

krhn_machine machine_of(const PlatformConfiguration& configuration) {
    const BufferConfiguration& b = configuration.buffers;
    krhn_machine machine = default_machine();
    machine.weight_bytes = b.weight_kib * 1024;
    machine.activation_bytes = b.activation_kib * 1024;
    machine.output_bytes = b.output_kib * 1024;
    machine.residual_bytes = b.residual_kib * 1024;
    return machine;
}

Loadable compiled(const Network& network, const std::string& codec,
                  const PlatformConfiguration& configuration, uint32_t batch) {
    CompileOptions options;
    options.codec = codec;
    options.quantiser.bits = 10;
    options.batch = batch;
    options.machine = machine_of(configuration);
    return Loadable::parse(compile(network, drawn_pictures(1, 1, 2, side), options), "small");
}

RunReport run_checked(const Loadable& loadable, const PlatformConfiguration& configuration,
                      uint32_t images) {
    RunOptions options;
    options.configuration = configuration;
    options.check = true;
    for (uint32_t i = 0; i < images; ++i)
        options.inputs.push_back(input_values(picture(50 + i), loadable.input()));
    return karhunen::run(loadable, options);
}

void check_good(const RunReport& report) {
    BOOST_TEST(report.exit_code == 0);
    BOOST_TEST(report.fault == "");
    BOOST_TEST(report.first_difference == "");
    BOOST_TEST(report.bands_checked > 0u);
}

double logit_snr(const Network& network, const Loadable& loadable) {
    const FloatExecutor reference(network);
    const GoldenExecutor golden(loadable);
    double signal = 0, error = 0;
    for (uint64_t seed = 100; seed < 103; ++seed) {
        const FloatMap expected = reference.run(normalise(picture(seed), loadable.input()));
        const auto found = golden.logits(golden.run(input_values(picture(seed), loadable.input())));
        for (size_t i = 0; i < expected.size(); ++i) {
            signal += expected[i] * expected[i];
            error += std::pow(found[i] * loadable.input().logit_scale - expected[i], 2);
        }
    }
    return 10 * std::log10(signal / error);
}

bool streams(const Loadable& loadable) {
    for (const krhn_layer& layer : loadable.layers())
        if (layer.bands > 1 && loadable.operation(layer, layer.operations - 1).array_flags &
                                   KRHN_ARRAY_CHUNK_OUTERMOST)
            return true;
    return false;
}

}  // namespace

BOOST_DATA_TEST_CASE_F(Simulation, runs_on_the_machine,
                       boost::unit_test::data::make(topology_names()) *
                           boost::unit_test::data::make({"raw", "ebpc", "transform"}),
                       name, codec) {
    const Network network = fold(topology(name, {side, 16, 10}));
    const PlatformConfiguration configuration;
    const Loadable loadable = compiled(network, codec, configuration, 1);
    check_good(run_checked(loadable, configuration, 1));
    BOOST_TEST(logit_snr(network, loadable) > 12);
    if (std::string(codec) == "transform") return;
    const auto input = input_values(picture(7), loadable.input());
    const auto fast = GoldenExecutor(loadable).run(input);
    const auto naive = GoldenExecutor(loadable, {.naive = true}).run(input);
    for (size_t t = 0; t < fast.size(); ++t)
        BOOST_TEST((fast[t].decoded == naive[t].decoded), loadable.name(loadable.tensors()[t]));
}

/// Buffers in which hardly anything stays: weights are loaded for each band, and the logits are the
/// same.
BOOST_DATA_TEST_CASE_F(Simulation, runs_in_small_buffers,
                       boost::unit_test::data::make(topology_names())) {
    const Network network = fold(topology(sample, {side, 8, 10}));
    PlatformConfiguration large, small;
    small.buffers.weight_kib = 4;
    small.buffers.activation_kib = 4;
    small.buffers.output_kib = 2;
    small.buffers.residual_kib = 2;
    const Loadable a = compiled(network, "raw", large, 2), b = compiled(network, "raw", small, 2);
    if (sample == "resnet50" || sample == "vgg16") BOOST_TEST(streams(b));
    check_good(run_checked(b, small, 2));
    const auto input = input_values(picture(7), a.input());
    const GoldenExecutor one(a), two(b);
    BOOST_TEST(one.logits(one.run(input)) == two.logits(two.run(input)),
               boost::test_tools::per_element());
}
