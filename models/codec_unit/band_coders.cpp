#include "models/codec_unit/band_coders.h"

namespace karhunen {

namespace {

class CodecCoders : public BandCoders {
public:
    std::unique_ptr<BandEncoder> encoder(const Codec& codec, const CodecJob& job) override {
        return codec.encoder(job.shape(), job.streams);
    }
    std::unique_ptr<BandDecoder> decoder(const Codec& codec, const CodecJob& job) override {
        return codec.decoder(job.shape(), job.streams);
    }
};

}  // namespace

bool needs_bytes(uint32_t codec, uint32_t format) {
    return format == static_cast<uint32_t>(Format::s32) ||
           codec_traits(codec).streams_per_coder > 1;
}

std::unique_ptr<BandCoders> codec_coders() {
    return std::make_unique<CodecCoders>();
}

}  // namespace karhunen
