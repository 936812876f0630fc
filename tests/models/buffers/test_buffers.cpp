#include "models/buffers/buffers.h"

#include <karhunen/registers.h>

#include "tests/support/simulation.h"

using namespace karhunen;
using namespace sc_core;

namespace {

BOOST_FIXTURE_TEST_CASE(registers_tell_sizes_and_peaks, Simulation) {
    const BufferSizes sizes{1000, 2000, 3000, 4000, 5000};
    Buffers buffers{"buffers", sizes, sc_time(10, SC_NS)};
    Initiator master{"master"};
    master.socket.bind(buffers.registers.socket);
    run([&] {
        BOOST_TEST(master.read32(KRHN_ID) == block_id(7));
        BOOST_TEST(master.read32(KRHN_BUFFERS_WEIGHT_BYTES) == 1000u);
        BOOST_TEST(master.read32(KRHN_BUFFERS_ACTIVATION_BYTES) == 2000u);
        BOOST_TEST(master.read32(KRHN_BUFFERS_OUTPUT_BYTES) == 3000u);
        BOOST_TEST(master.read32(KRHN_BUFFERS_RESIDUAL_BYTES) == 4000u);
        BOOST_TEST(master.read32(KRHN_BUFFERS_TABLE_BYTES) == 5000u);
        BOOST_TEST(master.read32(KRHN_BUFFERS_WEIGHT_PEAK) == 0u);

        buffers.weights.begin({{700}, 0});
        buffers.activation.open(0, 2000, 0, 100, 1, Format::u8);
        buffers.activation.commit(0, 0, 1);
        buffers.activation.release_before(0, 1);
        buffers.activation.open(1, 2000, 0, 60, 1, Format::u8);
        buffers.output.open(0, 3000, 0, 100, 2, Format::s12);
        buffers.residual.open(0, 4000, 0, 100, 3, Format::s32);
        BOOST_TEST(master.read32(KRHN_BUFFERS_WEIGHT_PEAK) == 700u);
        BOOST_TEST(master.read32(KRHN_BUFFERS_ACTIVATION_PEAK) == 100u);
        BOOST_TEST(master.read32(KRHN_BUFFERS_OUTPUT_PEAK) == 400u);
        BOOST_TEST(master.read32(KRHN_BUFFERS_RESIDUAL_PEAK) == 1200u);

        const uint32_t zero = 0;
        BOOST_TEST(master.write(KRHN_BUFFERS_WEIGHT_BYTES, &zero, 4) ==
                   tlm::TLM_COMMAND_ERROR_RESPONSE);
        BOOST_TEST(master.read32(KRHN_BUFFERS_WEIGHT_BYTES) == 1000u);
    });
}

}  // namespace
