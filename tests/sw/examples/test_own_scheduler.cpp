// The scheduler of sw/examples next to that of the firmware, on small networks.
#include <boost/test/unit_test.hpp>

#include "tests/platform/small_network.h"
#include "tests/support/simulation.h"

using namespace karhunen;

namespace {

/// The line of the UART that has the logits.
std::string logits_of(const RunReport& report) {
    const size_t at = report.uart.find("image 0: ");
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, report.fault << "; UART: " << report.uart);
    return report.uart.substr(at, report.uart.find('\n', at) - at);
}

RunReport run_example(const Loadable& loadable, const SmallOptions& options) {
    RunOptions own = small_run(loadable, options);
    own.firmware = KARHUNEN_EXAMPLE;
    return run(loadable, own);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(own_scheduler, Simulation)

BOOST_AUTO_TEST_CASE(makes_what_the_firmware_makes) {
    for (const std::string codec : {"raw", "zvc", "ebpc"})
        for (const Preset preset : {Preset::standard, Preset::paper})
            for (const uint32_t kib : {2u, 128u}) {
                SmallOptions options;
                options.codec = codec;
                options.preset = preset;
                options.configuration.buffers.output_kib = kib;  // small: many bands, and rows ...
                options.configuration.buffers.activation_kib = kib;  // ... must go for others
                options.configuration.cpu.watchdog_ms = 20;
                const Loadable loadable = small_loadable(options);
                const RunReport theirs = karhunen::run(loadable, small_run(loadable, options));
                const RunReport own = run_example(loadable, options);
                BOOST_TEST_CONTEXT(codec << ", buffers of " << kib << " KiB") {
                    BOOST_TEST(own.exit_code == 0);
                    BOOST_TEST(own.fault == "");
                    BOOST_TEST(own.first_difference == "");
                    BOOST_TEST(own.bands_checked == theirs.bands_checked);
                    BOOST_TEST(logits_of(own) == logits_of(theirs));
                }
            }
}

BOOST_AUTO_TEST_CASE(refuses_what_it_does_not_know) {
    SmallOptions options;
    options.codec = "transform";  // has tables
    const RunReport report = run_example(small_loadable(options), options);
    BOOST_TEST(report.exit_code == 2);
    BOOST_TEST(report.uart == "refused: not a simple network\n");
}

BOOST_AUTO_TEST_SUITE_END()
