#include "platform/vectors/vector_case.h"

#include "platform/map_file.h"

namespace karhunen::vectors {

VectorFile rows_file(std::string name, std::string role, uint32_t rows, uint32_t width,
                     uint32_t channels, Format format, std::span<const int16_t> values) {
    return {std::move(name),
            std::move(role),
            std::string(name_of(format)),
            {rows, width, channels},
            "row, column, channel",
            bytes_of(format),
            {{0, map_file(values, {rows, width, channels}, format, MapOrder::hwc, false)}}};
}

VectorFile bytes_file(std::string name, std::string role, uint32_t word_bytes,
                      std::span<const uint8_t> bytes) {
    return {std::move(name),
            std::move(role),
            "u8",
            {bytes.size()},
            "byte",
            word_bytes,
            {{0, {bytes.begin(), bytes.end()}}}};
}

}  // namespace karhunen::vectors
