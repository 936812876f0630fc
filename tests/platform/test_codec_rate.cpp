// dump-maps and codec rate from outside: figures by other ways.
#include <algorithm>

#include "tests/platform/codec_files.h"

namespace {

/// The row of a report.
Json rate_row(const Json& rates, const std::string& tensor, const std::string& codec) {
    for (const Json& row : rates)
        if (row.at("tensor") == tensor && row.at("codec") == codec) return row;
    BOOST_ERROR("no row for " << tensor << ", " << codec);
    return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(codec_rate)

BOOST_AUTO_TEST_CASE(dumped_maps_are_those_of_a_run) {
    need_maps();
    const Json manifest = json_file("raw/manifest.json");
    BOOST_TEST(manifest.at("order") == "chw");
    const Json& maps = manifest.at("images")[0].at("maps");
    for (const Json& map : maps) {
        const Json& takes = map.at("encoder_takes");
        size_t bytes = takes.at("format") == "s32" ? 4 : 1;
        for (const Json& extent : map.at("shape")) bytes *= extent.get<size_t>();
        BOOST_TEST(folder().read("raw/" + takes.at("file").get<std::string>()).size() == bytes);
        BOOST_TEST(map.at("decoder_gives") == takes);  // raw
        BOOST_TEST(takes.at("scale") > 0);
    }
    // The logits say what the machine says.
    const std::string bytes =
        folder().read("raw/" + maps.back().at("encoder_takes").at("file").get<std::string>());
    std::vector<int32_t> logits(bytes.size() / 4);
    std::memcpy(logits.data(), bytes.data(), bytes.size());
    const Json run = Json::parse(
        good("run --network net.kvn --platform bands.yaml --image photo.png --json").out);
    BOOST_TEST(run.at("top")[0][0].at("class") ==
               std::max_element(logits.begin(), logits.end()) - logits.begin());
}

BOOST_AUTO_TEST_CASE(dumped_maps_in_other_orders_and_numpy) {
    need_maps();
    good("dump-maps --network transform.kvn --image photo.png --order hwc --npy -o others");
    const Json maps = json_file("maps/manifest.json").at("images")[0].at("maps");
    const Json others = json_file("others/manifest.json").at("images")[0].at("maps");
    for (size_t i = 0; i < maps.size(); ++i)
        for (const std::string side : {"encoder_takes", "decoder_gives"}) {
            const std::string format = maps[i].at(side).at("format");
            const size_t width = format == "s12" ? 2 : format == "s32" ? 4 : 1;
            const std::string values =
                interleaved(folder().read("maps/" + maps[i].at(side).at("file").get<std::string>()),
                            maps[i].at("shape")[0], width);
            const std::string npy =
                folder().read("others/" + others[i].at(side).at("file").get<std::string>());
            BOOST_TEST(npy.rfind("\x93NUMPY", 0) == 0u);
            BOOST_TEST((npy.size() - values.size()) % 64 == 0u);
            BOOST_TEST((npy.substr(npy.size() - values.size()) == values));
            const Json& s = maps[i].at("shape");
            BOOST_TEST(contains(
                npy, "'shape': (" + s[1].dump() + ", " + s[2].dump() + ", " + s[0].dump() + ", )"));
            if (format == "s12") BOOST_TEST(contains(npy, "'descr': '<i2'"));
        }
}

// Two pictures of one name get folders of their own.
BOOST_AUTO_TEST_CASE(dumped_pictures_keep_apart) {
    good("dump-maps --network net.kvn --image photo.png photo.png -o twice");
    const Json images = json_file("twice/manifest.json").at("images");
    const std::string a = images[0].at("maps")[0].at("encoder_takes").at("file");
    const std::string b = images[1].at("maps")[0].at("encoder_takes").at("file");
    BOOST_TEST(a != b);
    BOOST_TEST((folder().read("twice/" + a) == folder().read("twice/" + b)));
}

BOOST_AUTO_TEST_CASE(rates_of_a_file_by_hand) {
    folder().write("values.bin", std::string(4 * 6 * 8, '\0'));
    const Json report = Json::parse(
        good("codec rate --in values.bin --shape 4,6,8 --band-rows 4 --streams 2 --only raw "
             "zrle --json")
            .out);
    const Json& raw = report.at("rates")[0];
    BOOST_TEST(raw.at("values") == 192);
    BOOST_TEST(raw.at("entropy") == 8);
    BOOST_TEST(raw.at("code_bits") == 8);
    // Bands of 4 and 2 rows: streams of 64 and 32 bytes, entries of 64.
    BOOST_TEST(raw.at("stream_words") == 8 * (2 * 64 + 192) / 192.0);
    BOOST_TEST(raw.at("dram_bursts") == raw.at("stream_words"));
    BOOST_TEST(raw.at("rms_error") == 0);
    BOOST_TEST(raw.at("oracle_entropy").is_null());
    // 4 and 2 runs of 16 zeros, 5 bits each, in each stream: 20 and 10 bits, 3 and 2 bytes.
    const Json& zrle = report.at("rates")[1];
    BOOST_TEST(zrle.at("code_bits") == 60 / 192.0);
    BOOST_TEST(zrle.at("stream_words") == 8 * (2 * 64 + 10) / 192.0);
    BOOST_TEST(zrle.at("dram_bursts") == 8 * (2 * 64 + 4 * 16) / 192.0);
}

// The `accuracy` command counts the same streams in another way.
BOOST_AUTO_TEST_CASE(rates_of_a_network_are_those_of_accuracy) {
    need_maps();
    folder().write("labels.csv", "file,class\nphoto.png,0\n");
    const Json accuracy = Json::parse(
        good("accuracy --network transform.kvn --images . --labels labels.csv --json").out);
    const Json report =
        Json::parse(good("codec rate --network transform.kvn --image photo.png --json").out);
    for (const Json& tensor : accuracy.at("bits_per_value").at("tensors")) {
        const Json row = rate_row(report.at("rates"), tensor.at("name"), "transform");
        BOOST_TEST(row.at("parameters") == "loadable");
        for (const std::string rate : {"entropy", "code_bits", "stream_words"})
            BOOST_TEST(row.at(rate).get<double>() == tensor.at(rate).get<double>(),
                       boost::test_tools::tolerance(1e-9));
        BOOST_TEST(row.at("dram_bursts") >= row.at("stream_words"));
        BOOST_TEST(row.at("oracle_entropy") <= row.at("code_bits"));
        BOOST_TEST(row.at("rms_error") > 0);
    }
    const Json average = rate_row(report.at("averages"), "average", "transform");
    BOOST_TEST(average.at("code_bits").get<double>() ==
                   accuracy.at("bits_per_value").at("average").at("code_bits").get<double>(),
               boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(a_folded_network_from_outside) {
    need_maps();
    good("compile net.onnx --calibration photos --folded -o folded.kvn --platform bands.yaml");
    const Json run = Json::parse(
        good("run --network folded.kvn --platform bands.yaml --image photo.png --check --json")
            .out);
    BOOST_TEST(run.at("check").at("bands") > 0);
    BOOST_TEST(run.at("check").at("first_difference") == "");
    good("dump-maps --network folded.kvn --image photo.png -o symbols");
    const std::string rate = "codec rate --only transform --json ";
    const Json of_network = Json::parse(good(rate + "--network folded.kvn --image photo.png").out);
    const Json of_folder = Json::parse(good(rate + "--network folded.kvn --in symbols").out);
    BOOST_TEST(of_network.at("rates") == of_folder.at("rates"));
    folder().write("labels.csv", "file,class\nphoto.png,0\n");
    const Json accuracy = Json::parse(
        good("accuracy --network folded.kvn --images . --labels labels.csv --json").out);
    const Json average = rate_row(of_network.at("averages"), "average", "transform");
    BOOST_TEST(average.at("code_bits").get<double>() ==
                   accuracy.at("bits_per_value").at("average").at("code_bits").get<double>(),
               boost::test_tools::tolerance(1e-9));
    folder().check_refused("codec rate --network folded.kvn --image photo.png", {"--folded"});
    folder().check_refused("codec rate --network transform.kvn --in symbols", {"not folded"});
    folder().check_refused("codec rate --network folded.kvn --in maps", {"is folded"});
    folder().check_refused("codec energy --in symbols", {"--folded"});
    folder().check_refused("run --network folded.kvn --folded", {"--folded has no meaning"});
    folder().check_refused("compile net.onnx --calibration photos --folded --codec vlc -o x.kvn",
                           {"vlc decodes to rectified maps"});
    folder().check_refused("compile net.onnx --calibration photos --folded --codec auto -o x.kvn",
                           {"codec auto"});
}

BOOST_AUTO_TEST_CASE(rates_of_a_folder_are_those_of_its_network) {
    need_maps();
    const Json direct = Json::parse(
        good("codec rate --network transform.kvn --image photo.png photos/0.png --json").out);
    const Json dumped =
        Json::parse(good("codec rate --in maps --network transform.kvn --json").out);
    BOOST_TEST(direct.at("averages") == dumped.at("averages"));
    BOOST_TEST(direct.at("rates").size() == dumped.at("rates").size());

    const Json own = Json::parse(good("codec rate --in maps --json").out);
    BOOST_TEST(rate_row(own.at("averages"), "average", "transform").at("parameters") ==
               "these maps");
    const Json other = Json::parse(good("codec rate --in maps --calibration-maps maps --json").out);
    const Json row = rate_row(other.at("averages"), "average", "transform");
    BOOST_TEST(row.at("parameters") == "calibration maps");
    BOOST_TEST(row.at("code_bits") ==
               rate_row(own.at("averages"), "average", "transform").at("code_bits"));

    const std::string csv = good("codec rate --in maps --csv").out;
    const auto lines = static_cast<size_t>(std::count(csv.begin(), csv.end(), '\n'));
    BOOST_TEST(lines == 1 + own.at("rates").size() + own.at("averages").size());
    const std::string text = good("codec rate --in maps").out;
    BOOST_TEST(contains(text, "\naverage"));
}

BOOST_AUTO_TEST_CASE(rates_of_a_truncated_transform) {
    need_maps();
    const auto row = [](const std::string& options) {
        const std::string words = "codec rate --in maps --json --only vlc transform " + options;
        return rate_row(Json::parse(good(words).out).at("averages"), "average", "transform");
    };
    const Json whole = row(""), part = row("--components 4"), share = row("--energy 0.9");
    for (const Json& some : {part, share}) {
        BOOST_TEST(some.at("code_bits") < whole.at("code_bits"));
        BOOST_TEST(some.at("table_bytes") < whole.at("table_bytes"));
        BOOST_TEST(some.at("rms_error") > whole.at("rms_error"));
    }
}

BOOST_AUTO_TEST_CASE(analyses_of_a_folder_are_those_of_its_network) {
    need_maps();
    for (const std::string analysis : {"energy", "blocks --blocks 1x1xC,2x2xC/4"}) {
        const std::string words = "codec " + analysis;
        const Json dumped = Json::parse(good(words + " --in maps --json").out);
        BOOST_TEST(
            Json::parse(
                good(words + " --network transform.kvn --image photo.png photos/0.png --json")
                    .out) == dumped);
        const std::string csv = good(words + " --in maps --csv").out;
        BOOST_TEST(csv.rfind("tensor,channels,", 0) == 0u);
        BOOST_TEST(contains(csv, "\naverage,"));
        BOOST_TEST(contains(good(words + " --in maps").out, "\naverage "));
    }
    const std::string own = good("codec blocks --in maps --csv").out;
    BOOST_TEST(good("codec blocks --in maps --calibration-maps maps --csv").out == own);
}

BOOST_AUTO_TEST_CASE(bad_analyses) {
    need_maps();
    for (const std::string analysis : {"codec energy ", "codec blocks "}) {
        folder().check_refused(analysis, {"either --in", "--image"});
        folder().check_refused(analysis + "--in maps --network net.kvn --image photo.png",
                               {"either --in", "--image"});
        folder().check_refused(analysis + "--image photo.png", {"--network and --image"});
        folder().check_refused(analysis + "--network net.kvn", {"--network and --image"});
        folder().check_refused(analysis + "--in maps --csv --json", {"choose one"});
        folder().check_refused(analysis + "--in raw",
                               {"raw: tensor ", " is u8, from behind the ReLU", "s12"});
        folder().check_refused(analysis + "--network net.kvn --image photo.png",
                               {"net.kvn: tensor ", "s12"});
        folder().check_refused(analysis + "--in photos", {"photos/manifest.json: "});
        folder().check_refused(analysis + "--network net.kvn --image none.png", {"none.png"});
        folder().check_refused(analysis + "--network net.kvn --image photo.png --codec raw",
                               {"--codec has no meaning for net.kvn"});
    }
    const std::string blocks = "codec blocks --in maps ";
    folder().check_refused(blocks + "--blocks 1x1", {"block '1x1'", "1x1xC, 2x2xC/4"});
    folder().check_refused(blocks + "--blocks 1x1xC,1x1xC", {"block 1x1xC is given twice"});
    folder().check_refused(blocks + "--blocks 1x1x1000", {"block 1x1x1000: no tensor"});
    folder().check_refused(blocks + "--snr nan", {"--snr"});
    folder().check_refused(blocks + "--calibration-maps raw", {"no calibration map of"});
}

BOOST_AUTO_TEST_CASE(bad_rates) {
    need_maps();
    folder().write("values.bin", some_values(12, 6));
    const std::string rate = "codec rate ";
    folder().check_refused(rate, {"either --in", "--image"});
    folder().check_refused(rate + "--in maps --image photo.png", {"either --in", "--image"});
    folder().check_refused(rate + "--image photo.png", {"--image needs --network"});
    folder().check_refused(rate + "--in values.bin --csv --json", {"choose one"});
    folder().check_refused(rate + "--in values.bin --only zip", {"unknown codec 'zip'"});
    folder().check_refused(rate + "--in values.bin --only zvc vlc:7 --components 3",
                           {"for codec transform, not for zvc, vlc:7"});
    folder().check_refused(rate + "--in values.bin --energy 2", {"--energy is a share"});
    folder().check_refused(rate + "--in maps --network transform.kvn --components 3",
                           {"--components has no meaning for transform.kvn"});
    folder().check_refused(rate + "--in values.bin --shape 2,3,3", {"values.bin: 12 values"});
    folder().check_refused(rate + "--in none.bin", {"none.bin: the map cannot be read"});
    folder().check_refused(rate + "--in photos", {"photos/manifest.json: the manifest cannot"});
    folder().check_refused(rate + "--in maps --shape 2,3,3", {"--shape is for a file"});
    folder().check_refused(rate + "--in values.bin --network net.kvn", {"--tensor"});
    folder().check_refused(rate + "--in values.bin --calibration-maps maps",
                           {"--calibration-maps"});
    folder().check_refused(rate + "--in maps --calibration-maps raw", {"no calibration map of"});
    folder().check_refused(rate + "--network net.kvn --image none.png", {"none.png"});
    folder().check_refused(rate + "--network net.kvn --image photo.png --codec raw",
                           {"--codec has no meaning for net.kvn"});
    const std::string manifest = folder().read("maps/manifest.json");
    for (const std::string& text :
         std::vector<std::string>{"[", "{}", R"({"order":"chw","images":[]})"}) {
        folder().write("maps/manifest.json", text);
        folder().check_refused(rate + "--in maps", {"maps/manifest.json: "});
    }
    folder().write("maps/manifest.json", manifest);
}

BOOST_AUTO_TEST_CASE(bad_dumps) {
    const std::string dump = "dump-maps --network net.kvn -o new ";
    folder().check_refused(dump, {"--image"});
    folder().check_refused(dump + "--image none.png", {"none.png: the picture cannot be read"});
    folder().check_refused(dump + "--image photo.png none.png", {"none.png"});
    folder().check_refused(dump + "--image photo.png --order wch", {"wch", "chw and hwc"});
    folder().check_refused(dump + "--image photo.png --bits 7",
                           {"--bits has no meaning for net.kvn"});
    folder().check_refused("dump-maps --network none.kvn --image photo.png -o new", {"none.kvn"});
    folder().check_refused("dump-maps --network net.kvn --image photo.png -o bands.yaml",
                           {"bands.yaml: cannot be written: Not a directory"});
    folder().check_refused("dump-maps --network net.kvn --image photo.png -o bands.yaml/x/y",
                           {"bands.yaml: cannot be written: Not a directory"});
}

BOOST_AUTO_TEST_SUITE_END()
