#include "platform/rate_sources.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "platform/map_file.h"
#include "sw/compiler/file.h"
#include "sw/compiler/image.h"
#include "sw/compiler/parallel.h"
#include "sw/golden/executor.h"

namespace karhunen {

namespace {

using Json = nlohmann::json;

bool same_shape(const BandShape& a, const BandShape& b) {
    return a.rows == b.rows && a.width == b.width && a.channels == b.channels;
}

RateTensor* named(std::vector<RateTensor>& tensors, const std::string& name) {
    const auto found = std::find_if(tensors.begin(), tensors.end(),
                                    [&](const RateTensor& t) { return t.name == name; });
    return found == tensors.end() ? nullptr : &*found;
}

/// An entry of the manifest without its values.
RateTensor described(const Json& map) {
    RateTensor t;
    t.name = map.at("tensor").get<std::string>();
    const auto extents = map.at("shape").get<std::array<uint32_t, 3>>();
    t.shape = {extents[1], extents[2], extents[0]};
    t.coders = map.at("coders").get<uint32_t>();
    t.band_rows = map.at("band_rows").get<uint32_t>();
    if (t.band_rows == 0) throw std::runtime_error("a band of no rows");
    t.format = format_of(map.at("encoder_takes").at("format").get<std::string>());
    t.scale = map.at("encoder_takes").at("scale").get<double>();
    t.decoded_scale = map.at("decoder_gives").at("scale").get<double>();
    t.folded = map.value("folded", false);
    if (!(t.scale > 0 && t.decoded_scale > 0)) throw std::runtime_error("a scale is not positive");
    return t;
}

void add_map(std::vector<RateTensor>& tensors, const std::filesystem::path& folder, const Json& map,
             MapOrder order) {
    if (!map.at("counted").get<bool>()) return;
    RateTensor t = described(map);
    const auto file = folder / map.at("encoder_takes").at("file").get<std::string>();
    MapFileOptions options{t.shape, t.format, order};
    if (file.extension() == ".npy") options = {{}, {}, order};
    Map values = read_map(file, options);
    if (!same_shape(values.shape, t.shape) || values.format != t.format)
        throw std::runtime_error(file.string() + ": not of the shape and format of " + t.name);
    RateTensor* known = named(tensors, t.name);
    if (known == nullptr) {
        tensors.push_back(std::move(t));
        known = &tensors.back();
    } else if (!same_shape(known->shape, t.shape) || known->format != t.format) {
        throw std::runtime_error("tensor " + t.name + " has several shapes or formats");
    }
    known->images.push_back(std::move(values.values));
}

}  // namespace

std::vector<RateTensor> rate_tensors_of_folder(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "manifest.json";
    const std::vector<uint8_t> text = read_file<std::runtime_error>(path, "manifest");
    std::vector<RateTensor> tensors;
    try {
        const Json manifest = Json::parse(text);
        const MapOrder order = map_order_of(manifest.at("order").get<std::string>());
        for (const Json& image : manifest.at("images"))
            for (const Json& map : image.at("maps")) add_map(tensors, folder, map, order);
    } catch (const std::exception& error) {
        throw std::runtime_error(path.string() + ": " + error.what());
    }
    if (tensors.empty()) throw std::runtime_error(path.string() + ": names no counted tensor");
    return tensors;
}

std::vector<RateTensor> rate_tensors_of_network(const Loadable& loadable,
                                                const std::vector<std::string>& pictures,
                                                unsigned threads) {
    std::vector<RateTensor> tensors;
    std::vector<uint32_t> numbers;
    for (uint32_t i = 0; i < loadable.tensors().size(); ++i) {
        const krhn_tensor& t = loadable.tensors()[i];
        if (!(t.flags & KRHN_TENSOR_COUNTED)) continue;
        numbers.push_back(i);
        tensors.push_back({.name = std::string(loadable.name(t)),
                           .shape = {t.height, t.width, t.channels},
                           .band_rows = t.band_rows,
                           .coders = t.streams / codec_traits(t.codec).streams_per_coder,
                           .format = static_cast<Format>(t.stored_format),
                           .scale = t.stored_scale,
                           .decoded_scale = t.scale,
                           .images = std::vector<std::vector<int16_t>>(pictures.size()),
                           .calibration = {},
                           .loadable_codec = 0,
                           .loadable_parameters = {},
                           .folded = t.encoder_table_bytes > 0});
    }
    const GoldenExecutor golden(loadable, {.naive = false, .entropy = false, .encoded = true});
    const krhn_input& input = loadable.input();
    for_each_index(pictures.size(), threads, [&](size_t i) {
        const Picture picture =
            resize_and_crop(read_picture(pictures[i]), input.resize, input.crop);
        auto stored = golden.run(input_values(picture, input));
        for (size_t t = 0; t < tensors.size(); ++t)
            tensors[t].images[i] = std::move(stored[numbers[t]].encoded);
    });
    take_parameters(tensors, loadable);
    return tensors;
}

void calibrate_on(std::vector<RateTensor>& tensors, std::vector<RateTensor> others) {
    for (RateTensor& t : tensors) {
        RateTensor* other = named(others, t.name);
        if (other == nullptr || !same_shape(other->shape, t.shape) || other->format != t.format)
            throw std::runtime_error("no calibration map of tensor " + t.name +
                                     " has its shape and format");
        t.calibration = std::move(other->images);
    }
}

void take_parameters(std::vector<RateTensor>& tensors, const Loadable& loadable) {
    for (RateTensor& t : tensors) {
        const auto all = loadable.tensors();
        const auto found = std::find_if(all.begin(), all.end(), [&](const krhn_tensor& tensor) {
            return loadable.name(tensor) == t.name &&
                   same_shape({tensor.height, tensor.width, tensor.channels}, t.shape);
        });
        if (found == all.end())
            throw std::runtime_error("the network has no tensor " + t.name + " of this shape");
        if (t.folded != (found->encoder_table_bytes > 0))
            throw std::runtime_error("tensor " + t.name + ": " +
                                     (t.folded
                                          ? "symbols of a folded network, but the loadable's are "
                                            "not folded"
                                          : "the loadable is folded, its encoders take symbols; "
                                            "these are maps"));
        const auto table = loadable.table(*found);
        t.loadable_codec = found->codec;
        t.loadable_parameters.assign(table.begin(), table.end());
    }
}

}  // namespace karhunen
