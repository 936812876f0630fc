// Puts a loadable together: sections, their checksums, the header, one file.
//
//   LoadableWriter writer;
//   const uint32_t weights = writer.add(KRHN_SECTION_WEIGHTS, weight_bytes);  // offset in the file
//   writer.add(KRHN_SECTION_TENSORS, as_bytes_of(tensors));                    // sizes known ...
//   const uint64_t maps = writer.bytes();      // ... once all sections are in: the maps lie behind
//   writer.replace(KRHN_SECTION_TENSORS, as_bytes_of(tensors_with_addresses));
//   writer.write("net.kvn", memory_bytes, batch);
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <vector>

#include <karhunen/loadable.h>

#include "sw/loadable/loadable.h"

namespace karhunen {

/// The bytes of a struct or of a vector of structs, as a section holds them.
template <typename T>
std::span<const uint8_t> as_bytes_of(const T& object) {
    return {reinterpret_cast<const uint8_t*>(&object), sizeof(T)};
}
template <typename T>
std::span<const uint8_t> as_bytes_of(const std::vector<T>& objects) {
    return {reinterpret_cast<const uint8_t*>(objects.data()), objects.size() * sizeof(T)};
}

/// A layer with its operations, while a loadable is put together.
struct LayerDraft : krhn_layer {
    krhn_operation operation[KRHN_MAX_OPERATIONS];
};

class LoadableWriter {
public:
    LoadableWriter();

    /// Appends a section (each type once) and returns its offset in the file, a multiple of 64.
    /// Throws std::logic_error for a type that is there already, LoadableError beyond 2^32 bytes.
    uint32_t add(krhn_section_type type, std::span<const uint8_t> content);

    /// New content of the same size for a section that is there. Throws std::logic_error.
    void replace(krhn_section_type type, std::span<const uint8_t> content);

    /// Sections LAYERS and OPERATIONS. first_operation is filled in.
    void add(std::span<const LayerDraft> layers);
    void replace(std::span<const LayerDraft> layers);

    /// Section CHECKSUMS, when weights and tables are in and these say where.
    void add_checksums(std::span<const LayerDraft> layers, std::span<const krhn_tensor> tensors);

    /// Size of the file with the sections so far, a multiple of 64: where the maps may begin.
    uint32_t bytes() const { return static_cast<uint32_t>(image_.size()); }

    /// The finished file, as it lies at the start of DDR. memory_bytes: of file and maps.
    std::vector<uint8_t> finish(uint64_t memory_bytes, uint32_t batch) const;

    /// finish(), then writes it under a temporary name and renames: `path` is whole or untouched.
    /// Throws LoadableError naming the file and the system's reason.
    void write(const std::filesystem::path& path, uint64_t memory_bytes, uint32_t batch) const;

private:
    std::vector<uint8_t> image_;
    std::map<uint32_t, krhn_section> sections_;
};

}  // namespace karhunen
