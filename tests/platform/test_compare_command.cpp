// karhunen compare as a user starts it.
#include <algorithm>
#include <sstream>

#include <nlohmann/json.hpp>

#include "tests/platform/codec_files.h"
#include "tests/sw/compiler/model_builder.h"

BOOST_AUTO_TEST_SUITE(compare_command)

BOOST_AUTO_TEST_CASE(three_forms_of_the_same) {
    const std::string words = "compare --onnx net.onnx --network net.kvn --images photos";
    const Json report = Json::parse(good(words + " --json").out);
    BOOST_TEST(report.at("pictures") == 3);
    BOOST_TEST(report.at("first").is_null());
    BOOST_TEST(report.at("logit_snr_db") > 15);
    const Json& tensors = report.at("tensors");
    BOOST_TEST(tensors.size() == 8u);  // the picture and seven layers
    BOOST_TEST(tensors[0].at("node") == "input input");
    BOOST_TEST(tensors[1].at("node") == "MaxPool node /MaxPool_4");  // fused into Conv_1
    const std::string text = good(words).out;
    for (const Json& tensor : tensors)
        BOOST_TEST(contains(text, tensor.at("tensor").get<std::string>()));
    BOOST_TEST(contains(text, "No tensor loses more than 10.0 dB"));
    std::istringstream csv(good(words + " --csv").out);
    size_t lines = 0;
    for (std::string line; std::getline(csv, line); ++lines)
        BOOST_TEST(std::count(line.begin(), line.end(), ',') == 12);
    BOOST_TEST(lines == tensors.size() + 1);
}

BOOST_AUTO_TEST_CASE(compiling_on_the_way) {
    const std::string words =
        "compare --onnx net.onnx --calibration photos --platform bands.yaml --image photo.png ";
    const Json raw = Json::parse(good(words + "--codec raw --json").out);
    good("compile net.onnx --calibration photos --platform bands.yaml --codec raw -o raw.kvn");
    const Json alone =
        Json::parse(good("compare --onnx net.onnx --network raw.kvn --image photo.png --json").out);
    BOOST_TEST(raw == alone);
    const std::string coarse = good(words + "--codec transform:1.5 --threshold 6").out;
    BOOST_TEST(contains(coarse, "It goes wrong at Conv_1 ("), coarse);
    BOOST_TEST(contains(coarse, "--tensor-codec Conv_1="), coarse);
}

BOOST_AUTO_TEST_CASE(other_answers_are_named) {
    // A network of the same shapes with other weights.
    const std::vector<uint8_t> bytes = karhunen::small_resnet(64, 8, 5, 2).bytes();
    folder().write("other.onnx", {bytes.begin(), bytes.end()});
    const std::string words = "compare --onnx other.onnx --network net.kvn --images photos ";
    const Json report = Json::parse(good(words + "--json").out);
    const Json& others = report.at("other_answers");
    BOOST_TEST(others.size() > 0u);
    BOOST_TEST(others.size() + report.at("top1_agreement").get<size_t>() ==
               report.at("pictures").get<size_t>());
    const std::string text = good(words).out;
    for (const Json& other : others) {
        BOOST_TEST(other.at("model") != other.at("machine"));
        const std::string name = other.at("picture");
        BOOST_TEST(!folder().read("photos/" + name).empty());
        BOOST_TEST(contains(text, "  " + name + ": " + other.at("model").dump() + ", " +
                                      other.at("machine").dump() + '\n'));
    }
}

BOOST_AUTO_TEST_CASE(what_the_framework_feeds_the_model) {
    // As the loadable's mean and deviation, but for the order of the channels.
    const std::string words = "compare --onnx net.onnx --network net.kvn --image photo.png ";
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 64, 64), }";
    header.resize(117, ' ');
    std::string npy = std::string("\x93NUMPY\x01\x00", 8) + '\x76' + '\0' + header + '\n';
    npy.resize(npy.size() + 3 * 64 * 64 * sizeof(float), '\0');
    folder().write("black.npy", npy);
    const std::string found = good(words + "--inputs black.npy").out;
    BOOST_TEST(contains(found, "It goes wrong at picture (input input)"), found);
    BOOST_TEST(contains(found, "mean"), found);
    folder().check_refused(
        "compare --onnx net.onnx --network net.kvn --images photos "
        "--inputs black.npy",
        {"black.npy", "(3, 3, 64, 64)"});
}

BOOST_AUTO_TEST_CASE(bad_input) {
    const auto refused = [](const std::string& words, const std::vector<std::string>& parts) {
        folder().check_refused("compare " + words, parts);
    };
    refused("--network net.kvn --images photos", {"--onnx is required"});
    refused("--onnx net.onnx --network net.kvn", {"--images DIR or --image FILE"});
    refused("--onnx net.onnx --network net.kvn --images photos --image photo.png", {"either"});
    refused("--onnx net.onnx --network net.onnx --images photos", {"finished loadable"});
    refused("--onnx net.kvn --network net.kvn --images photos", {"net.kvn", ".onnx"});
    refused("--onnx none.onnx --network net.kvn --images photos", {"none.onnx", "No such file"});
    refused("--onnx net.onnx --network none.kvn --images photos", {"none.kvn"});
    refused("--onnx net.onnx --network net.kvn --images nowhere", {"nowhere"});
    refused("--onnx net.onnx --network net.kvn --image none.png", {"none.png"});
    refused("--onnx net.onnx --network net.kvn --codec raw --image photo.png", {"--codec"});
    refused("--onnx net.onnx --network net.kvn --image photo.png --csv --json", {"choose one"});
    refused("--onnx net.onnx --network net.kvn --image photo.png --threshold -1", {"--threshold"});
    refused("--onnx net.onnx --image photo.png", {"--calibration"});
    refused("--onnx net.onnx --network net.kvn --image photo.png --inputs none.npy", {"none.npy"});
}

BOOST_AUTO_TEST_SUITE_END()
