// Models as files: external data, number types, opsets, inputs, names; and what is refused.
#include <unistd.h>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include <boost/test/unit_test.hpp>

#include "sw/compiler/error.h"
#include "sw/compiler/graph_executor.h"
#include "sw/compiler/onnx_reader.h"
#include "tests/sw/compiler/model_builder.h"

using namespace karhunen;
namespace fs = std::filesystem;

namespace {

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "karhunen-XXXXXX").string();
        BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    void write(const std::string& name, const std::string& bytes) const {
        std::ofstream(path / name, std::ios::binary) << bytes;
    }
    fs::path path;
};

void check_message(const std::function<void()>& work, const std::vector<std::string>& parts) {
    std::string message = "nothing was refused";
    try {
        work();
    } catch (const CompileError& error) {
        message = error.what();
    }
    for (const std::string& part : parts)
        BOOST_TEST(message.find(part) != std::string::npos,
                   "\"" << message << "\" does not say \"" << part << "\"");
}

void check_refused(const ModelBuilder& b, const std::vector<std::string>& parts) {
    check_message([&] { parse_onnx(b.bytes(), "net.onnx"); }, parts);
}

/// Moves all float tensors behind each other into one text, 16 bytes before the first.
std::string externalise(ModelBuilder& b, const std::string& location) {
    std::string data(16, '\0');
    for (auto& tensor : *b.graph().mutable_initializer()) {
        if (tensor.data_type() != onnx::TensorProto::FLOAT) continue;
        const std::vector<float> values(tensor.float_data().begin(), tensor.float_data().end());
        tensor.clear_float_data();
        tensor.set_data_location(onnx::TensorProto::EXTERNAL);
        const auto add = [&](const std::string& key, const std::string& value) {
            auto* entry = tensor.add_external_data();
            entry->set_key(key);
            entry->set_value(value);
        };
        add("location", location);
        add("offset", std::to_string(data.size()));
        add("length", std::to_string(values.size() * sizeof(float)));
        data.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
    }
    return data;
}

std::string serialised(const ModelBuilder& b) {
    return b.model().SerializeAsString();
}

ModelBuilder one_convolution() {
    ModelBuilder b(8);
    b.finish(b.convolution("input", 3, 4, 3, 1, 1));
    return b;
}

