// How a loadable is checked, and how an objection is worded. Internal to sw/loadable.
#pragma once

#include <map>
#include <string>

#include <karhunen/registers.h>

#include "models/arithmetic/pooling.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// A spot in the file, to hang complaints on.
struct FilePlace {
    std::string name;  ///< "net.kvn: section LAYERS, entry 3 (layer1.0.conv1), operation 1"

    [[noreturn]] void fail(const std::string& field, const std::string& found,
                           const std::string& expected) const;
    void equal(const std::string& field, uint64_t found, uint64_t expected) const;
    void range(const std::string& field, uint64_t found, uint64_t low, uint64_t high) const;
    void aligned(const std::string& field, uint64_t found) const;
    void positive(const std::string& field, float found) const;
    void require(bool good, const std::string& field, uint64_t found,
                 const std::string& expected) const;
};

inline uint64_t row_bytes(const krhn_tensor& t) {
    return uint64_t{t.width} * t.channels * bytes_of(static_cast<Format>(t.decoded_format));
}

inline uint64_t row_bytes(const OperationInput& map) {
    return uint64_t{map.width} * map.channels * bytes_of(map.format);
}

constexpr uint32_t pool_flags = KRHN_POST_MAX_POOL | KRHN_POST_AVERAGE_POOL;

/// The pooling of an operation, of one row and column where there is none.
struct CheckedPool {
    uint32_t kernel, stride, padding;
    bool partial;
    explicit CheckedPool(const krhn_operation& op)
        : kernel(op.pool >> 16 & 0xFF),
          stride(op.pool >> 8 & 0xFF),
          padding(op.pool & 0xFF),
          partial(op.pool & KRHN_POOL_PARTIAL) {
        if (!(op.post_flags & pool_flags)) kernel = stride = 1, padding = 0, partial = false;
    }
    PoolShape shape(const krhn_operation& op) const {
        return {kernel, stride, padding, op.conv_height, op.conv_width, op.channels, partial};
    }
};

/// Fills in a Loadable from its bytes. Each check relies on those before it.
class LoadableChecker {
public:
    LoadableChecker(Loadable& loadable, const std::string& file) : l_(loadable), file_(file) {}
    void check();

private:
    // checker.cpp: the container
    void check_magic() const;
    void check_header();
    void check_sections();
    void check_gaps(uint64_t from, uint64_t to) const;
    template <typename T>
    std::span<const T> array(krhn_section_type type) const;
    template <typename T>
    const T* single(krhn_section_type type) const;
    FilePlace section_place(uint32_t type) const;
    std::string string_at(const FilePlace& place, uint32_t offset) const;

    // checker_tensors.cpp
    void check_machine_and_input() const;
    void check_tensors();
    void check_tensor(const krhn_tensor& tensor, const FilePlace& place) const;
    void check_storage(const krhn_tensor& tensor, const FilePlace& place) const;
    void check_overlaps() const;

    // checker_layers.cpp: what the operations of a layer have to do with each other
    void check_layers();
    void check_checksums();
    void check_layer(const krhn_layer& layer, const FilePlace& place) const;
    void check_residual(const krhn_layer& layer, const FilePlace& place) const;
    void check_parts(const krhn_layer& layer, const FilePlace& place) const;
    void check_input_rows(const krhn_layer& layer, uint32_t o, uint32_t b,
                          const FilePlace& place) const;
    bool is_sum(const krhn_layer& layer) const;
    bool writes_output(const krhn_layer& layer, uint32_t o) const;
    uint64_t rows_held(const krhn_layer& layer, uint32_t o) const;
    void check_sums(const krhn_layer& layer, const FilePlace& place) const;
    void check_sum(const krhn_layer& layer, uint32_t o, const FilePlace& place) const;
    void check_tiling(const krhn_layer& layer, const FilePlace& place) const;

    // checker_operations.cpp
    void check_operation(const krhn_layer& layer, uint32_t o, const FilePlace& place) const;
    void check_array(const krhn_layer& layer, uint32_t o, const FilePlace& place) const;
    void check_chunks(const krhn_layer& layer, uint32_t o, const FilePlace& place) const;
    void check_post(const krhn_layer& layer, uint32_t o, const FilePlace& place) const;
    void check_output(const krhn_layer& layer, uint32_t o, const FilePlace& place) const;
    void check_shared_input(const krhn_layer& layer, uint32_t o, const FilePlace& place) const;

    Loadable& l_;
    std::string file_;
    std::map<uint32_t, krhn_section> sections_;
    std::vector<bool> made_;  ///< tensors that exist when the layer being checked begins
};

}  // namespace karhunen
