// A memory for tests of bus masters. It answers in every way that the TLM-2.0 base protocol allows,
// at random times, out of order.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include <tlm_utils/simple_target_socket.h>
#include <boost/test/unit_test.hpp>
#include <systemc>
#include <tlm>

#include "models/interfaces/traffic.h"

namespace karhunen {

enum class Answer {
    blocking,  ///< b_transport only, behind the socket's own conversion
    fixed,     ///< accepted at once, the response after `latency`
    at_once,   ///< completed at once, with `latency` as annotated delay
    random     ///< any legal sequence of phases and paths
};

inline std::ostream& operator<<(std::ostream& out, Answer a) {
    constexpr const char* names[] = {"blocking", "fixed", "at_once", "random"};
    return out << names[static_cast<int>(a)];
}

class TestMemory : public sc_core::sc_module {
public:
    static constexpr uint64_t base = 0x80000000;

    struct Access {
        uint64_t address;
        uint32_t bytes;
        bool is_write;
        TrafficExtension traffic;
    };

    tlm_utils::simple_target_socket<TestMemory> socket{"socket"};
    std::vector<uint8_t> bytes;
    std::vector<Access> log;
    sc_core::sc_time latency{100, sc_core::SC_NS};
    std::map<uint8_t, unsigned> in_flight, most_in_flight;  ///< by channel

    TestMemory(sc_core::sc_module_name name, Answer answer, uint32_t seed)
        : sc_module(name), bytes(1 << 20), answer_(answer), random_(seed) {
        socket.register_b_transport(this, &TestMemory::b_transport);
        if (answer != Answer::blocking)
            socket.register_nb_transport_fw(this, &TestMemory::nb_transport_fw);
        for (uint8_t& b : bytes) b = static_cast<uint8_t>(random_());
    }

    uint8_t* at(uint64_t address) { return &bytes.at(address - base); }
    template <typename T>
    void put(uint64_t address, const T& value) {
        std::memcpy(at(address), &value, sizeof value);
    }

private:
    uint32_t below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
    bool is_exact() const { return answer_ == Answer::fixed || answer_ == Answer::at_once; }
    sc_core::sc_time some_time() { return sc_core::sc_time(below(60), sc_core::SC_NS); }

    void perform(tlm::tlm_generic_payload& p) {
        const auto* traffic = p.get_extension<TrafficExtension>();
        const uint64_t a = p.get_address();
        const uint32_t n = p.get_data_length();
        log.push_back({a, n, p.is_write(), traffic ? *traffic : TrafficExtension{}});
        if (a < base || a + n > base + bytes.size()) {
            p.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
            return;
        }
        if (p.is_read())
            std::memcpy(p.get_data_ptr(), at(a), n);
        else
            std::memcpy(at(a), p.get_data_ptr(), n);
        p.set_response_status(tlm::TLM_OK_RESPONSE);
    }

    void b_transport(tlm::tlm_generic_payload& p, sc_core::sc_time& delay) {
        perform(p);
        delay += is_exact() ? latency : some_time();
    }

    void begin(tlm::tlm_generic_payload& p) {
        p.acquire();
        const uint8_t channel = p.get_extension<TrafficExtension>()->channel;
        most_in_flight[channel] = std::max(most_in_flight[channel], ++in_flight[channel]);
    }
    void end(tlm::tlm_generic_payload& p) {
        --in_flight[p.get_extension<TrafficExtension>()->channel];
    }

    /// The rest of a transaction by the backward path.
    void answer_later(tlm::tlm_generic_payload& p, bool owes_end_request, sc_core::sc_time time) {
        sc_core::sc_spawn([this, &p, owes_end_request, time]() mutable {
            if (owes_end_request && below(2)) {
                sc_core::wait(some_time());
                owes_end_request = false;
                tlm::tlm_phase phase = tlm::END_REQ;
                sc_core::sc_time delay;
                BOOST_TEST(socket->nb_transport_bw(p, phase, delay) == tlm::TLM_ACCEPTED);
            }
            sc_core::wait(time);
            perform(p);
            tlm::tlm_phase phase = tlm::BEGIN_RESP;
            sc_core::sc_time delay = answer_ == Answer::fixed ? sc_core::SC_ZERO_TIME : some_time();
            end(p);  // the master may begin the next at once
            BOOST_TEST(socket->nb_transport_bw(p, phase, delay) == tlm::TLM_COMPLETED);
            p.release();
        });
    }

    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& p, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) {
        if (phase == tlm::END_RESP) {
            end(p);
            p.release();
            return tlm::TLM_COMPLETED;
        }
        begin(p);
        switch (answer_ == Answer::fixed ? 0 : answer_ == Answer::at_once ? 2 : below(4)) {
            case 0:  // END_REQ by the return path
                phase = tlm::END_REQ;
                answer_later(p, false, answer_ == Answer::fixed ? latency : some_time());
                return tlm::TLM_UPDATED;
            case 1:  // the whole response by the return path
                perform(p);
                phase = tlm::BEGIN_RESP;
                delay += some_time();
                return tlm::TLM_UPDATED;
            case 2:
                perform(p);
                delay += is_exact() ? latency : some_time();
                end(p);
                p.release();
                return tlm::TLM_COMPLETED;
            default:  // nothing yet
                answer_later(p, true, some_time());
                return tlm::TLM_ACCEPTED;
        }
    }

    const Answer answer_;
    std::mt19937 random_;
};

}  // namespace karhunen
