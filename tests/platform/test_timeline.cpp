// The timeline of a run: against the run's own figures, and as a file of trace events.
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include "models/interfaces/traffic_kind.h"
#include "platform/timeline.h"
#include "tests/platform/small_network.h"
#include "tests/support/simulation.h"

namespace fs = std::filesystem;
using namespace karhunen;

namespace {

std::string json_of(const RunReport& report) {
    std::ostringstream out;
    print_json(report, out);
    return out.str();
}

/// One run for all test cases that only look: two images, tables in every codec unit.
struct Recorded {
    Timeline timeline;
    RunReport report, report_without;
    nlohmann::json events;
    uint64_t period = 0;  ///< of the array's clock, ps

    Recorded() {
        SmallOptions options;
        options.batch = 2;
        const Loadable loadable = small_loadable(options);
        RunOptions run_options = small_run(loadable, options);
        period = static_cast<uint64_t>(1e6 / options.configuration.array.clock_mhz);
        report_without = karhunen::run(loadable, run_options);
        run_options.timeline = &timeline;
        report = karhunen::run(loadable, run_options);
        report.network = "a \"quoted\" </name>\n";
        const fs::path path =
            fs::temp_directory_path() / ("karhunen_timeline" + std::to_string(getpid()));
        write_trace_events(timeline, report, path);
        events = nlohmann::json::parse(std::ifstream(path)).at("traceEvents");
        fs::remove(path);
    }
    const TimelineBlock& block(const std::string& name) const {
        for (const TimelineBlock& b : timeline.blocks)
            if (b.name == name) return b;
        throw std::runtime_error("no block " + name);
    }
    size_t count(const std::string& name, const std::string& words) const {
        size_t n = 0;
        for (const TimelineSpan& span : block(name).spans)
            n += block(name).words[static_cast<unsigned>(span.state)] == words;
        return n;
    }
};

const Recorded& recorded() {
    static const Recorded once;
    return once;
}

uint64_t ps_of(const nlohmann::json& us) {
    return static_cast<uint64_t>(std::llround(us.get<double>() * 1e6));
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(recording_changes_nothing, Simulation) {
    BOOST_TEST(recorded().report.exit_code == 0);
    RunReport report = recorded().report;
    report.network = recorded().report_without.network;
    BOOST_TEST(json_of(report) == json_of(recorded().report_without));
}

BOOST_FIXTURE_TEST_CASE(states_of_a_block_follow_each_other, Simulation) {
    BOOST_TEST(recorded().timeline.blocks.size() == 13u);
    for (const TimelineBlock& block : recorded().timeline.blocks) {
        BOOST_TEST_CONTEXT(block.name) {
            BOOST_TEST(block.spans.size() > 0u);
            uint64_t last = 0;
            for (const TimelineSpan& span : block.spans) {
                BOOST_TEST_REQUIRE(span.begin >= last);
                BOOST_TEST_REQUIRE(span.end > span.begin);
                BOOST_TEST_REQUIRE((span.state != State::idle));
                BOOST_TEST_REQUIRE(*block.words[static_cast<unsigned>(span.state)] != '\0');
                last = span.end;
            }
            BOOST_TEST(last <= recorded().timeline.end);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(times_are_those_of_the_report, Simulation) {
    const Recorded& r = recorded();
    std::map<uint32_t, uint64_t> busy;
    for (const TimelineSpan& span : r.block("compute array").spans)
        if (span.state == State::busy) busy[span.layer] += span.end - span.begin;
    for (uint32_t l = 0; l < r.report.layers.size(); ++l) {
        const LayerReport& layer = r.report.layers[l];
        BOOST_TEST((busy[l] + r.period / 2) / r.period == layer.cycles.compute, layer.name);
        BOOST_TEST(layer.begin_ps ==
                   (l == 0 ? r.report.total.begin_ps : r.report.layers[l - 1].end_ps));
    }
    const uint64_t all = r.block("compute array").time_in(State::busy);
    BOOST_TEST((all + r.period / 2) / r.period == r.report.total.cycles.compute);
}

BOOST_FIXTURE_TEST_CASE(a_band_is_a_descriptor_of_the_output_channel, Simulation) {
    const Recorded& r = recorded();
    BOOST_TEST(r.count("DMA output stream", "fetch descriptor") == r.report.bands_stored);
}

BOOST_FIXTURE_TEST_CASE(dram_moves_the_bytes_of_the_report, Simulation) {
    const DramRate& dram = recorded().timeline.dram;
    const ddr::Account account = sum(recorded().report.total.dram).account;
    const auto sum_of = [](const std::vector<uint64_t>& bursts) {
        return std::accumulate(bursts.begin(), bursts.end(), uint64_t{0});
    };
    BOOST_TEST(sum_of(dram.read) == account.read_bursts);
    BOOST_TEST(sum_of(dram.written) == account.write_bursts);
    BOOST_TEST(dram.gbps(1) == static_cast<double>(dram.burst_bytes) / 1e4);  // in 10 us
}

BOOST_FIXTURE_TEST_CASE(trace_events_say_the_same, Simulation) {
    const Recorded& r = recorded();
    std::map<char, size_t> counts;
    std::map<int, std::string> threads;
    std::map<std::string, std::vector<nlohmann::json>> of_thread;
    for (const auto& event : r.events) {
        ++counts[event.at("ph").get<std::string>()[0]];
        if (event.at("name") == "thread_name")
            threads[event.at("tid")] = event.at("args").at("name");
        if (event.at("name") == "process_name")
            BOOST_TEST(event.at("args").at("name").get<std::string>().find(r.report.network) !=
                       std::string::npos);
        if (event.at("ph") == "X") of_thread[threads.at(event.at("tid"))].push_back(event);
    }
    BOOST_TEST(counts['M'] == 1 + 2 * threads.size());
    BOOST_TEST(counts['C'] == r.timeline.dram.read.size());
    size_t spans = r.report.layers.size();
    BOOST_TEST(of_thread["layer"].size() == spans);
    for (const TimelineBlock& block : r.timeline.blocks) {
        const auto& events = of_thread[block.name];
        spans += block.spans.size();
        BOOST_TEST_REQUIRE(events.size() == block.spans.size(), block.name);
        for (size_t i = 0; i < events.size(); ++i) {
            const TimelineSpan& span = block.spans[i];
            BOOST_TEST_REQUIRE(ps_of(events[i].at("ts")) == span.begin);
            BOOST_TEST_REQUIRE(ps_of(events[i].at("dur")) == span.end - span.begin);
            BOOST_TEST_REQUIRE(events[i].at("name").get<std::string>() ==
                               block.words[static_cast<unsigned>(span.state)]);
            const auto& args = events[i].at("args");
            if (span.layer == no_tag)
                BOOST_TEST_REQUIRE(args.empty());
            else
                BOOST_TEST_REQUIRE(args.at("layer").get<std::string>() ==
                                   r.report.layers.at(span.layer).name);
        }
    }
    BOOST_TEST(counts['X'] == spans);
}
