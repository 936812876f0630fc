// Takes what one block does for one layer out of a run of the machine.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/band_map.h"
#include "platform/instrument.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

class Capture : public Instrument {
public:
    /// After the run: a case per job of the layer, in order.
    virtual std::vector<VectorCase> take() = 0;
};

/// block: encoder, decoder, array, post or dma; else throws std::runtime_error. layer: by number.
std::unique_ptr<Capture> make_capture(const std::string& block, uint32_t layer);

/// What a manifest says of a band.
Json tile_of(const Loadable& loadable, const BandPlace& place);

std::unique_ptr<Capture> encoder_capture(uint32_t layer);
std::unique_ptr<Capture> decoder_capture(uint32_t layer);  ///< of both decoders
std::unique_ptr<Capture> array_capture(uint32_t layer);
std::unique_ptr<Capture> post_capture(uint32_t layer);
std::unique_ptr<Capture> dma_capture(uint32_t layer);  ///< chains of all channels

}  // namespace karhunen::vectors
