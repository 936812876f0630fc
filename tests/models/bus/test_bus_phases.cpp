// The non-blocking interface under random back-pressure: masters and targets answer in every way
// that the base protocol allows; every hop is checked.
#include <deque>
#include <random>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include "models/bus/bus.h"
#include "tests/support/protocol_checker.h"
#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;
using tlm::tlm_sync_enum;

namespace {

sc_time random_time(std::mt19937& random) {
    return sc_time(random() % 20, SC_NS);
}

void wait_until(sc_time time) {
    if (time > sc_core::sc_time_stamp()) sc_core::wait(time - sc_core::sc_time_stamp());
}

class Target : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<Target> socket{"socket"};
    unsigned requests = 0;

    Target(sc_core::sc_module_name name, unsigned seed) : sc_module(name), random_(seed) {
        socket.register_nb_transport_fw(this, &Target::fw);
        SC_HAS_PROCESS(Target);
        SC_THREAD(answer);
    }

private:
    struct Action {
        tlm_generic_payload* payload;
        tlm_phase phase;
        sc_time earliest;
    };

    tlm_sync_enum fw(tlm_generic_payload& payload, tlm_phase& phase, sc_time& delay) {
        if (phase == tlm::END_RESP) {
            response_ = nullptr;
            changed_.notify(sc_core::SC_ZERO_TIME);
            return tlm::TLM_COMPLETED;
        }
        const sc_time arrival = sc_core::sc_time_stamp() + delay;
        ++requests;
        execute(payload);
        switch (random_() % 5) {
            case 0:
                if (!response_) {
                    delay += random_time(random_);
                    return tlm::TLM_COMPLETED;
                }
                [[fallthrough]];
            case 1:
                if (!response_) {
                    response_ = &payload;
                    phase = tlm::BEGIN_RESP;
                    delay += random_time(random_);
                    return tlm::TLM_UPDATED;
                }
                [[fallthrough]];
            case 2:
                do_later({&payload, tlm::BEGIN_RESP, arrival});
                phase = tlm::END_REQ;
                return tlm::TLM_UPDATED;
            case 3:
                do_later({&payload, tlm::END_REQ, arrival});
                [[fallthrough]];
            default:
                do_later({&payload, tlm::BEGIN_RESP, arrival});
                return tlm::TLM_ACCEPTED;
        }
    }
    void execute(tlm_generic_payload& payload) {
        BOOST_TEST(payload.get_address() + 4 <= sizeof memory_);
        auto* here = memory_ + payload.get_address();
        if (payload.is_write())
            std::copy_n(payload.get_data_ptr(), 4, here);
        else
            std::copy_n(here, 4, payload.get_data_ptr());
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    void do_later(Action action) {
        actions_.push_back(action);
        changed_.notify(sc_core::SC_ZERO_TIME);
    }
    void answer() {
        while (true) {
            while (actions_.empty()) wait(changed_);
            Action action = actions_.front();
            actions_.pop_front();
            wait(random_time(random_));
            wait_until(action.earliest);
            while (action.phase == tlm::BEGIN_RESP && response_) wait(changed_);
            if (action.phase == tlm::BEGIN_RESP) response_ = action.payload;
            sc_time delay = random_time(random_);
            const bool is_response = action.phase == tlm::BEGIN_RESP;
            if (!is_response) delay = sc_core::SC_ZERO_TIME;
            const auto status = socket->nb_transport_bw(*action.payload, action.phase, delay);
            if (is_response && status != tlm::TLM_ACCEPTED) response_ = nullptr;
        }
    }

    std::mt19937 random_;
    unsigned char memory_[0x1000] = {};
    tlm_generic_payload* response_ = nullptr;
    std::deque<Action> actions_;
    sc_core::sc_event changed_;
};

class Master : public sc_core::sc_module, tlm::tlm_mm_interface {
public:
    tlm_utils::simple_initiator_socket<Master> socket{"socket"};
    unsigned completed = 0;
    int payloads = 0;
    std::vector<uint64_t> failures;

