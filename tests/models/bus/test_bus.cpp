#include "models/bus/bus.h"

#include "models/bus/memory.h"
#include "models/interfaces/register_block.h"
#include "models/interfaces/traffic.h"
#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;

namespace {

constexpr RegisterDescription description[] = {{"CONSTANT", 0x00, Access::RO, 5, ""}};

struct Bench : Simulation {
    Bus bus{"bus", sc_time(3, SC_NS)};
    Memory low{"low", 0x2000, sc_time(2, SC_NS)}, high{"high", 0x100, sc_time(7, SC_NS)};
    RegisterBlock device{"device", description, sc_time(1, SC_NS)};
    Initiator first{"first"}, second{"second"};

    Bench() {
        first.socket.bind(bus.initiators);
        second.socket.bind(bus.initiators);
        bus.map("low", 0x1000, 0x1000, low.socket);  // half of it is visible
        bus.map("high", 0x80000000, 0x100, high.socket);
        bus.map("device", 0x4000, 0x100, device.socket);
    }
    std::string last() { return bus.last_errors().back().text; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(bus_blocking)

BOOST_FIXTURE_TEST_CASE(routes_by_address_and_takes_time, Bench) {
    run([&] {
        first.write32(0x1010, 0x11111111);
        BOOST_TEST(sc_core::sc_time_stamp() == sc_time(5, SC_NS));
        second.write32(0x80000010, 0x22222222);
        BOOST_TEST(sc_core::sc_time_stamp() == sc_time(15, SC_NS));
        BOOST_TEST(second.read32(0x1010) == 0x11111111u);
        BOOST_TEST(first.read32(0x80000010) == 0x22222222u);
        BOOST_TEST(first.read32(0x4000) == 5u);
    });
    BOOST_TEST(low.bytes()[0x10] == 0x11);
    BOOST_TEST(high.bytes()[0x10] == 0x22);
    BOOST_TEST(bus.error_count() == 0u);
}

BOOST_FIXTURE_TEST_CASE(the_payload_keeps_its_address, Bench) {
    run([&] {
        uint32_t data = 0;
        tlm::tlm_generic_payload payload;
        payload.set_address(0x1004);
        payload.set_command(tlm::TLM_READ_COMMAND);
        payload.set_data_ptr(reinterpret_cast<unsigned char*>(&data));
        payload.set_data_length(4);
        payload.set_streaming_width(4);
        sc_time delay(4, SC_NS);
        first.socket->b_transport(payload, delay);
        BOOST_TEST(payload.get_address() == 0x1004u);
        BOOST_TEST(delay == sc_time(9, SC_NS));
        BOOST_TEST(first.socket->transport_dbg(payload) == 4u);
        BOOST_TEST(payload.get_address() == 0x1004u);
    });
}

BOOST_FIXTURE_TEST_CASE(errors_are_answered_and_told_in_words, Bench) {
    std::vector<std::string> told;
    bus.on_error([&](const BusError& e) { told.push_back(e.text); });
    run([&] {
        uint64_t data = 0;
        BOOST_TEST(first.read(0x3000, &data, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(last() ==
                   "bus error: read of 4 bytes at 0x3000 by host at 3 ns: nothing is mapped "
                   "there; nearest is device, 0x4000 to 0x40ff");
        BOOST_TEST(first.read(0xFFFFFFFF, &data, 1) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(last() ==
                   "bus error: read of 1 byte at 0xffffffff by host at 6 ns: nothing is "
                   "mapped there; nearest is high, 0x80000000 to 0x800000ff");
        BOOST_TEST(first.write(0x1FFC, &data, 8) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(last() ==
                   "bus error: write of 8 bytes at 0x1ffc by host at 9 ns: nothing is "
                   "mapped there; it leaves low, 0x1000 to 0x1fff");
        BOOST_TEST(first.write(0x4000, &data, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        BOOST_TEST(last() ==
                   "bus error: write of 4 bytes at 0x4000 by host at 13 ns: device does not "
                   "allow that (read-only or write-only)");
    });
    BOOST_TEST(bus.error_count() == 4u);
    BOOST_TEST(told.size() == 4u);
    const BusError& error = bus.last_errors().back();
    BOOST_TEST(error.address == 0x4000u);
    BOOST_TEST(error.bytes == 4u);
    BOOST_TEST((error.command == tlm::TLM_WRITE_COMMAND));
    BOOST_TEST(error.time == sc_time(13, SC_NS));
    BOOST_TEST((error.response == tlm::TLM_COMMAND_ERROR_RESPONSE));
}

BOOST_FIXTURE_TEST_CASE(accesses_are_told_when_they_are_over, Bench) {
    std::vector<std::string> told;
    bus.on_access([&](const BusAccess& a) {
        std::ostringstream text;
        text << (a.command == tlm::TLM_WRITE_COMMAND ? "write " : "read ") << std::hex << a.address
             << ' ' << a.data.size() << ' ' << unsigned{a.data[0]} << ' ' << name_of(a.master)
             << " at " << a.time << (a.response == tlm::TLM_OK_RESPONSE ? "" : ", refused");
        told.push_back(text.str());
    });
    size_t others = 0;
    bus.on_access([&](const BusAccess&) { ++others; });
    run([&] {
        first.write32(0x1010, 0x11);
        second.read32(0x4000);
        const uint32_t six = 6;
        BOOST_TEST(first.write(0x4000, &six, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    });
    const std::vector<std::string> expected = {"write 1010 4 11 host at 5 ns",
                                               "read 4000 4 5 host at 9 ns",
                                               "write 4000 4 6 host at 13 ns, refused"};
    BOOST_TEST(told == expected, boost::test_tools::per_element());
    BOOST_TEST(others == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_filter_delays_changes_and_refuses, Bench) {
    struct Filter : BusFilter {
        bool request(tlm::tlm_generic_payload& payload, sc_time& delay) override {
            delay += sc_time(100, SC_NS);
            if (payload.is_write()) payload.get_data_ptr()[0] ^= 1;
            return payload.get_address() != 0x1020;
        }
        void response(tlm::tlm_generic_payload& payload, uint64_t address) override {
            if (payload.is_read() && address == 0x80000010) payload.get_data_ptr()[1] ^= 2;
        }
    } filter;
    bus.set_filter(&filter);
    run([&] {
        first.write32(0x80000010, 0x10);
        BOOST_TEST(sc_core::sc_time_stamp() == sc_time(110, SC_NS));
        BOOST_TEST(high.bytes()[0x10] == 0x11);
        BOOST_TEST(first.read32(0x80000010) == 0x211u);
        const uint32_t value = 6;
        BOOST_TEST(first.write(0x1020, &value, 4) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        BOOST_TEST(low.bytes()[0x20] == 0);
        BOOST_TEST(last().find("an injected fault") != std::string::npos, last());
        uint32_t word = 0;
        BOOST_TEST(first.read(0x1020, &word, 4) == tlm::TLM_GENERIC_ERROR_RESPONSE);
        BOOST_TEST(bus.error_count() == 2u);
        bus.set_filter(nullptr);
        BOOST_TEST(first.read32(0x80000010) == 0x11u);
    });
}

BOOST_FIXTURE_TEST_CASE(errors_name_the_master, Bench) {
    run([&] {
        TrafficExtension traffic;
        traffic.master = Master::dma;
        uint32_t data = 0;
        tlm::tlm_generic_payload payload;
        payload.set_extension(&traffic);
        payload.set_address(0);
        payload.set_data_ptr(reinterpret_cast<unsigned char*>(&data));
        payload.set_data_length(4);
        sc_time delay;
        first.socket->b_transport(payload, delay);
        BOOST_TEST(bus.last_errors().back().master == "dma");
        payload.clear_extension(&traffic);
        for (int i = 0; i < 20; ++i) first.socket->b_transport(payload, delay);
    });
    BOOST_TEST(bus.last_errors().size() == 16u);
    BOOST_TEST(bus.error_count() == 21u);
}

BOOST_FIXTURE_TEST_CASE(debug_accesses_are_routed, Bench) {
    // The sockets of a bus are bound at elaboration.
    run([&] {
        uint32_t value = 0xAABBCCDD;
        BOOST_TEST(first.debug_write(0x80000000, &value, 4) == 4u);
        BOOST_TEST(high.bytes()[3] == 0xAA);
        value = 0;
        BOOST_TEST(second.debug_read(0x80000000, &value, 4) == 4u);
        BOOST_TEST(value == 0xAABBCCDDu);
        BOOST_TEST(first.debug_read(0, &value, 4) == 0u);
    });
    BOOST_TEST(bus.error_count() == 0u);
}

BOOST_FIXTURE_TEST_CASE(direct_pointers_are_translated_and_clipped, Bench) {
    run([&] {
        tlm::tlm_generic_payload payload;
        tlm::tlm_dmi dmi;
        payload.set_address(0x1800);
        BOOST_TEST(first.socket->get_direct_mem_ptr(payload, dmi));
        BOOST_TEST(dmi.get_start_address() == 0x1000u);
        BOOST_TEST(dmi.get_end_address() == 0x1FFFu);
        BOOST_TEST(dmi.get_dmi_ptr() == low.bytes().data());
        payload.set_address(0x80000000);
        BOOST_TEST(first.socket->get_direct_mem_ptr(payload, dmi));
        BOOST_TEST(dmi.get_end_address() == 0x800000FFu);
        payload.set_address(0x4000);
        BOOST_TEST(!first.socket->get_direct_mem_ptr(payload, dmi));
        payload.set_address(0x9000);
        BOOST_TEST(!first.socket->get_direct_mem_ptr(payload, dmi));

        first.write32(0x80000004, 1);
        // Only a part of the memory is behind the window: the rest is not told.
        low.socket->invalidate_direct_mem_ptr(0x800, 0x1800);
        low.socket->invalidate_direct_mem_ptr(0x1800, 0x1900);
    });
    BOOST_REQUIRE_EQUAL(second.invalidated.size(), 2u);
    BOOST_TEST(second.invalidated[0].first == 0x80000004u);
    BOOST_TEST(second.invalidated[0].second == 0x80000007u);
    BOOST_TEST(second.invalidated[1].first == 0x1800u);
    BOOST_TEST(second.invalidated[1].second == 0x1FFFu);
}

BOOST_FIXTURE_TEST_CASE(windows_must_not_overlap, Bench) {
    Memory more{"more", 16, sc_core::SC_ZERO_TIME};
    BOOST_CHECK_THROW(bus.map("more", 0x1FFF, 16, more.socket), std::invalid_argument);
    BOOST_CHECK_THROW(bus.map("more", 0xFF1, 16, more.socket), std::invalid_argument);
    BOOST_CHECK_THROW(bus.map("more", 0x9000, 0, more.socket), std::invalid_argument);
    BOOST_CHECK_THROW(bus.map("more", UINT64_MAX, 2, more.socket), std::invalid_argument);
    bus.map("more", 0xFF0, 16, more.socket);
}

BOOST_AUTO_TEST_SUITE_END()
