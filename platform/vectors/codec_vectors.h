// Bands of the encoder and the decoders: rows, streams, table, tile table entry, and what passes
// between the parts of a unit (symbols, words), for RTL that is one of these parts.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <karhunen/dma.h>

#include "models/codec_unit/band_coders.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

/// A band that a unit has coded.
struct CodedBand {
    CodecJob job;
    bool decoded = false;       ///< by a decoder, from the streams
    std::vector<int16_t> rows;  ///< [row][column][channel]
    std::vector<std::vector<uint8_t>> streams;
    std::vector<VectorFile> inside;  ///< symbols, code table, words of the codec
};

/// What `coders` do, and every band of jobs with this tag is appended when it is finished. The
/// list must outlive the coders.
std::unique_ptr<BandCoders> watched_coders(std::unique_ptr<BandCoders> coders, uint32_t tag,
                                           std::vector<CodedBand>& bands);

/// Register values by name.
Json job_of(const CodecJob& job);

/// What the DMA writes behind the band, and what it checks when it reads it.
krhn_tile_entry tile_entry_of(const CodedBand& band, uint32_t offset);

/// A case without a name. table: what was loaded, empty for codecs without.
VectorCase codec_case(const CodedBand& band, std::span<const uint8_t> table,
                      const krhn_tile_entry& entry);

}  // namespace karhunen::vectors
