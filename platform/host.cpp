#include "platform/host.h"

#include <algorithm>
#include <cstring>

#include <zlib.h>

#include <karhunen/dma.h>

#include "models/codec_unit/band_coders.h"
#include "platform/band_map.h"

namespace karhunen {

void place_loadable(const Loadable& loadable, std::span<uint8_t> memory) {
    if (loadable.header().memory_bytes > memory.size())
        throw LoadableError(
            "the loadable and its maps need " + std::to_string(loadable.header().memory_bytes) +
            " bytes of DDR, the machine has " + std::to_string(memory.size()) + " (ddr.size_mib)");
    std::copy(loadable.bytes().begin(), loadable.bytes().end(), memory.begin());
}

namespace {

/// What the encoder and the DMA leave behind.
void place_band(const krhn_tensor& tensor, uint32_t image, uint32_t band,
                std::span<const std::vector<uint8_t>> streams, std::span<uint8_t> memory) {
    const uint64_t slot = slot_offset(tensor, image, band);
    krhn_tile_entry entry{};
    entry.offset = static_cast<uint32_t>(slot);
    entry.values = static_cast<uint32_t>(band_shape(tensor, band).values());
    entry.n_streams = tensor.streams;
    uLong crc = crc32_z(0, nullptr, 0);
    for (uint32_t s = 0; s < tensor.streams; ++s) {
        const std::vector<uint8_t>& stream = streams[s];
        std::copy(stream.begin(), stream.end(),
                  memory.begin() + slot + uint64_t{s} * tensor.stream_stride);
        if (!stream.empty())  // zlib takes a null pointer for the start of a new sum
            crc = crc32_z(crc, stream.data(), stream.size());
        entry.bytes[s] = static_cast<uint32_t>(stream.size());
    }
    entry.crc32 = static_cast<uint32_t>(crc);
    std::memcpy(&memory[entry_offset(tensor, image, band)], &entry, sizeof entry);
}

krhn_tile_entry entry_of(const krhn_tensor& tensor, uint32_t image, uint32_t band,
                         std::span<const uint8_t> memory) {
    krhn_tile_entry entry;
    std::memcpy(&entry, &memory[entry_offset(tensor, image, band)], sizeof entry);
    return entry;
}

}  // namespace

void place_input(const Loadable& loadable, uint32_t image, std::span<const int16_t> values,
                 std::span<uint8_t> memory) {
    const krhn_tensor& tensor = loadable.tensors()[loadable.input_tensor()];
    const auto codec =
        make_codec(tensor.codec, loadable.table(tensor), static_cast<Format>(tensor.stored_format));
    for (uint32_t band = 0; band < tensor.bands; ++band) {
        const BandShape shape = band_shape(tensor, band);
        const auto streams = encode_band(
            *codec, shape, tensor.streams,
            values.subspan(uint64_t{band} * tensor.band_rows * shape.width * shape.channels,
                           shape.values()));
        place_band(tensor, image, band, streams, memory);
    }
}

InputSizes input_sizes(const Loadable& loadable, uint32_t image, std::span<const uint8_t> memory) {
    const krhn_tensor& tensor = loadable.tensors()[loadable.input_tensor()];
    InputSizes sizes;
    for (uint32_t band = 0; band < tensor.bands; ++band) {
        const krhn_tile_entry entry = entry_of(tensor, image, band, memory);
        sizes.emplace_back(entry.bytes, entry.bytes + tensor.streams);
    }
    return sizes;
}

void place_input_sizes(const Loadable& loadable, uint32_t image, const InputSizes& sizes,
                       std::span<uint8_t> memory) {
    const krhn_tensor& tensor = loadable.tensors()[loadable.input_tensor()];
    if (needs_bytes(tensor.codec, tensor.stored_format))
        throw LoadableError("pictures in codec " + std::string(codec_name(tensor.codec)) +
                            " cannot be replayed without their bytes");
    for (uint32_t band = 0; band < tensor.bands; ++band) {
        std::vector<std::vector<uint8_t>> streams;
        for (const uint32_t bytes : sizes[band]) streams.emplace_back(bytes);
        place_band(tensor, image, band, streams, memory);
    }
}

std::vector<int32_t> read_logits(const Loadable& loadable, uint32_t image,
                                 std::span<const uint8_t> memory) {
    const krhn_tensor& tensor = loadable.tensors()[loadable.logits_tensor()];
    const auto codec = make_codec(tensor.codec, loadable.table(tensor),
                                  static_cast<Format>(tensor.decoded_format));
    std::vector<int32_t> logits;
    for (uint32_t band = 0; band < tensor.bands; ++band) {
        const krhn_tile_entry entry = entry_of(tensor, image, band, memory);
        std::vector<std::vector<uint8_t>> streams;
        for (uint32_t s = 0; s < tensor.streams; ++s) {
            const uint64_t first =
                slot_offset(tensor, image, band) + uint64_t{s} * tensor.stream_stride;
            const uint32_t bytes = std::min(entry.bytes[s], tensor.stream_stride);
            streams.emplace_back(&memory[first], &memory[first] + bytes);
        }
        const std::vector<int16_t> halves = decode_band(*codec, band_shape(tensor, band), streams);
        for (size_t i = 0; i + 1 < halves.size(); i += 2) {
            const uint32_t low = static_cast<uint16_t>(halves[i]);
            const uint32_t high = static_cast<uint16_t>(halves[i + 1]);
            logits.push_back(static_cast<int32_t>(high << 16 | low));
        }
    }
    return logits;
}

}  // namespace karhunen
