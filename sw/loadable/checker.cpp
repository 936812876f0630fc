#include "sw/loadable/checker.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <zlib.h>

#include "sw/loadable/checksums.h"

namespace karhunen {

namespace {

std::string section_name(uint32_t type) {
    constexpr const char* names[] = {"",        "MACHINE",    "TENSORS",  "LAYERS",
                                     "WEIGHTS", "TABLES",     "STRINGS",  "INPUT",
                                     "TILING",  "OPERATIONS", "CHECKSUMS"};
    return type >= 1 && type < std::size(names) ? names[type] : std::to_string(type);
}

uint32_t crc_of(std::span<const uint8_t> bytes, uint32_t crc = 0) {
    return static_cast<uint32_t>(crc32_z(crc, bytes.data(), bytes.size()));
}

std::string hex(uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08X", value);
    return text;
}

}  // namespace

void FilePlace::fail(const std::string& field, const std::string& found,
                     const std::string& expected) const {
    throw LoadableError(name + ": " + field + " is " + found + ", expected " + expected);
}

void FilePlace::require(bool good, const std::string& field, uint64_t found,
                        const std::string& expected) const {
    if (!good) fail(field, std::to_string(found), expected);
}

void FilePlace::equal(const std::string& field, uint64_t found, uint64_t expected) const {
    if (found != expected) fail(field, std::to_string(found), std::to_string(expected));
}

void FilePlace::range(const std::string& field, uint64_t found, uint64_t low, uint64_t high) const {
    if (found < low || found > high)
        fail(field, std::to_string(found), std::to_string(low) + " to " + std::to_string(high));
}

void FilePlace::aligned(const std::string& field, uint64_t found) const {
    require(found % KRHN_ALIGNMENT == 0, field, found, "a multiple of 64");
}

void FilePlace::positive(const std::string& field, float found) const {
    if (!(found > 0) || !std::isfinite(found)) fail(field, std::to_string(found), "more than 0");
}

void LoadableChecker::check() {
    check_header();
    check_sections();
    l_.machine_ = single<krhn_machine>(KRHN_SECTION_MACHINE);
    l_.input_ = single<krhn_input>(KRHN_SECTION_INPUT);
    l_.tensors_ = array<krhn_tensor>(KRHN_SECTION_TENSORS);
    l_.layers_ = array<krhn_layer>(KRHN_SECTION_LAYERS);
    l_.operations_ = array<krhn_operation>(KRHN_SECTION_OPERATIONS);
    l_.bands_ = array<krhn_band>(KRHN_SECTION_TILING);
    const auto strings = array<char>(KRHN_SECTION_STRINGS);
    l_.strings_ = {strings.data(), strings.size()};
    if (strings.back() != 0)
        section_place(KRHN_SECTION_STRINGS).fail("last byte", "not zero", "the end of a name");
    check_machine_and_input();
    check_tensors();
    check_layers();
    check_checksums();
}

void LoadableChecker::check_checksums() {
    if (!sections_.contains(KRHN_SECTION_CHECKSUMS)) return;
    const FilePlace place = section_place(KRHN_SECTION_CHECKSUMS);
    const auto found = array<krhn_checksum>(KRHN_SECTION_CHECKSUMS);
    const std::vector<krhn_checksum> expected =
        load_checksums(l_.bytes_, l_.operations_, l_.tensors_);
    place.equal("entries", found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
        const std::string entry = "entry " + std::to_string(i);
        if (found[i].all != expected[i].all)
            place.fail(entry + ", all", hex(found[i].all), hex(expected[i].all) + " (computed)");
        if (found[i].part != expected[i].part)
            place.fail(entry + ", part", hex(found[i].part), hex(expected[i].part) + " (computed)");
    }
}

void LoadableChecker::check_magic() const {
    uint32_t magic = 0;
    if (l_.bytes_.size() < sizeof magic) return;  // check_header tells
    std::memcpy(&magic, l_.bytes_.data(), sizeof magic);
    if (magic != KRHN_MAGIC)
        throw LoadableError(file_ + " is no loadable (.kvn): its magic is " + hex(magic) +
                            ", expected " + hex(KRHN_MAGIC) +
                            " (KRHN); `karhunen compile` makes one");
}

void LoadableChecker::check_header() {
    const FilePlace place{file_ + ": header"};
    const uint64_t size = l_.bytes_.size();
    check_magic();
    place.require(size >= sizeof(krhn_header), "size of the file", size, "64 bytes at least");
    l_.header_ = reinterpret_cast<const krhn_header*>(l_.bytes_.data());
    const krhn_header& h = *l_.header_;
    place.require(h.major == KRHN_VERSION_MAJOR, "major version", h.major,
                  std::to_string(KRHN_VERSION_MAJOR) + " (compile the network again)");
    place.require(h.bytes == size, "size of the file", size,
                  std::to_string(h.bytes) + " (field bytes)");
    const uint64_t table_end = sizeof h + uint64_t{h.sections} * sizeof(krhn_section);
    place.require(h.sections >= 1 && table_end <= size, "sections", h.sections,
                  "a section table inside the file");
    krhn_header without_crc = h;
    without_crc.crc32 = 0;
    uint32_t crc = crc_of({reinterpret_cast<const uint8_t*>(&without_crc), sizeof without_crc});
    crc = crc_of(std::span(l_.bytes_).subspan(sizeof h, table_end - sizeof h), crc);
    if (h.crc32 != crc) place.fail("crc32", hex(h.crc32), hex(crc) + " (computed)");
    place.range("memory_bytes", h.memory_bytes, h.bytes, UINT32_MAX);
    place.range("batch", h.batch, 1, 65535);
}

void LoadableChecker::check_sections() {
    const krhn_header& h = *l_.header_;
    std::vector<krhn_section> order(h.sections);
    std::memcpy(order.data(), l_.bytes_.data() + sizeof h, order.size() * sizeof(krhn_section));
    std::ranges::stable_sort(order, {}, &krhn_section::offset);
    uint64_t end = sizeof h + uint64_t{h.sections} * sizeof(krhn_section);
    for (const krhn_section& s : order) {
        const FilePlace place = section_place(s.type);
        if (h.minor <= KRHN_VERSION_MINOR)
            place.range("type", s.type, KRHN_SECTION_MACHINE, KRHN_SECTION_CHECKSUMS);
        place.require(!sections_.contains(s.type), "type", s.type, "each type once");
        place.aligned("offset", s.offset);
        place.require(s.offset >= end, "offset", s.offset,
                      std::to_string(end) + " at least, behind what lies before it");
        place.require(uint64_t{s.offset} + s.bytes <= h.bytes, "end", uint64_t{s.offset} + s.bytes,
                      "at most the size of the file, " + std::to_string(h.bytes));
        check_gaps(end, s.offset);
        const uint32_t crc = crc_of(std::span(l_.bytes_).subspan(s.offset, s.bytes));
        if (s.crc32 != crc) place.fail("crc32", hex(s.crc32), hex(crc) + " (computed)");
        end = uint64_t{s.offset} + s.bytes;
        sections_[s.type] = s;
    }
    check_gaps(end, h.bytes);
}

/// Between sections there are zeros: so no bit of the file can flip unnoticed.
void LoadableChecker::check_gaps(uint64_t from, uint64_t to) const {
    for (uint64_t i = from; i < to; ++i)
        if (l_.bytes_[i] != 0)
            FilePlace{file_}.fail("the byte at offset " + std::to_string(i),
                                  std::to_string(l_.bytes_[i]), "0, it lies between sections");
}

template <typename T>
std::span<const T> LoadableChecker::array(krhn_section_type type) const {
    const FilePlace place = section_place(type);
    const auto found = sections_.find(type);
    if (found == sections_.end()) throw LoadableError(place.name + " is missing");
    const krhn_section& s = found->second;
    place.require(s.bytes > 0 && s.bytes % sizeof(T) == 0, "bytes", s.bytes,
                  "a multiple of " + std::to_string(sizeof(T)) + ", not 0");
    return {reinterpret_cast<const T*>(l_.bytes_.data() + s.offset), s.bytes / sizeof(T)};
}

template <typename T>
const T* LoadableChecker::single(krhn_section_type type) const {
    const auto all = array<T>(type);
    section_place(type).equal("bytes", all.size_bytes(), sizeof(T));
    return all.data();
}

FilePlace LoadableChecker::section_place(uint32_t type) const {
    return {file_ + ": section " + section_name(type)};
}

std::string LoadableChecker::string_at(const FilePlace& place, uint32_t offset) const {
    place.range("name", offset, 0, l_.strings_.size() - 1);
    return l_.strings_.data() + offset;  // the section ends with a zero
}

}  // namespace karhunen
