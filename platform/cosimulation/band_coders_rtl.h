// Encoders and decoders of bands whose blocks are RTL. Each keeps the model's rates: a row's words
// come with the row, and take its clocks.
#pragma once

#include <memory>

#include "models/codec/symbol_codec.h"
#include "platform/cosimulation/instances.h"
#include "platform/cosimulation/stream_bridge.h"

namespace karhunen::rtl {

/// vlc and transform: pca_unit and huffman_encoder.
std::unique_ptr<BandEncoder> symbol_encoder(const SymbolCodec& codec, const BandSubject& band,
                                            Instances& instances, Findings& findings);
/// ebpc_encoder.
std::unique_ptr<BandEncoder> ebpc_band_encoder(const BandSubject& band, Instances& instances,
                                               Findings& findings);
/// vlc and transform: huffman_decoder. model: of the same band, for what is not the block's.
std::unique_ptr<BandDecoder> symbol_decoder(const SymbolCodec& codec, const BandSubject& band,
                                            std::unique_ptr<BandDecoder> model,
                                            Instances& instances, Findings& findings);

}  // namespace karhunen::rtl
