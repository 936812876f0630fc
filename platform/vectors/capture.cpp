#include "platform/vectors/capture.h"

#include <stdexcept>

namespace karhunen::vectors {

std::unique_ptr<Capture> make_capture(const std::string& block, uint32_t layer) {
    if (block == "encoder") return encoder_capture(layer);
    if (block == "decoder") return decoder_capture(layer);
    if (block == "array") return array_capture(layer);
    if (block == "post") return post_capture(layer);
    if (block == "dma") return dma_capture(layer);
    throw std::runtime_error("--block " + block +
                             ": expected encoder, decoder, array, post or dma");
}

Json tile_of(const Loadable& loadable, const BandPlace& place) {
    const krhn_tensor& t = loadable.tensors()[place.tensor];
    return {{"tensor", loadable.name(t)},
            {"image", place.image},
            {"band", place.band},
            {"bands", t.bands},
            {"first_row", place.band * t.band_rows},
            {"rows", band_shape(t, place.band).rows},
            {"map", {t.height, t.width, t.channels}}};
}

}  // namespace karhunen::vectors