void check_equal(const Graph& a, const Graph& b) {
    BOOST_TEST_REQUIRE(a.nodes.size() == b.nodes.size());
    for (size_t n = 0; n < a.nodes.size(); ++n) {
        BOOST_TEST((a.nodes[n].weights == b.nodes[n].weights));
        BOOST_TEST((a.nodes[n].bias == b.nodes[n].bias));
        BOOST_TEST((a.nodes[n].shape == b.nodes[n].shape));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(onnx_files)

BOOST_AUTO_TEST_CASE(external_data_is_read_as_internal) {
    const Folder folder;
    ModelBuilder b = small_resnet(16, 4, 3);
    const Graph internal = parse_onnx(b.bytes(), "model");
    fs::create_directory(folder.path / "weights");
    folder.write("weights/all.bin", externalise(b, "weights/all.bin"));
    folder.write("net.onnx", serialised(b));
    check_equal(read_onnx(folder.path / "net.onnx"), internal);
    // In the working directory.
    const fs::path before = fs::current_path();
    fs::current_path(folder.path);
    check_equal(read_onnx("net.onnx"), internal);
    fs::current_path(before);
    check_refused(b, {"tensor w1", "another file"});  // from memory
}

BOOST_AUTO_TEST_CASE(external_data_that_is_not_there) {
    const Folder folder;
    const auto refused = [&](const std::string& location, const std::string& data,
                             const std::vector<std::string>& parts,
                             const std::function<void(onnx::TensorProto&)>& edit = {}) {
        ModelBuilder b = one_convolution();
        const std::string good = externalise(b, location);
        if (edit) edit(*b.graph().mutable_initializer(0));
        folder.write("data.bin", data.empty() ? good : data);
        folder.write("net.onnx", serialised(b));
        check_message([&] { read_onnx(folder.path / "net.onnx"); }, parts);
    };
    refused("missing.bin", "", {"net.onnx: tensor w1", "missing.bin", "No such file"});
    refused("data.bin", "short", {"tensor w1", "data.bin has 5 bytes", "offset 16"});
    refused("../data.bin", "", {"tensor w1", "../data.bin", "model's folder"});
    refused("/etc/passwd", "", {"tensor w1", "/etc/passwd", "model's folder"});
    refused("", "", {"tensor w1", "no location"});
    fs::create_symlink("/etc/passwd", folder.path / "link.bin");
    refused("link.bin", "", {"tensor w1", "link.bin", "model's folder"});
    const auto set = [](int entry, const std::string& value) {
        return [=](onnx::TensorProto& t) { t.mutable_external_data(entry)->set_value(value); };
    };
    refused("data.bin", "", {"tensor w1", "offset", "-4"}, set(1, "-4"));
    refused("data.bin", "", {"tensor w1", "18446744073709551615"}, set(1, "18446744073709551615"));
    refused("data.bin", "", {"tensor w1", "3 values", "108"}, set(2, "12"));
    refused("data.bin", "", {"tensor w1", "13 bytes"}, set(2, "13"));
    refused("data.bin", "", {"tensor w1", "length 999999"}, set(2, "999999"));
    check_message([&] { read_onnx(folder.path); }, {"cannot be read"});
    check_message([&] { read_onnx(folder.path / "none.onnx"); }, {"none.onnx", "No such file"});
}

BOOST_AUTO_TEST_CASE(number_types) {
    const auto weights_of = [](onnx::TensorProto::DataType type, const std::string& raw) {
        ModelBuilder b(1);
        auto* tensor = b.graph().add_initializer();
        tensor->set_name("w");
        tensor->set_data_type(type);
        for (const int64_t dim : {2, 3, 1, 1}) tensor->add_dims(dim);
        tensor->set_raw_data(raw);
        b.finish(b.node("Conv", {"input", "w"}));
        return parse_onnx(b.bytes(), "model").nodes[1].weights;
    };
    const auto bytes_of = [](const auto& values) {
        return std::string(reinterpret_cast<const char*>(values.data()),
                           values.size() * sizeof(values[0]));
    };
    // IEEE 754: 1, -2, the least and the largest half, a subnormal one, minus zero
    const std::vector<uint16_t> halves{0x3C00, 0xC000, 0x0001, 0x7BFF, 0x8200, 0x8000};
    const std::vector<float> from_halves{
        1, -2, std::ldexp(1.0f, -24), 65504, -std::ldexp(1.0f, -15), -0.0f};
    BOOST_TEST(weights_of(onnx::TensorProto::FLOAT16, bytes_of(halves)) == from_halves,
               boost::test_tools::per_element());
    const std::vector<uint16_t> brains{0x3F80, 0xC000, 0x3F00, 0x4049, 0, 0x8000};
    const std::vector<float> from_brains{1, -2, 0.5f, 3.140625f, 0, -0.0f};
    BOOST_TEST(weights_of(onnx::TensorProto::BFLOAT16, bytes_of(brains)) == from_brains,
               boost::test_tools::per_element());
    const std::vector<double> doubles{1, -2, 0.1, 1e10, 0, 3};
    const std::vector<float> from_doubles(doubles.begin(), doubles.end());
    BOOST_TEST(weights_of(onnx::TensorProto::DOUBLE, bytes_of(doubles)) == from_doubles,
               boost::test_tools::per_element());
    check_message([&] { weights_of(onnx::TensorProto::INT8, "abcdef"); }, {"tensor w", "INT8"});
    const std::vector<uint16_t> infinite{0x7C00, 0, 0, 0, 0, 0};
    check_message([&] { weights_of(onnx::TensorProto::FLOAT16, bytes_of(infinite)); },
                  {"tensor w", "infinity"});
}

BOOST_AUTO_TEST_CASE(opsets) {
    for (const int64_t good : {9, 12, 17}) {
        ModelBuilder b = one_convolution();
        b.set_opset(good);
        BOOST_TEST(parse_onnx(b.bytes(), "model").nodes.size() == 2u);
    }
    for (const int64_t bad : {1, 8, 18, 99}) {
        ModelBuilder b = one_convolution();
        b.set_opset(bad);
        check_refused(b, {"net.onnx", "opset is " + std::to_string(bad), "9 to 17"});
    }
    ModelBuilder none = one_convolution();
    none.model().clear_opset_import();
    check_refused(none, {"opset is not given"});
}

BOOST_AUTO_TEST_CASE(inputs) {
    for (const int64_t batch : {-1, 0, 1}) {
        ModelBuilder b = one_convolution();
        b.set_input({batch, 3, 8, 8});
        // Older models list their weights as inputs.
        b.graph().add_input()->set_name("w1");
        BOOST_TEST((parse_onnx(b.bytes(), "model").nodes[0].shape == MapShape{8, 8, 3}));
    }
    for (const std::vector<int64_t>& bad : std::vector<std::vector<int64_t>>{
             {2, 3, 8, 8}, {1, 1, 8, 8}, {1, 3, 8, 9}, {3, 8, 8}, {}}) {
        ModelBuilder b = one_convolution();
        b.set_input(bad);
        check_refused(b, {"input input", "[1, 3, N, N]"});
    }
    ModelBuilder open = one_convolution();
    open.set_input({1, 3, -1, -1});
    check_refused(open, {"input input", "[1, 3, N, N] is supported"});
    ModelBuilder two = one_convolution();
    *two.graph().add_input() = two.graph().input(0);
    two.graph().mutable_input(1)->set_name("second");
    check_refused(two, {"2 inputs"});
}

BOOST_AUTO_TEST_CASE(names_are_short_and_unique) {
    ModelBuilder b(8);
    std::string map = "input";
    for (const std::string name :
         {"Stateful/net/block/Conv", "Stateful/net/block/Conv", "Stateful/net/a=b,c d/Conv", "",
          "Stateful/net/a_very_long_name_that_goes_on_and_on_and_ends_like_this/Conv"}) {
        map = b.convolution(map, 3, 3, 1, 1, 0);
        if (!name.empty()) b.last().set_name(name);
    }
    b.graph().mutable_node(3)->set_name("Stateful/net/4");
    b.finish(map);
    const Graph graph = parse_onnx(b.bytes(), "model");
    std::set<std::string> names;
    for (const Node& node : graph.nodes) {
        BOOST_TEST(names.insert(node.name).second);
        BOOST_TEST(node.name.size() <= 40u);
        BOOST_TEST(node.name.find_first_of("=, /:") == std::string::npos);
    }
    ModelBuilder prefixed(8);
    map = "input";
    for (const std::string name : {"top/net/one/Conv", "top/net/one/Conv", "top/net/two/Conv"}) {
        map = prefixed.convolution(map, 3, 3, 1, 1, 0);
        prefixed.last().set_name(name);
    }
    prefixed.finish(map);
    const Graph shortened = parse_onnx(prefixed.bytes(), "model");
    BOOST_TEST(shortened.nodes[1].name == "one");
    BOOST_TEST(shortened.nodes[2].name == "one_2");
    BOOST_TEST(shortened.nodes[3].name == "two");
}

BOOST_AUTO_TEST_CASE(what_operators_cannot_do) {
    const auto after_conv = [](const std::function<std::string(ModelBuilder&, std::string)>& add) {
        ModelBuilder b(8);
        b.finish(add(b, b.convolution("input", 3, 4, 3, 1, 1)));
        return b;
    };
    using Text = std::string;
    check_refused(after_conv([](auto& b, Text m) {
                      return b.node("Mul", {m, m});
                  }),
                  {"Mul node", "both operands are computed"});
    check_refused(after_conv([](auto& b, Text m) {
                      return b.node("Add", {m, b.floats({8}, 1)});
                  }),
                  {"Add node", "[8]", "[1, 4, 1, 1]"});
    check_refused(after_conv([](auto& b, Text m) {
                      return b.node("Div", {b.floats({1}, 1), m});
                  }),
                  {"Div node", "division by a computed value"});
    check_refused(after_conv([](auto& b, Text m) {
                      return b.node("Clip", {m, b.floats({1}, 0, -1), b.floats({1}, 0, 1)});
                  }),
                  {"Clip node", "-1.0", "ReLU6"});
    check_refused(after_conv([](auto& b, Text m) { return b.node("Softmax", {m}); }),
                  {"Softmax node", "all values of a vector"});
    const std::vector<int64_t> pads{0, 0, 1, 1, 0, 0, 1, 1};
    check_refused(after_conv([&](auto& b, Text m) {
                      return b.node("Pad", {m, b.integers(pads)});
                  }),
                  {"output", "padded"});
    check_refused(after_conv([&](auto& b, Text m) {
                      return b.node("Relu", {b.node("Pad", {m, b.integers(pads)})});
                  }),
                  {"Relu node", "right before a convolution or pooling"});
    check_refused(after_conv([&](auto& b, Text m) {
                      return b.max_pool(b.node("Pad", {m, b.integers(pads)}), 3, 2, 0);
                  }),
                  {"MaxPool node", "behind Relu"});
    check_refused(after_conv([&](auto& b, Text m) {
                      const Text padded = b.node("Pad", {m, b.integers(pads)});
                      ModelBuilder::set_text(b.last(), "mode", "reflect");
                      return b.convolution(padded, 4, 4, 3, 1, 0);
                  }),
                  {"Pad node", "reflect"});
    check_refused(after_conv([](auto& b, Text m) {
                      return b.node("Reshape", {m, b.integers({1, 5, -1})});
                  }),
                  {"Reshape node", "[1, 4, 8, 8]", "[1, 5, -1]"});
    check_refused(after_conv([](auto& b, Text m) {
                      const Text groups = b.node("Reshape", {m, b.integers({1, 2, 2, 8, 8})});
                      const Text shuffled = b.node("Transpose", {groups});
                      ModelBuilder::set(b.last(), "perm", {0, 2, 1, 3, 4});
                      return shuffled;
                  }),
                  {"Transpose node", "[1, 2, 2, 8, 8]", "channels last"});
    check_refused(after_conv([](auto& b, Text m) {
                      return b.convolution(b.node("Flatten", {m}), 4, 4, 1, 1, 0);
                  }),
                  {"Conv node", "[1, 256]", "[1, 4, 8, 8]"});
    check_refused(after_conv([](auto& b, Text m) { return b.fully_connected(m, 4, 2); }),
                  {"Gemm node", "[1, 4, 8, 8]", "vector"});
    check_refused(after_conv([](auto& b, Text m) {
                      const Text other = b.convolution(m, 4, 4, 3, 2, 1);
                      const Text joined = b.node("Concat", {m, other});
                      ModelBuilder::set(b.last(), "axis", int64_t{1});
                      return joined;
                  }),
                  {"Concat node", "[1, 4, 8, 8]", "[1, 4, 4, 4]"});
    check_refused(after_conv([](auto& b, Text m) {
                      const Text pooled = b.node("AveragePool", {m});
                      ModelBuilder::set(b.last(), "kernel_shape", {3, 3});
                      ModelBuilder::set(b.last(), "strides", {2, 2});
                      ModelBuilder::set(b.last(), "ceil_mode", int64_t{1});
                      ModelBuilder::set(b.last(), "count_include_pad", int64_t{1});
                      return pooled;
                  }),
                  {"AveragePool node", "ceil_mode"});
}

BOOST_AUTO_TEST_SUITE_END()
