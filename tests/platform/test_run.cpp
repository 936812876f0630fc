// The whole machine on a small network: every codec, both layer modes, batches.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <karhunen/registers.h>

#include "models/ddr_checker/command_checker.h"
#include "sw/golden/executor.h"
#include "tests/platform/command_csv.h"
#include "tests/platform/small_network.h"
#include "tests/support/simulation.h"

using namespace karhunen;

namespace {

std::string json_of(const RunReport& report) {
    std::ostringstream out;
    print_json(report, out);
    return out.str();
}

void check_sums(const RunReport& report) {
    for (const LayerReport& layer : report.layers) {
        const CycleSplit& c = layer.cycles;
        BOOST_TEST_CONTEXT(layer.name) {
            BOOST_TEST(c.compute + c.input + c.weights + c.encoder + c.dram + c.control == c.total);
            BOOST_TEST(c.compute > 0u);
            // Whole bursts of its map are in one account or in the other.
            if (!layer.counted) BOOST_TEST(layer.traffic.maps_written == 0u);
        }
    }
}

/// Tables by master and kind add up to the totals of DRAM, which are those of the other tables.
void check_dram(const RunReport& report) {
    const auto all = nlohmann::json::parse(json_of(report));
    const auto& energy = all.at("dram_energy");
    const auto close = boost::test_tools::tolerance(1e-9);
    for (const char* table : {"dram", "dram_by_master", "dram_by_kind"}) {
        const auto sum = [&](const char* key) {
            double total = 0;
            for (const auto& row : all.at(table)) total += row.at(key).get<double>();
            return total;
        };
        double datasheet = 0;
        for (const char* part : {"activate_uj", "precharge_uj", "read_uj", "write_uj"}) {
            BOOST_TEST(sum(part) == energy.at(part).get<double>(), close);
            datasheet += sum(part);
        }
        BOOST_TEST(sum("paper_uj") == energy.at("paper_uj").get<double>(), close);
        BOOST_TEST(sum("datasheet_uj") == datasheet, close);
        for (const char* part :
             {"refresh_precharge_uj", "refresh_uj", "background_open_uj", "background_closed_uj"})
            datasheet += energy.at(part).get<double>();
        BOOST_TEST(datasheet == energy.at("datasheet_uj").get<double>(), close);
        BOOST_TEST(sum("hits") + sum("misses") + sum("conflicts") ==
                   sum("read_bursts") + sum("write_bursts"));
        BOOST_TEST(16 * (sum("read_bursts") + sum("write_bursts")) ==
                   static_cast<double>(report.total.traffic.total()));
    }
    BOOST_TEST(report.total.energy_datasheet_uj == energy.at("datasheet_uj").get<double>(), close);
    BOOST_TEST(report.total.energy_paper_uj == energy.at("paper_uj").get<double>(), close);
}

void check_good(const RunReport& report) {
    BOOST_TEST(report.exit_code == 0);
    BOOST_TEST(report.fault == "");
    BOOST_TEST(report.first_difference == "");
    BOOST_TEST(report.bands_checked > 0u);
    BOOST_TEST(report.top.size() == report.images);
    check_sums(report);
    check_dram(report);
}

const char* const codecs[] = {"raw",  "vlc",      "transform", "zvc",      "zrle",
                              "ebpc", "dct-mask", "context",   "context:6"};

}  // namespace

BOOST_DATA_TEST_CASE_F(Simulation, every_band_equals_the_golden_reference,
                       boost::unit_test::data::make(codecs)) {
    SmallOptions options;
    options.codec = sample;
    for (const Preset preset : {Preset::standard, Preset::paper}) {
        options.preset = preset;
        const Loadable loadable = small_loadable(options);
        check_good(karhunen::run(loadable, small_run(loadable, options)));
    }
}

BOOST_DATA_TEST_CASE_F(Simulation, map_resident_layers_and_batches,
                       boost::unit_test::data::make(codecs)) {
    SmallOptions options;
    options.codec = sample;
    options.batch = 3;
    options.configuration.buffers.weight_kib = 8;  // the last convolutions do not fit
    const Loadable loadable = small_loadable(options);
    bool map_resident = false;
    for (const krhn_layer& layer : loadable.layers())
        map_resident |=
            (loadable.operation(layer, 0).array_flags & KRHN_ARRAY_CHUNK_OUTERMOST) != 0;
    BOOST_TEST(map_resident);
    check_good(karhunen::run(loadable, small_run(loadable, options)));
}