    Master(sc_core::sc_module_name name, unsigned seed) : sc_module(name), random_(seed) {
        socket.register_nb_transport_bw(this, &Master::bw);
        SC_HAS_PROCESS(Master);
        SC_THREAD(end_responses);
    }
    /// Writes, and then reads back, one word at each address; any number is under way at once.
    void exercise(const std::vector<uint64_t>& addresses) {
        std::vector<uint32_t> data(addresses.size()), back(addresses.size());
        for (auto& d : data) d = random_();
        for (size_t i = 0; i < data.size(); ++i)
            begin(tlm::TLM_WRITE_COMMAND, addresses[i], &data[i]);
        while (payloads != 0) wait(changed_);
        for (size_t i = 0; i < data.size(); ++i)
            begin(tlm::TLM_READ_COMMAND, addresses[i], &back[i]);
        while (payloads != 0) wait(changed_);
        BOOST_TEST(data == back, boost::test_tools::per_element());
    }
    void begin(tlm::tlm_command command, uint64_t address, uint32_t* data) {
        auto& payload = *new tlm_generic_payload(this);
        ++payloads;
        payload.acquire();
        payload.set_command(command);
        payload.set_address(address);
        payload.set_data_ptr(reinterpret_cast<unsigned char*>(data));
        payload.set_data_length(4);
        payload.set_streaming_width(4);
        request_ = &payload;
        tlm_phase phase = tlm::BEGIN_REQ;
        sc_time delay = random_time(random_);
        const auto status = socket->nb_transport_fw(payload, phase, delay);
        if (status == tlm::TLM_COMPLETED) {
            request_ = nullptr;
            complete(payload);
        } else if (status == tlm::TLM_UPDATED) {
            request_ = nullptr;
            if (phase == tlm::BEGIN_RESP) end_later(payload, delay);
        }
        changed_.notify(sc_core::SC_ZERO_TIME);
        wait(random_time(random_));
        while (request_) wait(changed_);
    }

private:
    tlm_sync_enum bw(tlm_generic_payload& payload, tlm_phase& phase, sc_time& delay) {
        changed_.notify(sc_core::SC_ZERO_TIME);
        if (request_ == &payload) request_ = nullptr;
        if (phase == tlm::END_REQ) return tlm::TLM_ACCEPTED;
        switch (random_() % 3) {
            case 0:
                complete(payload);
                return tlm::TLM_COMPLETED;
            case 1:
                phase = tlm::END_RESP;
                complete(payload);
                return tlm::TLM_UPDATED;
            default:
                end_later(payload, delay);
                return tlm::TLM_ACCEPTED;
        }
    }
    void end_later(tlm_generic_payload& payload, sc_time delay) {
        to_end_.push_back({&payload, sc_core::sc_time_stamp() + delay});
    }
    void end_responses() {
        while (true) {
            while (to_end_.empty()) wait(changed_);
            wait(random_time(random_));
            wait_until(to_end_.front().second);
            tlm_generic_payload& payload = *to_end_.front().first;
            to_end_.pop_front();
            tlm_phase phase = tlm::END_RESP;
            sc_time delay;
            socket->nb_transport_fw(payload, phase, delay);
            complete(payload);
            changed_.notify(sc_core::SC_ZERO_TIME);
        }
    }
    void complete(tlm_generic_payload& payload) {
        ++completed;
        if (!payload.is_response_ok()) failures.push_back(payload.get_address());
        payload.release();
    }
    void free(tlm_generic_payload* payload) override {
        --payloads;
        delete payload;
        changed_.notify(sc_core::SC_ZERO_TIME);
    }

