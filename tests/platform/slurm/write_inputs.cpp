// A small network, pictures to calibrate it with, and a machine: what a sweep names.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>

#include "platform/files.h"
#include "sw/compiler/image.h"
#include "sw/images/picture.h"
#include "tests/sw/compiler/model_builder.h"

using namespace karhunen;

int main(int count, char** words) try {
    if (count != 2) return 2;
    const std::filesystem::path folder = words[1];
    std::filesystem::create_directories(folder / "photos");
    for (uint32_t i = 0; i < 3; ++i)
        write_png(folder / "photos" / (std::to_string(i) + ".png"), drawn_picture(1, i, 80));
    ModelBuilder model = small_resnet(64, 8, 5);
    write_file(folder / "net.onnx", model.bytes());
    return 0;
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}
