// karhunen estimate from outside.
#include <algorithm>
#include <cmath>

#include "tests/platform/codec_files.h"

namespace {

Json estimated(const std::string& words = "") {
    return Json::parse(good("estimate --json " + words).out);
}

size_t lines_of(const std::string& text) {
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(estimate_command)

BOOST_AUTO_TEST_CASE(text_names_blocks_units_and_shares) {
    const std::string text = good("estimate").out;
    for (const char* part :
         {"Array 576 x 4, codec transform, Stratix 10 1SX280, preset clean", "ALM", "M20K", "kGE",
          "compute array", "inverse PCA unit", "DMA", "933120", "share %", "It fits.",
          "DOES NOT FIT: ", " of 740 DSP", "encode pJ", "pays"})
        BOOST_TEST(contains(text, part), part);
    const std::string asic = good("estimate --device asic65 --codec ebpc").out;
    BOOST_TEST(contains(asic, "65 nm, 1.2 V"));
    BOOST_TEST(!contains(asic, "It fits"));
    BOOST_TEST(contains(good("estimate --help").out, "Examples:"));
}

BOOST_AUTO_TEST_CASE(json_adds_up) {
    for (const char* device : {"stratix10", "arria10", "zu9eg", "artix7", "asic65"}) {
        const Json e = estimated(std::string("--codec all --device ") + device);
        for (const char* key : {"logic", "registers", "dsp", "ram_blocks", "memory_bits"}) {
            double sum = 0;
            for (const Json& b : e.at("blocks")) sum += b.at(key).get<double>();
            BOOST_TEST(sum == e.at("total").at(key).get<double>(), device << ' ' << key);
        }
        BOOST_TEST(e.at("devices").size() == 5u);
        for (const Json& d : e.at("devices")) {
            if (!d.contains("has")) continue;
            bool fits = true;
            for (const char* key : {"logic", "dsp", "ram_blocks"}) {
                const double used = d.at("total").at(key), has = d.at("has").at(key),
                             share = d.at("share_percent").at(key);
                BOOST_TEST(std::abs(share - 100 * used / has) < 1e-9);
                fits = fits && used <= has;
            }
            BOOST_TEST(d.at("fits") == fits);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_machine_of_the_file) {
    folder().write("wide.yaml",
                   "array:\n  output_lanes: 8\ncodec:\n  transform_multipliers: 512\n");
    const auto dsp = [](const Json& e, const std::string& block, const std::string& part) {
        for (const Json& b : e.at("blocks"))
            if (b.at("block") == block && b.at("part") == part) return b.at("dsp").get<int>();
        return -1;
    };
    const Json usual = estimated(), wide = estimated("--platform wide.yaml");
    BOOST_TEST(dsp(usual, "compute array", "") == 576 * 4 / 2);
    BOOST_TEST(dsp(wide, "compute array", "") == 576 * 8 / 2);
    BOOST_TEST(dsp(wide, "encoder", "PCA unit") == 2 * dsp(usual, "encoder", "PCA unit"));
    // A faster memory needs a wider path through the DMA.
    folder().write("ddr.yaml", "ddr:\n  device: ddr3-1600-4gb-x64\n");
    BOOST_TEST(estimated("--platform ddr.yaml").at("total").at("logic").get<int>() >
               usual.at("total").at("logic").get<int>());
}

BOOST_AUTO_TEST_CASE(energy_beside_dram) {
    const Json energy = estimated("--codec transform,ebpc").at("energy");
    // 0.33 W and 0.27 W over 4 / (16 x 1066 MHz).
    BOOST_TEST(std::abs(energy.at("dram_paper_pj_per_bit").get<double>() - 140.713) < 0.01);
    // 1410 and 930 pJ for a burst of 128 bits.
    BOOST_TEST(std::abs(energy.at("dram_datasheet_pj_per_bit").get<double>() - 2340.0 / 128) <
               1e-6);
    BOOST_TEST(energy.at("codecs").size() == 5u);
    for (const Json& c : energy.at("codecs"))
        BOOST_TEST(std::abs(c.at("pays_from_bits_paper").get<double>() * 140.713 -
                            c.at("encode_pj_per_value").get<double>() -
                            c.at("decode_pj_per_value").get<double>()) < 0.5);
}

BOOST_AUTO_TEST_CASE(csv_has_a_line_per_block) {
    const std::string csv = good("estimate --csv --codec zrle").out;
    BOOST_TEST(lines_of(csv) == estimated("--codec zrle").at("blocks").size() + 2);
    BOOST_TEST(csv.starts_with("device,preset,block,part,logic,"));
    BOOST_TEST(contains(csv, "\nstratix10,clean,total,,"));
}

BOOST_AUTO_TEST_CASE(table_3) {
    const std::string text = good("estimate --table-iii").out;
    for (const char* part : {"-1.05 *", "-0.41", "+0.67", "DOES NOT FIT", "slip of", "5760",
                             "at most 0.67 %", "at most 0.41 K"})
        BOOST_TEST(contains(text, part), part);
    const Json rows = Json::parse(good("estimate --table-iii --json").out).at("table_3");
    BOOST_REQUIRE(rows.size() == 12u);
    BOOST_TEST(rows[11].at("printed").at("dsp") == 10051);
    BOOST_TEST(rows[5].at("marked") == true);
    BOOST_TEST(rows[9].at("fits") == false);
    BOOST_TEST(lines_of(good("estimate --table-iii --csv").out) == 13u);
}

BOOST_AUTO_TEST_CASE(preset_paper) {
    folder().write("paper.yaml", "array:\n  reduction_lanes: 4608\n  output_lanes: 1\n");
    const Outcome outcome = good("estimate --platform paper.yaml --preset paper");
    BOOST_TEST(contains(outcome.out, "9600"));
    BOOST_TEST(contains(outcome.out, "DOES NOT FIT: "));
    const Json e = estimated("--platform paper.yaml --preset paper");
    BOOST_TEST(e.at("total").at("kge").is_null());
    BOOST_TEST(e.at("device").at("fits") == false);
    BOOST_TEST(e.at("devices").size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
    folder().check_refused("estimate --device virtex", {"'virtex'", "stratix10", "asic65"});
    folder().check_refused("estimate --codec zip", {"zip", "transform"});
    folder().check_refused("estimate --codec transform,zip", {"zip", "transform"});
    folder().check_refused("estimate --preset clear", {"'clear'", "clean or paper"});
    folder().check_refused("estimate --preset paper --device zu9eg", {"preset paper", "stratix10"});
    folder().check_refused("estimate --platform missing.yaml", {"missing.yaml"});
    folder().check_refused("estimate --json --csv", {"--json"});
    folder().check_refused("estimate --table-iii --device zu9eg", {"--table-iii"});
    folder().check_refused("estimate more", {"more"});
    folder().write("eight.yaml", "codec:\n  streams: 8\n");
    folder().check_refused("estimate --platform eight.yaml --codec ebpc",
                           {"codec.streams is 8", "ebpc", "at most 6"});
    folder().write("bad.yaml", "array:\n  reduction_lanes: 0\n");
    folder().check_refused("estimate --platform bad.yaml", {"bad.yaml:2:"});
    folder().write("narrow.yaml", "array:\n  reduction_lanes: 100\n");
    folder().check_refused("estimate --platform narrow.yaml --preset paper",
                           {"12 channels", "array.reduction_lanes"});
}

BOOST_AUTO_TEST_SUITE_END()