    std::mt19937 random_;
    tlm_generic_payload* request_ = nullptr;
    std::deque<std::pair<tlm_generic_payload*, sc_time>> to_end_;
    sc_core::sc_event changed_;
};

struct Bench : Simulation {
    Bus bus{"bus", sc_time(3, SC_NS)};
    Target low{"low", 1}, high{"high", 2};
    Master first{"first", 3}, second{"second", 4};
    ProtocolChecker at_first{"at_first", ProtocolChecker::Downstream::interconnect};
    ProtocolChecker at_second{"at_second", ProtocolChecker::Downstream::interconnect};
    ProtocolChecker at_low{"at_low"}, at_high{"at_high"};

    Bench() {
        first.socket.bind(at_first.target);
        second.socket.bind(at_second.target);
        at_first.initiator.bind(bus.initiators);
        at_second.initiator.bind(bus.initiators);
        bus.map("low", 0x10000, 0x1000, at_low.target);
        bus.map("high", 0x20000, 0x1000, at_high.target);
        at_low.initiator.bind(low.socket);
        at_high.initiator.bind(high.socket);
    }
    ~Bench() {
        for (const ProtocolChecker* checker : {&at_first, &at_second, &at_low, &at_high})
            BOOST_TEST(checker->violations() == "");
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(bus_non_blocking)

BOOST_FIXTURE_TEST_CASE(keeps_the_base_protocol_under_back_pressure, Bench) {
    std::mt19937 random(5);
    std::vector<uint64_t> addresses[2];
    for (uint64_t i = 0; i < 1000; ++i)
        for (uint64_t m = 0; m < 2; ++m)
            addresses[m].push_back((random() % 2 ? 0x10000 : 0x20000) +
                                   (m * 0x800 + 4 * (i % 0x200)));
    // An address is used once per master and target, so that order does not matter.
    for (auto& a : addresses) {
        std::sort(a.begin(), a.end());
        a.erase(std::unique(a.begin(), a.end()), a.end());
        std::shuffle(a.begin(), a.end(), random);
    }
    spawn([&] { first.exercise(addresses[0]); });
    run([&] { second.exercise(addresses[1]); });
    BOOST_TEST(first.completed == 2 * addresses[0].size());
    BOOST_TEST(second.completed == 2 * addresses[1].size());
    BOOST_TEST(low.requests + high.requests == first.completed + second.completed);
    BOOST_TEST(at_first.transactions() == first.completed);
    BOOST_TEST(at_low.transactions() == low.requests);
    BOOST_TEST(low.requests > 500u);
    BOOST_TEST(high.requests > 500u);
    BOOST_TEST(first.failures.empty());
    BOOST_TEST(second.failures.empty());
    BOOST_TEST(first.payloads == 0);
    BOOST_TEST(second.payloads == 0);
    BOOST_TEST(bus.error_count() == 0u);
}

BOOST_FIXTURE_TEST_CASE(unmapped_requests_complete_with_an_error, Bench) {
    run([&] {
        uint32_t data = 0;
        first.begin(tlm::TLM_READ_COMMAND, 0x30000, &data);
        first.begin(tlm::TLM_READ_COMMAND, 0x10FFD, &data);
    });
    BOOST_TEST(first.failures == (std::vector<uint64_t>{0x30000, 0x10FFD}),
               boost::test_tools::per_element());
    BOOST_TEST(bus.error_count() == 2u);
    BOOST_TEST(first.payloads == 0);
}

BOOST_FIXTURE_TEST_CASE(errors_wait_for_the_response_before, Bench) {
    std::mt19937 random(6);
    unsigned unmapped = 0;
    run([&] {
        uint32_t data = 0;
        for (int i = 0; i < 500; ++i) {
            const bool is_mapped = random() % 2;
            unmapped += !is_mapped;
            first.begin(tlm::TLM_READ_COMMAND, is_mapped ? 0x10000 : 0x30000, &data);
        }
    });
    BOOST_TEST(first.completed == 500u);
    BOOST_TEST(first.failures.size() == unmapped);
    BOOST_TEST(first.payloads == 0);
}

BOOST_AUTO_TEST_SUITE_END()
