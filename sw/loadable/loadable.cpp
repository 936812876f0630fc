#include "sw/loadable/loadable.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "sw/loadable/checker.h"

namespace karhunen {

Loadable Loadable::read(const std::filesystem::path& path) {
    std::error_code error;
    const uintmax_t size = std::filesystem::file_size(path, error);
    if (error) throw LoadableError(path.string() + ": cannot be read: " + error.message());
    if (size > UINT32_MAX)
        throw LoadableError(path.string() + ": is " + std::to_string(size) +
                            " bytes long, expected less than 4 GiB");
    std::vector<uint8_t> bytes(size);
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file) throw LoadableError(path.string() + ": cannot be read: " + std::strerror(errno));
    return parse(std::move(bytes), path.string());
}

Loadable Loadable::parse(std::vector<uint8_t> bytes, const std::string& name) {
    Loadable loadable;
    loadable.bytes_ = std::move(bytes);
    LoadableChecker(loadable, name).check();
    return loadable;
}

Loadable Loadable::none() {
    static constexpr krhn_header header{.batch = 1};
    static constexpr krhn_machine machine{};
    static constexpr krhn_input input{};
    Loadable loadable;
    loadable.header_ = &header;
    loadable.machine_ = &machine;
    loadable.input_ = &input;
    return loadable;
}

const krhn_band& Loadable::band(const krhn_layer& layer, uint32_t band, uint32_t o) const {
    return bands_[layer.tiling + size_t{band} * layer.operations + o];
}

OperationInput Loadable::input(const krhn_layer& layer, uint32_t o) const {
    const krhn_operation& op = operation(layer, o);
    if (op.input == KRHN_NONE) {
        const krhn_operation& before = operation(layer, o - 1);
        return {before.conv_height, before.conv_width, before.channels,
                static_cast<Format>(before.format)};
    }
    const krhn_tensor& t = tensors_[op.input];
    return {t.height, t.width, t.channels, static_cast<Format>(t.decoded_format)};
}

std::string_view Loadable::name(const krhn_tensor& tensor) const {
    return strings_.data() + tensor.name;
}

std::string_view Loadable::name(const krhn_layer& layer) const {
    return strings_.data() + layer.name;
}

std::span<const uint8_t> Loadable::table(const krhn_tensor& tensor) const {
    if (tensor.table_bytes == 0) return {};
    return std::span(bytes_).subspan(tensor.table_offset, tensor.table_bytes);
}

std::span<const uint8_t> Loadable::chunk(const krhn_operation& operation, uint32_t i) const {
    const bool last = i + 1 == operation.chunks;
    return std::span(bytes_).subspan(operation.weights_offset + size_t{i} * operation.chunk_bytes,
                                     last ? operation.last_chunk_bytes : operation.chunk_bytes);
}

uint32_t Loadable::chunk_channels(const krhn_operation& operation, uint32_t i) const {
    const bool last = i + 1 == operation.chunks;
    return last ? operation.channels - i * operation.chunk_channels : operation.chunk_channels;
}

}  // namespace karhunen
