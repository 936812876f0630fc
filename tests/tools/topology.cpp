// Compiles a well-known network in full size with random weights: something to run and to time.
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "sw/compiler/compile.h"
#include "sw/compiler/fold.h"
#include "sw/images/picture.h"
#include "tests/sw/compiler/topologies.h"

using namespace karhunen;

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: topology NAME FILE.kvn [CODEC [BATCH [SIDE]]]; names:";
        for (const std::string& name : topology_names()) std::cerr << ' ' << name;
        std::cerr << '\n';
        return 2;
    }
    try {
        TopologySize size;
        if (argc > 5) size.side = static_cast<uint32_t>(std::atoi(argv[5]));
        CompileOptions options;
        options.codec = argc > 3 ? argv[3] : "raw";
        if (argc > 4) options.batch = static_cast<uint32_t>(std::atoi(argv[4]));
        options.progress = [](const std::string& line) { std::cerr << line << '\n'; };
        const std::vector<uint8_t> file =
            compile(fold(topology(argv[1], size)), drawn_pictures(1, 1, 2, size.side), options);
        std::ofstream out(argv[2], std::ios::binary);
        out.write(reinterpret_cast<const char*>(file.data()),
                  static_cast<std::streamsize>(file.size()));
        if (!out.flush()) throw std::runtime_error(std::string(argv[2]) + " cannot be written");
    } catch (const std::exception& error) {
        std::cerr << "topology: " << error.what() << '\n';
        return 2;
    }
}
