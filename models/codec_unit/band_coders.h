// Who codes the bands of an encoder or decoder: its codec; the codec with a log of what its timing
// depends on; or such a log alone, when a run is replayed without values.
#pragma once

#include <cstdint>
#include <memory>

#include "models/codec/codec.h"
#include "models/codec_unit/band_record.h"
#include "models/codec_unit/codec_job.h"

namespace karhunen {

/// Bands whose bytes a replay needs: sums (s32), which firmware may look at, and those of coders
/// with several substreams, where values decide how far one is read when the other lacks bytes.
bool needs_bytes(uint32_t codec, uint32_t format);

class BandCoders {
public:
    virtual ~BandCoders() = default;
    virtual std::unique_ptr<BandEncoder> encoder(const Codec& codec, const CodecJob& job) = 0;
    virtual std::unique_ptr<BandDecoder> decoder(const Codec& codec, const CodecJob& job) = 0;
};

/// Those of the codec itself.
std::unique_ptr<BandCoders> codec_coders();
/// The same, and appends every band to the log, which must outlive the coders.
std::unique_ptr<BandCoders> recording_coders(BandLog& log);
/// Coders that handle sizes: encoders take rows without values and put out zeros where bytes are
/// not needed, decoders give no values back. A job that is not the next one of the log throws
/// JobError. The log must outlive the coders.
std::unique_ptr<BandCoders> replaying_coders(const BandLog& log);

}  // namespace karhunen
