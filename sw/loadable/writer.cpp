#include "sw/loadable/writer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <unistd.h>
#include <zlib.h>

#include "sw/loadable/checksums.h"

namespace karhunen {

namespace {

// The section table has room for every type there is, so offsets are known before the last add().
constexpr uint32_t max_sections = KRHN_SECTION_CHECKSUMS;

constexpr uint64_t aligned(uint64_t bytes) {
    return (bytes + KRHN_ALIGNMENT - 1) / KRHN_ALIGNMENT * KRHN_ALIGNMENT;
}

}  // namespace

LoadableWriter::LoadableWriter()
    : image_(aligned(sizeof(krhn_header) + max_sections * sizeof(krhn_section))) {}

uint32_t LoadableWriter::add(krhn_section_type type, std::span<const uint8_t> content) {
    if (sections_.contains(type)) throw std::logic_error("section added twice");
    const uint64_t end = aligned(uint64_t{image_.size()} + content.size());
    if (end > UINT32_MAX) throw LoadableError("the loadable grows beyond 4 GiB");
    const krhn_section section{type, 0, bytes(), static_cast<uint32_t>(content.size()), 0};
    image_.resize(end);
    sections_[type] = section;
    replace(type, content);
    return section.offset;
}

void LoadableWriter::replace(krhn_section_type type, std::span<const uint8_t> content) {
    const auto found = sections_.find(type);
    if (found == sections_.end() || found->second.bytes != content.size())
        throw std::logic_error("replaced section is missing or has another size");
    krhn_section& section = found->second;
    if (!content.empty()) std::memcpy(&image_[section.offset], content.data(), content.size());
    section.crc32 = static_cast<uint32_t>(crc32_z(0, content.data(), content.size()));
}

namespace {

struct LaidOut {
    explicit LaidOut(std::span<const LayerDraft> drafts) {
        for (const LayerDraft& draft : drafts) {
            layers.push_back(draft);
            layers.back().first_operation = static_cast<uint32_t>(operations.size());
            operations.insert(operations.end(), draft.operation,
                              draft.operation + std::min(draft.operations, KRHN_MAX_OPERATIONS));
        }
    }
    std::vector<krhn_layer> layers;
    std::vector<krhn_operation> operations;
};

}  // namespace

void LoadableWriter::add(std::span<const LayerDraft> layers) {
    const LaidOut laid_out(layers);
    add(KRHN_SECTION_LAYERS, as_bytes_of(laid_out.layers));
    add(KRHN_SECTION_OPERATIONS, as_bytes_of(laid_out.operations));
}

void LoadableWriter::replace(std::span<const LayerDraft> layers) {
    const LaidOut laid_out(layers);
    replace(KRHN_SECTION_LAYERS, as_bytes_of(laid_out.layers));
    replace(KRHN_SECTION_OPERATIONS, as_bytes_of(laid_out.operations));
}

void LoadableWriter::add_checksums(std::span<const LayerDraft> layers,
                                   std::span<const krhn_tensor> tensors) {
    add(KRHN_SECTION_CHECKSUMS,
        as_bytes_of(load_checksums(image_, LaidOut(layers).operations, tensors)));
}

std::vector<uint8_t> LoadableWriter::finish(uint64_t memory_bytes, uint32_t batch) const {
    if (memory_bytes < bytes() || memory_bytes > UINT32_MAX)
        throw LoadableError("file and maps need " + std::to_string(memory_bytes) +
                            " bytes of memory, expected between the file's " +
                            std::to_string(bytes()) + " and 4 GiB");
    std::vector<uint8_t> file = image_;
    krhn_header header{};
    header.magic = KRHN_MAGIC;
    header.major = KRHN_VERSION_MAJOR;
    header.minor = KRHN_VERSION_MINOR;
    header.bytes = bytes();
    header.memory_bytes = static_cast<uint32_t>(memory_bytes);
    header.sections = static_cast<uint32_t>(sections_.size());
    header.batch = batch;
    std::memcpy(file.data(), &header, sizeof header);
    uint8_t* entry = file.data() + sizeof header;
    for (const auto& [type, section] : sections_) {
        std::memcpy(entry, &section, sizeof section);
        entry += sizeof section;
    }
    header.crc32 = static_cast<uint32_t>(crc32_z(0, file.data(), entry - file.data()));
    std::memcpy(file.data(), &header, sizeof header);
    return file;
}

void LoadableWriter::write(const std::filesystem::path& path, uint64_t memory_bytes,
                           uint32_t batch) const {
    const std::vector<uint8_t> file = finish(memory_bytes, batch);
    std::filesystem::path temporary = path;
    temporary += ".part-" + std::to_string(getpid());
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(file.data()),
              static_cast<std::streamsize>(file.size()));
    out.close();
    std::error_code error;
    if (!out) error.assign(errno, std::generic_category());
    if (!error) std::filesystem::rename(temporary, path, error);
    if (!error) return;
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw LoadableError(path.string() + ": cannot be written: " + error.message());
}

}  // namespace karhunen
