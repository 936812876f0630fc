// DRAM commands through the C API.
#include <boost/test/unit_test.hpp>

#include "models/ddr/built_in_devices.h"
#include "tests/models/golden/handles.h"

namespace {

GoldenDram make(const Golden& golden, const char* device, int32_t postponed = -1) {
    karhunen_dram* dram = nullptr;
    BOOST_TEST_REQUIRE(karhunen_dram_create(golden.c(), device, postponed, &dram) == KARHUNEN_OK,
                       golden.message());
    return GoldenDram(dram);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_dram)

// ddr3-1600: tRCD = tRP = 11, tRAS = 28, tRC = 39, tRRD = 6; a clock less is too early.
BOOST_AUTO_TEST_CASE(legal_to_the_clock) {
    const Golden golden;
    const GoldenDram dram = make(golden, "ddr3-1600-4gb-x16");
    const auto command = [&](int64_t clock, karhunen_dram_operation operation, uint32_t bank,
                             uint32_t row = 0, uint32_t column = 0) {
        return karhunen_dram_command(golden.c(), dram.get(), clock, operation, bank, row, column);
    };
    BOOST_TEST(command(100, KARHUNEN_ACT, 0, 5) == KARHUNEN_OK);
    BOOST_TEST(command(111, KARHUNEN_RD, 0, KARHUNEN_ANY_ROW, 8) == KARHUNEN_OK);
    BOOST_TEST(command(115, KARHUNEN_RD, 0, 5, 16) == KARHUNEN_OK);
    BOOST_TEST(command(128, KARHUNEN_PRE, 0, 77, 77) == KARHUNEN_OK);
    BOOST_TEST(command(139, KARHUNEN_ACT, 0, 6) == KARHUNEN_OK);
    BOOST_TEST(command(149, KARHUNEN_RD, 0, 6) == KARHUNEN_VIOLATION);
    BOOST_TEST(golden.message().find("tRCD") != std::string::npos);
    BOOST_TEST(golden.message().find("clock 149 RD bank 0") != std::string::npos);
    BOOST_TEST(command(160, KARHUNEN_RD, 0, 5) == KARHUNEN_VIOLATION);
    BOOST_TEST(golden.message().find("another row") != std::string::npos);
    BOOST_TEST(command(170, KARHUNEN_WR, 3, KARHUNEN_ANY_ROW) == KARHUNEN_VIOLATION);
    BOOST_TEST(command(180, KARHUNEN_PREA, 99, 99, 99) == KARHUNEN_OK);
    BOOST_TEST(command(180, KARHUNEN_REF, 0) == KARHUNEN_VIOLATION);
    BOOST_TEST(command(181, KARHUNEN_RD, 99) == KARHUNEN_VIOLATION);
    uint64_t count = 0;
    BOOST_TEST(karhunen_dram_violations(golden.c(), dram.get(), &count) == KARHUNEN_OK);
    BOOST_TEST(count >= 5u);
    BOOST_TEST(command(-1, KARHUNEN_REF, 0) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(command(900, static_cast<karhunen_dram_operation>(8), 0) == KARHUNEN_BAD_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(missing_refreshes) {
    const Golden golden;
    const GoldenDram strict = make(golden, "ddr3-1600-4gb-x16", 0);
    const GoldenDram loose = make(golden, "ddr3-1600-4gb-x16");
    for (const GoldenDram* dram : {&strict, &loose})
        BOOST_TEST(
            karhunen_dram_command(golden.c(), dram->get(), 1'000'000, KARHUNEN_ACT, 0, 0, 0) ==
            (dram == &strict ? KARHUNEN_VIOLATION : KARHUNEN_OK));
}

BOOST_AUTO_TEST_CASE(devices_by_text) {
    const Golden golden;
    for (const auto& [name, text] : karhunen::ddr::built_in_devices()) {
        make(golden, name.c_str());
        make(golden, text.c_str());
    }
    karhunen_dram* dram = nullptr;
    BOOST_TEST(karhunen_dram_create(golden.c(), "ddr9", 0, &dram) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(golden.message().find("ddr3-1600-4gb-x16") != std::string::npos);
    BOOST_TEST(karhunen_dram_create(golden.c(), "geometry:\n  banks: 8\n", 0, &dram) ==
               KARHUNEN_BAD_DATA);
    std::string text = karhunen::ddr::built_in_devices().at("ddr3-1600-4gb-x16");
    text.replace(text.find("banks: 8"), 8, "banks: 1000000000");
    BOOST_TEST(karhunen_dram_create(golden.c(), text.c_str(), 0, &dram) == KARHUNEN_BAD_DATA);
    BOOST_TEST(golden.message().find("banks") != std::string::npos);
    BOOST_TEST(karhunen_dram_create(golden.c(), "a: [\n", 0, &dram) == KARHUNEN_BAD_DATA);
    BOOST_TEST(karhunen_dram_create(golden.c(), "ddr3-1600-4gb-x16", 9, &dram) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(!dram);
}

BOOST_AUTO_TEST_SUITE_END()
