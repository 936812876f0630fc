// Legal variants pass; for every rule an initiator that breaks it, and no other rule. The expected
// clauses were read in IEEE 1666-2011, not in the checker.
#include "tests/support/protocol_bench.h"

namespace karhunen::protocol {

BOOST_AUTO_TEST_SUITE(protocol_checker)

// ---- Legal ----------------------------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(every_permitted_sequence, Bench) {
    run_to_end([&] {
        Payload p[12];
        unsigned i = 0;
        // Table 57, each line at least once.
        for (const auto& end : {accepted(), completed()}) {
            fw(p[i], BEGIN_REQ);
            bw(p[i], END_REQ);
            bw(p[i], BEGIN_RESP);
            fw(p[i++], END_RESP, SC_ZERO_TIME, end);
        }
        for (const bool has_end_request : {false, true})
            for (const auto& end : {updated(END_RESP), completed()}) {
                fw(p[i], BEGIN_REQ);
                if (has_end_request) bw(p[i], END_REQ);
                bw(p[i++], BEGIN_RESP, SC_ZERO_TIME, end);
            }
        fw(p[i], BEGIN_REQ);
        bw(p[i], BEGIN_RESP);  // implies END_REQ
        fw(p[i++], END_RESP);
        fw(p[i], BEGIN_REQ, SC_ZERO_TIME, updated(END_REQ));
        respond(p[i++]);
        fw(p[i], BEGIN_REQ, SC_ZERO_TIME, updated(BEGIN_RESP));
        fw(p[i++], END_RESP);
        fw(p[i++], BEGIN_REQ, SC_ZERO_TIME, completed());
        fw(p[i], BEGIN_REQ, SC_ZERO_TIME, completed(tlm::TLM_ADDRESS_ERROR_RESPONSE));
        p[i].set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);  // the payload is used again
        p[i].set_address(0x200);
        fw(p[i], BEGIN_REQ, SC_ZERO_TIME, completed());
    });
    BOOST_TEST(checker.violations() == "");
    BOOST_TEST(checker.transactions() == 12u);
}

BOOST_FIXTURE_TEST_CASE(many_in_flight_and_answers_out_of_order, Bench) {
    run_to_end([&] {
        Payload p[4];
        for (Payload& each : p) fw(each, BEGIN_REQ), bw(each, END_REQ);
        for (const int i : {2, 0, 3, 1}) bw(p[i], BEGIN_RESP), fw(p[i], END_RESP);
        // The response of one while the request of another goes on.
        Payload a, b;
        fw(a, BEGIN_REQ);
        bw(a, BEGIN_RESP);
        fw(b, BEGIN_REQ);
        fw(a, END_RESP);
        respond(b);
    });
    BOOST_TEST(checker.violations() == "");
}

BOOST_FIXTURE_TEST_CASE(annotated_delays, Bench) {
    run_to_end([&] {
        Payload a, b;
        fw(a, BEGIN_REQ, ns(10), updated(END_REQ, ns(5)));
        // Of another transaction: may be earlier (15.2.7 g), though exclusion goes by calls.
        fw(b, BEGIN_REQ, ns(3), updated(BEGIN_RESP, ns(4)));
        fw(b, END_RESP, ns(7));
        sc_core::wait(15, SC_NS);
        bw(a, BEGIN_RESP, ns(2));
        sc_core::wait(1, SC_NS);
        fw(a, END_RESP, ns(1));
    });
    BOOST_TEST(checker.violations() == "");
}

BOOST_FIXTURE_TEST_CASE(ignorable_phases, Bench) {
    run_to_end([&] {
        Payload p;
        fw(p, BEGIN_REQ);
        fw(p, ignorable);
        bw(p, also_ignorable);
        bw(p, END_REQ);
        fw(p, ignorable, SC_ZERO_TIME, updated(also_ignorable));
        bw(p, BEGIN_RESP);
        bw(p, ignorable);
        fw(p, END_RESP);
    });
    BOOST_TEST(checker.violations() == "");
}

