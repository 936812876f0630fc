// For every rule of the checker a target that breaks it, and no other rule; and whoever changes a
// payload in flight.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "tests/support/protocol_bench.h"

namespace karhunen::protocol {

namespace {

void set_ok(tlm_generic_payload& p) {
    p.set_response_status(tlm::TLM_OK_RESPONSE);
}

using Change = void (*)(Payload&);

constexpr std::pair<const char*, Change> request_changes[] = {
    {"command", [](Payload& p) { p.set_command(tlm::TLM_IGNORE_COMMAND); }},
    {"address", [](Payload& p) { p.set_address(0x104); }},
    {"data pointer", [](Payload& p) { p.set_data_ptr(p.data + 4); }},
    {"data length", [](Payload& p) { p.set_data_length(8); }},
    {"byte enable pointer", [](Payload& p) { p.set_byte_enable_ptr(p.enables + 1); }},
    {"byte enable length", [](Payload& p) { p.set_byte_enable_length(2); }},
    {"streaming width", [](Payload& p) { p.set_streaming_width(2); }},
    {"option", [](Payload& p) { p.set_gp_option(tlm::TLM_FULL_PAYLOAD); }},
    {"written data", [](Payload& p) { ++p.data[3]; }},
    {"byte enables", [](Payload& p) { ++p.enables[3]; }}};

constexpr std::pair<const char*, Change> response_changes[] = {
    {"response status", [](Payload& p) { p.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE); }},
    {"DMI allowed", [](Payload& p) { p.set_dmi_allowed(!p.is_dmi_allowed()); }},
    {"read data", [](Payload& p) { ++p.data[3]; }}};

/// In b_transport, in the request or the response that TLM_COMPLETED ends, in BEGIN_REQ, ...
enum { in_blocking, in_all, in_response, in_request, before_response, before_end };

std::string changed(const char* what) {
    return std::string("changed in flight: ") + what + " (14.7)";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(protocol_checker_target)

BOOST_FIXTURE_TEST_CASE(phases_of_a_target_out_of_order, Bench) {
    run_to_end([&] {
        Payload p;
        bw(p, BEGIN_RESP);  // never asked for
        BOOST_TEST(caught() == "15.2.4");
        p.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        fw(p, BEGIN_REQ);
        bw(p, BEGIN_REQ);
        bw(p, END_RESP);
        BOOST_TEST(caught() == "15.2.4; 15.2.3 c; 15.2.3 c; 15.2.3 n");
        bw(p, END_REQ);
        bw(p, END_REQ);
        bw(p, BEGIN_RESP);
        bw(p, END_REQ);
        bw(p, BEGIN_RESP);
        fw(p, END_RESP);
        BOOST_TEST(caught() == "15.2.4; 15.2.3 c; 15.2.3 c; 15.2.4; 15.2.4; 15.2.4");
        bw(p, END_REQ);
        bw(p, ignorable);
    });
    BOOST_TEST(caught() == "15.2.4; 15.2.3 c; 15.2.3 c; 15.2.4; 15.2.4; 15.2.4; 15.2.4; 15.2.5 e");
}

BOOST_FIXTURE_TEST_CASE(answers_of_a_target, Bench) {
    run_to_end([&] {
        Payload p[4];
        fw(p[0], BEGIN_REQ, SC_ZERO_TIME, updated(END_RESP));
        BOOST_TEST(caught() == "15.2.3 c; 15.2.3 n");
        bw(p[0], BEGIN_RESP);
        fw(p[0], END_RESP, SC_ZERO_TIME, updated(BEGIN_RESP));
        BOOST_TEST(caught() == "15.2.3 c; 15.2.4");
        fw(p[1], BEGIN_REQ);
        fw(p[1], ignorable, SC_ZERO_TIME, completed());
        BOOST_TEST(caught() == "15.2.3 c; 15.2.4; 15.2.3 f");
        fw(p[2], BEGIN_REQ, SC_ZERO_TIME, [](auto&, auto&, sc_time& delay) {
            delay += ns(1);
            return TLM_ACCEPTED;
        });
        respond(p[2]);
        BOOST_TEST(caught() == "15.2.3 c; 15.2.4; 15.2.3 f; 11.1.2.7");
    });
}

BOOST_FIXTURE_TEST_CASE(responses_at_the_wrong_time, Bench) {
    run_to_end([&] {
        Payload p[5];
        for (int i = 0; i < 2; ++i) fw(p[i], BEGIN_REQ), bw(p[i], END_REQ);
        bw(p[0], BEGIN_RESP);
        bw(p[1], BEGIN_RESP, ns(100));  // by a call
        for (int i = 0; i < 2; ++i) fw(p[i], END_RESP, ns(100));
        BOOST_TEST(caught() == "15.2.6 f");
        fw(p[2], BEGIN_REQ, SC_ZERO_TIME, updated(BEGIN_RESP));
        fw(p[3], BEGIN_REQ, SC_ZERO_TIME, updated(BEGIN_RESP));  // by a return
        BOOST_TEST(caught() == "15.2.6 f; 15.2.6 f; 15.2.3 n; 15.2.3 n");
        fw(p[2], END_RESP);
        fw(p[4], BEGIN_REQ, SC_ZERO_TIME, completed());  // implied
        fw(p[3], END_RESP);
    });
    BOOST_TEST(caught() == "15.2.6 f; 15.2.6 f; 15.2.3 i");
}

BOOST_FIXTURE_TEST_CASE(responses_without_a_status, Bench) {
    run_to_end([&] {
        Payload p[4];
        fw(p[0], BEGIN_REQ);
        raw_bw(p[0], BEGIN_RESP, SC_ZERO_TIME, accepted());
        fw(p[0], END_RESP);
        BOOST_TEST(caught() == "14.17 k");
        fw(p[1], BEGIN_REQ, SC_ZERO_TIME, [](auto&, tlm_phase& phase, auto&) {
            phase = BEGIN_RESP;
            return TLM_UPDATED;
        });
        fw(p[1], END_RESP);
        BOOST_TEST(caught() == "14.17 k; 14.17 k");
        fw(p[2], BEGIN_REQ, SC_ZERO_TIME, completed(tlm::TLM_INCOMPLETE_RESPONSE));
        BOOST_TEST(caught() == "14.17 k; 14.17 k; 14.17 k");
        far.serve = [](auto&, auto&) {};
        b_transport(p[3]);
    });
    BOOST_TEST(caught() == "14.17 k; 14.17 k; 14.17 k; 14.17 k");
}

BOOST_FIXTURE_TEST_CASE(time_goes_back_at_the_target, Bench) {
    run_to_end([&] {
        Payload p[4];
        fw(p[0], BEGIN_REQ, ns(10));
        sc_core::wait(5, SC_NS);
        bw(p[0], END_REQ);  // the request begins at 10 ns
        BOOST_TEST(caught() == "15.2.7 c; 15.2.3 n");
        respond(p[0]);
        const auto earlier = [](tlm_phase to) {
            return [to](tlm_generic_payload& payload, tlm_phase& phase, sc_time& delay) {
                const auto status = updated(to)(payload, phase, delay);
                delay = SC_ZERO_TIME;
                return status;
            };
        };
        fw(p[1], BEGIN_REQ, ns(10), earlier(END_REQ));
        respond(p[1]);
        BOOST_TEST(caught() == "15.2.7 c; 15.2.7 c");
        fw(p[2], BEGIN_REQ, ns(10), [](tlm_generic_payload& payload, auto&, sc_time& delay) {
            set_ok(payload);
            delay = ns(9);
            return TLM_COMPLETED;
        });
        BOOST_TEST(caught() == "15.2.7 c; 15.2.7 c; 15.2.7 c");
        far.serve = [](tlm_generic_payload& payload, sc_time& delay) {
            set_ok(payload);
            sc_core::wait(4, SC_NS);
            delay = ns(5);
        };
        b_transport(p[3], ns(10));
    });
    BOOST_TEST(caught() == "15.2.7 c; 15.2.7 c; 15.2.7 c; 15.2.7 d");
}

BOOST_FIXTURE_TEST_CASE(more_debug_bytes_than_there_are, Bench) {
    run_to_end([&] {
        Payload p;
        far.debug_bytes = 5;
        near.socket->transport_dbg(p);
    });
    BOOST_TEST(caught() == "11.3.4 s");
}

BOOST_FIXTURE_TEST_CASE(transactions_without_an_end, Bench) {
    run_to_end([&] {
        static Payload p[3];
        fw(p[0], BEGIN_REQ, SC_ZERO_TIME, updated(END_REQ));
        fw(p[1], BEGIN_REQ, SC_ZERO_TIME, updated(BEGIN_RESP));
        fw(p[2], BEGIN_REQ);
    });
    const std::string text = checker.violations();
    BOOST_TEST(caught() == "15.2.3 n; 15.2.3 n; 15.2.3 n");
    BOOST_TEST(
        text.find("transaction 1, read of 4 at 0x100: never completed, last phase END_REQ") !=
        std::string::npos);
    BOOST_TEST(
        text.find("transaction 2, read of 4 at 0x100: never completed, last phase BEGIN_RESP") !=
        std::string::npos);
    BOOST_TEST(text.find("3 violations on checker\n") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(ten_are_shown_and_all_counted, Bench) {
    run_to_end([&] {
        sc_core::wait(3, SC_NS);
        Payload p;
        for (int i = 0; i < 12; ++i) fw(p, END_RESP);
    });
    const std::string text = checker.violations();
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 11);
    BOOST_TEST(
        text.substr(0, text.find('\n')) ==
        "3 ns: read of 4 at 0x100: END_RESP of a transaction that is not in flight (15.2.4)");
    BOOST_TEST(text.ends_with("12 violations on checker\n"));
}

// ---- Whoever changes the payload in flight --------------------------------------------------

BOOST_DATA_TEST_CASE_F(Bench, request_changed,
                       boost::unit_test::data::xrange(std::size(request_changes)) *
                           boost::unit_test::data::xrange(6),
                       index, moment) {
    const char* const what = request_changes[index].first;
    const Change change = request_changes[index].second;
    run_to_end([&] {
        Payload p(tlm::TLM_WRITE_COMMAND);
        p.set_byte_enable_ptr(p.enables);
        p.set_byte_enable_length(4);
        far.serve = [&](tlm_generic_payload& payload, sc_time&) {
            change(p);
            set_ok(payload);
        };
        if (moment == in_blocking) return b_transport(p);
        const Answer change_and_complete = [&](auto& payload, auto& phase, auto& delay) {
            change(p);
            return completed()(payload, phase, delay);
        };
        if (moment == in_all) {
            fw(p, BEGIN_REQ, SC_ZERO_TIME, change_and_complete);
            return;
        }
        fw(p, BEGIN_REQ, SC_ZERO_TIME, [&](auto&, auto&, auto&) {
            if (moment == in_request) change(p);
            return TLM_ACCEPTED;
        });
        if (moment == before_response) change(p);
        bw(p, BEGIN_RESP, SC_ZERO_TIME, moment == in_response ? change_and_complete : accepted());
        if (moment == in_response) return;
        if (moment == before_end) change(p);
        fw(p, END_RESP);
    });
    BOOST_TEST(caught() == "14.7");
    BOOST_TEST(checker.violations().find(changed(what)) != std::string::npos);
}

BOOST_DATA_TEST_CASE_F(Bench, response_changed,
                       boost::unit_test::data::xrange(std::size(response_changes)), index) {
    const char* const what = response_changes[index].first;
    const Change change = response_changes[index].second;
    run_to_end([&] {
        Payload p;
        fw(p, BEGIN_REQ);
        change(p);  // before the response it may
        bw(p, BEGIN_RESP);
        BOOST_TEST(caught() == "15.2.3 n");
        change(p);
        fw(p, END_RESP);
    });
    BOOST_TEST(caught() == "14.7");
    BOOST_TEST(checker.violations().find(changed(what)) != std::string::npos);
}

struct BeforeInterconnect : Bench {
    BeforeInterconnect() : Bench(ProtocolChecker::Downstream::interconnect) {}
};

BOOST_FIXTURE_TEST_CASE(only_an_interconnect_translates_addresses, BeforeInterconnect) {
    far.serve = [](tlm_generic_payload& p, sc_time&) {
        p.set_address(0x10);
        set_ok(p);
    };
    run_to_end([&] {
        Payload p, q;
        fw(p, BEGIN_REQ);
        p.set_address(0x20);  // the request waited in it
        bw(p, END_REQ);
        bw(p, BEGIN_RESP);
        fw(p, END_RESP);
        b_transport(q);
        BOOST_TEST(caught() == "");
        q.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        fw(q, BEGIN_REQ);
        bw(q, BEGIN_RESP);
        q.set_address(0x100);  // by the initiator
        fw(q, END_RESP);
    });
    BOOST_TEST(caught() == "14.7");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::protocol
