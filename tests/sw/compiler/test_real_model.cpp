// The real ResNet-18 and photographs, which are not part of the project. Skipped where missing.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "sw/compiler/compile.h"
#include "sw/compiler/float_executor.h"
#include "sw/compiler/graph_executor.h"
#include "sw/compiler/onnx_reader.h"
#include "sw/compiler/parallel.h"
#include "sw/golden/executor.h"

using namespace karhunen;

namespace {

const std::filesystem::path data = KARHUNEN_DATA_DIR;
constexpr uint32_t classes = 1000;

/// The float32 values behind the header of an .npy file.
std::vector<float> read_npy(const std::string& name) {
    std::ifstream in(data / name, std::ios::binary);
    const std::vector<char> bytes(std::istreambuf_iterator<char>(in), {});
    const auto byte = [&](size_t i) { return static_cast<uint8_t>(bytes.at(i)); };
    const size_t header = 10 + byte(8) + 256u * byte(9);
    std::vector<float> values((bytes.size() - header) / sizeof(float));
    std::memcpy(values.data(), &bytes[header], values.size() * sizeof(float));
    return values;
}

struct Labelled {
    std::filesystem::path file;
    size_t row;  ///< in float-logits.npy
};

std::vector<Labelled> evaluation_files() {
    std::ifstream in(data / "images/labels.csv");
    std::vector<Labelled> files;
    std::string line;
    std::getline(in, line);
    for (size_t row = 0; std::getline(in, line); ++row)
        if (line.rfind("evaluation/", 0) == 0)
            files.push_back({data / "images" / line.substr(0, line.find(',')), row});
    return files;
}

const Network& network() {
    static const Network read = read_network(data / "resnet18.onnx");
    return read;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(real_model)

BOOST_AUTO_TEST_CASE(layers_of_resnet_18) {
    BOOST_TEST_REQUIRE(network().layers.size() == 19u);
    BOOST_TEST(network().layers[0].name == "conv1");
    BOOST_TEST(network().layers[6].name == "layer2.0.conv2");
    BOOST_TEST(network().layers[6].shortcut.has_value());
    uint64_t stored = 0;
    for (const FloatLayer& l : network().layers) stored += is_coded(l) ? l.output.values() : 0;
    BOOST_TEST(stored == 2308096u - 112 * 112 * 64 + 56 * 56 * 64);
}

BOOST_AUTO_TEST_CASE(preprocessing_is_that_of_pillow_and_torchvision) {
    const std::vector<float> expected = read_npy("inputs-8.npy");
    const auto files = evaluation_files();
    const krhn_input input = imagenet_input(224);
    constexpr size_t plane = 224 * 224;
    for (size_t i = 0; i < 8; ++i) {
        const auto real = normalise(
            resize_and_crop(read_picture(files[i].file), input.resize, input.crop), input);
        float largest = 0;
        for (size_t v = 0; v < real.size(); ++v)
            largest =
                std::max(largest, std::fabs(real[v] - expected[(i * 3 + v % 3) * plane + v / 3]));
        BOOST_TEST(largest < 1e-6f);
    }
}

BOOST_AUTO_TEST_CASE(float_logits_are_those_of_pytorch) {
    const std::vector<float> expected = read_npy("float-logits.npy");
    const auto files = evaluation_files();
    const krhn_input input = imagenet_input(224);
    const FloatExecutor executor(network());
    for (size_t i = 0; i < 8; ++i) {
        const auto logits = executor.run(normalise(
            resize_and_crop(read_picture(files[i].file), input.resize, input.crop), input));
        for (uint32_t c = 0; c < classes; ++c)
            BOOST_TEST(std::fabs(logits[c] - expected[files[i].row * classes + c]) < 1e-3f);
    }
}

/// The reference on PyTorch's own input tensors, and on pictures read and prepared by us.
BOOST_AUTO_TEST_CASE(the_float_reference_answers_as_pytorch) {
    const std::vector<float> expected = read_npy("float-logits.npy"),
                             inputs = read_npy("inputs-8.npy");
    const auto files = evaluation_files();
    const krhn_input input = imagenet_input(224);
    const GraphExecutor executor(read_onnx(data / "resnet18.onnx"), 1);
    constexpr size_t plane = 224 * 224;
    float largest = 0;
    for (size_t i = 0; i < 8; ++i) {
        GraphExecutor::Map picture(3 * plane);
        for (size_t v = 0; v < picture.size(); ++v)
            picture[v] = inputs[(i * 3 + v % 3) * plane + v / 3];
        const auto logits = executor.run(std::move(picture));
        for (uint32_t c = 0; c < classes; ++c)
            largest =
                std::max(largest, std::fabs(logits[c] - expected[files[i].row * classes + c]));
    }
    BOOST_TEST_MESSAGE("largest difference of a logit: " << largest);
    BOOST_TEST(largest < 1e-3f);
    std::atomic<int> agreeing{0};
    for_each_index(files.size(), 0, [&](size_t i) {
        const auto logits = executor.run(normalise(
            resize_and_crop(read_picture(files[i].file), input.resize, input.crop), input));
        const float* wanted = &expected[files[i].row * classes];
        agreeing += std::max_element(logits.begin(), logits.end()) - logits.begin() ==
                    std::max_element(wanted, wanted + classes) - wanted;
    });
    BOOST_TEST_MESSAGE("top-1 as PyTorch's: " << agreeing << " of " << files.size());
    BOOST_TEST_REQUIRE(files.size() == 136u);
    BOOST_TEST(agreeing >= 134);
}

/// A first impression from a few pictures; the platform's tests measure all of them.
BOOST_AUTO_TEST_CASE(a_few_pictures_through_the_loadable) {
    auto pictures = read_pictures(data / "images/calibration", 256, 224);
    pictures.resize(16);
    CompileOptions options;
    options.codec = "raw";
    const Loadable loadable = Loadable::parse(compile(network(), pictures, options), "resnet18");
    const GoldenExecutor golden(loadable);
    const std::vector<float> expected = read_npy("float-logits.npy");
    const auto files = evaluation_files();
    double signal = 0, error = 0;
    for (size_t i = 0; i < 8; ++i) {
        const auto picture = resize_and_crop(read_picture(files[i].file), 256, 224);
        const auto logits = golden.logits(golden.run(input_values(picture, loadable.input())));
        for (uint32_t c = 0; c < classes; ++c) {
            const double wanted = expected[files[i].row * classes + c];
            const double off = logits[c] * loadable.input().logit_scale - wanted;
            signal += wanted * wanted;
            error += off * off;
        }
    }
    const double snr = 10 * std::log10(signal / error);
    BOOST_TEST_MESSAGE("logit SNR of raw on 8 pictures: " << snr << " dB");
    BOOST_TEST(snr > 23);
}

BOOST_AUTO_TEST_SUITE_END()