BOOST_DATA_TEST_CASE_F(Simulation, maps_stored_before_the_addition,
                       boost::unit_test::data::make({"raw", "zvc", "transform"})) {
    SmallOptions options;
    options.codec = sample;
    options.folded = true;
    for (const uint32_t batch : {1u, 3u})
        for (const bool small : {false, true}) {
            options.batch = batch;
            BufferConfiguration& buffers = options.configuration.buffers;
            buffers = {};
            if (small)  // map-resident layers, and decoders that wait for room
                buffers.weight_kib = 8, buffers.activation_kib = 10, buffers.residual_kib = 6;
            options.preset = small ? Preset::paper : Preset::standard;
            const Loadable loadable = small_loadable(options);
            check_good(karhunen::run(loadable, small_run(loadable, options)));
        }
}

/// Resident, streamed, behind sums: chunks of 4 bits are half as large wherever they go.
BOOST_DATA_TEST_CASE_F(Simulation, weights_of_four_bits,
                       boost::unit_test::data::make({"raw", "transform"}) *
                           boost::unit_test::data::make({false, true}) *
                           boost::unit_test::data::make({256u, 8u}),
                       codec, folded, weight_kib) {
    SmallOptions options;
    options.codec = codec;
    options.folded = folded;
    options.configuration.buffers.weight_kib = weight_kib;
    uint64_t bytes[2];
    for (const bool few : {false, true}) {
        options.weight_bits = few ? 4 : 8;
        const Loadable loadable = small_loadable(options);
        const RunReport report = karhunen::run(loadable, small_run(loadable, options));
        check_good(report);
        bytes[few] = report.total.traffic.weights;
        uint64_t chunks = 0;
        for (const krhn_layer& layer : loadable.layers())
            for (uint32_t o = 0; o < layer.operations; ++o) {
                const krhn_operation& op = loadable.operation(layer, o);
                if (!op.chunks) continue;
                const bool streams = op.array_flags & KRHN_ARRAY_CHUNK_OUTERMOST;
                chunks += (streams ? layer.bands : 1) *
                          (uint64_t{op.chunks - 1} * op.chunk_bytes + op.last_chunk_bytes);
            }
        BOOST_TEST(bytes[few] == chunks);
    }
    // Biases and multipliers, first and last layer stay as they are.
    BOOST_TEST(bytes[1] > bytes[0] / 2);
    BOOST_TEST(bytes[1] < bytes[0] * 6 / 10);
}

/// The naive executor has other kernels.
BOOST_AUTO_TEST_CASE(sums_without_fast_kernels) {
    SmallOptions options;
    options.folded = true;
    const Loadable loadable = small_loadable(options);
    const auto input = input_values(small_picture(1), loadable.input());
    const auto fast = GoldenExecutor(loadable).run(input);
    const auto naive = GoldenExecutor(loadable, {.naive = true}).run(input);
    for (size_t t = 0; t < fast.size(); ++t) BOOST_TEST((fast[t].decoded == naive[t].decoded));
}

/// With one coder instead of four. (In which category it shows is a test of the real network: here
/// the firmware takes as long as the codecs.)
BOOST_DATA_TEST_CASE_F(Simulation, fewer_coders_take_longer, boost::unit_test::data::make(codecs)) {
    if (std::string_view(sample) == "raw") return;  // has no coders
    SmallOptions options;
    options.codec = sample;
    options.configuration.ddr.model = "ideal";
    const auto cycles = [&](uint32_t coders) {
        options.configuration.codec.streams = coders;
        const Loadable loadable = small_loadable(options);
        const RunReport report = karhunen::run(loadable, small_run(loadable, options));
        check_good(report);
        return report.total.cycles;
    };
    const CycleSplit four = cycles(4), one = cycles(1);
    BOOST_TEST(one.compute == four.compute);
    BOOST_TEST(one.total > four.total + four.compute / 20);
}

BOOST_FIXTURE_TEST_CASE(a_truncated_transform, Simulation) {
    SmallOptions options;
    const Loadable all = small_loadable(options);
    options.quantiser.components = 3;  // fewer than substreams
    const Loadable some = small_loadable(options);
    const RunReport whole = karhunen::run(all, small_run(all, options));
    const RunReport part = karhunen::run(some, small_run(some, options));
    check_good(part);
    BOOST_TEST(part.total.traffic.tables < whole.total.traffic.tables);
    BOOST_TEST(part.total.traffic.total() < whole.total.traffic.total());
}

