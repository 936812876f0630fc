// The non-blocking way in: phases, back-pressure, order, errors.
#include <random>

#include "models/ddr_checker/command_checker.h"
#include "tests/models/ddr/at_master.h"
#include "tests/models/ddr/memory.h"
#include "tests/support/protocol_checker.h"

namespace karhunen {

namespace {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

struct Bench : Simulation {
    Memory memory;
    DdrController& ddr = memory.ddr;
    AtMaster master{"master"};
    ProtocolChecker protocol{"protocol"};
    ddr::CommandChecker checker{ddr::CheckedDevice::find("ddr3-1600-4gb-x16")};

    Bench() {
        master.socket.bind(protocol.target);
        protocol.initiator.bind(ddr.socket);
        ddr.on_command([this](const ddr::CommandRecord& c) { checker.add(c); });
    }
    ~Bench() {
        BOOST_TEST(protocol.violations() == "");
        BOOST_TEST(protocol.transactions() == master.transfers.size());
        BOOST_TEST(checker.violations() == "");
        BOOST_TEST(ddr.statistics().violation() == "");
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(base_protocol)

BOOST_FIXTURE_TEST_CASE(idle_latency, Bench) {
    run([&] {
        auto& t = master.send(tlm::TLM_READ_COMMAND, 0, std::vector<uint8_t>(16));
        master.wait_for_all();
        BOOST_TEST(t.accepted == t.begun);
        BOOST_TEST(t.answered - t.begun == sc_time(27 * 1.25, sc_core::SC_NS));
        BOOST_TEST(t.payload.get_response_status() == tlm::TLM_OK_RESPONSE);
        // An annotated delay counts from the call.
        auto& late = master.send(tlm::TLM_READ_COMMAND, 16384, std::vector<uint8_t>(16), {},
                                 sc_time(125, sc_core::SC_NS));
        master.wait_for_all();
        BOOST_TEST(late.answered - late.begun == sc_time(125 + 38 * 1.25, sc_core::SC_NS),
                   late.answered - late.begun);
    });
}

BOOST_FIXTURE_TEST_CASE(end_req_is_withheld_while_the_queue_is_full, Bench) {
    run([&] {
        for (uint64_t i = 0; i < 200; ++i)
            master.send(tlm::TLM_READ_COMMAND, i * 16384, std::vector<uint8_t>(16));
        master.wait_for_all();
        // 32 in the queue, and those whose data is on its way.
        BOOST_TEST(master.most_in_flight >= 32u);
        BOOST_TEST(master.most_in_flight <= 33u);
        for (size_t i = 0; i < 200; ++i) {
            const auto& t = *master.transfers[i];
            BOOST_TEST((t.accepted == t.begun) == (i < 32), i);
        }
    });
}

BOOST_FIXTURE_TEST_CASE(responses_come_one_at_a_time_and_in_order, Bench) {
    for (const bool at_once : {false, true}) {
        spawn([&, at_once] {
            if (at_once) sc_core::wait(1, sc_core::SC_MS);
            master.complete_at_once = at_once;
            master.response_time = sc_time(100, sc_core::SC_NS);
            std::mt19937 random(1);
            for (int i = 0; i < 300; ++i)
                master.send(random() % 2 ? tlm::TLM_READ_COMMAND : tlm::TLM_WRITE_COMMAND,
                            random() % 100'000, std::vector<uint8_t>(1 + random() % 300));
            master.wait_for_all();
        });
    }
    sc_core::sc_start(10, sc_core::SC_MS);
    BOOST_TEST(master.order.size() == 600u);
    BOOST_TEST(std::is_sorted(master.order.begin(), master.order.end()));
}

BOOST_FIXTURE_TEST_CASE(channels_of_a_master_do_not_wait_for_each_other, Bench) {
    run([&] {
        TrafficExtension first, second;
        second.channel = 1;
        // A long run of writes stays behind reads; a read of another channel is answered before.
        for (uint64_t i = 0; i < 20; ++i)
            master.send(tlm::TLM_READ_COMMAND, i * 16384, std::vector<uint8_t>(16), first);
        master.send(tlm::TLM_READ_COMMAND, 2048, std::vector<uint8_t>(16), second);
        master.wait_for_all();
        BOOST_TEST(master.order[0] == 0u);
        BOOST_TEST(master.order[1] == 20u);
    });
}

BOOST_FIXTURE_TEST_CASE(same_data_by_all_three_ways, Bench) {
    Initiator blocking{"blocking"};
    ProtocolChecker blocking_protocol{"blocking_protocol"};
    blocking.socket.bind(blocking_protocol.target);
    blocking_protocol.initiator.bind(ddr.socket);
    run([&] {
        std::mt19937 random(2);
        constexpr unsigned span = 5000;
        std::vector<uint8_t> expected(span);
        for (int i = 0; i < 600; ++i) {
            const unsigned address = random() % span;
            const unsigned bytes = 1 + random() % (span - address);
            std::vector<uint8_t> data(bytes);
            for (auto& d : data) d = static_cast<uint8_t>(random());
            const bool write = random() % 2;
            if (write) std::copy(data.begin(), data.end(), expected.begin() + address);
            const unsigned way = random() % 3;
            if (way == 0) {
                auto& t = master.send(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND,
                                      address, data);
                while (t.phase != AtMaster::Transfer::done) sc_core::wait(10, sc_core::SC_NS);
                data = t.data;
            } else if (way == 1) {
                const auto status = write ? blocking.write(address, data.data(), bytes)
                                          : blocking.read(address, data.data(), bytes);
                BOOST_TEST(status == tlm::TLM_OK_RESPONSE);
            } else {
                BOOST_TEST((write ? blocking.debug_write(address, data.data(), bytes)
                                  : blocking.debug_read(address, data.data(), bytes)) == bytes);
            }
            BOOST_TEST((write || std::equal(data.begin(), data.end(), expected.begin() + address)),
                       "access " << i << ", way " << way);
        }
    });
    BOOST_TEST(blocking_protocol.violations() == "");
    BOOST_TEST(blocking_protocol.blocking_transactions() > 100u);
}

BOOST_FIXTURE_TEST_CASE(a_loosely_timed_read_comes_after_a_pending_write, Bench) {
    Initiator blocking{"blocking"};
    blocking.socket.bind(ddr.socket);
    TrafficExtension dma;
    dma.master = Master::dma;
    run([&] {
        auto& write =
            master.send(tlm::TLM_WRITE_COMMAND, 1000, std::vector<uint8_t>(4096, 42), dma);
        uint8_t data = 0;
        blocking.read(1 << 20, &data, 1);  // elsewhere: not behind it
        BOOST_TEST((write.phase == AtMaster::Transfer::waiting));
        BOOST_TEST(data == 0);
        blocking.read(1000 + 4095, &data, 1);
        BOOST_TEST(data == 42);
        BOOST_TEST(sc_time_stamp() > sc_time(256 * 4 * 1.25, sc_core::SC_NS));
        master.wait_for_all();
    });
}

BOOST_FIXTURE_TEST_CASE(errors_end_at_once, Bench) {
    run([&] {
        auto& outside =
            master.send(tlm::TLM_READ_COMMAND, (512u << 20) - 8, std::vector<uint8_t>(16));
        BOOST_TEST(outside.payload.get_response_status() == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        auto& ignore = master.send(tlm::TLM_IGNORE_COMMAND, 0, std::vector<uint8_t>(16));
        BOOST_TEST(ignore.payload.get_response_status() == tlm::TLM_COMMAND_ERROR_RESPONSE);
        BOOST_TEST(sc_time_stamp() == sc_core::SC_ZERO_TIME);
    });
}

BOOST_FIXTURE_TEST_CASE(errors_wait_for_the_response_before, Bench) {
    run([&] {
        master.response_time = sc_time(100, sc_core::SC_NS);
        master.send(tlm::TLM_READ_COMMAND, 0, std::vector<uint8_t>(16));
        while (master.order.empty()) sc_core::wait(10, sc_core::SC_NS);
        auto& outside = master.send(tlm::TLM_READ_COMMAND, 512u << 20, std::vector<uint8_t>(16));
        auto& late = master.send(tlm::TLM_READ_COMMAND, 512u << 20, std::vector<uint8_t>(16), {},
                                 sc_time(7, sc_core::SC_NS));
        master.wait_for_all();
        BOOST_TEST(outside.payload.get_response_status() == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(late.payload.get_response_status() == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        const auto& first = *master.transfers[0];
        BOOST_TEST(first.payload.is_response_ok());
        BOOST_TEST(outside.answered == first.answered + master.response_time);
        BOOST_TEST(late.answered == outside.answered + master.response_time);
    });
}

BOOST_FIXTURE_TEST_CASE(phases_of_others_are_ignored, Bench) {
    TLM_DECLARE_EXTENDED_PHASE(of_others);
    run([&] {
        auto& t = master.send(tlm::TLM_READ_COMMAND, 0, std::vector<uint8_t>(16));
        tlm::tlm_phase phase = of_others;
        sc_time delay;
        BOOST_TEST(master.socket->nb_transport_fw(t.payload, phase, delay) == tlm::TLM_ACCEPTED);
        master.wait_for_all();
        BOOST_TEST(t.payload.is_response_ok());
    });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen
