// Reads a loadable (sw/include/karhunen/loadable.h) and vouches for it: after construction every
// offset, count, enumerator and checksum has been checked, so users index without further ado.
// README.md lists what is checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <karhunen/loadable.h>

#include "models/arithmetic/format.h"

namespace karhunen {

/// what() names the file, the section and field, what was found and what was expected.
class LoadableError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Height and width packed in one register field, as kernel, stride and padding are.
struct Axes {
    uint32_t y, x;
    explicit constexpr Axes(uint32_t packed) : y(packed >> 8), x(packed & 0xFF) {}
};

/// The map that an operation takes.
struct OperationInput {
    uint32_t height, width, channels;
    Format format;
};

class Loadable {
public:
    static Loadable read(const std::filesystem::path& path);
    static Loadable parse(std::vector<uint8_t> bytes, const std::string& name);
    /// No network: no bytes, no tensors, no layers; room for one image without values.
    static Loadable none();
    bool is_none() const { return bytes_.empty(); }
    Loadable(Loadable&&) = default;  // views into bytes_ stay good when it moves, not when copied
    Loadable& operator=(Loadable&&) = default;

    const krhn_header& header() const { return *header_; }
    const krhn_machine& machine() const { return *machine_; }
    const krhn_input& input() const { return *input_; }
    std::span<const krhn_tensor> tensors() const { return tensors_; }
    std::span<const krhn_layer> layers() const { return layers_; }
    /// Operation `o` of a layer.
    const krhn_operation& operation(const krhn_layer& layer, uint32_t o) const {
        return operations_[layer.first_operation + o];
    }
    /// Operation `o` of `layer` for output band `band`.
    const krhn_band& band(const krhn_layer& layer, uint32_t band, uint32_t o) const;
    /// Of operation `o`: a stored map, or what the operation before it makes.
    OperationInput input(const krhn_layer& layer, uint32_t o) const;
    std::string_view name(const krhn_tensor& tensor) const;
    std::string_view name(const krhn_layer& layer) const;
    std::span<const uint8_t> table(const krhn_tensor& tensor) const;
    /// Bytes of weight chunk `i` of an operation.
    std::span<const uint8_t> chunk(const krhn_operation& operation, uint32_t i) const;
    uint32_t chunk_channels(const krhn_operation& operation, uint32_t i) const;
    std::span<const uint8_t> bytes() const { return bytes_; }
    uint32_t input_tensor() const { return input_tensor_; }
    uint32_t logits_tensor() const { return logits_tensor_; }

private:
    friend class LoadableChecker;
    Loadable() = default;

    std::vector<uint8_t> bytes_;
    const krhn_header* header_ = nullptr;
    const krhn_machine* machine_ = nullptr;
    const krhn_input* input_ = nullptr;
    std::span<const krhn_tensor> tensors_;
    std::span<const krhn_layer> layers_;
    std::span<const krhn_operation> operations_;
    std::span<const krhn_band> bands_;
    std::string_view strings_;
    uint32_t input_tensor_ = 0, logits_tensor_ = 0;
};

}  // namespace karhunen
