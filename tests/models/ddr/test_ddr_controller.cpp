// The module through its sockets: time, contention, model `ideal`, registers, waveforms.
#include <filesystem>
#include <fstream>
#include <map>

#include <karhunen/registers.h>

#include "models/ddr_checker/command_checker.h"
#include "models/interfaces/traffic.h"
#include "tests/models/ddr/at_master.h"
#include "tests/models/ddr/memory.h"

namespace karhunen {

namespace {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

sc_time ns(double n) {
    return sc_time(n, sc_core::SC_NS);
}

/// A blocking master that says whose traffic it makes.
class NamedMaster : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<NamedMaster> socket{"socket"};
    TrafficExtension traffic;

    NamedMaster(sc_core::sc_module_name name, const TrafficExtension& t)
        : sc_module(name), traffic(t) {}

    sc_time access(tlm::tlm_command command, uint64_t address, std::vector<uint8_t>& data,
                   sc_time delay = sc_core::SC_ZERO_TIME) {
        tlm::tlm_generic_payload payload;
        payload.set_command(command);
        payload.set_address(address);
        payload.set_data_ptr(data.data());
        payload.set_data_length(static_cast<unsigned>(data.size()));
        payload.set_streaming_width(static_cast<unsigned>(data.size()));
        payload.set_extension(&traffic);
        const sc_time begin = sc_time_stamp();
        socket->b_transport(payload, delay);
        payload.clear_extension(&traffic);
        BOOST_TEST(payload.is_response_ok());
        sc_core::wait(delay);
        return sc_time_stamp() - begin;
    }
};

/// Time in which four channels, four blocks of 512 bytes in flight each, read and write 512 KiB.
sc_time time_of_contention(DdrController& ddr, Simulation& simulation) {
    std::vector<std::unique_ptr<NamedMaster>> masters;
    unsigned running = 0;
    for (uint8_t channel = 0; channel < 4; ++channel) {
        for (int flight = 0; flight < 4; ++flight) {
            TrafficExtension traffic;
            traffic.master = Master::dma;
            traffic.kind = TrafficKind::maps;
            traffic.channel = channel;
            traffic.tag = channel;
            masters.push_back(
                std::make_unique<NamedMaster>(sc_core::sc_gen_unique_name("master"), traffic));
            NamedMaster& m = *masters.back();
            m.socket.bind(ddr.socket);
            ++running;
            simulation.spawn([&m, &running, channel, flight] {
                std::vector<uint8_t> data(512);
                for (unsigned i = flight; i < 256; i += 4)
                    m.access(channel == 3 ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND,
                             channel << 20 | i * 512, data);
                if (--running == 0) sc_core::sc_stop();
            });
        }
    }
    sc_core::sc_start(1, sc_core::SC_SEC);
    BOOST_TEST(running == 0u);
    BOOST_TEST(ddr.statistics().violation() == "");
    return sc_time_stamp();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ddr_controller)

BOOST_FIXTURE_TEST_CASE(blocking_latency, Simulation) {
    Memory memory;
    DdrController& ddr = memory.ddr;
    NamedMaster master("master", {});
    master.socket.bind(ddr.socket);
    run([&] {
        std::vector<uint8_t> data(16);
        BOOST_TEST(master.access(tlm::TLM_READ_COMMAND, 0, data) == ns(27 * 1.25));
        BOOST_TEST(master.access(tlm::TLM_READ_COMMAND, 16, data) == ns(16 * 1.25));
        BOOST_TEST(master.access(tlm::TLM_READ_COMMAND, 16384, data, ns(1000)) ==
                   ns(1000 + 38 * 1.25));
        sc_core::wait(ns(0.5));  // between two edges: seen at the next
        const sc_time late = master.access(tlm::TLM_READ_COMMAND, 16384, data);
        BOOST_TEST(late == ns(0.75 + 16 * 1.25), late);
    });
}

BOOST_FIXTURE_TEST_CASE(half_the_clock_is_twice_the_time, Simulation) {
    DdrSettings slow = default_settings();
    slow.clock_mhz = 400;
    Memory memory(slow);
    DdrController& ddr = memory.ddr;
    NamedMaster master("master", {});
    master.socket.bind(ddr.socket);
    BOOST_TEST(ddr.peak_bytes_per_s() == 1.6e9);
    run([&] {
        std::vector<uint8_t> data(16), much(1 << 20);
        BOOST_TEST(master.access(tlm::TLM_READ_COMMAND, 0, data) == ns(27 * 2.5));
        const sc_time t = master.access(tlm::TLM_READ_COMMAND, 0, much);
        BOOST_TEST(much.size() / t.to_seconds() < 1.6e9);
        BOOST_TEST(much.size() / t.to_seconds() > 0.95 * 1.6e9);
    });
}

BOOST_FIXTURE_TEST_CASE(contention, Simulation) {
    Memory memory;
    DdrController& ddr = memory.ddr;
    ddr::CommandChecker checker(ddr::CheckedDevice::find("ddr3-1600-4gb-x16"));
    ddr.on_command([&](const ddr::CommandRecord& c) { checker.add(c); });
    const sc_time t = time_of_contention(ddr, *this);
    BOOST_TEST(checker.violations() == "");
    const double rate = (512 << 10) / t.to_seconds();
    BOOST_TEST(rate < ddr.peak_bytes_per_s());
    BOOST_TEST(rate > 0.75 * ddr.peak_bytes_per_s(), rate);
    const ddr::Statistics s = ddr.statistics();
    for (uint32_t tag = 0; tag < 4; ++tag) {
        const auto a = s.accounts.at({Master::dma, TrafficKind::maps, tag});
        BOOST_TEST(a.requests == 256u);
        BOOST_TEST((tag == 3 ? a.bytes_written : a.bytes_read) == 128u << 10);
        BOOST_TEST(s.busy_clocks_of_tag.at(tag) > 0);
        BOOST_TEST(s.busy_clocks_of_tag.at(tag) <= s.busy_clocks);
    }
    BOOST_TEST(ddr.activity().time_in(State::busy) == ddr.time_of(s.busy_clocks));
}

BOOST_FIXTURE_TEST_CASE(contention_at_half_the_clock, Simulation) {
    DdrSettings slow = default_settings();
    slow.clock_mhz = 400;
    Memory memory(slow);
    DdrController& ddr = memory.ddr;
    const sc_time t = time_of_contention(ddr, *this);
    static sc_time fast;
    {
        Simulation other;
        Memory full;
        fast = time_of_contention(full.ddr, other);
    }
    BOOST_TEST(t == 2 * fast);  // the same clocks
}

BOOST_FIXTURE_TEST_CASE(ideal_memory_takes_no_time, Simulation) {
    DdrSettings ideal = default_settings();
    ideal.model = "ideal";
    Memory memory(ideal);
    DdrController& ddr = memory.ddr;
    TrafficExtension traffic;
    traffic.master = Master::dma;
    traffic.kind = TrafficKind::weights;
    traffic.tag = 7;
    NamedMaster master("master", traffic);
    master.socket.bind(ddr.socket);
    run([&] {
        std::vector<uint8_t> written(100'000, 42), read(100'000);
        BOOST_TEST(master.access(tlm::TLM_WRITE_COMMAND, 5, written) == sc_core::SC_ZERO_TIME);
        BOOST_TEST(master.access(tlm::TLM_READ_COMMAND, 5, read) == sc_core::SC_ZERO_TIME);
        BOOST_TEST((read == written));
    });
    const ddr::Statistics s = ddr.statistics();
    const auto& a = s.accounts.at({Master::dma, TrafficKind::weights, 7});
    BOOST_TEST(a.bytes_read == 100'000u);
    BOOST_TEST(a.bytes_written == 100'000u);
    BOOST_TEST(a.read_bursts == 6251u);  // bytes 5 to 100'004
    BOOST_TEST(s.violation() == "");
}

BOOST_FIXTURE_TEST_CASE(errors, Simulation) {
    DdrSettings small = default_settings();
    small.size_bytes = 1 << 20;
    Memory memory(small);
    DdrController& ddr = memory.ddr;
    Initiator master("master");
    master.socket.bind(ddr.socket);
    run([&] {
        uint8_t data[16] = {};
        BOOST_TEST(master.read((1 << 20) - 16, data, 16) == tlm::TLM_OK_RESPONSE);
        BOOST_TEST(master.read((1 << 20) - 15, data, 16) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.write(1 << 20, data, 1) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.read(~uint64_t{0}, data, 16) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.debug_read((1 << 20) - 15, data, 16) == 15u);
        BOOST_TEST(master.debug_read(1 << 20, data, 16) == 0u);
        tlm::tlm_generic_payload payload;
        sc_time delay;
        uint8_t enable = 0xFF;
        payload.set_read();
        payload.set_data_ptr(data);
        payload.set_data_length(16);
        payload.set_streaming_width(16);
        payload.set_byte_enable_ptr(&enable);
        payload.set_byte_enable_length(1);
        master.socket->b_transport(payload, delay);
        BOOST_TEST(payload.get_response_status() == tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        payload.set_byte_enable_ptr(nullptr);
        payload.set_streaming_width(8);
        master.socket->b_transport(payload, delay);
        BOOST_TEST(payload.get_response_status() == tlm::TLM_BURST_ERROR_RESPONSE);
        tlm::tlm_dmi dmi;
        payload.set_dmi_allowed(true);
        BOOST_TEST(!master.socket->get_direct_mem_ptr(payload, dmi));
        BOOST_TEST(!payload.is_dmi_allowed());
    });
}

BOOST_FIXTURE_TEST_CASE(settings_that_fit_nothing, Simulation) {
    DdrSettings wrong = default_settings();
    wrong.model = "perfect";
    BOOST_CHECK_THROW(DdrController("a", wrong), std::invalid_argument);
    wrong = default_settings();
    wrong.size_bytes = 1ull << 30;
    BOOST_CHECK_THROW(DdrController("b", wrong), std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(registers, Simulation) {
    Memory memory;
    DdrController& ddr = memory.ddr;
    NamedMaster traffic("traffic", {});
    traffic.socket.bind(ddr.socket);
    Initiator& master = memory.control;
    run([&] {
        BOOST_TEST(master.read32(KRHN_ID) == 0x4B000101u);
        BOOST_TEST(master.read32(KRHN_DDR_SIZE_MIB) == 512u);
        BOOST_TEST(master.read32(KRHN_DDR_CLOCK_KHZ) == 800'000u);
        BOOST_TEST(master.read32(KRHN_STATUS) == 0u);
        std::vector<uint8_t> data(10'000);
        traffic.access(tlm::TLM_WRITE_COMMAND, 0, data);
        traffic.access(tlm::TLM_READ_COMMAND, 0, data);
        traffic.access(tlm::TLM_READ_COMMAND, 0, data);
        BOOST_TEST(master.read32(KRHN_DDR_READ_KIB) == 19u);
        BOOST_TEST(master.read32(KRHN_DDR_WRITTEN_KIB) == 9u);
        const uint32_t word = 1;
        BOOST_TEST(master.write(KRHN_DDR_SIZE_MIB, &word, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    });
}

BOOST_FIXTURE_TEST_CASE(host_sees_the_storage, Simulation) {
    Memory memory;
    DdrController& ddr = memory.ddr;
    NamedMaster master("master", {});
    master.socket.bind(ddr.socket);
    BOOST_TEST(ddr.storage().size() == 512u << 20);
    BOOST_TEST(ddr.storage()[(512u << 20) - 1] == 0);
    ddr.storage()[1000] = 77;
    run([&] {
        std::vector<uint8_t> data(1);
        master.access(tlm::TLM_READ_COMMAND, 1000, data);
        BOOST_TEST(data[0] == 77);
    });
}

BOOST_FIXTURE_TEST_CASE(waveform_shows_banks_and_queues, Simulation) {
    const auto file = std::filesystem::temp_directory_path() / "karhunen_test_ddr";
    std::map<std::string, unsigned> changes;  // by name
    {
        Memory memory;
        DdrController& ddr = memory.ddr;
        AtMaster master("master");
        master.socket.bind(ddr.socket);
        sc_core::sc_trace_file* const trace = sc_core::sc_create_vcd_trace_file(file.c_str());
        trace->set_time_unit(1, sc_core::SC_PS);
        expect_report("");  // SystemC reports the time unit
        ddr.trace(trace);
        run([&] {
            for (uint64_t i = 0; i < 20; ++i) {
                master.send(tlm::TLM_READ_COMMAND, i * 16384 + i % 2 * 2048,
                            std::vector<uint8_t>(64));
                master.wait_for_all();
            }
        });
        sc_core::sc_close_vcd_trace_file(trace);
    }
    std::ifstream vcd(file.string() + ".vcd");
    std::map<std::string, std::string> names;
    std::string scope;
    for (std::string line; std::getline(vcd, line);) {
        std::istringstream words(line);
        std::string first, type, width, id, name;
        words >> first;
        if (first == "$scope" && words >> type >> scope) continue;
        if (first == "$var" && words >> type >> width >> id >> name)
            names[id] = scope + '.' + name.substr(0, name.find('['));
        if (first[0] == 'b' && words >> id) ++changes[names[id]];
    }
    std::filesystem::remove(file.string() + ".vcd");
    // Ten accesses each to banks 0 and 1, every one with PRE, ACT and RD but for the first.
    BOOST_TEST(changes["bank0.command"] >= 29u);
    BOOST_TEST(changes["bank1.row"] == 11u);
    BOOST_TEST(changes["bank2.row"] == 1u);
    BOOST_TEST(changes["ddr.read_queue"] == 40u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen
