#include "platform/vectors/vector_folder.h"

#include <unistd.h>
#include <algorithm>
#include <stdexcept>

#include <zlib.h>

namespace karhunen::vectors {

namespace {

namespace fs = std::filesystem;

constexpr const char* format_name = "karhunen-vectors-1";
constexpr char digits[] = "0123456789abcdef";

std::string hex_number(uint64_t number) {
    std::string text;
    do text.insert(text.begin(), digits[number & 15]);
    while (number >>= 4);
    return text;
}

fs::path without_slash(const fs::path& path) {
    return path.has_filename() ? path : path.parent_path();
}

bool holds_vectors(const fs::path& path) {
    std::ifstream manifest(path / "manifest.json");
    const Json json = Json::parse(manifest, nullptr, false);
    return json.is_object() && json.value("format", Json()) == format_name;
}

void check_target(const fs::path& path, bool replace) {
    if (path.empty()) throw std::runtime_error("-o: expected the name of a folder");
    if (!fs::exists(fs::symlink_status(path))) return;
    if (fs::is_symlink(path) || !fs::is_directory(path))
        throw std::runtime_error(path.string() + ": cannot be written: it is no folder");
    if (!replace)
        throw std::runtime_error(path.string() + ": it is there already; --force replaces it");
    if (!fs::is_empty(path) && !holds_vectors(path))
        throw std::runtime_error(path.string() +
                                 ": not replaced: it has no manifest.json of vectors");
}

}  // namespace

std::string hex_text(const VectorFile& file) {
    std::string text;
    for (const Segment& segment : file.segments) {
        const std::vector<uint8_t>& bytes = segment.bytes;
        text += '@' + hex_number(segment.address / file.word_bytes) + '\n';
        text.reserve(text.size() + bytes.size() * 3);
        for (size_t at = 0; at < bytes.size(); at += file.word_bytes) {
            for (size_t i = at + file.word_bytes; i-- > at;) {
                const uint8_t byte = i < bytes.size() ? bytes[i] : 0;
                text += digits[byte >> 4];
                text += digits[byte & 15];
            }
            text += '\n';
        }
    }
    return text;
}

namespace {

std::string in_capitals(std::string name) {
    for (char& c : name)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return name;
}

uint64_t words_of(const VectorFile& file) {
    uint64_t words = 0;
    for (const Segment& s : file.segments)
        words += (s.bytes.size() + file.word_bytes - 1) / file.word_bytes;
    return words;
}

/// What a bench has to know of a case, to be included; files: of the manifest.
std::string include_text(const VectorCase& vectors, const Json& files) {
    std::string text = "// " + vectors.name +
                       ": NAME_HEX from the vectors' folder, of NAME_WORDS words of NAME_BITS; "
                       "JOB_REGISTER.\n// verilator lint_off UNUSEDPARAM\n";
    for (size_t i = 0; i < files.size(); ++i) {
        const std::string name = in_capitals(vectors.files[i].name);
        const std::string hex = files[i]["hex"];
        text += "localparam string " + name + "_HEX = \"" + hex + "\";\n";
        text += "localparam int " + name +
                "_WORDS = " + std::to_string(words_of(vectors.files[i])) + ", " + name +
                "_BITS = " + files[i]["word_bits"].dump() + ";\n";
    }
    for (const auto& [name, value] : vectors.job.items())
        if (value.is_number_unsigned() && name == in_capitals(name))
            text += "localparam bit [31:0] JOB_" + name + " = 32'd" + value.dump() + ";\n";
    return text + "// verilator lint_on UNUSEDPARAM\n";
}

}  // namespace

VectorFolder::VectorFolder(const fs::path& path, bool replace)
    : path_(without_slash(path)), partial_(path_.string() + ".part" + std::to_string(getpid())) {
    check_target(path_, replace);
    output_.emplace(partial_);
}

Json VectorFolder::file(const std::string& folder, const VectorFile& file) {
    std::string bytes;
    Json segments = Json::array();
    for (const Segment& segment : file.segments) {
        if (segment.address != 0 || file.segments.size() > 1)
            segments.push_back({{"address", segment.address}, {"bytes", segment.bytes.size()}});
        bytes.append(segment.bytes.begin(), segment.bytes.end());
    }
    const auto crc = static_cast<uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    const std::string hex = hex_text(file);
    // Of words filled up with zeros the text alone does not tell the length.
    std::string& stem = written_[hex + std::to_string(bytes.size())];
    if (stem.empty()) {
        stem = folder + "/" + file.name;
        output_->write(stem + ".bin", bytes);
        output_->write(stem + ".hex", hex);
        bytes_ += bytes.size();
    }
    Json entry{{"name", file.name},
               {"role", file.role},
               {"type", file.type},
               {"shape", file.shape},
               {"layout", file.layout}};
    entry["scale"] = file.scale == 0 ? Json() : Json(file.scale);
    entry["bytes"] = bytes.size();
    entry["crc32"] = crc;
    entry["binary"] = stem + ".bin";
    entry["hex"] = stem + ".hex";
    entry["word_bits"] = 8 * file.word_bytes;
    if (!segments.empty()) entry["segments"] = segments;
    return entry;
}

void VectorFolder::add(const VectorCase& vectors) {
    Json files = Json::array();
    for (const VectorFile& f : vectors.files) files.push_back(file(vectors.name, f));
    const std::string include = vectors.name + "/case.svh";
    output_->write(include, include_text(vectors, files));
    cases_.push_back({{"name", vectors.name},
                      {"job", vectors.job},
                      {"tile", vectors.tile},
                      {"include", include},
                      {"files", std::move(files)}});
}

void VectorFolder::commit(Json head) {
    Json manifest{{"format", format_name}};
    manifest.update(head);
    manifest["cases"] = std::move(cases_);
    output_->write("manifest.json", manifest.dump(1) + "\n");
    output_->commit();
    fs::path old;
    if (fs::exists(path_)) {
        old = path_.string() + ".old" + std::to_string(getpid());
        fs::rename(path_, old);
    }
    fs::rename(partial_, path_);
    if (!old.empty()) fs::remove_all(old);
}

}  // namespace karhunen::vectors
