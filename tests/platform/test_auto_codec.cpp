// Codec `auto` from outside, and a machine that runs what it chose.
#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/platform/shared_folder.h"

using namespace karhunen;

namespace {

constexpr const char* compile_auto =
    "compile net.onnx --calibration photos --platform bands.yaml --codec auto -o auto.kvn ";

nlohmann::json choices_of(const std::string& options) {
    const Outcome compiled = folder().run(compile_auto + options + " --choices choices.json");
    BOOST_TEST_REQUIRE(compiled.exit_code == 0, compiled.err);
    BOOST_TEST(compiled.out == "");
    return nlohmann::json::parse(folder().read("choices.json"));
}

/// Codec of each tensor that is coded, as the machine reports it.
nlohmann::json run_of(const std::string& options) {
    const Outcome run = folder().run(
        "run --network auto.kvn --platform bands.yaml --image "
        "photo.png --check --json " +
        options);
    BOOST_TEST_REQUIRE(run.exit_code == 0, run.err);
    return nlohmann::json::parse(run.out);
}

/// Of the counted tensors: every layer but the last reads some, not all write one.
double map_traffic(const nlohmann::json& report) {
    double bytes = 0;
    for (const auto& layer : report.at("layers")) {
        const auto& dram = layer.at("dram_bytes");
        if (layer.at("counted").get<bool>()) bytes += dram.at("maps_written").get<double>();
        if (layer != report.at("layers").back()) bytes += dram.at("maps_read").get<double>();
    }
    return bytes;
}

double table_traffic(const nlohmann::json& report) {
    double bytes = 0;
    for (const auto& layer : report.at("layers"))
        bytes += layer.at("dram_bytes").at("tables").get<double>();
    return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(auto_codec)

/// Several codecs in one loadable, through firmware and machine, all bands as the golden executor
/// stores them.
BOOST_AUTO_TEST_CASE(the_machine_runs_what_was_chosen) {
    const nlohmann::json choices = choices_of("--max-drop 0 --batch 16");
    const nlohmann::json report = run_of("--batch 2");
    std::set<std::string> codecs;
    size_t next = 0;
    for (const auto& layer : report.at("layers")) {
        if (!layer.at("counted").get<bool>()) continue;
        const auto chosen = choices.at("tensors").at(next++).at("chosen").get<std::string>();
        codecs.insert(chosen.substr(0, chosen.find(':')));
        BOOST_TEST(layer.at("codec") == chosen);
    }
    BOOST_TEST(next == choices.at("tensors").size());
    BOOST_TEST(codecs.size() > 1u);
    BOOST_TEST(report.at("codec") == "mixed");
    BOOST_TEST(choices.at("expected_drop") == 0);
}

/// The bytes that the choice counts are those that the machine moves. Maps of `raw` have the same
/// size whatever the picture.
BOOST_AUTO_TEST_CASE(bytes_are_those_of_the_machine) {
    const nlohmann::json choices = choices_of("--max-drop 0");
    const auto counted = [&](const std::string& setting, const char* what) {
        double bytes = 0;
        for (const auto& tensor : choices.at("tensors"))
            for (const auto& candidate : tensor.at("candidates"))
                if (candidate.at("setting") == setting) {
                    const double whole = std::ceil(candidate.at(what).get<double>() / 16) * 16;
                    bytes += whole * (1 + tensor.at("readers").get<double>());
                }
        return bytes;
    };
    const auto machine = [](const std::string& codec) {
        const Outcome compiled = folder().run(
            "compile net.onnx --calibration photos --platform bands.yaml -o "
            "auto.kvn --codec " +
            codec);
        BOOST_TEST_REQUIRE(compiled.exit_code == 0, compiled.err);
        return run_of("");
    };
    const nlohmann::json raw = machine("raw"), transform = machine("transform:8");
    BOOST_TEST(counted("raw", "map_bytes") == map_traffic(raw));
    BOOST_TEST(counted("transform:8", "table_bytes") == table_traffic(transform),
               boost::test_tools::tolerance(0.03));  // other values, other symbols
}

BOOST_AUTO_TEST_CASE(tables_to_read_and_to_work_with) {
    const Outcome compiled =
        folder().run(std::string(compile_auto) + "--max-drop 5 --choices choices.csv");
    BOOST_TEST(compiled.exit_code == 0);
    for (const std::string part : {"chosen", "context", "one codec for all", "% of raw",
                                   "calibration pictures", "(--max-drop)"})
        BOOST_TEST(contains(compiled.err, part));
    std::istringstream csv(folder().read("choices.csv"));
    std::string line;
    std::getline(csv, line);
    BOOST_TEST(line ==
               "tensor,setting,chosen,lossless,bytes_per_image,map_bytes,table_bytes,"
               "squared_error,logit_error");
    size_t chosen = 0, rows = 0;
    for (; std::getline(csv, line); ++rows) {
        BOOST_TEST(std::count(line.begin(), line.end(), ',') == 8);
        const size_t second = line.find(',', line.find(',') + 1);
        chosen += line.substr(second + 1, 2) == "1,";
    }
    BOOST_TEST(rows > 100u);
    BOOST_TEST(chosen == choices_of("--max-drop 5").at("tensors").size());
}

BOOST_AUTO_TEST_CASE(bounds_that_only_lossless_codecs_keep_are_told) {
    const auto told = [](const std::string& options) {
        const Outcome compiled = folder().run(compile_auto + options);
        BOOST_TEST_REQUIRE(compiled.exit_code == 0, compiled.err);
        return contains(compiled.err, "No lossy codec keeps that: those chosen lose nothing.");
    };
    BOOST_TEST(told("--min-snr 500"));
    BOOST_TEST(told("--max-drop 0"));
    BOOST_TEST(!told("--min-snr 0"));
    BOOST_TEST(!told("--min-snr 500 --among raw,zvc"));  // there is no other choice
}

BOOST_AUTO_TEST_CASE(commands_that_compile_take_it_too) {
    const Outcome run = folder().run(
        "run --network net.onnx --calibration photos --image photo.png --codec auto --max-drop 10 "
        "--check");
    BOOST_TEST(run.exit_code == 0);
    BOOST_TEST(contains(run.err, "one codec for all"));
    BOOST_TEST(contains(run.out, "bands equal the golden reference"));
}

BOOST_AUTO_TEST_CASE(bad_options) {
    const auto check = [](const std::string& options, const std::string& part) {
        folder().check_refused("compile net.onnx --calibration photos -o x.kvn " + options, {part});
    };
    for (const std::string bad : {"-0.1", "100.1", "nan", "inf"})
        check("--codec auto --max-drop=" + bad, "--max-drop");
    check("--codec auto --max-drop=much", "--max-drop");
    check("--codec raw --max-drop 1", "--max-drop belongs to --codec auto");
    check("--choices c.csv", "--choices belongs to --codec auto");
    check("--codec auto --bits 7", "--bits");
    check("--codec auto --tensor-codec a=raw", "--tensor-codec");
    check("--codec auto --choices c.txt", "expected a name in .json or .csv");
    check("--codec auto --choices none/c.csv", "none/c.csv: cannot be written");
    check("--codec auto:7", "codec 'auto:7': auto chooses the bits itself");
    folder().check_refused("run --network net.kvn --max-drop 1", {"--max-drop has no meaning"});
}

BOOST_AUTO_TEST_SUITE_END()
