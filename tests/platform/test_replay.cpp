// A replay takes the same clocks, moves the same bytes and reports the same as a run with values.
#include <filesystem>
#include <random>
#include <sstream>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "platform/recording.h"
#include "tests/platform/small_network.h"

using namespace karhunen;

namespace {

/// Everything that a report says.
std::string text_of(const RunReport& report) {
    std::ostringstream out;
    print_json(report, out);
    print_dram_csv(report.total.dram, report.dram_shared, out);
    return out.str();
}

/// The first lines that differ.
std::string first_difference(const std::string& found, const std::string& expected) {
    std::istringstream a(found), b(expected);
    std::string line_a, line_b, before;
    while (std::getline(a, line_a), std::getline(b, line_b)) {
        if (line_a != line_b) return before + ": " + line_a + ", expected" + line_b;
        if (line_a.find('{') != std::string::npos || line_a.find("name") != std::string::npos)
            before = line_a;
    }
    return found.size() == expected.size() ? "" : "one is longer";
}

Recording record(const Loadable& loadable, const SmallOptions& small) {
    Recording recording;
    RunOptions options = small_run(loadable, small);
    options.check = false;
    options.record = &recording;
    BOOST_TEST_REQUIRE(run(loadable, options).exit_code == 0);
    return recording;
}

RunReport replay(const Loadable& loadable, const Recording& recording,
                 const PlatformConfiguration& configuration) {
    RunOptions options;
    options.configuration = configuration;
    options.replay = &recording;
    return run(loadable, options);
}

template <typename T>
T one_of(std::mt19937& random, std::initializer_list<T> choices) {
    return choices.begin()[random() % choices.size()];
}

/// Machines that run the same loadable: whatever is not in it.
PlatformConfiguration random_machine(std::mt19937& random) {
    PlatformConfiguration c;
    c.array.clock_mhz = one_of(random, {80.0, 160.0, 200.0, 400.0});
    c.array.reduction_lanes = one_of<uint32_t>(random, {9, 64, 576, 4608});
    c.array.output_lanes = one_of<uint32_t>(random, {1, 3, 4, 16});
    c.array.pass_values_per_clock = one_of<uint32_t>(random, {8, 64});
    c.codec.transform_multipliers = one_of<uint32_t>(random, {16, 256, 4096});
    c.codec.raw_values_per_clock = one_of<uint32_t>(random, {1, 32});
    c.codec.stream_fifo_bytes = one_of<uint32_t>(random, {64, 512, 4096});
    c.dma.block_bytes = one_of<uint32_t>(random, {16, 48, 256, 2048});
    c.dma.outstanding = one_of<uint32_t>(random, {1, 4, 8});
    c.ddr.device = one_of<const char*>(random, {"ddr3-1066-4gb-x16", "ddr3-1600-4gb-x16"});
    c.ddr.model = one_of<const char*>(random, {"ddr3", "ddr3", "ideal"});
    c.ddr.page = one_of<const char*>(random, {"open", "closed", "adaptive"});
    c.ddr.mapping = one_of<const char*>(random, {"row-bank-column", "row-bank-column-group"});
    c.cpu.clock_mhz = one_of(random, {100.0, 160.0, 500.0});
    c.buffers.weight_kib = one_of<uint32_t>(random, {256, 512});
    c.buffers.activation_kib = one_of<uint32_t>(random, {128, 200, 1024});
    c.buffers.output_kib = one_of<uint32_t>(random, {128, 256});
    c.buffers.residual_kib = one_of<uint32_t>(random, {128, 256});
    c.buffers.table_kib = one_of<uint32_t>(random, {384, 1024});
    return c;
}

constexpr const char* codecs[] = {"raw",  "zvc",       "zrle",     "vlc",
                                  "ebpc", "transform", "dct-mask", "context"};

}  // namespace

BOOST_DATA_TEST_CASE(replays_take_the_clocks_of_runs, boost::unit_test::data::xrange(20u), seed) {
    std::mt19937 random(seed);
    SmallOptions small;
    small.codec = codecs[seed % std::size(codecs)];
    small.batch = 1 + seed % 3;
    small.folded = small.codec == "transform" && seed % 2 == 1;
    const Loadable loadable = small_loadable(small);
    const Recording recording = record(loadable, small);

    RunOptions full = small_run(loadable, small);
    full.configuration = random_machine(random);
    full.check = true;
    const RunReport expected = run(loadable, full);
    BOOST_TEST_REQUIRE(expected.exit_code == 0);
    RunReport found = replay(loadable, recording, full.configuration);
    found.checked = true;
    found.bands_checked = expected.bands_checked;
    BOOST_TEST(first_difference(text_of(found), text_of(expected)) == "");
}

BOOST_AUTO_TEST_CASE(a_recording_survives_its_file) {
    SmallOptions small;
    small.codec = "ebpc";
    const Loadable loadable = small_loadable(small);
    Recording recording = record(loadable, small);
    recording.image = "photo.png";
    recording.shown = {"box", ""};
    const auto path = std::filesystem::temp_directory_path() / "karhunen-test.rec";
    recording.write(path);
    BOOST_TEST((Recording::read(path) == recording));
    std::filesystem::remove(path);
    BOOST_CHECK_THROW(Recording::read(path), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_damaged_recording_is_refused) {
    SmallOptions small;
    const std::vector<uint8_t> good = record(small_loadable(small), small).bytes();
    const auto refuses = [&](std::vector<uint8_t> bytes, const char* why) {
        BOOST_CHECK_EXCEPTION(Recording::parse(bytes, "x.rec"), std::runtime_error, [&](auto& e) {
            const std::string what = e.what();
            return what.starts_with("x.rec: ") && what.find(why) != std::string::npos;
        });
    };
    BOOST_CHECK_NO_THROW(Recording::parse(good, "x.rec"));
    refuses({}, "no recording");
    for (size_t i = 0; i < 8; ++i) {
        std::vector<uint8_t> bytes = good;
        bytes[i] ^= 1;
        refuses(bytes, "no recording");
    }
    for (size_t i = 8; i < good.size(); i += 97) {
        std::vector<uint8_t> bytes = good;
        bytes[i] ^= 0x10;
        refuses(bytes, "checksum");
    }
    refuses({good.begin(), good.end() - 1}, "checksum");
}

BOOST_AUTO_TEST_CASE(a_recording_is_of_one_loadable) {
    SmallOptions small;
    const Loadable loadable = small_loadable(small);
    const Recording recording = record(loadable, small);
    small.quantiser.bits = 6;
    const Loadable other = small_loadable(small);
    BOOST_CHECK_THROW(replay(other, recording, {}), std::runtime_error);
    RunOptions options;
    options.replay = &recording;
    options.check = true;
    BOOST_CHECK_THROW(run(loadable, options), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_recording_that_does_not_fit_stops_the_machine) {
    SmallOptions small;
    const Loadable loadable = small_loadable(small);
    Recording recording = record(loadable, small);
    ++recording.input_decoder.back().tag;
    const RunReport report = replay(loadable, recording, {});
    BOOST_TEST(report.exit_code == 3);
    BOOST_TEST(report.fault != "");
}
