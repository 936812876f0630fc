// Faults in a run: names that the network or the machine lacks, what the report says, and an end
// where nothing watches.
#include <random>
#include <sstream>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "platform/configuration.h"
#include "platform/faults/injector.h"
#include "tests/platform/small_network.h"
#include "tests/support/simulation.h"

using namespace karhunen;

namespace {

struct SmallRun : Simulation {
    SmallOptions small;
    std::optional<Loadable> loadable;

    RunReport run(const std::string& faults) {
        if (!loadable) loadable.emplace(small_loadable(small));
        RunOptions options = small_run(*loadable, small);
        options.check = false;
        FaultInjector injector(FaultPlan::parse("faults:\n" + faults, "x.yaml"));
        options.instruments = {&injector};
        return karhunen::run(*loadable, options);
    }
    void check_refused(const std::string& fault, const std::vector<std::string>& parts) {
        std::string what = "it was not refused";
        try {
            run("- " + fault);
        } catch (const ConfigurationError& error) {
            what = error.what();
        }
        for (const std::string& part : parts)
            BOOST_TEST(what.find(part) != what.npos, what << " does not say " << part);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(names_must_be_known, SmallRun) {
    check_refused("{flip: {tensor: a.mit, bit: 1}}", {"x.yaml:2:19", "'a.mit'", "'a.mid'"});
    check_refused("{flip: {weights: steam, bit: 1}}", {"x.yaml:2:20", "'stem'"});
    check_refused("{flip: {weights: average, bit: 1}}", {"x.yaml:2:20", "has 0 bytes"});
    check_refused("{flip: {table: stem, byte: 9999999, bit: 1}}", {"found byte 9999999"});
    check_refused("{flip: {tensor: stem, band: 99, bit: 1}}", {"x.yaml:2:19", "found band 99"});
    check_refused("{flip: {tensor: stem, image: 1, bit: 1}}", {"has 1 images", "found image 1"});
    check_refused("{flip: {address: 0xf0000000, bit: 1}}", {"behind the 512 MiB"});
    check_refused("{flip: {register: ENCODER.ROW, bit: 1}}", {"x.yaml:2:21", "'ENCODER.ROWS'"});
    check_refused("{flip: {register: ENCODER.STATUS, bit: 1}}", {"stores nothing"});
    check_refused("{flip: {register: PLIC.ENABLE, bit: 1}}", {"stores nothing"});
    check_refused("{bus: {register: DMA.CHANNEL9.DESCRIPTOR}}", {"'DMA.CHANNEL"});
    check_refused("{interrupt: {source: DMA}, when: {stored: stern}}", {"x.yaml:2:45", "'stem'"});
}

BOOST_FIXTURE_TEST_CASE(the_report_says_what_fired_and_what_did_not, SmallRun) {
    const RunReport report =
        run("- {interrupt: {source: DMA, delay_us: 1}, when: {nth: 3, times: 2}}\n"
            "- {flip: {port: input, byte: 99999999, bit: 0}}\n"
            "- {flip: {tensor: stem, byte: 12345678, bit: 0}}\n");
    BOOST_TEST(report.exit_code == 0);
    BOOST_TEST_REQUIRE(report.injected.size() == 3u);
    BOOST_TEST(report.injected[0].fired == 2u);
    BOOST_TEST(report.injected[0].first_us > 0);
    BOOST_TEST(report.injected[1].fired == 0u);
    BOOST_TEST(report.injected[2].fired == 0u);
    std::ostringstream text, json;
    print_text(report, text);
    print_json(report, json);
    for (const char* part :
         {"injected: {interrupt: {source: DMA, delay_us: 1}", "interrupt of DMA held back",
          "(the first of 2)", "bit: 0}}: NEVER FIRED\n", "NEVER FIRED: the band has "})
        BOOST_TEST(text.str().find(part) != std::string::npos, text.str() << part);
    const auto all = nlohmann::json::parse(json.str());
    BOOST_TEST(all["injected"][0]["fired"] == 2);
    BOOST_TEST(all["injected"][1]["fired"] == 0);
    BOOST_TEST(!all["injected"][1].contains("first_us"));
    BOOST_TEST(all["firmware"].empty());
}

BOOST_FIXTURE_TEST_CASE(faults_are_the_same_every_time, SmallRun) {
    const std::string faults =
        "- {flip: {port: input, byte: 100, bit: 0}, when: {us: 500}}\n"
        "- {slow_dram: {factor: 3, for_us: 100}, when: {us: 450}}\n";
    std::ostringstream first, second;
    print_json(run(faults), first);
    print_json(run(faults), second);
    BOOST_TEST(first.str() == second.str());
}

/// Wherever it is: the band is loaded again, and the second run stores the right maps.
BOOST_DATA_TEST_CASE_F(SmallRun, a_bit_that_flips_on_its_way_to_a_decoder_does_no_harm,
                       boost::unit_test::data::xrange(24u), seed) {
    std::mt19937 random(seed);
    constexpr const char* codecs[] = {"raw",  "zvc",       "zrle",     "vlc",
                                      "ebpc", "transform", "dct-mask", "context"};
    small.codec = codecs[seed % std::size(codecs)];
    small.batch = 1 + seed % 2;
    small.configuration.buffers.output_kib = 4;
    loadable.emplace(small_loadable(small));
    const bool residual = seed % 3 == 0;
    std::ostringstream plan;
    // With a slow DRAM firmware has the next band waiting in channel and decoder.
    plan << "faults: [{flip: {port: " << (residual ? "residual" : "input")
         << ", byte: " << random() % (residual ? 1500 : 4000) << ", bit: " << random() % 8
         << "}}, {slow_dram: {latency_ns: " << (seed % 4 < 2 ? 0 : 3000) << "}}]";
    RunOptions options = small_run(*loadable, small);
    FaultInjector injector(FaultPlan::parse(plan.str(), "x.yaml"));
    options.instruments = {&injector};
    const RunReport report = karhunen::run(*loadable, options);
    BOOST_TEST_CONTEXT(small.codec << ": " << plan.str() << ": " << report.fault << report.uart) {
        BOOST_TEST(report.injected[0].fired == 1u);
        BOOST_TEST(report.exit_code == 0);
        BOOST_TEST(report.first_difference == "");
        BOOST_TEST(report.uart.find("loaded again") != std::string::npos);
        BOOST_TEST(report.uart.find("\nrecovered") != std::string::npos);
    }
}

/// The DMA reads from elsewhere: what is done again counts, not that it was.
BOOST_FIXTURE_TEST_CASE(a_load_from_nowhere_is_recovered_from_or_stops, SmallRun) {
    small.configuration.buffers.output_kib = 8;
    loadable.emplace(small_loadable(small));
    unsigned recovered = 0;
    for (unsigned nth = 1; nth <= 8; ++nth) {
        RunOptions options = small_run(*loadable, small);
        FaultInjector injector(FaultPlan::parse(
            "faults: [{bus: {address: 0x20000000, bytes: 0x40000, master: dma, byte: 17, bit: 4}, "
            "when: {stored: a.mid, nth: " +
                std::to_string(nth) + "}}]",
            "x.yaml"));
        options.instruments = {&injector};
        const RunReport report = karhunen::run(*loadable, options);
        BOOST_TEST(report.injected[0].fired == 1u);
        BOOST_TEST((report.exit_code == 0) == report.fault.empty(), report.first_difference);
        recovered += report.uart.find("\nrecovered") != std::string::npos;
    }
    BOOST_TEST(recovered >= 2u);
}

BOOST_FIXTURE_TEST_CASE(without_a_watchdog_a_stuck_machine_comes_to_rest, SmallRun) {
    small.configuration.cpu.watchdog_ms = 0;
    const RunReport report = run("- {stuck: {port: input}}\n");
    BOOST_TEST(report.exit_code == 3);
    BOOST_TEST(report.fault.find("the machine came to rest at ") != std::string::npos,
               report.fault);
}