BOOST_FIXTURE_TEST_CASE(the_other_interfaces_are_passed_on, Bench) {
    run_to_end([&] {
        Payload p;
        far.serve = [](tlm_generic_payload& payload, sc_time& delay) {
            sc_core::wait(10, SC_NS);  // as much of the delay may be taken off
            payload.get_data_ptr()[0] = 99;
            payload.set_dmi_allowed(true);
            payload.set_response_status(tlm::TLM_OK_RESPONSE);
            delay -= ns(5);
        };
        sc_time delay = ns(8);
        near.socket->b_transport(p, delay);
        BOOST_TEST(delay == ns(3));
        BOOST_TEST(p.is_dmi_allowed());
        far.debug_bytes = 4;
        BOOST_TEST(near.socket->transport_dbg(p) == 4u);
        tlm::tlm_dmi dmi;
        BOOST_TEST(near.socket->get_direct_mem_ptr(p, dmi));
        BOOST_TEST(dmi.get_dmi_ptr() == p.data);
        far.socket->invalidate_direct_mem_ptr(3, 7);
        BOOST_TEST((near.invalidated == std::pair<uint64_t, uint64_t>(3, 7)));
    });
    BOOST_TEST(checker.violations() == "");
    BOOST_TEST(checker.blocking_transactions() == 1u);
}

BOOST_FIXTURE_TEST_CASE(calls_pass_unchanged_and_free_the_payload, Bench) {
    run_to_end([&] {
        Payload p;
        tlm_phase phase = BEGIN_REQ;
        sc_time delay = ns(1);
        far.answer = [](tlm_generic_payload& payload, tlm_phase& f, sc_time& t) {
            BOOST_TEST(f == BEGIN_REQ);
            BOOST_TEST(t == ns(1));
            return updated(BEGIN_RESP, ns(2))(payload, f, t);
        };
        BOOST_TEST(near.socket->nb_transport_fw(p, phase, delay) == TLM_UPDATED);
        BOOST_TEST(phase == BEGIN_RESP);
        BOOST_TEST(delay == ns(3));
        far.answer = completed();
        phase = END_RESP;
        BOOST_TEST(near.socket->nb_transport_fw(p, phase, delay) == TLM_COMPLETED);
        BOOST_TEST(p.get_ref_count() == 1);
        p.release();
        BOOST_TEST(p.freed == 1u);
    });
    BOOST_TEST(checker.violations() == "");
}

// ---- The initiator is wrong -----------------------------------------------------------------

BOOST_FIXTURE_TEST_CASE(requests_at_the_wrong_time, Bench) {
    run_to_end([&] {
        Payload a, b;
        fw(a, BEGIN_REQ);
        fw(b, BEGIN_REQ, ns(100));
        BOOST_TEST(caught() == "15.2.6 e; 15.2.3 n; 15.2.3 n");
        bw(b, BEGIN_RESP, ns(100), completed());
        respond(a);
        BOOST_TEST(caught() == "15.2.6 e");
        a.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        fw(a, BEGIN_REQ);
        bw(a, END_REQ);
        fw(a, BEGIN_REQ);
        BOOST_TEST(caught() == "15.2.6 e; 14.5 x; 15.2.3 n");
        respond(a);
    });
    BOOST_TEST(caught() == "15.2.6 e; 14.5 x");
}

BOOST_FIXTURE_TEST_CASE(phases_of_an_initiator_out_of_order, Bench) {
    run_to_end([&] {
        Payload p;
        fw(p, END_RESP);  // never begun
        BOOST_TEST(caught() == "15.2.4");
        fw(p, ignorable);
        BOOST_TEST(caught() == "15.2.4; 15.2.5 e");
        fw(p, BEGIN_REQ);
        fw(p, END_REQ);
        fw(p, BEGIN_RESP);
        fw(p, tlm::UNINITIALIZED_PHASE);
        BOOST_TEST(caught() == "15.2.4; 15.2.5 e; 15.2.3 c; 15.2.3 c; 15.2.3 c; 15.2.3 n");
        fw(p, END_RESP);
        fw(p, ignorable);
        fw(p, ignorable);
        respond(p);
        fw(p, END_RESP);  // after the end
    });
    BOOST_TEST(caught() ==
               "15.2.4; 15.2.5 e; 15.2.3 c; 15.2.3 c; 15.2.3 c; 15.2.4; 15.2.3 e; "
               "15.2.4");
}

