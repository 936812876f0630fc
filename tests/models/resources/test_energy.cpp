// Energies against what is published, and how they add up.
#include <cmath>

#include <karhunen/loadable.h>
#include <boost/test/unit_test.hpp>

#include "models/resources/ebpc_coder.h"
#include "models/resources/energy.h"
#include "models/resources/usage.h"

using namespace karhunen::resources;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(energy)

// ISSCC 2014, 45 nm: 8-bit add 0.03, 32-bit add 0.1, 8-bit multiply 0.2, 32-bit multiply 3.1 pJ.
BOOST_AUTO_TEST_CASE(horowitz) {
    BOOST_TEST(add_pj(8, process_45nm) == 0.03, tt::tolerance(0.2));
    BOOST_TEST(add_pj(32, process_45nm) == 0.1, tt::tolerance(1e-9));
    BOOST_TEST(multiply_pj(8, 8, process_45nm) == 0.2, tt::tolerance(1e-9));
    BOOST_TEST(multiply_pj(32, 32, process_45nm) == 3.1, tt::tolerance(0.05));
    BOOST_TEST(mac_pj(process_45nm) == 0.3, tt::tolerance(1e-9));
}

// Words of 64 bits: 10 pJ at 8 KiB, 20 at 32 KiB, 100 at 1 MiB.
BOOST_AUTO_TEST_CASE(sram) {
    const auto word = [](uint64_t bytes) { return 8 * sram_pj_per_byte(bytes, process_45nm); };
    BOOST_TEST(word(8 << 10) == 10, tt::tolerance(1e-9));
    BOOST_TEST(word(16 << 10) == std::sqrt(10.0 * 20), tt::tolerance(1e-9));
    BOOST_TEST(word(32 << 10) == 20, tt::tolerance(1e-9));
    BOOST_TEST(word(1 << 20) == 100, tt::tolerance(1e-9));
    BOOST_TEST(word(16) == 10, tt::tolerance(1e-9));
    BOOST_TEST(word(uint64_t{1} << 40) == 100, tt::tolerance(1e-9));
    // A wide port is many small banks: 1024 words of 64 bits are 8 KiB however many there are.
    BOOST_TEST(sram_pj_per_byte(Memory{1024, 8192}, process_45nm) == 1.25, tt::tolerance(1e-9));
}

// The same logic by two of Horowitz' figures: a multiplier is 0.34 fJ a gate, an adder 0.45.
BOOST_AUTO_TEST_CASE(gates_of_multipliers_and_adders_agree) {
    const double by_gates = clock_pj(adder(gates_of_one(8, 8) / 7), process_45nm);
    BOOST_TEST(by_gates / multiply_pj(8, 8, process_45nm) > 1);
    BOOST_TEST(by_gates / multiply_pj(8, 8, process_45nm) < 2);
}

BOOST_AUTO_TEST_CASE(processes) {
    BOOST_TEST(process_65nm.factor == 2.568, tt::tolerance(1e-3));
    for (const uint32_t codec : {KRHN_CODEC_TRANSFORM, KRHN_CODEC_EBPC, KRHN_CODEC_CONTEXT})
        BOOST_TEST(codec_energy(codec, {}, 64, process_65nm).both_pj() ==
                       codec_energy(codec, {}, 64, process_45nm).both_pj() * process_65nm.factor,
                   tt::tolerance(1e-9));
}

// One word per clock, 0.1 pJ by the 224 gates of 32 full adders.
BOOST_AUTO_TEST_CASE(a_serial_coder_works_a_clock_a_value) {
    const double gates = logic_gates(ebpc_encoder({}));
    const CodecEnergy energy = codec_energy(KRHN_CODEC_EBPC, {}, 64, process_45nm);
    BOOST_TEST(energy.encode_pj == gates * 0.1 / (32 * 7), tt::tolerance(1e-9));
    BOOST_TEST(energy.encode_pj == 1.2, tt::tolerance(0.1));
    const CodecEnergy more = codec_energy(KRHN_CODEC_EBPC, {.streams = 6}, 512, process_45nm);
    BOOST_TEST(more.encode_pj == energy.encode_pj, tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(raw_costs_nothing) {
    BOOST_TEST(codec_energy(KRHN_CODEC_RAW, {}, 64, process_45nm).both_pj() == 0);
}

// C products and C bytes of matrix a value: at least 0.3 pJ and 1.25 pJ each, both ways.
BOOST_AUTO_TEST_CASE(pca_grows_with_the_channels) {
    double energy[4];
    for (uint32_t i = 0; i < 4; ++i) {
        const uint32_t channels = 64u << i;
        energy[i] = codec_energy(KRHN_CODEC_TRANSFORM, {}, channels, process_45nm).both_pj();
        BOOST_TEST(energy[i] > 2 * channels * (0.3 + 1.25));
        BOOST_TEST(energy[i] < 2 * channels * (0.3 + 1.25) * 2);
    }
    BOOST_TEST(energy[2] - energy[1] == 2 * (energy[1] - energy[0]), tt::tolerance(1e-9));
    BOOST_TEST(energy[3] - energy[2] == 4 * (energy[1] - energy[0]), tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(bits_that_pay) {
    BOOST_TEST(bits_to_save({3, 4}, 140) == 0.05, tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(counted_operations) {
    const OperationCosts costs{0.3, 1.25, {2, 3}};
    BOOST_TEST(energy_pj({1000, 0, 0, 0}, costs) == 300, tt::tolerance(1e-9));
    BOOST_TEST(energy_pj({1000, 100, 10, 20}, costs) == 300 + 125 + 20 + 60, tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_SUITE_END()
