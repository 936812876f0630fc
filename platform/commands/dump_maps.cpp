// karhunen dump-maps: the feature maps of pictures as files, by the golden executor.
#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

#include "platform/commands/commands.h"
#include "platform/commands/networks.h"
#include "platform/files.h"
#include "platform/map_file.h"
#include "platform/progress.h"
#include "sw/compiler/image.h"
#include "sw/golden/executor.h"

namespace karhunen {

namespace {

using Json = nlohmann::ordered_json;

struct Options {
    std::string network = "default", output, order = "chw";
    std::vector<std::string> images;
    NetworkOptions compile;
    bool npy = false;
    const CLI::App* command = nullptr;
};

/// A name that is good in every file system.
std::string file_name(std::string_view name) {
    std::string result(name);
    for (char& c : result)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-') c = '_';
    return result;
}

std::string two_digits(size_t number) {
    std::ostringstream text;
    text << std::setw(2) << std::setfill('0') << number;
    return text.str();
}

/// A folder for each picture: its name, with a number when two have the same.
std::vector<std::string> folders_of(const std::vector<std::string>& images) {
    std::vector<std::string> folders;
    std::set<std::string> taken;
    for (const std::string& image : images) {
        const std::string stem = file_name(std::filesystem::path(image).stem().string());
        std::string folder = stem;
        for (size_t n = 2; !taken.insert(folder).second; ++n)
            folder = stem + "-" + std::to_string(n);
        folders.push_back(folder);
    }
    return folders;
}

class Dump {
public:
    Dump(const Options& o, const Loadable& loadable)
        : loadable_(loadable),
          order_(map_order_of(o.order)),
          npy_(o.npy),
          golden_(loadable, {.naive = false, .entropy = false, .encoded = true}),
          folder_(o.output, {o.images.begin(), o.images.end()}) {}

    /// The picture's entry in the manifest.
    Json image(const std::string& file, const std::string& folder, const Picture& picture) {
        const std::vector<StoredTensor> tensors =
            golden_.run(input_values(picture, loadable_.input()));
        Json maps = Json::array();
        for (size_t t = 0; t < tensors.size(); ++t)
            maps.push_back(tensor(tensors[t], t, folder + "/"));
        return {{"image", file}, {"maps", maps}};
    }

    void finish(Json manifest) {
        folder_.write("manifest.json", manifest.dump(2) + "\n");
        folder_.commit();
    }

private:
    Json tensor(const StoredTensor& stored, size_t index, const std::string& folder) {
        const krhn_tensor& t = loadable_.tensors()[index];
        const auto stored_format = static_cast<Format>(t.stored_format);
        const auto decoded_format = static_cast<Format>(t.decoded_format);
        const std::string name =
            folder + two_digits(index) + "-" + file_name(loadable_.name(t)) + ".";
        Json entry{{"tensor", loadable_.name(t)},
                   {"shape", {t.channels, t.height, t.width}},
                   {"codec", codec_name(t.codec)},
                   {"coders", t.streams / codec_traits(t.codec).streams_per_coder},
                   {"band_rows", t.band_rows},
                   {"counted", (t.flags & KRHN_TENSOR_COUNTED) != 0},
                   {"folded", t.encoder_table_bytes > 0}};
        entry["encoder_takes"] = map(t, stored.encoded, stored_format, t.stored_scale, name);
        // A lossless codec: one file for both.
        if (stored_format == decoded_format && stored.encoded == stored.decoded)
            entry["decoder_gives"] = entry["encoder_takes"];
        else
            entry["decoder_gives"] =
                map(t, stored.decoded, decoded_format, t.scale,
                    stored_format == decoded_format ? name + "decoded." : name);
        return entry;
    }

    Json map(const krhn_tensor& t, std::span<const int16_t> values, Format format, float scale,
             const std::string& name) {
        const std::string file = name + std::string(name_of(format)) + (npy_ ? ".npy" : ".bin");
        folder_.write(file,
                      map_file(values, {t.height, t.width, t.channels}, format, order_, npy_));
        return {{"file", file}, {"format", name_of(format)}, {"scale", scale}};
    }

    const Loadable& loadable_;
    const MapOrder order_;
    const bool npy_;
    const GoldenExecutor golden_;
    OutputFolder folder_;
};

int dump_maps(const Options& o) {
    map_order_of(o.order);
    // Bad files are found before the compiler works for seconds.
    for (const std::string& image : o.images) read_picture(image);
    const Loadable loadable = read_or_compile(o.network, *o.command, o.compile);
    const krhn_input& input = loadable.input();
    Dump dump(o, loadable);
    Progress progress("dump-maps");
    Json images = Json::array();
    const std::vector<std::string> folders = folders_of(o.images);
    for (size_t i = 0; i < o.images.size(); ++i) {
        const Picture picture = read_picture(o.images[i]);
        images.push_back(dump.image(o.images[i], folders[i],
                                    resize_and_crop(picture, input.resize, input.crop)));
        progress(i + 1, o.images.size());
    }
    dump.finish({{"network", o.network}, {"order", o.order}, {"images", images}});
    return 0;
}

}  // namespace

void add_dump_maps_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "dump-maps", "Write the feature maps of pictures as files (golden executor)");
    auto o = std::make_shared<Options>();
    o->command = command;
    command
        ->add_option("--network", o->network,
                     "loadable (.kvn), ONNX file, or 'default': the built-in ResNet-18")
        ->capture_default_str();
    command->add_option("--image", o->images, "PNG or JPEG, one or more")->required();
    command->add_option("-o,--output", o->output, "folder to write to")->required();
    command
        ->add_option("--order", o->order,
                     "of the values in a file, slowest first: chw (channel, row, column) or hwc")
        ->capture_default_str();
    command->add_flag("--npy", o->npy, "NumPy's .npy files instead of bare values");
    add_network_options(*command, o->compile);
    command->footer(
        "For each map of each picture: what the encoder takes and what a decoder gives back, as\n"
        "little-endian values (u8, s8: 1 byte; s12: 2; s32: 4), and manifest.json with names,\n"
        "shapes, formats and scales. With codec raw the two are the same, u8 after ReLU.\n"
        "Examples:\n"
        "  karhunen dump-maps --network net.kvn --image cat.jpg dog.jpg -o maps\n"
        "  karhunen dump-maps --network net.onnx --calibration photos --codec raw \\\n"
        "      --image cat.jpg --npy -o maps");
    command->callback(
        [o, &exit_code] { exit_code = report_errors([&] { return dump_maps(*o); }); });
}

}  // namespace karhunen