BOOST_FIXTURE_TEST_CASE(answers_of_an_initiator, Bench) {
    run_to_end([&] {
        Payload p[4];
        fw(p[0], BEGIN_REQ);
        bw(p[0], END_REQ, SC_ZERO_TIME, completed());
        BOOST_TEST(caught() == "15.2.3 f");
        fw(p[1], BEGIN_REQ);
        bw(p[1], END_REQ, SC_ZERO_TIME, updated(END_RESP));
        BOOST_TEST(caught() == "15.2.3 f; 15.2.4; 15.2.3 n");
        respond(p[1]);
        fw(p[2], BEGIN_REQ);
        bw(p[2], BEGIN_RESP, SC_ZERO_TIME, updated(BEGIN_REQ));
        fw(p[2], END_RESP);
        BOOST_TEST(caught() == "15.2.3 f; 15.2.4; 15.2.4");
        fw(p[3], BEGIN_REQ);
        bw(p[3], END_REQ, SC_ZERO_TIME, [](auto&, tlm_phase& phase, auto&) {
            phase = END_RESP;
            return TLM_ACCEPTED;
        });
        respond(p[3]);
    });
    BOOST_TEST(caught() == "15.2.3 f; 15.2.4; 15.2.4; 11.1.2.7");
}

BOOST_FIXTURE_TEST_CASE(payloads_without_a_memory_manager, Bench) {
    run_to_end([&] {
        Payload p, q;
        p.release();
        p.set_mm(nullptr);
        fw(p, BEGIN_REQ, SC_ZERO_TIME, completed());
        BOOST_TEST(caught() == "14.5 i");
        q.release();
        fw(q, BEGIN_REQ, SC_ZERO_TIME, completed());
        BOOST_TEST(q.freed == 1u);  // by the release above alone
        BOOST_TEST(caught() == "14.5 i; 14.5 t");
        far.serve = [](tlm_generic_payload& payload, sc_time&) {
            payload.set_response_status(tlm::TLM_OK_RESPONSE);
        };
        p.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        b_transport(p);  // needs none
        q.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        b_transport(q);
        BOOST_TEST(caught() == "14.5 i; 14.5 t; 14.5 t");
    });
}

