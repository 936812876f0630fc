// `karhunen explore` from outside: its results are those of runs; whatever happens to it, it goes
// on.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <csignal>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

#include "tests/platform/shared_folder.h"

using namespace karhunen;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* sweep =
    "network: net.onnx\n"
    "calibration: photos\n"
    "base: base.yaml\n"
    "grid:\n"
    "  codec: [raw, vlc:6, ebpc]\n"
    "  array.output_lanes: [1, 4]\n"
    "  ddr.device: [ddr3-1066-4gb-x16, ddr3-1600-4gb-x16]\n"
    "constraints: [fps >= 1]\n"
    "objectives: [max fps, min logic, min dram_kib]\n";

void write_sweep() {
    folder().write("base.yaml", "array: {reduction_lanes: 64}\n");
    folder().write("sweep.yaml", sweep);
}

Json points_of(const std::string& output) {
    return Json::parse(folder().read(output + "/results.json"));
}

/// Which file it is, and when it was written, of all results.
std::map<std::string, std::pair<ino_t, int64_t>> results_in(const std::string& output) {
    std::map<std::string, std::pair<ino_t, int64_t>> found;
    const fs::path top = folder().path() / output;
    if (!fs::exists(top)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
        const std::string name = entry.path().filename();
        if (name != "result.json" && name != "network.json") continue;
        struct stat s {};
        BOOST_REQUIRE(stat(entry.path().c_str(), &s) == 0);
        found[entry.path()] = {s.st_ino, s.st_mtim.tv_nsec + s.st_mtim.tv_sec * 1000000000};
    }
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(explore)

BOOST_AUTO_TEST_CASE(points_are_what_runs_of_their_machines_are) {
    write_sweep();
    BOOST_TEST(folder().run("explore sweep.yaml -o one --dry-run").out ==
               "12 points, 12 to measure; 3 networks to compile and record first\n");
    const Outcome outcome = folder().run("explore sweep.yaml -o one --jobs 2");
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(outcome.err == "");
    BOOST_TEST(contains(outcome.out, "Pareto front: max fps min logic min dram_kib"));
    BOOST_TEST(contains(outcome.out, "12 points, "));
    const Json points = points_of("one");
    BOOST_TEST_REQUIRE(points.size() == 12u);
    for (const Json& point : points) {
        BOOST_TEST(point.at("status") == "good");
        const std::string hash = point.at("point"), codec = point.at("parameters").at("codec");
        const Outcome run = folder().run(
            "run --network net.onnx --calibration photos --json --platform one/points/" + hash +
            "/platform.yaml --codec " + codec);
        BOOST_TEST_REQUIRE(run.exit_code == 0);
        const Json report = Json::parse(run.out);
        const Json& results = point.at("results");
        BOOST_TEST(results.at("fps") == report.at("frames_per_second"));
        BOOST_TEST(results.at("dram_kib").get<double>() * 1024 ==
                   report.at("total").at("dram_bytes").at("total").get<double>());
        BOOST_TEST(results.at("dram_uj") == report.at("dram_energy").at("datasheet_uj"));
    }
    const std::string csv = folder().read("one/results.csv");
    BOOST_TEST(std::count(csv.begin(), csv.end(), '\n') == 13);
    BOOST_TEST(folder().run("explore sweep.yaml -o one --csv").out == csv);
    BOOST_TEST(Json::parse(folder().run("explore sweep.yaml -o one --json").out) == points);
    BOOST_TEST(folder().run("explore sweep.yaml -o one --dry-run").out ==
               "12 points, 0 to measure; 0 networks to compile and record first\n");
    BOOST_TEST(folder().run("explore sweep.yaml -o one --report one.html").exit_code == 0);
    const std::string page = folder().read("one.html");
    for (const Json& point : points)
        BOOST_TEST(contains(page, point.at("point").get<std::string>()));
}

BOOST_AUTO_TEST_CASE(whatever_moment_it_is_killed_at_it_goes_on) {
    write_sweep();
    const std::string whole = folder().read("one/results.json");
    int signal = SIGTERM;
    for (const char* moment : {"lock", "network.kvn", "recording.rec", "network.json",
                               "platform.yaml", "result.json", "results.csv"}) {
        signal = signal == SIGKILL ? SIGTERM : SIGKILL;
        const std::string output = std::string("killed-at-") + moment + ".explored";
        folder().run_and_kill("explore sweep.yaml --jobs 2 -o " + output,
                              {output + '/', std::string("/") + moment}, signal);
        const auto before = results_in(output);
        const Outcome resumed = folder().run("explore sweep.yaml -o " + output);
        BOOST_TEST_CONTEXT(moment << '\n' << resumed.err) {
            BOOST_TEST(resumed.exit_code == 0);
            const auto after = results_in(output);
            for (const auto& [name, file] : before) BOOST_TEST((after.at(name) == file));
            BOOST_TEST(folder().read(output + "/results.json") == whole);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_changed_sweep_measures_what_is_new) {
    write_sweep();
    const auto before = results_in("one");
    std::string more = sweep;
    more.replace(more.find("[1, 4]"), 6, "[1, 2, 4]");
    folder().write("more.yaml", more);
    BOOST_TEST(folder().run("explore more.yaml -o one").exit_code == 0);
    const auto after = results_in("one");
    BOOST_TEST(after.size() == before.size() + 6);
    for (const auto& [name, file] : before) BOOST_TEST((after.at(name) == file));
    BOOST_TEST(points_of("one").size() == 18u);
}

BOOST_AUTO_TEST_CASE(points_that_cannot_be_are_told_with_a_reason) {
    folder().write("odd.yaml",
                   "network: net.onnx\n"
                   "calibration: photos\n"
                   "points:\n"
                   "  - {codec: raw}\n"
                   "  - {codec: raw, buffers.activation_kib: 1}\n"
                   "  - {codec: raw, ddr.device: none.yaml}\n"
                   "  - {codec: raw, dma.block_bytes: 40}\n"
                   "  - {codec: raw, cpu.watchdog_ms: 0.001}\n"
                   "constraints: [fps >= 1e9]\n");
    const Outcome outcome = folder().run("explore odd.yaml");
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(
        contains(outcome.out, "5 points, 0 on the front, 1 outside the constraints, 4 failed"));
    BOOST_TEST(contains(outcome.out, "1 violate fps >= 1e9"));
    const Json points = points_of("odd.explored");
    BOOST_TEST(points[0].at("status") == "violates");
    const char* reasons[] = {"activation", "none.yaml", "multiple of 16", "watchdog"};
    for (size_t i = 0; i < 4; ++i) {
        const std::string reason = points[i + 1].at("reason");
        BOOST_TEST(contains(reason, reasons[i]), reason);
    }
}

BOOST_AUTO_TEST_CASE(one_folder_is_of_one_sweep_at_a_time) {
    write_sweep();
    folder().check_refused("explore sweep.yaml -o photos", {"photos", "not of a sweep"});
    folder().check_refused("explore none.yaml", {"none.yaml"});
    folder().check_refused("explore sweep.yaml --json --csv", {"--csv"});
    const int held = open((folder().path() / "one/lock").c_str(), O_RDWR);
    BOOST_REQUIRE(flock(held, LOCK_EX | LOCK_NB) == 0);
    folder().check_refused("explore sweep.yaml -o one", {"one", "another sweep is at work"});
    close(held);
    BOOST_TEST(folder().run("explore sweep.yaml -o one").exit_code == 0);
}

BOOST_AUTO_TEST_SUITE_END()
