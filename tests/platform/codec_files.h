// Files that codec and dump-maps read and write, for tests of the program from outside. Include it
// in one source file.
#pragma once

#include <cstring>
#include <random>
#include <string>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/platform/shared_folder.h"

namespace {

using karhunen::Outcome;
using Json = nlohmann::json;

/// (channel, row, column) to (row, column, channel), values of `width` bytes.
inline std::string interleaved(const std::string& planes, size_t channels, size_t width = 1) {
    std::string result(planes.size(), '\0');
    const size_t pixels = planes.size() / channels / width;
    for (size_t c = 0; c < channels; ++c)
        for (size_t p = 0; p < pixels; ++p)
            std::memcpy(&result[(p * channels + c) * width], &planes[(c * pixels + p) * width],
                        width);
    return result;
}

/// Half of them zero.
inline std::string some_values(size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::string values;
    while (values.size() < count)
        values += random() % 2 ? '\0' : static_cast<char>(random() & 0xFF);
    return values;
}

inline Outcome good(const std::string& words) {
    const Outcome outcome = folder().run(words);
    BOOST_TEST_CONTEXT("karhunen " << words << "\n" << outcome.err)
    BOOST_REQUIRE(outcome.exit_code == 0);
    return outcome;
}

inline Json json_file(const std::string& name) {
    return Json::parse(folder().read(name));
}

/// Maps of photo.png by a raw and a transform network.
struct Maps {
    Maps() {
        good(
            "compile net.onnx --calibration photos --codec transform -o transform.kvn "
            "--platform bands.yaml");
        good("dump-maps --network net.kvn --image photo.png -o raw");
        good("dump-maps --network transform.kvn --image photo.png photos/0.png -o maps");
    }
};

inline void need_maps() {
    static const Maps maps;
}

}  // namespace