BOOST_FIXTURE_TEST_CASE(attributes_at_the_start, Bench) {
    using Change = std::function<void(Payload&)>;
    const std::pair<const char*, Change> changes[] = {
        {"14.11 e", [](Payload& p) { p.set_data_ptr(nullptr); }},
        {"14.12 d", [](Payload& p) { p.set_data_length(0); }},
        {"14.14 f", [](Payload& p) { p.set_byte_enable_ptr(p.enables); }},
        {"14.15 f", [](Payload& p) { p.set_streaming_width(0); }},
        {"14.16 c", [](Payload& p) { p.set_dmi_allowed(true); }},
        {"14.17 e", [](Payload& p) { p.set_response_status(tlm::TLM_OK_RESPONSE); }},
        {"14.8 g", [](Payload& p) { p.set_gp_option(tlm::TLM_FULL_PAYLOAD); }}};
    far.serve = [](tlm_generic_payload& p, sc_time&) {
        p.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    std::string expected;
    run_to_end([&] {
        for (const auto& [clause, change] : changes) {
            Payload p(tlm::TLM_WRITE_COMMAND);
            change(p);
            fw(p, BEGIN_REQ, SC_ZERO_TIME, completed());
            expected += (expected.empty() ? "" : "; ") + std::string(clause);
            BOOST_TEST(caught() == expected);
        }
        Payload p;
        p.set_dmi_allowed(true);
        b_transport(p);
        BOOST_TEST(caught() == expected + "; 14.16 c");
        Payload nothing(tlm::TLM_IGNORE_COMMAND);  // needs no data
        nothing.set_data_ptr(nullptr);
        fw(nothing, BEGIN_REQ, SC_ZERO_TIME, completed());
    });
    BOOST_TEST(caught() == expected + "; 14.16 c");
}

BOOST_FIXTURE_TEST_CASE(time_goes_back_at_the_initiator, Bench) {
    run_to_end([&] {
        Payload p;
        fw(p, BEGIN_REQ);
        bw(p, BEGIN_RESP, ns(10), [](auto&, auto&, sc_time& delay) {
            BOOST_TEST(delay == ns(10));
            return TLM_ACCEPTED;
        });
        sc_core::wait(4, SC_NS);
        fw(p, END_RESP, ns(5));  // the response begins at 10 ns
    });
    BOOST_TEST(caught() == "15.2.7 c");
}

BOOST_FIXTURE_TEST_CASE(calls_within_calls, Bench) {
    run_to_end([&] {
        Payload p, q;
        fw(p, BEGIN_REQ, SC_ZERO_TIME, [&](auto&, auto&, auto&) {
            bw(p, END_REQ);
            return TLM_ACCEPTED;
        });
        BOOST_TEST(caught() == "11.1.2.4 c; 15.2.3 n");
        bw(p, BEGIN_RESP, SC_ZERO_TIME, [&](auto&, auto&, auto&) {
            fw(p, END_RESP);
            return TLM_ACCEPTED;
        });
        BOOST_TEST(caught() == "11.1.2.4 c; 11.1.2.4 c");
        fw(q, BEGIN_REQ, SC_ZERO_TIME, [](tlm_generic_payload& payload, auto& phase, auto& delay) {
            sc_core::wait(1, SC_NS);
            return completed()(payload, phase, delay);
        });
        BOOST_TEST(caught() == "11.1.2.4 c; 11.1.2.4 c; 11.1.2.4 d");
    });
}

BOOST_FIXTURE_TEST_CASE(blocking_transport_at_the_wrong_time, Bench) {
    far.serve = [](tlm_generic_payload& p, sc_time&) {
        sc_core::wait(10, SC_NS);
        p.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    Payload p, q, r;
    spawn([&] { b_transport(p); });
    run_to_end([&] {
        sc_core::wait(5, SC_NS);
        b_transport(p);
        BOOST_TEST(caught() == "15.2.8 d");
        fw(q, BEGIN_REQ);
        b_transport(q);
        BOOST_TEST(caught() == "15.2.8 d; 15.2.10 c; 15.2.3 n");
        q.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        respond(q);
    });
    BOOST_TEST(caught() == "15.2.8 d; 15.2.10 c");
}

BOOST_FIXTURE_TEST_CASE(non_blocking_in_blocking_transport, Bench) {
    Payload p, q;
    far.serve = [&](tlm_generic_payload& payload, sc_time&) {
        sc_core::wait(10, SC_NS);
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    spawn([&] { b_transport(p); });
    run_to_end([&] {
        sc_core::wait(5, SC_NS);
        fw(p, BEGIN_REQ, SC_ZERO_TIME, completed());
    });
    BOOST_TEST(caught() == "15.2.10 c");
}

BOOST_FIXTURE_TEST_CASE(blocking_transport_from_methods, Bench) {
    far.serve = [](tlm_generic_payload& p, sc_time&) {
        p.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    Payload p, q;
    sc_core::sc_spawn_options method;
    method.spawn_method();
    sc_core::sc_spawn([&] { b_transport(p); }, "method", &method);
    run_to_end([&] {
        fw(q, BEGIN_REQ, SC_ZERO_TIME, [&](tlm_generic_payload& payload, auto& phase, auto& t) {
            Payload inner;
            b_transport(inner);
            return completed()(payload, phase, t);
        });
    });
    BOOST_TEST(caught() == "11.1.1.4 b; 11.1.2.4 f");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::protocol
