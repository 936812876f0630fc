#include "platform/vectors/capture.h"

#include <stdexcept>

namespace karhunen::vectors {

std::unique_ptr<Capture> make_capture(const std::string& block, uint32_t layer) {
    if (block == "encoder") return encoder_capture(layer);
    if (block == "decoder") return decoder_capture(layer);
    throw std::runtime_error("--block " + block + ": expected encoder or decoder");
}

}  // namespace karhunen::vectors
