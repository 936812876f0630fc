#include "models/bus/memory.h"

#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;

namespace {

struct Bench : Simulation {
    Memory memory{"memory", 256, sc_time(5, SC_NS)};
    Initiator master{"master"};

    Bench() { master.socket.bind(memory.socket); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(memory)

BOOST_FIXTURE_TEST_CASE(holds_bytes_of_any_alignment, Bench) {
    run([&] {
        BOOST_TEST(master.read32(0) == 0u);
        master.write32(1, 0x44332211);
        BOOST_TEST(master.read8(3) == 0x33);
        BOOST_TEST(master.read32(2) == 0x00443322u);
    });
    BOOST_TEST(sc_core::sc_time_stamp() == sc_time(20, SC_NS));
}

BOOST_FIXTURE_TEST_CASE(refuses_what_is_outside, Bench) {
    run([&] {
        uint64_t data = 0;
        BOOST_TEST(master.read(252, &data, 4) == tlm::TLM_OK_RESPONSE);
        BOOST_TEST(master.read(253, &data, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.write(UINT64_MAX, &data, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.debug_read(255, &data, 2) == 0u);
    });
}

BOOST_FIXTURE_TEST_CASE(writes_revoke_the_direct_pointer, Bench) {
    run([&] {
        master.write32(0, 1);
        BOOST_TEST(master.invalidated.empty());
        tlm::tlm_generic_payload payload;
        tlm::tlm_dmi dmi;
        BOOST_TEST(master.socket->get_direct_mem_ptr(payload, dmi));
        BOOST_TEST(dmi.get_start_address() == 0u);
        BOOST_TEST(dmi.get_end_address() == 255u);
        BOOST_TEST(dmi.is_read_write_allowed());
        BOOST_TEST(dmi.get_dmi_ptr()[0] == 1);
        BOOST_TEST(master.read32(0) == 1u);
        BOOST_TEST(master.invalidated.empty());
        const uint16_t value = 7;
        BOOST_TEST(master.debug_write(16, &value, 2) == 2u);
    });
    BOOST_REQUIRE_EQUAL(master.invalidated.size(), 1u);
    BOOST_TEST(master.invalidated[0].first == 16u);
    BOOST_TEST(master.invalidated[0].second == 17u);
}

BOOST_AUTO_TEST_SUITE_END()
