// One map (or sequence) coded into files: a file per stream and meta.json, which says what they
// are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "platform/map_file.h"

namespace karhunen {

/// meta.json:
///   codec, words (values coded), shape ([C, H, W], or null: a sequence), format, signed, order,
///   streams ([{file, bytes, bits (of code, without padding)}]), code_bits,
///   parameters (null, or {file, bytes, from}),
///   decoded {format, crc32 (of the file that decoding gives), lossless}
struct CodecJob {
    uint32_t codec = 0;
    std::vector<uint8_t> parameters;
    std::string parameters_from;  ///< for meta.json, when there are some
    uint32_t coders = 1;          ///< channel modulo this
    MapOrder order = MapOrder::chw;
    std::vector<std::filesystem::path> inputs;  ///< files that must not be replaced
};

/// Codes the map, decodes it again to be sure, and writes the folder: stream.bin, for ebpc znz.bin
/// and bpc.bin; with several coders stream0.bin, stream1.bin and so on. Throws CodecError for
/// what the codec does not take, and std::runtime_error when something cannot be written.
void encode_to_folder(const Map& map, const CodecJob& job, const std::filesystem::path& folder);

/// Writes the file of values that the folder's streams decode to, in the order of the one that was
/// coded. Throws std::runtime_error naming the file and what is wrong: also when the values are not
/// those of which meta.json has the checksum.
void decode_folder(const std::filesystem::path& folder, const std::filesystem::path& output);

}  // namespace karhunen
