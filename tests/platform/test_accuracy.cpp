// karhunen accuracy with several codecs, and codec ablation.
#include <cmath>
#include <sstream>

#include "tests/platform/codec_files.h"

namespace {

const std::string pictures = " --images . --labels labels.csv ";
const std::string compiling = " --network net.onnx --calibration photos --platform bands.yaml ";

void need_labels() {
    folder().write("labels.csv", "file,class\nphoto.png,1\nphotos/0.png,2\nphotos/1.png,0\n");
}

std::vector<std::vector<std::string>> csv_lines(const std::string& text) {
    std::vector<std::vector<std::string>> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        std::vector<std::string>& fields = lines.emplace_back(1);
        for (const char c : line)
            if (c == ',')
                fields.emplace_back();
            else
                fields.back() += c;
    }
    return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(accuracy)

BOOST_AUTO_TEST_CASE(several_codecs_are_each_as_alone) {
    need_labels();
    const Json all = Json::parse(
        good("accuracy" + compiling + pictures + "--codecs raw,transform:6,ebpc --batch 4 --json")
            .out);
    BOOST_TEST(all.at("batch") == 4);
    const Json& runs = all.at("runs");
    BOOST_REQUIRE(runs.size() == 3u);
    for (const Json& run : runs) {
        const std::string name = run.at("name");
        good("compile net.onnx --calibration photos --platform bands.yaml --codec " + name +
             " -o one.kvn");
        const Json alone =
            Json::parse(good("accuracy --network one.kvn" + pictures + "--json").out);
        BOOST_TEST(alone.at("bits_per_value") == run.at("bits_per_value"));
        BOOST_TEST(alone.at("top1") == run.at("top1"));
        // What the machine loads.
        const Json machine = Json::parse(
            good("run --network one.kvn --platform bands.yaml --image photo.png --json").out);
        uint64_t tables = 0;
        for (const Json& row : machine.at("dram"))
            if (row.at("kind") == "tables") tables += row.at("bytes_read").get<uint64_t>();
        BOOST_TEST(machine.at("codec") == name);
        const Json& average = run.at("bits_per_value").at("average");
        BOOST_TEST(average.at("codec") == name);
        BOOST_TEST(average.at("table_bytes") == tables);
        BOOST_TEST(run.at("table_bytes_per_image").get<double>() ==
                   static_cast<double>(tables) / 4);
        BOOST_TEST(run.at("map_bytes_per_image").get<double>() * 8 * 3 ==
                       average.at("dram_bursts").get<double>() * average.at("values").get<double>(),
                   boost::test_tools::tolerance(1e-9));
        for (const Json& tensor : run.at("bits_per_value").at("tensors")) {
            BOOST_TEST(tensor.at("code_bits").get<double>() <=
                       tensor.at("stream_words").get<double>());
            BOOST_TEST(tensor.at("stream_words").get<double>() <=
                       tensor.at("dram_bursts").get<double>());
        }
    }
    BOOST_TEST(runs[0].at("top1_change").at("points") == 0);
    BOOST_TEST(runs[2].at("top1_change").at("lost") == 0);  // ebpc loses nothing
}

BOOST_AUTO_TEST_CASE(loadables_side_by_side) {
    need_labels();
    const std::string words = "accuracy --network net.kvn net.kvn" + pictures;
    const std::string text = good(words + "--tensors").out;
    BOOST_TEST(contains(text, "3 images."));
    BOOST_TEST(contains(text, "DRAM bursts, bits per value"));
    const auto lines = csv_lines(good(words + "--csv").out);
    for (const auto& line : lines) BOOST_TEST(line.size() == lines[0].size());
    BOOST_TEST(lines.size() == 1 + 2 * (5 + 1));  // five counted tensors and their average
    BOOST_TEST(!contains(good(words + "--csv").err, "compiled for"));  // raw has no tables
    good("compile net.onnx --calibration photos --platform bands.yaml --batch 3 -o three.kvn");
    const std::string three = "accuracy --network three.kvn" + pictures;
    const std::string remark = "karhunen: three.kvn was compiled for batches of 3, but ";
    BOOST_TEST(contains(good(three + "--csv").err, remark));
    BOOST_TEST(contains(good(three + "--network net.kvn").err, remark));
    BOOST_TEST(!contains(good(three).err, remark));  // prints the same for every batch
    BOOST_TEST(good(three).out == good(three + "--batch 3").out);
    BOOST_TEST(!contains(good(three + "--csv --batch 1").err, remark));
    BOOST_TEST(!contains(good(three + "--csv --batch 3").err, remark));
}

BOOST_AUTO_TEST_CASE(the_worst_tensors_are_those_of_compare) {
    need_labels();
    const std::string bits = "--weight-bits 4 ";
    const Json report = Json::parse(
        good("accuracy" + compiling + pictures + bits + "--codec transform:6 --only photos/ --json")
            .out);
    BOOST_TEST(report.at("worst_tensors_images") == 2);
    const Json compared =
        Json::parse(good("compare --onnx net.onnx --calibration photos --platform "
                         "bands.yaml --codec transform:6 --json " +
                         bits + "--image photos/0.png photos/1.png")
                        .out);
    std::vector<double> snr;
    for (const Json& t : compared.at("tensors")) snr.push_back(t.at("snr_db"));
    std::sort(snr.begin(), snr.end());
    BOOST_TEST(report.at("worst_tensors").size() == 3u);
    for (size_t i = 0; i < 3; ++i)
        BOOST_TEST(report.at("worst_tensors")[i].at("snr_db").get<double>() == snr[i]);
    const std::string name = report.at("worst_tensors")[0].at("name");
    for (const Json& t : compared.at("tensors"))  // the picture and the logits are raw
        if (t.at("codec") != "raw") BOOST_TEST(t.at("codec") == "transform:6");
    const std::string two =
        good("accuracy" + compiling + pictures + bits + "--codecs raw,transform:6").out;
    BOOST_TEST(contains(two, "worst tensors against the float model, raw (SNR on 3 images): "));
    BOOST_TEST(contains(two, "worst tensors against the float model, transform:6 (SNR"));
    BOOST_TEST(contains(
        good("accuracy" + compiling + pictures + bits + "--codec transform:6 --only photos/").out,
        name));
    BOOST_TEST(!contains(good("accuracy --network net.kvn" + pictures).out, "worst"));
}

BOOST_AUTO_TEST_CASE(ablation) {
    need_labels();
    const std::string text =
        good("codec ablation" + compiling + pictures + "--at 5,7 -o curve.csv").out;
    BOOST_TEST(contains(text, "PCA+Q+VLC"));
    const auto lines = csv_lines(folder().read("curve.csv"));
    BOOST_REQUIRE(lines.size() == 1 + 4 * 2);
    for (size_t i = 1; i < lines.size(); ++i) {
        BOOST_TEST(lines[i].size() == lines[0].size());
        const double bits = std::stod(lines[i][1]), rate = std::stod(lines[i][2]);
        if (contains(lines[i][0], "VLC"))
            BOOST_TEST(rate < bits);
        else
            BOOST_TEST(rate == bits);
    }
}

BOOST_AUTO_TEST_CASE(rate_distortion) {
    need_labels();
    const std::string words = "accuracy --rate-distortion --at 7,5" + compiling + pictures;
    const auto lines = csv_lines(good(words + "--csv").out);
    BOOST_REQUIRE(lines.size() == 1u + 2 * 2);
    const auto alone = csv_lines(
        good("accuracy" + compiling + pictures + "--codecs raw,transform:5,transform:7 --csv").out);
    for (size_t i = 1; i < alone.size(); ++i) BOOST_TEST(alone[i][2] == alone[i][0]);  // codec, run
    size_t found = 0;
    for (const auto& line : alone)  // the averages
        for (size_t i = 1; i <= 2; ++i)
            if (line[1] == "average" && line[0] == "transform:" + lines[i][1]) {
                BOOST_TEST(line[4] == lines[i][2]);  // entropy
                ++found;
            }
    BOOST_TEST(found == 2u);
    for (size_t i = 1; i < lines.size(); ++i) {
        BOOST_TEST(lines[i].size() == lines[0].size());
        BOOST_TEST(lines[i][0] == (i <= 2 ? "uniform" : "per tensor"));
        BOOST_TEST(lines[i][1] == (i % 2 ? "5" : "7"));
    }
    BOOST_TEST(std::stod(lines[1][2]) < std::stod(lines[2][2]));
    BOOST_TEST(std::stod(lines[3][2]) < std::stod(lines[4][2]));
    const Outcome text = good(words + "--uniform");
    BOOST_TEST(!contains(text.out, "per tensor  "));
    BOOST_TEST(contains(text.out, "published (Chmiel et al., Fig. 3"));
}

/// A measurement that was killed goes on: what the journal has is believed, the rest measured.
BOOST_AUTO_TEST_CASE(a_stopped_measurement_goes_on) {
    need_labels();
    folder().write("journal.txt", "karhunen accuracy journal 2\n");
    const std::string words = "accuracy --network net.kvn --json --resume journal.txt" + pictures;
    const std::string whole = good(words).out;
    BOOST_TEST(whole == good("accuracy --network net.kvn --json" + pictures).out);
    const std::string journal = folder().read("journal.txt");
    BOOST_TEST(std::count(journal.begin(), journal.end(), '\n') == 1 + 3);
    folder().write("journal.txt", journal.substr(0, journal.size() - 10));
    BOOST_TEST(good(words).out == whole);
    const std::string again = folder().read("journal.txt");
    BOOST_TEST(again.size() == journal.size());
    BOOST_TEST(good(words).out == whole);
    BOOST_TEST(folder().read("journal.txt") == again);
    // What is there is not measured again.
    const size_t at = again.find("\"top5\":");
    std::string changed = again;
    changed[at + 7] = changed[at + 7] == '1' ? '0' : '1';
    folder().write("journal.txt", changed);
    BOOST_TEST(good(words).out != whole);
    folder().write("journal.txt", "something\n");
    folder().check_refused(words, {"journal.txt:1: expected \"karhunen accuracy journal 2\""});
    folder().write("journal.txt", "karhunen accuracy journal 2\n{\"key\": 1}\n");
    folder().check_refused(words, {"journal.txt:2: not a line that --resume has written; delete"});
    folder().write("journal.txt", again + "garbage\n");
    folder().check_refused(words, {"journal.txt:5: not a line that --resume has written; delete"});
    changed[at + 7] = '7';
    folder().write("journal.txt", changed);
    folder().check_refused(words, {"journal.txt:2: 7 cannot be"});
}

/// Without a reference too the same pictures with other classes are measured anew.
BOOST_AUTO_TEST_CASE(journals_tell_labels_apart) {
    need_labels();
    const std::string words = "accuracy --network net.kvn --json" + pictures;
    const std::string kept = words + "--resume classes.txt";
    good(kept);
    std::vector<std::string> found;
    for (int label = 0; label < 5; ++label) {
        const std::string end = "," + std::to_string(label) + "\n";
        folder().write("labels.csv",
                       "file,class\nphoto.png" + end + "photos/0.png" + end + "photos/1.png" + end);
        found.push_back(good(kept).out);
        BOOST_TEST(found.back() == good(words).out);
    }
    std::sort(found.begin(), found.end());
    BOOST_TEST(found.front() != found.back());  // or all classes were as good
}

BOOST_AUTO_TEST_CASE(references_are_logits) {
    need_labels();
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), }";
    header.resize(117, ' ');
    const std::string head = std::string("\x93NUMPY\x01\x00", 8) + '\x76' + '\0' + header + '\n';
    std::vector<float> logits(15, 1);
    const auto refuse = [&](const std::vector<std::string>& parts) {
        folder().write("logits.npy",
                       head + std::string(reinterpret_cast<const char*>(logits.data()),
                                          logits.size() * sizeof(float)));
        folder().check_refused("accuracy --network net.kvn --reference logits.npy" + pictures,
                               parts);
    };
    logits[7] = NAN;
    refuse({"logits.npy: logit 2 of row 1 is not a finite number"});
    std::fill(logits.begin() + 5, logits.begin() + 10, 0);
    refuse({"logits.npy: row 1, of ./photos/0.png, has nothing but zeros"});
    logits.resize(14);
    refuse({"logits.npy"});
}

