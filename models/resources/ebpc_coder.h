// Extended bit-plane compression, block by block as in the public RTL (Cavigelli et al.; module
// names below are those of github.com/pulp-platform/stream-ebpc). One encoder or decoder.
#pragma once

#include "models/resources/inventory.h"

namespace karhunen::resources {

struct EbpcCoder {
    uint32_t word_bits = 8;
    uint32_t block_words = 8;
    uint32_t zero_run_bits = 4;
    uint32_t stream_bits = 8;  ///< of the words of both streams
};

/// Differences of a block in a shift register (dbp_dbx_enc), a copy of them to code from
/// (fifo_slice), a plane and its neighbour selected and matched with the patterns (dbx_compressor),
/// packer (shift_streamer); run counter and packer of the ZNZ stream (zrle).
Inventory ebpc_encoder(const EbpcCoder& p);

/// Both unpackers, pattern decoder, planes in a shift register (buffer), a copy that gives words
/// (delta_reverse), zeros put back (expander), 24-bit count of the words still to come.
Inventory ebpc_decoder(const EbpcCoder& p);

}  // namespace karhunen::resources
