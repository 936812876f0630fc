#include "sw/loadable/checksums.h"

#include <zlib.h>

namespace karhunen {

std::vector<krhn_checksum> load_checksums(std::span<const uint8_t> file,
                                          std::span<const krhn_operation> operations,
                                          std::span<const krhn_tensor> tensors) {
    const auto crc_of = [&](uint64_t offset, uint64_t bytes) {
        if (bytes == 0 || offset + bytes > file.size()) return uint32_t{0};
        const auto part = file.subspan(offset, bytes);
        return static_cast<uint32_t>(crc32_z(0, part.data(), part.size()));
    };
    std::vector<krhn_checksum> checksums;
    for (const krhn_operation& op : operations) {
        const bool is_even = op.chunks <= 1 || op.last_chunk_bytes == op.chunk_bytes;
        const uint64_t all = uint64_t{op.chunks - (is_even ? 0u : 1u)} *
                             (is_even ? op.last_chunk_bytes : op.chunk_bytes);
        checksums.push_back({crc_of(op.weights_offset, all),
                             is_even ? 0 : crc_of(op.weights_offset + all, op.last_chunk_bytes)});
    }
    for (const krhn_tensor& t : tensors)
        checksums.push_back(
            {crc_of(t.table_offset, t.table_bytes),
             crc_of(t.table_offset, t.table_bytes ? krhn_encoder_table_bytes(&t) : 0)});
    return checksums;
}

}  // namespace karhunen