BOOST_AUTO_TEST_CASE(refused) {
    need_labels();
    folder().check_refused("accuracy --network net.kvn --only zip" + pictures,
                           {"no image has 'zip' (--only) in its path"});
    folder().check_refused("accuracy --network net.kvn --at 5" + pictures,
                           {"--at requires --rate-distortion"});
    folder().check_refused("accuracy --rate-distortion --network net.kvn" + pictures,
                           {"--rate-distortion takes one ONNX network"});
    folder().check_refused("accuracy --rate-distortion --codec raw" + compiling + pictures,
                           {"codec raw has no quantiser"});
    folder().check_refused("accuracy --rate-distortion --codec vlc:7" + compiling + pictures,
                           {"without bits; --at says which"});
    folder().check_refused("accuracy --network net.kvn --codecs raw,vlc" + pictures,
                           {"--codecs has no meaning for net.kvn, a finished loadable"});
    folder().check_refused("accuracy --network net.kvn --weight-bits 4" + pictures,
                           {"--weight-bits has no meaning for net.kvn, a finished loadable"});
    folder().check_refused("accuracy" + compiling + pictures + "--weight-bits 5",
                           {"--weight-bits: expected 8 or 4, not 5"});
    folder().check_refused("accuracy" + compiling + pictures + "--weight-bits x",
                           {"--weight-bits: expected 8 or 4, not x"});
    folder().check_refused("accuracy" + compiling + pictures + "--codecs raw,auto:5",
                           {"'auto:5': auto chooses the bits itself; --max-drop or --min-snr"});
    folder().check_refused("accuracy" + compiling + pictures + "--ranges mse:3",
                           {"'mse:3': mse takes no number; expected mse or percentile:PERCENT"});
    folder().check_refused("accuracy" + compiling + pictures + "--codecs raw,zip",
                           {"unknown codec 'zip'"});
    folder().check_refused("accuracy" + compiling + pictures + "--codecs vlc:x",
                           {"'vlc:x': expected a number of bits"});
    folder().check_refused("accuracy --network net.kvn --csv --json" + pictures, {"choose one"});
    folder().check_refused("codec ablation --network net.kvn -o curve.csv" + pictures,
                           {"net.kvn: a finished loadable; give the ONNX file"});
    folder().check_refused("codec ablation" + compiling + pictures + "-o none/curve.csv",
                           {"none/curve.csv: cannot be written"});
}

BOOST_AUTO_TEST_SUITE_END()
