// What every SystemC test needs: a fresh simulation per test case, warnings that fail the test, and
// a bus master. The library brings main() and sc_main(); a test has only test cases:
//
//   BOOST_FIXTURE_TEST_CASE(counts, karhunen::Simulation) {
//       Timer timer{"timer"};
//       Initiator master{"master"};
//       master.socket.bind(timer.socket);
//       run([&] { BOOST_TEST(master.read32(0) == 0u); });
//   }
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <boost/test/unit_test.hpp>
#include <systemc>
#include <tlm>

namespace karhunen {

/// Fixture: installs a fresh sc_simcontext (the old one leaks: SystemC cannot delete it), sets the
/// TLM quantum to zero and turns every SC_WARNING and above into a failure of the test case.
/// As a fixture base it is constructed before, and outlives, everything in the test case.
class Simulation {
public:
    Simulation();
    ~Simulation();
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    /// Spawns the body as an SC_THREAD with 1 MiB of stack. It must not throw: use BOOST_TEST and
    /// BOOST_CHECK in it, not BOOST_REQUIRE.
    void spawn(std::function<void()> body);
    /// Spawns the body and simulates until nothing happens any more, or up to the limit.
    void run(std::function<void()> body,
             sc_core::sc_time limit = sc_core::sc_time(10, sc_core::SC_SEC));
    /// The same; the test fails when the body has not come to its end.
    void run_to_end(std::function<void()> body,
                    sc_core::sc_time limit = sc_core::sc_time(10, sc_core::SC_SEC));
    /// A warning or error whose text contains this is expected, not a failure.
    void expect_report(const std::string& text);
    /// Reports that were expected and came.
    unsigned expected_reports_seen() const;
};

/// A bus master for tests. The calls are made in an SC_THREAD and wait for the returned delay.
class Initiator : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<Initiator> socket{"socket"};

    /// Address ranges whose direct pointers were revoked.
    std::vector<std::pair<uint64_t, uint64_t>> invalidated;

    explicit Initiator(sc_core::sc_module_name name) : sc_module(name) {
        socket.register_invalidate_direct_mem_ptr(this, &Initiator::invalidate);
    }

    tlm::tlm_response_status read(uint64_t address, void* data, unsigned bytes);
    tlm::tlm_response_status write(uint64_t address, const void* data, unsigned bytes);
    /// Fail the test when the response is not TLM_OK_RESPONSE.
    uint32_t read32(uint64_t address);
    void write32(uint64_t address, uint32_t value);
    uint8_t read8(uint64_t address);
    void write8(uint64_t address, uint8_t value);
    /// By transport_dbg; number of bytes transferred. Needs no SC_THREAD.
    unsigned debug_read(uint64_t address, void* data, unsigned bytes);
    unsigned debug_write(uint64_t address, const void* data, unsigned bytes);

private:
    void invalidate(sc_dt::uint64 start, sc_dt::uint64 end) { invalidated.push_back({start, end}); }
    tlm::tlm_response_status access(tlm::tlm_command command, uint64_t address, void* data,
                                    unsigned bytes);
    unsigned debug(tlm::tlm_command command, uint64_t address, void* data, unsigned bytes);
};

}  // namespace karhunen
