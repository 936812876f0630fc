// Extended bit-plane compression, one encoder or decoder: the encoder as in tests/rtl, the decoder
// block by block as in the public RTL (Cavigelli et al.; module names are those of
// github.com/pulp-platform/stream-ebpc).
#pragma once

#include "models/resources/inventory.h"

namespace karhunen::resources {

struct EbpcCoder {
    uint32_t word_bits = 8;
    uint32_t block_words = 8;
    uint32_t zero_run_bits = 4;
    uint32_t stream_bits = 8;  ///< of the words of both streams; of the encoder alone
};

/// Differences of a block in a shift register, a copy of them that moves on by a plane a clock; the
/// plane matched with all patterns, packer; run counter and packer of the ZNZ stream.
Inventory ebpc_encoder(const EbpcCoder& p);

/// Both unpackers, pattern decoder, planes in a shift register (buffer), a copy that gives words
/// (delta_reverse), zeros put back (expander), 24-bit count of the words still to come.
Inventory ebpc_decoder(const EbpcCoder& p);

}  // namespace karhunen::resources
