// karhunen run --rtl: whole tiles of real layers of the built-in ResNet-18, and refusals.
#include <iostream>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/platform/program.h"

using namespace karhunen;

namespace {

const ProgramFolder& folder() {
    static const ProgramFolder folder;
    return folder;
}

struct Expected {
    std::string block;
    uint64_t bands, words;  ///< the least
};

void compares(const std::string& codec, const std::string& options,
              const std::vector<Expected>& blocks) {
    const Outcome outcome =
        folder().run("run --codec " + codec + " --rtl cross --rtl-seed 5 --json " + options);
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    const nlohmann::json rtl = nlohmann::json::parse(outcome.out)["rtl"];
    BOOST_TEST(rtl["seed"] == 5);
    BOOST_TEST_REQUIRE(rtl["blocks"].size() == blocks.size());
    for (size_t i = 0; i < blocks.size(); ++i) {
        const auto& b = rtl["blocks"][i];
        BOOST_TEST(b["block"] == blocks[i].block);
        BOOST_TEST(b["mode"] == "cross");
        BOOST_TEST(b["bands"] == blocks[i].bands);
        BOOST_TEST(b["words"] >= blocks[i].words);
        std::cout << codec << ' ' << b.dump() << '\n';  // what it costs
    }
}

}  // namespace

// First bands of 64, 128 and 512 channels.
BOOST_AUTO_TEST_CASE(tiles_of_real_layers) {
    compares(
        "transform", "--rtl-layers layer1.0.conv1,layer2.0.conv2,layer4.1.conv2 --rtl-bands 1",
        {{"huffman_encoder", 3, 5'000}, {"pca_unit", 3, 50'000}, {"huffman_decoder", 4, 50'000}});
    compares("ebpc", "--rtl-layers conv1,layer3.1.conv1 --rtl-bands 1",
             {{"ebpc_encoder", 2, 20'000}});
}

BOOST_AUTO_TEST_CASE(shows_a_table) {
    const Outcome outcome = folder().run(
        "run --network net.onnx --calibration photos --codec transform --rtl "
        "huffman_encoder=cross,pca_unit=rtl --rtl-seed 0 --check");
    BOOST_TEST(outcome.exit_code == 0, outcome.err);
    for (const char* part :
         {"RTL, without stalls", "huffman_encoder  cross", "pca_unit         rtl",
          "         -          -\n", "pca_unit has 16 multipliers", "RTL: all ",
          " words equal the model's", "equal the golden reference"})
        BOOST_TEST(outcome.out.find(part) != std::string::npos, part);
}

// A flipped bit in a descriptor: the decoder gets what is no band, and more of it than a band has.
BOOST_AUTO_TEST_CASE(bad_streams_are_no_mismatch) {
    folder().write("descriptor.yaml",
                   "faults:\n  - bus: {address: 0x20000000, bytes: 0x40000, master: dma, byte: 17, "
                   "bit: 4}\n    when: {stored: conv1, nth: 2}\n");
    const Outcome outcome = folder().run(
        "run --inject descriptor.yaml --rtl cross --rtl-layers layer1.0.conv2 --rtl-bands 1 "
        "--check");
    BOOST_TEST(outcome.exit_code == 0, outcome.err);
    for (const char* part : {"huffman_decoder  cross      2", "RTL: all ", "firmware: recovered"})
        BOOST_TEST(outcome.out.find(part) != std::string::npos, part);
}

// Where the table is for programs.
BOOST_AUTO_TEST_CASE(verdict_beside_csv) {
    for (const char* format : {"--csv", "--csv-dram"}) {
        const Outcome outcome = folder().run(
            std::string("run --network net.onnx --calibration photos --codec vlc --rtl cross "
                        "--rtl-bands 1 ") +
            format);
        BOOST_TEST(outcome.exit_code == 0, outcome.err);
        BOOST_TEST(outcome.out.find("RTL") == std::string::npos, outcome.out);
        BOOST_TEST(outcome.err.find("RTL: all ") != std::string::npos, outcome.err);
    }
}

BOOST_AUTO_TEST_CASE(refusals) {
    const std::string run = "run --network net.kvn ";
    folder().check_refused(run + "--rtl ''", {"--rtl: is empty"});
    folder().check_refused(run + "--rtl pca_unit=cross,", {"expected BLOCK=MODE"});
    folder().check_refused(run + "--rtl cross --rtl-seed -1",
                           {"--rtl-seed", "-1 not in range", "0 to 4294967295"});
    folder().check_refused(run + "--rtl both", {"unknown mode 'both'", "model, rtl, cross"});
    folder().check_refused(run + "--rtl cross", {"no map", "block in RTL"});  // codec raw
    folder().check_refused(run + "--rtl pca_unit=rtl", {"no map", "pca_unit"});
    folder().check_refused(run + "--rtl cross --rtl-layers x", {"no layer x"});
    folder().check_refused(run + "--rtl cross --rtl-bands 0", {"karhunen: --rtl-bands", "1 to"});
    // Before anything is compiled: that would find that there are no photos.
    folder().check_refused("run --network net.onnx --calibration nowhere --rtl pca_unit",
                           {"unknown mode 'pca_unit'"});
}
