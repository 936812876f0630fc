// karhunen compile: an ONNX network and calibration pictures to a loadable.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "platform/commands/commands.h"
#include "platform/commands/networks.h"
#include "platform/files.h"

namespace karhunen {

namespace {

struct Options {
    std::string model, output;
    NetworkOptions network;
};

int compile_command(const Options& o) {
    check_writable(o.output);
    const std::vector<uint8_t> file = compile_network(o.model, o.network);
    write_file(o.output, file);
    std::cerr << o.output << ": " << file.size() << " bytes\n";
    return 0;
}

}  // namespace

void add_compile_command(CLI::App& program, int& exit_code) {
    CLI::App* command =
        program.add_subcommand("compile", "Compile an ONNX network into a loadable (.kvn)");
    auto o = std::make_shared<Options>();
    command->add_option("model", o->model, "ONNX file, or 'default': the built-in ResNet-18")
        ->required();
    command->add_option("-o,--output", o->output, "loadable to write")->required();
    add_network_options(*command, o->network);
    command->footer(
        "Examples:\n"
        "  karhunen compile resnet18.onnx --calibration photos --codec transform -o net.kvn\n"
        "  karhunen compile resnet18.onnx --calibration photos --codec raw --preset paper -o "
        "raw.kvn\n"
        "  karhunen compile resnet18.onnx --calibration photos --codec auto --max-drop 2 "
        "--batch 16 \\\n"
        "      --choices table.csv -o auto.kvn\n"
        "  karhunen compile resnet18.onnx --calibration photos --weight-bits 4 -o small.kvn\n"
        "  karhunen compile default --codec vlc --bits 7 -o demo.kvn");
    command->callback(
        [o, &exit_code] { exit_code = report_errors([&] { return compile_command(*o); }); });
}

}  // namespace karhunen
