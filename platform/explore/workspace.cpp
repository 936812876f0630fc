#include "platform/explore/workspace.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <zlib.h>

#include "platform/files.h"
#include "platform/machine.h"

namespace karhunen {

namespace fs = std::filesystem;

namespace {

/// FNV-1a, 64 bits.
std::string hash_of(const std::string& text) {
    uint64_t hash = 0xCBF29CE484222325;
    for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001B3;
    std::ostringstream out;
    out << std::hex << hash;
    std::string digits = out.str();
    return std::string(16 - digits.size(), '0') + digits;
}

/// Pictures are known by name, size and time: reading hundreds would take longer than a sweep.
std::string text_of_folder(const std::string& folder) {
    if (folder.empty()) return "";
    std::ostringstream text;
    std::vector<std::string> lines;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            lines.push_back(entry.path().string() + ' ' + std::to_string(entry.file_size()) + ' ' +
                            std::to_string(entry.last_write_time().time_since_epoch().count()));
    std::sort(lines.begin(), lines.end());
    for (const std::string& line : lines) text << line << '\n';
    return text.str();
}

std::string identity_of(const Sweep& sweep, const std::string& version) {
    std::ostringstream text;
    text << version << '\n'
         << sweep.network << ' ' << sweep.pictures << ' ' << sweep.seed << ' ' << sweep.only
         << '\n';
    if (sweep.network != "default") text << Workspace::checksum(sweep.network) << '\n';
    text << text_of_folder(sweep.calibration) << text_of_folder(sweep.images);
    if (!sweep.labels.empty()) text << Workspace::checksum(sweep.labels) << '\n';
    return text.str();
}

bool is_foreign(const fs::path& folder) {
    return fs::exists(folder) && !fs::is_empty(folder) && !fs::exists(folder / "lock");
}

}  // namespace

Workspace::Workspace(fs::path folder, const Sweep& sweep, std::string version)
    : folder_(std::move(folder)), identity_(identity_of(sweep, version)) {}

Workspace::~Workspace() {
    if (lock_ >= 0) close(lock_);
}

void Workspace::lock() {
    const auto fail = [&](const std::string& why) {
        throw std::runtime_error(folder_.string() + ": " + why);
    };
    if (is_foreign(folder_)) fail("is not empty and not of a sweep; name another folder (-o)");
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) fail("cannot be made: " + error.message());
    lock_ = open((folder_ / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    if (lock_ < 0) fail(std::string("cannot be locked: ") + std::strerror(errno));
    constexpr int tries = 20, pause_us = 100'000;  // processes of a sweep that was killed may last
    for (int i = 0; i < tries; ++i) {
        if (flock(lock_, LOCK_EX | LOCK_NB) == 0) {
            fs::create_directories(folder_ / "networks");
            fs::create_directories(folder_ / "points");
            return;
        }
        if (errno != EWOULDBLOCK) break;
        usleep(pause_us);
    }
    if (errno == EWOULDBLOCK)
        fail("another sweep is at work there; wait for it or name another (-o)");
    fail(std::string("cannot be locked: ") + std::strerror(errno));
}

void Workspace::write_sweep(const Sweep& sweep) const {
    write_text_file(folder_ / "sweep.yaml", sweep.text);
}

std::string Workspace::text(const std::string& file) const {
    std::ifstream in(folder_ / file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string Workspace::folder_hash() const {
    return hash_of(fs::canonical(folder_).string());
}

std::string Workspace::network_hash(const Design& design) const {
    const BufferConfiguration& b = design.configuration.buffers;
    std::ostringstream text;
    text << identity_ << design.network.codec << ' ' << design.network.preset << ' '
         << design.network.batch << ' ' << design.network.weight_bits << ' ' << b.weight_kib << ' '
         << b.activation_kib << ' ' << b.output_kib << ' ' << b.residual_kib << ' ' << b.table_kib
         << ' ' << design.configuration.codec.streams;
    if (design.network.codec == "auto")  // what it chooses by
        text << ' ' << ddr_settings(design.configuration).device.burst_bytes();
    return hash_of(text.str());
}

std::string Workspace::point_hash(const Design& design) const {
    std::ostringstream text;
    text << identity_ << design.network.codec << ' ' << design.network.preset << ' '
         << design.network.batch << ' ' << design.network.weight_bits << ' ' << design.device
         << '\n';
    design.configuration.print(text);
    return hash_of(text.str());
}

fs::path Workspace::network(const std::string& hash) const {
    return folder_ / "networks" / hash;
}

fs::path Workspace::point(const std::string& hash) const {
    return folder_ / "points" / hash;
}

std::string Workspace::checksum(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    uLong crc = crc32_z(0, nullptr, 0);
    char block[1 << 16];
    while (file.read(block, sizeof block), file.gcount() > 0)
        crc =
            crc32_z(crc, reinterpret_cast<const Bytef*>(block), static_cast<size_t>(file.gcount()));
    return std::to_string(crc);
}

std::optional<nlohmann::json> Workspace::read(const fs::path& file) {
    std::ifstream in(file);
    if (!in) return {};
    nlohmann::json json = nlohmann::json::parse(in, nullptr, false);
    if (!json.is_object() || !json.contains("status")) return {};
    return json;
}

void Workspace::write(const fs::path& file, const nlohmann::ordered_json& json) {
    write_text_file(file, json.dump(2) + '\n');
}

}  // namespace karhunen
