#include "models/interfaces/register_block.h"

#include <array>

#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;

namespace {

constexpr RegisterDescription description[] = {
    {"CONSTANT", 0x00, Access::RO, 0x1234, ""}, {"PLAIN", 0x04, Access::RW, 7, ""},
    {"FLAGS", 0x08, Access::W1C, 0xF0, ""},     {"COMMAND", 0x0C, Access::WO, 5, ""},
    {"COMPUTED", 0x10, Access::RW, 1, ""},
};

struct Bench : Simulation {
    RegisterBlock registers{"registers", description, sc_time(10, SC_NS)};
    Initiator master{"master"};
    Bench() { master.socket.bind(registers.socket); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(register_block)

BOOST_FIXTURE_TEST_CASE(access_modes, Bench) {
    uint32_t written = 0, cleared = 0;
    registers["COMMAND"].on_write([&](uint32_t v) { written = v; });
    registers["FLAGS"].on_write([&](uint32_t) { cleared = registers["FLAGS"]; });
    registers["COMPUTED"].on_read([] { return 99u; });
    run([&] {
        BOOST_TEST(master.read32(0x00) == 0x1234u);
        BOOST_TEST(master.read32(0x04) == 7u);
        master.write32(0x04, 8);
        BOOST_TEST(master.read32(0x04) == 8u);
        master.write32(0x08, 0x30);
        BOOST_TEST(cleared == 0xC0u);  // the callback comes after the bits went
        BOOST_TEST(master.read32(0x08) == 0xC0u);
        master.write32(0x0C, 0xAB);
        BOOST_TEST(written == 0xABu);
        BOOST_TEST(master.read32(0x0C) == 0u);
        BOOST_TEST(master.read32(0x10) == 99u);
    });
    BOOST_TEST(sc_core::sc_time_stamp() == sc_time(90, SC_NS));
    registers.reset();
    BOOST_TEST(registers["PLAIN"].value == 7u);
    BOOST_CHECK_THROW(registers["NOTHING"], std::out_of_range);
}

BOOST_FIXTURE_TEST_CASE(refuses_wrong_accesses, Bench) {
    run([&] {
        uint64_t data = 0;
        BOOST_TEST(master.write(0x00, &data, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        BOOST_TEST(master.read(0x14, &data, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.read(0x100000004, &data, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.read(0x02, &data, 4) == tlm::TLM_BURST_ERROR_RESPONSE);
        BOOST_TEST(master.read(0x00, &data, 1) == tlm::TLM_BURST_ERROR_RESPONSE);
        BOOST_TEST(master.read(0x00, &data, 8) == tlm::TLM_BURST_ERROR_RESPONSE);
    });
}

BOOST_FIXTURE_TEST_CASE(debug_accesses_have_no_effects, Bench) {
    bool called = false;
    registers["COMPUTED"].on_read([] { return 77u; });
    registers["PLAIN"].on_write([&](uint32_t) { called = true; });
    uint32_t value = 0;
    BOOST_TEST(master.debug_read(0x10, &value, 4) == 4u);
    BOOST_TEST(value == 77u);
    BOOST_TEST(master.debug_write(0x10, &value, 4) == 0u);
    BOOST_TEST(master.debug_write(0x04, &value, 4) == 0u);
    BOOST_TEST(registers["PLAIN"].value != 77u);
    value = 55;
    BOOST_TEST(master.debug_write(0x00, &value, 4) == 4u);
    BOOST_TEST(registers["CONSTANT"].value == 55u);
    BOOST_TEST(master.debug_read(0x14, &value, 4) == 0u);
    BOOST_TEST(!called);
}

BOOST_FIXTURE_TEST_CASE(descriptions_must_be_unique, Simulation) {
    constexpr RegisterDescription twice[] = {{"A", 0, Access::RO, 0, ""},
                                             {"B", 0, Access::RO, 0, ""}};
    BOOST_CHECK_THROW(RegisterBlock("twice", twice, sc_core::SC_ZERO_TIME), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
