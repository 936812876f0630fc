#include "platform/codec_folder.h"

#include <stdexcept>

#include <zlib.h>
#include <nlohmann/json.hpp>

#include "models/codec/codec.h"
#include "platform/files.h"
#include "platform/internal_error.h"
#include "sw/compiler/file.h"

namespace karhunen {

namespace {

using Json = nlohmann::ordered_json;

/// Streams of a whole map as one band.
struct Coded {
    std::vector<std::vector<uint8_t>> streams;
    std::vector<uint64_t> bits;  ///< of code, per stream
    uint64_t code_bits = 0;
};

struct Decoded {
    Format format;
    std::vector<int16_t> values;  ///< (row, column, channel)
};

Coded encode(const Map& map, const CodecJob& job) {
    const auto codec = make_codec(job.codec, job.parameters, map.format);
    const uint32_t streams = job.coders * codec_traits(job.codec).streams_per_coder;
    const auto encoder = codec->encoder(map.shape, streams);
    const size_t row = size_t{map.shape.width} * map.shape.channels;
    for (uint32_t y = 0; y < map.shape.rows; ++y)
        encoder->encode_row(std::span(map.values).subspan(y * row, row));
    encoder->finish();
    Coded coded;
    coded.code_bits = encoder->code_bits();
    for (uint32_t s = 0; s < streams; ++s) {
        coded.bits.push_back(encoder->code_bits_of(s));
        coded.streams.push_back(std::move(encoder->output(s)));
    }
    return coded;
}

Decoded decode(const CodecJob& job, const BandShape& shape, Format format,
               const std::vector<std::vector<uint8_t>>& streams) {
    const auto codec = make_codec(job.codec, job.parameters, format);
    return {codec->decoded_format(), decode_band(*codec, shape, streams)};
}

std::string stream_name(uint32_t codec, size_t stream, size_t streams) {
    const size_t per_coder = codec_traits(codec).streams_per_coder;
    const std::string name = per_coder == 1 ? "stream" : stream % 2 == 0 ? "znz" : "bpc";
    return name + (streams == per_coder ? "" : std::to_string(stream / per_coder)) + ".bin";
}

uint32_t crc_of(std::span<const uint8_t> bytes) {
    // zlib takes a null pointer for the start of a new sum.
    return bytes.empty() ? 0 : static_cast<uint32_t>(crc32_z(0, bytes.data(), bytes.size()));
}

Json stream_list(const CodecJob& job, const Coded& coded) {
    Json list = Json::array();
    for (size_t s = 0; s < coded.streams.size(); ++s)
        list.push_back({{"file", stream_name(job.codec, s, coded.streams.size())},
                        {"bytes", coded.streams[s].size()},
                        {"bits", coded.bits[s]}});
    return list;
}

constexpr const char* parameters_file = "parameters.bin";

}  // namespace

void encode_to_folder(const Map& map, const CodecJob& job, const std::filesystem::path& path) {
    const Coded coded = encode(map, job);
    const Decoded decoded = decode(job, map.shape, map.format, coded.streams);
    const bool lossless = decoded.format == map.format && decoded.values == map.values;
    if (!lossless && make_codec(job.codec, job.parameters, map.format)->lossless())
        throw InternalError(std::string(codec_name(job.codec)) + " does not decode what it coded");

    const BandShape& s = map.shape;
    Json meta{{"codec", codec_name(job.codec)}, {"words", map.values.size()}};
    meta["shape"] = map.sequence ? Json() : Json{s.channels, s.rows, s.width};
    meta["format"] = name_of(map.format);
    meta["signed"] = map.format != Format::u8;
    meta["order"] = name_of(job.order);
    meta["streams"] = stream_list(job, coded);
    meta["code_bits"] = coded.code_bits;
    meta["parameters"] = job.parameters.empty() ? Json()
                                                : Json{{"file", parameters_file},
                                                       {"bytes", job.parameters.size()},
                                                       {"from", job.parameters_from}};
    const std::vector<uint8_t> values =
        map_file(decoded.values, s, decoded.format, job.order, false);
    meta["decoded"] = {
        {"format", name_of(decoded.format)}, {"crc32", crc_of(values)}, {"lossless", lossless}};

    OutputFolder folder(path, job.inputs);
    for (size_t i = 0; i < coded.streams.size(); ++i)
        folder.write(stream_name(job.codec, i, coded.streams.size()), coded.streams[i]);
    if (!job.parameters.empty()) folder.write(parameters_file, job.parameters);
    folder.write("meta.json", meta.dump(2) + "\n");
    folder.commit();
}

namespace {

/// meta.json, its names and types as expected.
struct Meta {
    CodecJob job;
    BandShape shape;
    Format format;
    std::vector<std::string> streams;
    std::string parameters;
    std::optional<uint32_t> crc32;
};

/// A name that stays in its folder.
std::string plain_name(const std::string& name) {
    if (std::filesystem::path(name).filename() != name || name.empty() || name == "." ||
        name == "..")
        throw std::runtime_error("'" + name + "' is not the name of a file in this folder");
    return name;
}

Meta read_meta(const std::filesystem::path& path) {
    const std::vector<uint8_t> text = read_file<std::runtime_error>(path, "description");
    try {
        const Json json = Json::parse(text);
        Meta meta;
        meta.job.codec = codec_number(json.at("codec").get<std::string>());
        meta.format = format_of(json.at("format").get<std::string>());
        meta.job.order = map_order_of(json.value("order", "chw"));
        const auto words = json.at("words").get<uint64_t>();
        if (words > 1 << 24)
            throw std::runtime_error("words is " + std::to_string(words) +
                                     ", expected at most 16777216");
        meta.shape = {1, static_cast<uint32_t>(words), 1};
        if (json.contains("shape") && !json.at("shape").is_null()) {
            const auto extents = json.at("shape").get<std::array<uint32_t, 3>>();
            meta.shape = {extents[1], extents[2], extents[0]};
            if (double{1} * extents[0] * extents[1] * extents[2] != static_cast<double>(words))
                throw std::runtime_error("shape and words do not agree");
        }
        for (const Json& stream : json.at("streams"))
            meta.streams.push_back(plain_name(stream.at("file").get<std::string>()));
        if (json.contains("parameters") && !json.at("parameters").is_null())
            meta.parameters = plain_name(json.at("parameters").at("file").get<std::string>());
        if (json.contains("decoded") && json.at("decoded").contains("crc32"))
            meta.crc32 = json.at("decoded").at("crc32").get<uint32_t>();
        return meta;
    } catch (const std::exception& error) {
        throw std::runtime_error(path.string() + ": " + error.what());
    }
}

}  // namespace

void decode_folder(const std::filesystem::path& folder, const std::filesystem::path& output) {
    Meta meta = read_meta(folder / "meta.json");
    std::vector<std::filesystem::path> inputs = {folder / "meta.json", folder / meta.parameters};
    std::vector<std::vector<uint8_t>> streams;
    for (const std::string& name : meta.streams) {
        inputs.push_back(folder / name);
        streams.push_back(read_file<std::runtime_error>(folder / name, "stream"));
    }
    check_not_input(output, inputs);
    if (!meta.parameters.empty())
        meta.job.parameters = read_file<std::runtime_error>(folder / meta.parameters, "parameters");
    std::vector<uint8_t> values;
    try {
        const Decoded decoded = decode(meta.job, meta.shape, meta.format, streams);
        values = map_file(decoded.values, meta.shape, decoded.format, meta.job.order, false);
    } catch (const CodecError& error) {
        throw std::runtime_error(folder.string() + ": " + error.what());
    }
    if (meta.crc32 && crc_of(values) != *meta.crc32)
        throw std::runtime_error(folder.string() +
                                 ": the streams decode to other values than were coded: their "
                                 "crc32 is " +
                                 std::to_string(crc_of(values)) + ", meta.json has " +
                                 std::to_string(*meta.crc32));
    write_file(output, values);
}

}  // namespace karhunen
