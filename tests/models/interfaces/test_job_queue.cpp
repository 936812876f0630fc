#include <karhunen/registers.h>

#include "models/interfaces/register_block.h"
#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;

namespace {

constexpr RegisterDescription description[] = {
    KRHN_COMMON_REGISTERS(KARHUNEN_DESCRIBE){"LENGTH", 0x40, Access::RW, 0, "ns; odd ones fail"}};

/// A block whose jobs take LENGTH ns.
struct Block : sc_core::sc_module {
    RegisterBlock registers{"registers", description, sc_time(1, SC_NS)};
    sc_core::sc_out<bool> irq{"irq"};
    JobQueue<uint32_t> jobs{registers, irq, 0x4B01, [this] { return registers["LENGTH"].value; }};
    std::vector<uint32_t> begun;

    explicit Block(sc_core::sc_module_name name) : sc_module(name) {
        SC_HAS_PROCESS(Block);
        SC_THREAD(work);
    }
    void work() {
        while (true) {
            const uint32_t length = jobs.next();
            begun.push_back(length);
            wait(length, SC_NS);
            if (length % 2 != 0) {
                jobs.fail(KRHN_ERROR_PARAMETER);
                jobs.wait_for_reset();
            } else {
                jobs.done();
            }
        }
    }
};

struct Bench : Simulation {
    Block block{"block"};
    Initiator master{"master"};
    sc_core::sc_signal<bool> irq{"irq"};

    Bench() {
        master.socket.bind(block.registers.socket);
        block.irq.bind(irq);
    }
    void start(uint32_t length) {
        master.write32(0x40, length);
        master.write32(KRHN_CONTROL, KRHN_CONTROL_START);
    }
    uint32_t status() { return master.read32(KRHN_STATUS); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(job_queue)

BOOST_FIXTURE_TEST_CASE(one_runs_and_one_waits, Bench) {
    run([&] {
        BOOST_TEST(master.read32(KRHN_ID) == 0x4B01u);
        BOOST_TEST(status() == 0u);
        start(100);
        BOOST_TEST(status() == KRHN_STATUS_BUSY);
        start(200);
        BOOST_TEST(status() == (KRHN_STATUS_BUSY | KRHN_STATUS_FULL));
        wait(100, SC_NS);
        BOOST_TEST(status() == KRHN_STATUS_BUSY);
        BOOST_TEST(master.read32(KRHN_JOBS_DONE) == 1u);
        wait(200, SC_NS);
        BOOST_TEST(status() == 0u);
        BOOST_TEST(master.read32(KRHN_JOBS_DONE) == 2u);
    });
    BOOST_TEST(block.begun == (std::vector<uint32_t>{100, 200}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(interrupt_follows_status_and_enable, Bench) {
    run([&] {
        start(50);
        wait(100, SC_NS);
        BOOST_TEST(master.read32(KRHN_IRQ_STATUS) == (KRHN_IRQ_DONE | KRHN_IRQ_READY));
        BOOST_TEST(!irq.read());
        master.write32(KRHN_IRQ_ENABLE, KRHN_IRQ_DONE);
        BOOST_TEST(irq.read());
        master.write32(KRHN_IRQ_STATUS, KRHN_IRQ_READY);
        BOOST_TEST(irq.read());
        master.write32(KRHN_IRQ_STATUS, KRHN_IRQ_DONE);
        BOOST_TEST(!irq.read());
        BOOST_TEST(master.read32(KRHN_IRQ_STATUS) == 0u);
    });
}

BOOST_FIXTURE_TEST_CASE(start_when_full_is_an_error, Bench) {
    run([&] {
        master.write32(KRHN_IRQ_ENABLE, KRHN_IRQ_ERROR);
        start(100);
        start(20);
        start(30);
        BOOST_TEST(master.read32(KRHN_ERROR) == KRHN_ERROR_START_WHEN_FULL);
        BOOST_TEST(irq.read());
        // Busy: the reset is ignored, the running job ends well, the next one does not begin.
        master.write32(KRHN_CONTROL, KRHN_CONTROL_RESET);
        BOOST_TEST(status() == (KRHN_STATUS_BUSY | KRHN_STATUS_FULL));
        wait(200, SC_NS);
        BOOST_TEST(status() == KRHN_STATUS_FULL);
        BOOST_TEST(master.read32(KRHN_JOBS_DONE) == 1u);
        master.write32(KRHN_CONTROL, KRHN_CONTROL_RESET);
        BOOST_TEST(status() == 0u);
        BOOST_TEST(master.read32(KRHN_ERROR) == 0u);
        // The error bit of IRQ_STATUS is a latch: it stays until software clears it.
        BOOST_TEST(irq.read());
        master.write32(KRHN_IRQ_STATUS, KRHN_IRQ_ERROR);
        BOOST_TEST(!irq.read());
        start(40);
        wait(100, SC_NS);
        BOOST_TEST(master.read32(KRHN_JOBS_DONE) == 2u);
    });
    BOOST_TEST(block.begun == (std::vector<uint32_t>{100, 40}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(clearing_the_error_lets_the_shadow_job_go, Bench) {
    run([&] {
        start(10);
        start(20);
        start(30);
        wait(100, SC_NS);
        master.write32(KRHN_ERROR, KRHN_ERROR_START_WHEN_FULL);
        wait(100, SC_NS);
        BOOST_TEST(master.read32(KRHN_JOBS_DONE) == 2u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_failed_job_waits_for_reset, Bench) {
    run([&] {
        start(11);
        start(20);
        wait(100, SC_NS);
        BOOST_TEST(master.read32(KRHN_ERROR) == KRHN_ERROR_PARAMETER);
        BOOST_TEST(status() == KRHN_STATUS_FULL);
        // The interrupt bit cannot be cleared while ERROR is set; clearing ERROR revives nothing.
        master.write32(KRHN_IRQ_STATUS, KRHN_IRQ_ERROR);
        BOOST_TEST((master.read32(KRHN_IRQ_STATUS) & KRHN_IRQ_ERROR) != 0u);
        master.write32(KRHN_ERROR, KRHN_ERROR_PARAMETER);
        wait(100, SC_NS);
        BOOST_TEST(block.begun.size() == 1u);
        master.write32(KRHN_CONTROL, KRHN_CONTROL_RESET);
        BOOST_TEST(status() == 0u);
        wait(100, SC_NS);
        BOOST_TEST(block.begun.size() == 1u);
        start(30);
        wait(100, SC_NS);
        BOOST_TEST(master.read32(KRHN_JOBS_DONE) == 1u);
    });
    BOOST_TEST(block.begun == (std::vector<uint32_t>{11, 30}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
