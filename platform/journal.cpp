#include "platform/journal.h"

#include <cerrno>
#include <cstring>
#include <iterator>
#include <limits>
#include <sstream>

#include <zlib.h>
#include <nlohmann/json.hpp>

#include "platform/files.h"

namespace karhunen {

namespace {

using Json = nlohmann::json;

constexpr const char* first_line = "karhunen accuracy journal 2";

Json json_of(const ImageSums& sums) {
    Json tensors = Json::array();
    for (const RateSums& t : sums.tensors)
        tensors.push_back({t.values, t.entropy, t.code_bits, t.stream_words, t.dram_bursts});
    return {{"top1", sums.top1},     {"top5", sums.top5},   {"agreement", sums.agreement},
            {"signal", sums.signal}, {"noise", sums.noise}, {"tensors", tensors}};
}

/// Throws where it is no number of 0 or more, or above `most`.
double amount(const Json& json, double most = std::numeric_limits<double>::max()) {
    const double value = json.get<double>();
    if (!(value >= 0 && value <= most)) throw std::out_of_range(json.dump() + " cannot be");
    return value;
}

ImageSums sums_of(const Json& json) {
    const auto answer = [&](const char* name) {
        return static_cast<uint64_t>(amount(json.at(name), 1));
    };
    ImageSums sums{answer("top1"),           answer("top5"),
                   answer("agreement"),      amount(json.at("signal")),
                   amount(json.at("noise")), {}};
    for (const Json& t : json.at("tensors"))
        sums.tensors.push_back({static_cast<uint64_t>(amount(t.at(0))), amount(t.at(1)),
                                amount(t.at(2)), amount(t.at(3)), amount(t.at(4))});
    return sums;
}

std::string hexadecimal(uint64_t value) {
    std::ostringstream text;
    text << std::hex << value;
    return text.str();
}

uint32_t crc_of(const void* data, size_t bytes, uint32_t crc = 0) {
    if (bytes == 0) return crc;  // zlib begins anew where the data is a null pointer
    return static_cast<uint32_t>(crc32_z(crc, static_cast<const Bytef*>(data), bytes));
}

}  // namespace

Journal::Journal(const std::filesystem::path& path) : path_(path) {
    const bool there = std::filesystem::exists(path);
    if (there)
        read(path);
    else
        check_writable(path);
    file_.open(path, std::ios::app | std::ios::binary);
    if (!there) file_ << first_line << '\n' << std::flush;
    if (!file_)
        throw std::runtime_error(path.string() + ": cannot be written: " + std::strerror(errno));
}

void Journal::read(const std::filesystem::path& path) {
    check_readable(path);
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const size_t whole = text.rfind('\n') + 1;  // npos + 1 = 0: no line at all
    std::istringstream lines(text.substr(0, whole));
    std::string line;
    if (!std::getline(lines, line) || line != first_line)
        throw std::runtime_error(path.string() + ":1: expected \"" + first_line +
                                 "\"; it is no file that --resume has written");
    for (size_t number = 2; std::getline(lines, line); ++number) try {
            const Json json = Json::parse(line);
            known_[json.at("key")] = sums_of(json.at("sums"));
        } catch (const std::exception& error) {
            const bool json = dynamic_cast<const Json::exception*>(&error) != nullptr;
            throw std::runtime_error(
                path.string() + ':' + std::to_string(number) + ": " +
                (json ? "not a line that --resume has written" : error.what()) +
                "; delete the line or the file");
        }
    if (whole < text.size()) std::filesystem::resize_file(path, whole);
}

std::optional<ImageSums> Journal::find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(key);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
}

void Journal::add(const std::string& key, const ImageSums& sums) {
    const std::string line = Json{{"key", key}, {"sums", json_of(sums)}}.dump();
    const std::lock_guard lock(mutex_);
    known_[key] = sums;
    if (!(file_ << line << '\n' << std::flush))
        throw std::runtime_error(path_.string() + ": cannot be written: " + std::strerror(errno));
}

namespace {

/// The file, or what stands for a picture that has none.
std::string contents_of(const LabelledImage& image) {
    if (image.file.empty())
        return "drawn " + std::to_string(image.seed) + ' ' + std::to_string(image.row);
    check_readable(image.file);
    std::ifstream in(image.file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string journal_key(const Loadable& loadable, const LabelledImage& image,
                        std::span<const float> reference) {
    const std::string picture = contents_of(image);
    uint32_t crc = crc_of(picture.data(), picture.size());
    crc = crc_of(&image.label, sizeof image.label, crc);
    crc = crc_of(reference.data(), reference.size_bytes(), crc);
    // The header's checksum covers those of all sections.
    return hexadecimal(loadable.header().crc32) + '-' + hexadecimal(crc) + '-' +
           hexadecimal(picture.size());
}

}  // namespace karhunen
