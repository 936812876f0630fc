#include "models/interfaces/register_block.h"

#include <array>

#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::sc_time;

namespace {

constexpr RegisterDescription description[] = {
    {"CONSTANT", 0x00, Access::RO, 0x1234, ""}, {"PLAIN", 0x04, Access::RW, 7, ""},
    {"FLAGS", 0x08, Access::W1C, 0xF0, ""},     {"COMMAND", 0x0C, Access::WO, 5, ""},
    {"COMPUTED", 0x10, Access::RW, 1, ""},
};

struct Bench : Simulation {
    RegisterBlock registers{"registers", description, sc_time(10, sc_core::SC_NS)};
    Initiator master{"master"};
    Bench() { master.socket.bind(registers.socket); }
};

BOOST_FIXTURE_TEST_CASE(access_modes, Bench) {
    uint32_t written = 0;
    registers["COMMAND"].on_write([&](uint32_t v) { written = v; });
    registers["COMPUTED"].on_read([] { return 99u; });
    run([&] {
        BOOST_TEST(master.read32(0x00) == 0x1234u);
        BOOST_TEST(master.read32(0x04) == 7u);
        master.write32(0x04, 8);
        BOOST_TEST(master.read32(0x04) == 8u);
        master.write32(0x08, 0x30);
        BOOST_TEST(master.read32(0x08) == 0xC0u);
        master.write32(0x0C, 0xAB);
        BOOST_TEST(written == 0xABu);
        BOOST_TEST(master.read32(0x0C) == 0u);
        BOOST_TEST(master.read32(0x10) == 99u);
    });
    BOOST_TEST(sc_core::sc_time_stamp() == sc_time(90, sc_core::SC_NS));
}

}  // namespace