BOOST_FIXTURE_TEST_CASE(two_runs_give_the_same_report, Simulation) {
    const SmallOptions options;
    const Loadable loadable = small_loadable(options);
    const RunOptions run_options = small_run(loadable, options);
    BOOST_TEST(json_of(karhunen::run(loadable, run_options)) ==
               json_of(karhunen::run(loadable, run_options)));
}

BOOST_DATA_TEST_CASE_F(Simulation, dram_commands_are_legal_and_watching_changes_nothing,
                       boost::unit_test::data::make(codecs)) {
    SmallOptions options;
    options.codec = sample;
    options.batch = 2;
    const Loadable loadable = small_loadable(options);
    RunOptions run_options = small_run(loadable, options);
    const std::string alone = json_of(karhunen::run(loadable, run_options));
    run_options.dram_commands = temporary_file();
    const RunReport report = karhunen::run(loadable, run_options);
    BOOST_TEST(json_of(report) == alone);
    std::ifstream csv(run_options.dram_commands);
    const std::vector<ddr::CommandRecord> commands =
        read_commands({std::istreambuf_iterator<char>(csv), {}});
    std::filesystem::remove(run_options.dram_commands);
    ddr::CommandChecker checker(ddr::CheckedDevice::find(run_options.configuration.ddr.device));
    checker.add(commands);
    BOOST_TEST(checker.violations() == "");
    BOOST_TEST(commands.size() >= report.total.traffic.total() / 16);  // 16 bytes per burst
}

BOOST_FIXTURE_TEST_CASE(a_flipped_bit_between_two_layers_is_named, Simulation) {
    const SmallOptions options;
    const Loadable loadable = small_loadable(options);
    const krhn_tensor& tensor = loadable.tensors()[2];  // made by the second layer
    RunOptions run_options = small_run(loadable, options);
    run_options.after_store = [&](uint64_t entry, std::span<uint8_t> memory) {
        if (entry == tensor.entries_offset) memory[tensor.slots_offset + 3] ^= 0x10;
    };
    const RunReport report = karhunen::run(loadable, run_options);
    BOOST_TEST(report.exit_code == 4);
    const std::string expected = "tensor " + std::string(loadable.name(tensor)) + ", band 0 of ";
    BOOST_TEST(report.first_difference.substr(0, expected.size()) == expected);
    // The machine itself notices too: the CRC in the tile table.
    BOOST_TEST(report.fault.find("checksum") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(compute_cycles_do_not_depend_on_the_memory, Simulation) {
    SmallOptions options;
    const Loadable loadable = small_loadable(options);
    RunOptions run_options = small_run(loadable, options);
    const RunReport fast = karhunen::run(loadable, run_options);
    run_options.configuration.ddr.clock_mhz = 400;
    const RunReport slow = karhunen::run(loadable, run_options);
    run_options.configuration.ddr.model = "ideal";
    const RunReport ideal = karhunen::run(loadable, run_options);
    for (const RunReport* report : {&fast, &slow, &ideal}) {
        check_good(*report);
        const double bytes = static_cast<double>(report->total.traffic.total());
        BOOST_TEST(report->total.dram_gbps == bytes / (1e6 * report->simulated_ms),
                   boost::test_tools::tolerance(1e-3));
    }
    BOOST_TEST(ideal.total.dram_busy_us == 0);
    for (size_t l = 0; l < fast.layers.size(); ++l) {
        BOOST_TEST(slow.layers[l].cycles.compute == fast.layers[l].cycles.compute);
        BOOST_TEST(ideal.layers[l].cycles.compute == fast.layers[l].cycles.compute);
    }
    BOOST_TEST(slow.total.cycles.dram > fast.total.cycles.dram);
    BOOST_TEST(ideal.total.cycles.total < fast.total.cycles.total);
    BOOST_TEST(ideal.total.cycles.dram < fast.total.cycles.dram);
}

BOOST_FIXTURE_TEST_CASE(a_loadable_for_another_machine_is_refused, Simulation) {
    SmallOptions options;
    const Loadable loadable = small_loadable(options);
    options.configuration.buffers.activation_kib = 64;
    const RunReport report = karhunen::run(loadable, small_run(loadable, options));
    BOOST_TEST(report.exit_code == 2);
    BOOST_TEST(report.fault.find("activation") != std::string::npos);
}
