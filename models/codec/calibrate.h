// Static calibration: from maps seen on calibration images to a codec's parameter blob.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace karhunen {

/// Maps of one tensor on all calibration images: s12 values, (row, column, channel) order.
struct CalibrationMaps {
    std::vector<std::span<const int16_t>> images;
    uint32_t channels = 0;
    double stored_scale = 1;   ///< real value of one step of the s12 values
    double decoded_scale = 1;  ///< real value of one step of the decoder's uint8 values
};

struct QuantiserOptions {
    /// step = calibrated range / (2^bits - 2), one step for all components (Chmiel et al.)
    double bits = 8;
    /// share of the range by which the symbols reach beyond it on each side, same step
    double headroom = 0.15;
};

/// Blobs for make_codec(KRHN_CODEC_TRANSFORM / KRHN_CODEC_VLC, ...). Throws CodecError when the
/// options need more than 2047 levels or there is nothing to calibrate on.
std::vector<uint8_t> calibrate_transform(const CalibrationMaps& maps, const QuantiserOptions& o);
std::vector<uint8_t> calibrate_vlc(const CalibrationMaps& maps, const QuantiserOptions& o);

/// The blob of codec `id` (krhn_codec), whatever it needs; empty for one without parameters.
/// Throws what the others throw.
std::vector<uint8_t> calibrate_codec(uint32_t id, const CalibrationMaps& maps,
                                     const QuantiserOptions& o);

}  // namespace karhunen
