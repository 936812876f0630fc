#include "models/interrupt/plic.h"

#include <karhunen/registers.h>

#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;

namespace {

struct Bench : Simulation {
    static constexpr unsigned sources = 5;
    Plic plic{"plic", sources, sc_time(2, SC_NS)};
    Initiator master{"master"};
    sc_core::sc_vector<sc_core::sc_signal<bool>> line{"line", sources};
    sc_core::sc_signal<bool> irq{"irq"};

    Bench() {
        master.socket.bind(plic.socket);
        plic.irq.bind(irq);
        for (unsigned i = 1; i < sources; ++i) plic.source(i).bind(line[i]);
    }
    void set(unsigned source, bool level) {
        line[source].write(level);
        wait(1, SC_NS);
    }
    void prioritise(unsigned source, uint32_t priority) {
        master.write32(KRHN_PLIC_PRIORITY + 4 * source, priority);
    }
    void enable(uint32_t bits) { master.write32(KRHN_PLIC_ENABLE, bits); }
    uint32_t claim() { return master.read32(KRHN_PLIC_CLAIM); }
    void complete(uint32_t source) { master.write32(KRHN_PLIC_CLAIM, source); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(plic)

BOOST_FIXTURE_TEST_CASE(a_filter_hides_lines_until_it_asks_for_another_look, Bench) {
    bool hides = true;
    plic.filter_lines(
        [&](unsigned source, bool level) { return level && !(hides && source == 2); });
    run([&] {
        prioritise(2, 1);
        prioritise(3, 1);
        enable(1 << 2 | 1 << 3);
        set(2, true);
        BOOST_TEST(!irq.read());
        set(3, true);
        BOOST_TEST(claim() == 3u);
        BOOST_TEST(claim() == 0u);
        hides = false;
        plic.look_again();
        wait(1, SC_NS);
        BOOST_TEST(irq.read());
        BOOST_TEST(claim() == 2u);
    });
}

BOOST_FIXTURE_TEST_CASE(claim_and_complete, Bench) {
    run([&] {
        prioritise(2, 1);
        enable(1 << 2);
        set(2, true);
        BOOST_TEST(irq.read());
        BOOST_TEST(master.read32(KRHN_PLIC_PENDING) == 1u << 2);
        BOOST_TEST(claim() == 2u);
        BOOST_TEST(!irq.read());
        BOOST_TEST(master.read32(KRHN_PLIC_PENDING) == 0u);
        BOOST_TEST(claim() == 0u);
        // The line is still high: pending again only once the source is completed.
        complete(2);
        BOOST_TEST(irq.read());
        BOOST_TEST(claim() == 2u);
        set(2, false);
        complete(2);
        BOOST_TEST(!irq.read());
        BOOST_TEST(claim() == 0u);
    });
}

BOOST_FIXTURE_TEST_CASE(priorities_decide, Bench) {
    run([&] {
        for (const auto& [source, priority] : {std::pair{1u, 2u}, {2u, 3u}, {3u, 3u}, {4u, 0u}})
            prioritise(source, priority);
        enable(0x1E);
        for (unsigned i = 1; i < sources; ++i) set(i, true);
        BOOST_TEST(claim() == 2u);  // the lower number of two equals
        BOOST_TEST(claim() == 3u);
        BOOST_TEST(claim() == 1u);
        BOOST_TEST(claim() == 0u);  // priority 0 never interrupts
        BOOST_TEST(master.read32(KRHN_PLIC_PENDING) == 1u << 4);
    });
}

BOOST_FIXTURE_TEST_CASE(enable_and_threshold_mask_the_line, Bench) {
    run([&] {
        prioritise(1, 4);
        set(1, true);
        BOOST_TEST(!irq.read());
        BOOST_TEST(claim() == 0u);
        enable(1 << 1);
        BOOST_TEST(irq.read());
        master.write32(KRHN_PLIC_THRESHOLD, 4);
        BOOST_TEST(!irq.read());
        master.write32(KRHN_PLIC_THRESHOLD, 3);
        BOOST_TEST(irq.read());
        master.write32(KRHN_PLIC_THRESHOLD, 7);
        BOOST_TEST(claim() == 1u);  // the threshold masks the line, not the claim
    });
}

BOOST_FIXTURE_TEST_CASE(an_interrupt_that_became_pending_stays, Bench) {
    run([&] {
        prioritise(3, 1);
        enable(1 << 3);
        set(3, true);
        set(3, false);
        BOOST_TEST(irq.read());
        BOOST_TEST(claim() == 3u);
        complete(3);
        BOOST_TEST(!irq.read());
    });
}

BOOST_FIXTURE_TEST_CASE(completion_of_a_disabled_source_is_ignored, Bench) {
    run([&] {
        prioritise(3, 1);
        enable(1 << 3);
        set(3, true);
        BOOST_TEST(claim() == 3u);
        enable(0);
        complete(3);
        complete(77);
        enable(1 << 3);
        BOOST_TEST(!irq.read());
        complete(3);
        BOOST_TEST(irq.read());
    });
}

BOOST_FIXTURE_TEST_CASE(registers, Bench) {
    run([&] {
        prioritise(4, 0xFFFFFFFF);
        BOOST_TEST(master.read32(KRHN_PLIC_PRIORITY + 16) == 7u);
        enable(0xFFFFFFFF);
        BOOST_TEST(master.read32(KRHN_PLIC_ENABLE) == 0x1Eu);
        master.write32(KRHN_PLIC_THRESHOLD, 5);
        BOOST_TEST(master.read32(KRHN_PLIC_THRESHOLD) == 5u);
        uint32_t data = 1;
        BOOST_TEST(master.write(KRHN_PLIC_PENDING, &data, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        BOOST_TEST(master.read(KRHN_PLIC_PRIORITY, &data, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.read(KRHN_PLIC_PRIORITY + 4 * sources, &data, 4) ==
                   tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.read(KRHN_PLIC_ENABLE, &data, 2) == tlm::TLM_BURST_ERROR_RESPONSE);
        // Debug reads do not claim.
        set(4, true);
        BOOST_TEST(master.debug_read(KRHN_PLIC_CLAIM, &data, 4) == 4u);
        BOOST_TEST(data == 4u);
        BOOST_TEST(claim() == 4u);
    });
}

BOOST_AUTO_TEST_SUITE_END()
