#include "platform/commands/analysis.h"

#include "platform/map_file.h"
#include "sw/compiler/image.h"

namespace karhunen {

void add_analysis_options(CLI::App& command, AnalysisOptions& o) {
    o.command = &command;
    command.add_option("--in", o.input, "folder written by dump-maps");
    command.add_option("--network", o.network,
                       "loadable, ONNX file or 'default', whose maps of --image to take");
    command.add_option("--image", o.images, "PNG or JPEG pictures for the network");
    command.add_flag("--csv", o.csv, "print CSV");
    command.add_flag("--json", o.json, "print JSON");
    add_network_options(command, o.compile);
}

std::vector<RateTensor> analysed_maps(const AnalysisOptions& o) {
    if (o.csv && o.json) throw std::runtime_error("--csv and --json: choose one");
    if (o.input.empty() == o.images.empty() || o.images.empty() != o.network.empty())
        throw std::runtime_error(
            "give either --in, a folder of maps, or --network and --image, which make them");
    for (const std::string& image : o.images) read_picture(image);  // before the compiler works
    const std::vector<RateTensor> tensors =
        o.images.empty()
            ? rate_tensors_of_folder(o.input)
            : rate_tensors_of_network(read_or_compile(o.network, *o.command, o.compile), o.images,
                                      o.compile.threads);
    for (const RateTensor& t : tensors)
        if (t.folded)
            throw std::runtime_error((o.input.empty() ? o.network : o.input) + ": tensor " +
                                     t.name +
                                     " has symbols of a transform that is part of the convolution; "
                                     "this needs the maps before it: compile without --folded");
    for (const RateTensor& t : tensors)
        if (t.format != Format::s12)
            throw std::runtime_error(
                (o.input.empty() ? o.network : o.input) + ": tensor " + t.name + " is " +
                std::string(name_of(t.format)) +
                ", from behind the ReLU; this needs the maps before it, of format s12, which "
                "networks compiled with --codec transform or vlc have");
    return tensors;
}

}  // namespace karhunen
