// Bands of `context`.
#pragma once

#include "models/codec/context_model.h"

namespace karhunen {

/// What encoders and decoders of bands share.
struct ContextTables {
    explicit ContextTables(const ContextParameters& p);
    std::array<uint8_t, context_count> table_of;
    uint32_t block;  ///< values
    ContextModel model;
    RansEncoderTables encoder;
    RansDecoderTables decoder;
    std::vector<uint8_t> quantised;  ///< by x + 2048, for x of 12 bits
    std::array<int16_t, 256> decoded;
};

/// To quantised values; what exceeds 12 bits saturates.
void quantise(const ContextTables& tables, std::span<const int16_t> row, uint8_t* quantised);

std::unique_ptr<BandEncoder> make_context_encoder(const ContextTables& tables,
                                                  const BandShape& shape, uint32_t streams);
std::unique_ptr<BandDecoder> make_context_decoder(const ContextTables& tables,
                                                  const BandShape& shape, uint32_t streams);

}  // namespace karhunen
