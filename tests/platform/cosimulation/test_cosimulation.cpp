// Blocks in RTL inside the machine: equal to the model word by word, and in its place.
#include <sstream>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "platform/cosimulation/cosimulation.h"
#include "tests/platform/small_network.h"
#include "tests/rtl/seed.h"

using namespace karhunen;
using rtl::Settings;

namespace {

/// A machine on which maps have several bands.
SmallOptions small_options(const std::string& codec) {
    SmallOptions small;
    small.codec = codec;
    small.batch = 2;
    small.configuration.buffers.output_kib = 2;
    return small;
}

RunReport run_with(const Loadable& loadable, const SmallOptions& small,
                   const std::optional<Settings>& settings) {
    RunOptions options = small_run(loadable, small);
    std::unique_ptr<Instrument> instrument;
    if (settings) {
        instrument = rtl::make_cosimulation(*settings);
        options.instruments.push_back(instrument.get());
    }
    return run(loadable, options);
}

Settings settings_of(const std::string& modes, uint32_t seed) {
    Settings settings = rtl::parse_modes(modes);
    settings.seed = seed;
    return settings;
}

/// What a report says, but for the RTL.
std::string text_of(RunReport report) {
    report.rtl.reset();
    std::ostringstream out;
    print_json(report, out);
    return out.str();
}

constexpr const char* codecs[] = {"vlc", "transform", "ebpc"};

}  // namespace

BOOST_DATA_TEST_CASE(rtl_equals_the_model, codecs, codec) {
    const uint32_t seed = rtl::seed_of_test();
    const SmallOptions small = small_options(codec);
    const Loadable loadable = small_loadable(small);
    for (const uint32_t s : {0u, seed}) BOOST_TEST_CONTEXT("--rtl-seed " << s) {
            const RunReport report = run_with(loadable, small, settings_of("cross", s));
            BOOST_TEST(report.first_difference == "");
            BOOST_TEST(report.exit_code == 0);
            BOOST_TEST_REQUIRE(report.rtl.has_value());
            BOOST_TEST(report.rtl->seed == s);
            const std::string name = codec;
            const size_t blocks = name == "transform" ? 3 : name == "vlc" ? 2 : 1;
            BOOST_TEST_REQUIRE(report.rtl->blocks.size() == blocks);
            for (const RtlBlockReport& b : report.rtl->blocks) {
                BOOST_TEST_CONTEXT(b.block) {
                    BOOST_TEST(b.bands >= 20);
                    BOOST_TEST(b.words > 2000);
                    BOOST_TEST(b.rtl_clocks >= b.model_clocks);
                    // Tables apart, a block is as fast as its model, but for what a row leaves in
                    // the pipeline.
                    if (s == 0) BOOST_TEST(b.rtl_clocks < 2 * b.model_clocks);
                    BOOST_TEST(b.rtl_seconds > b.model_seconds);
                }
            }
        }
}

// Bits of the RTL in DRAM, checked band by band; and the clocks, bytes and energy of the model.
BOOST_DATA_TEST_CASE(rtl_replaces_the_model, codecs, codec) {
    const uint32_t seed = rtl::seed_of_test();
    BOOST_TEST_INFO_SCOPE("--rtl-seed " << seed);
    const SmallOptions small = small_options(codec);
    const Loadable loadable = small_loadable(small);
    const RunReport model = run_with(loadable, small, {});
    BOOST_TEST_REQUIRE(model.exit_code == 0);
    const RunReport rtl = run_with(loadable, small, settings_of("rtl", seed));
    BOOST_TEST(rtl.checked);
    BOOST_TEST(rtl.first_difference == "");
    BOOST_TEST(text_of(rtl) == text_of(model));
    for (const RtlBlockReport& b : rtl.rtl->blocks) BOOST_TEST(b.words > 2000);
}

BOOST_AUTO_TEST_CASE(blocks_are_chosen_one_by_one) {
    const SmallOptions small = small_options("transform");
    const Loadable loadable = small_loadable(small);
    const std::string model = text_of(run_with(loadable, small, {}));
    for (const char* modes : {"pca_unit=rtl,huffman_encoder=cross", "pca_unit=rtl",
                              "pca_unit=cross,huffman_encoder=rtl", "huffman_decoder=rtl"}) {
        const RunReport report = run_with(loadable, small, settings_of(modes, 1));
        BOOST_TEST(text_of(report) == model);
        const bool two = std::string(modes).find(',') != std::string::npos;
        BOOST_TEST(report.rtl->blocks.size() == (two ? 2u : 1u));
    }
}

BOOST_AUTO_TEST_CASE(layers_and_bands_are_chosen) {
    const SmallOptions small = small_options("vlc");
    const Loadable loadable = small_loadable(small);
    Settings settings = settings_of("cross", 1);
    settings.layers = {"1", "b.out"};  // 1: a.mid
    settings.bands = 3;
    const RunReport report = run_with(loadable, small, settings);
    BOOST_TEST(report.exit_code == 0);
    const auto& blocks = report.rtl->blocks;
    BOOST_TEST(blocks.at(0).block == "huffman_encoder");
    BOOST_TEST(blocks.at(0).bands == 6u);  // the first three of each
    BOOST_TEST(blocks.at(1).block == "huffman_decoder");
    BOOST_TEST(blocks.at(1).bands == 6u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused) {
    const SmallOptions small = small_options("vlc");
    const Loadable loadable = small_loadable(small);
    const auto refuses = [&](const Settings& settings, const std::string& why) {
        BOOST_CHECK_EXCEPTION(
            run_with(loadable, small, settings), std::runtime_error,
            [&](auto& e) { return std::string(e.what()).find(why) != std::string::npos; });
    };
    refuses(settings_of("pca_unit=cross", 1), "no map of these layers goes through pca_unit");
    Settings settings = settings_of("cross", 1);
    settings.layers = {"logits", "nowhere"};
    refuses(settings, "there is no layer nowhere; expected 0 to");
    settings.layers = {"logits"};  // raw
    refuses(settings, "no map of these layers goes through a block in RTL");

    const auto is_unknown = [](const char* text, const std::string& why) {
        BOOST_CHECK_EXCEPTION(rtl::parse_modes(text), std::runtime_error, [&](auto& e) {
            return std::string(e.what()).find(why) != std::string::npos;
        });
    };
    is_unknown("both", "unknown mode 'both'; known: model, rtl, cross");
    is_unknown("pca=rtl", "unknown block 'pca'; known: huffman_encoder, pca_unit");
    is_unknown("pca_unit=rtl,cross", "expected BLOCK=MODE");
    is_unknown("pca_unit=", "unknown mode ''");
    is_unknown("", "unknown mode ''");
    for (const char* text : {"pca_unit=cross,", ",pca_unit=cross", ","})
        is_unknown(text, "expected BLOCK=MODE");
    is_unknown("pca_unit=rtl,ebpc_encoder=rtl,pca_unit=cross", "pca_unit is there twice");
}
