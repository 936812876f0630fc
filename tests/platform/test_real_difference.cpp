// karhunen compare's figures of the real ResNet-18, which is not part of the project. Skipped where
// it is missing.
#include <cmath>
#include <filesystem>
#include <iostream>

#include <boost/test/unit_test.hpp>

#include "platform/labels.h"
#include "platform/npy.h"
#include "platform/tensor_difference.h"
#include "sw/compiler/compile.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"

using namespace karhunen;

namespace {

const std::filesystem::path data = KARHUNEN_DATA_DIR;
constexpr size_t pictures = 8, plane = 224 * 224;

struct Real {
    Graph graph = read_onnx(data / "resnet18.onnx");
    Network network = fold(graph);
    NpyArray inputs = read_npy(data / "inputs-8.npy");  // of the first eight evaluation pictures
    std::vector<Picture> given;
    std::vector<Picture> calibration;

    Real() {
        for (const LabelledImage& image :
             read_labels(data / "images/labels.csv", data / "images", 1000))
            if (image.file.string().find("evaluation/") != std::string::npos &&
                given.size() < pictures)
                given.push_back(resize_and_crop(read_picture(image.file), 256, 224));
        calibration = read_pictures(data / "images/calibration", 256, 224);
        calibration.resize(24);
    }

    /// With PyTorch's own inputs for the reference.
    NetworkDifference measure(const Network& n, const std::string& codec) const {
        CompileOptions options;
        options.codec = codec;
        const Loadable loadable = Loadable::parse(compile(n, calibration, options), "resnet18");
        const GraphExecutor reference(graph, 1);
        const NetworkDifference d = measure_difference(
            reference, loadable, nodes_of(loadable, graph, network), pictures,
            [&](size_t i) {
                ComparedPicture p{input_values(given[i], loadable.input()), {}};
                for (size_t v = 0; v < 3 * plane; ++v)
                    p.picture.push_back(inputs.values[(i * 3 + v % 3) * plane + v / 3]);
                return p;
            },
            {});
        print_text(d, std::cout);
        return d;
    }
};

const Real& real() {
    static const Real read;
    return read;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(real_difference)

BOOST_AUTO_TEST_CASE(every_tensor_is_near_its_float_value) {
    for (const std::string codec : {"raw", "transform:8"}) {
        const NetworkDifference d = real().measure(real().network, codec);
        BOOST_TEST(!d.first.has_value());
        BOOST_TEST(d.tensors.size() == 20u);
        BOOST_TEST(d.tensors[0].snr_db > 38);
        BOOST_TEST(d.logit_snr_db() > (codec == "raw" ? 24 : 17));
        BOOST_TEST(d.agreement >= 7u);
        for (const TensorDifference& t : d.tensors) BOOST_TEST(t.snr_db > 10, t.tensor);
    }
}

BOOST_AUTO_TEST_CASE(a_fault_is_named_in_the_middle) {
    for (const char* name : {"layer1.1.conv2", "layer3.0.conv1"}) {
        Network wrong = real().network;
        for (FloatLayer& layer : wrong.layers)
            if (layer.name == name)
                for (float& w : layer.convolution.weights) w *= 1.5f;
        const NetworkDifference d = real().measure(wrong, "raw");
        BOOST_TEST_REQUIRE(d.first.has_value());
        BOOST_TEST(d.tensors[*d.first].tensor == name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
