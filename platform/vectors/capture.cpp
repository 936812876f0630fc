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

}  // namespace karhunen::vectors
