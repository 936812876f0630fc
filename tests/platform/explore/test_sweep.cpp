// Sweeps as they are written: which points they have, and what is said of mistakes.
#include <filesystem>

#include <boost/test/unit_test.hpp>

#include "platform/explore/built_in_sweep.h"
#include "platform/explore/sweep.h"

using namespace karhunen;

namespace {

Sweep parse(const std::string& text) {
    return Sweep::parse(text, "s.yaml", ".");
}

std::string error_of(const std::string& text) {
    try {
        parse(text);
    } catch (const ConfigurationError& e) {
        return e.what();
    }
    return "no error";
}

void check_error(const std::string& text, const std::string& place, const std::string& part) {
    const std::string error = error_of(text);
    BOOST_TEST_CONTEXT(text << "\n" << error) {
        BOOST_TEST(error.starts_with(place));
        BOOST_TEST(error.find(part) != std::string::npos);
    }
}

std::string text_of(const Settings& settings) {
    std::string text;
    for (const Setting& s : settings) text += s.key + '=' + s.text + ' ';
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_grid_has_every_combination_and_points_follow) {
    const Sweep sweep = parse(
        "grid:\n"
        "  codec: [raw, vlc:7]\n"
        "  memory:\n"
        "    - {ddr.device: ddr3-1066-4gb-x16}\n"
        "    - {ddr.device: ddr4-2400-8gb-x16, ddr.mapping: row-bank-column-group}\n"
        "  array.output_lanes: [2, 8, 16]\n"
        "points:\n"
        "  - {codec: ebpc, batch: 16}\n");
    BOOST_TEST_REQUIRE(sweep.size() == 13u);
    BOOST_TEST(text_of(sweep.settings(0)) ==
               "codec=raw ddr.device=ddr3-1066-4gb-x16 array.output_lanes=2 ");
    BOOST_TEST(text_of(sweep.settings(10)) ==
               "codec=vlc:7 ddr.device=ddr4-2400-8gb-x16 ddr.mapping=row-bank-column-group "
               "array.output_lanes=8 ");
    const Design design = sweep.design(10);
    BOOST_TEST(design.network.codec == "vlc:7");
    BOOST_TEST(design.configuration.array.output_lanes == 8u);
    BOOST_TEST(design.configuration.ddr.mapping == "row-bank-column-group");
    BOOST_TEST(design.device == "stratix10");
    const Design single = sweep.design(12);
    BOOST_TEST(single.network.codec == "ebpc");
    BOOST_TEST(single.network.batch == 16u);
    BOOST_TEST(single.configuration.array.output_lanes == 4u);
    const std::vector<std::string> keys = {"codec", "ddr.device", "ddr.mapping",
                                           "array.output_lanes", "batch"};
    BOOST_TEST(sweep.keys() == keys, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bits_belong_to_codecs_that_have_a_quantiser) {
    const Sweep sweep = parse("grid: {bits: [6], codec: [raw, transform, ebpc, context]}");
    const char* expected[] = {"raw", "transform:6", "ebpc", "context:6"};
    for (uint64_t i = 0; i < 4; ++i) BOOST_TEST(sweep.design(i).network.codec == expected[i]);
}

BOOST_AUTO_TEST_CASE(constraints_and_objectives_are_read) {
    const Sweep sweep = parse(
        "grid: {batch: [1]}\n"
        "constraints: [fits: zu9eg, fps >= 30, drop <= 1.5, lut < 1e5]\n"
        "objectives: [max fps, min energy_uj]\n");
    BOOST_TEST_REQUIRE(sweep.constraints.size() == 4u);
    BOOST_TEST(sweep.constraints[0].holds(100));
    BOOST_TEST(!sweep.constraints[0].holds(100.1));
    BOOST_TEST(sweep.constraints[0].metric == "percent_of_zu9eg");
    BOOST_TEST(sweep.constraints[1].holds(30));
    BOOST_TEST(!sweep.constraints[1].holds(29.9));
    BOOST_TEST(sweep.constraints[2].holds(1.5));
    BOOST_TEST(sweep.constraints[3].metric == "logic");
    BOOST_TEST(!sweep.constraints[3].holds(1e5));
    BOOST_TEST(sweep.objectives[0].maximise);
    BOOST_TEST(sweep.objectives[1].metric == "energy_uj");
    BOOST_TEST(parse("grid: {batch: [1]}").objectives.size() == 2u);
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_with_their_place) {
    check_error("", "s.yaml: ", "expected keys");
    check_error("grid: {}", "s.yaml:1:1: ", "neither a grid nor a point");
    check_error("gird: {batch: [1]}", "s.yaml:1:1: ", "'grid'");
    check_error("grid:\n  batsh: [1]", "s.yaml:2:3: ", "'batch'");
    check_error("grid:\n  batch: 4", "s.yaml:2:10: ", "a list");
    check_error("grid:\n  batch: [1, 0]", "s.yaml:2:14: ", "batch: expected a whole number");
    check_error("grid:\n  batch: [1, x]", "s.yaml:2:14: ", "'x'");
    check_error("grid:\n  codec: [rwa]", "s.yaml:2:11: ", "rwa");
    check_error("grid:\n  weight_bits: [5]", "s.yaml:2:17: ", "4 or 8");
    check_error("grid:\n  array.output_lanes: [4, 5000]", "s.yaml:2:27: ", "4096");
    check_error("grid:\n  memory: [{ddr.divice: x}]", "s.yaml:2:13: ", "'ddr.device'");
    check_error("points:\n  - {batch: 1, batch: 2}", "s.yaml:2:", "twice");
    check_error("points: [{device: stratix}]", "s.yaml:1:19: ", "stratix10");
    check_error("grid: {batch: [1]}\nconstraints: [fps > high]", "s.yaml:2:15: ", "NUMBER");
    check_error("grid: {batch: [1]}\nconstraints: [fpss > 3]",
                "s.yaml:2:15: ", "known: fps, latency_ms");
    check_error("grid: {batch: [1]}\nconstraints: [fits: moon]", "s.yaml:2:21: ", "moon");
    check_error("grid: {batch: [1]}\nddr.device: ddr3-1066-4gb-x16", "s.yaml:2:1: ", "grid");
    check_error("grid: {batch: [1]}\nobjectives: [fps]", "s.yaml:2:14: ", "max METRIC");
    check_error("pictures: 0\ngrid: {batch: [1]}\nobjectives: [min drop]",
                "s.yaml:3:14: ", "pictures");
    check_error("network: no.onnx\ngrid: {batch: [1]}", "s.yaml:1:10: ", "no.onnx");
    check_error("grid: [", "s.yaml:", "not YAML");
    std::string large = "grid:\n";
    for (const char* key : {"buffers.weight_kib", "dma.outstanding", "array.reduction_lanes",
                            "array.output_lanes", "ddr.read_queue"}) {
        large += std::string("  ") + key + ": [";
        for (int i = 1; i <= 32; ++i) large += std::to_string(i) + (i < 32 ? ", " : "]\n");
    }
    check_error(large, "s.yaml:1:1: ", "more than 10000000 points");
}

BOOST_AUTO_TEST_CASE(the_sweeps_of_the_studies_are_read) {
    int sweeps = 0;
    for (const auto& file : std::filesystem::directory_iterator(KARHUNEN_STUDIES)) {
        if (file.path().extension() != ".yaml") continue;
        BOOST_TEST_CONTEXT(file.path()) {
            ++sweeps;
            const Sweep sweep = Sweep::read(file.path());
            for (uint64_t point = 0; point < sweep.size(); ++point)
                BOOST_CHECK_NO_THROW(sweep.design(point));
        }
    }
    BOOST_TEST(sweeps > 0);
}

BOOST_AUTO_TEST_CASE(the_built_in_sweep_is_one) {
    const auto bytes = built_in_sweep();
    const Sweep sweep = parse({bytes.begin(), bytes.end()});
    for (uint64_t i = 0; i < sweep.size(); ++i) BOOST_CHECK_NO_THROW(sweep.design(i));
    BOOST_TEST(sweep.keys().size() == 4u);
}
