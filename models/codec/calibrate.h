// Static calibration: from maps seen on calibration images to a codec's parameter blob.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <karhunen/loadable.h>

#include "models/arithmetic/format.h"
#include "models/arithmetic/transform.h"

namespace karhunen {

/// Maps of one tensor on all calibration images, as the encoder gets them (s12; dct-mask: u8), in
/// (row, column, channel) order.
struct CalibrationMaps {
    std::vector<std::span<const int16_t>> images;
    uint32_t channels = 0;
    double stored_scale = 1;   ///< real value of one step of the s12 values
    double decoded_scale = 1;  ///< real value of one step of the decoder's uint8 values
    uint32_t width = 0;        ///< pixels of a row, for context; 0: each map is one row
};

struct QuantiserOptions {
    /// vlc, transform: step = calibrated range / (2^bits - 2), one step for all components (Chmiel
    /// et al.); dct-mask, context: step = 2^(8 - bits) steps of the uint8 map, 8 at most
    double bits = 8;
    /// share of the range by which the symbols reach beyond it on each side, same step; less where
    /// there would be more than 2047 symbols
    double headroom = 0.15;
    /// transform: code no more than this many components; 0: all
    uint32_t components = 0;
    /// transform: code no more components than have this share of the variance; 1: all
    double energy = 1;
    /// transform: code no components with a standard deviation of fewer steps than this; 0: all.
    /// Nearly all of their symbols are 0, which take bits in the one code of all components.
    double least_deviation = 0;
};

/// A codec and how finely it quantises.
struct CodecSetting {
    uint32_t codec = 0;  ///< krhn_codec
    QuantiserOptions quantiser;
};

/// "transform", or with bits of its own "context:6.5", for transform also with a least standard
/// deviation "transform:8/0.5"; `usual` for what the text does not say. Throws CodecError naming
/// the known codecs, or saying what is wrong with the bits.
CodecSetting parse_setting(const std::string& text, const QuantiserOptions& usual);
/// The same text again, with bits where the codec has a table: "context:6.5", "zvc".
std::string setting_name(const CodecSetting& setting);
/// Of a map in a loadable; the name alone where its bits are not known.
std::string setting_name(const krhn_tensor& tensor);
/// Of all counted maps of a loadable: "transform:8"; "transform" where only the bits differ;
/// "mixed"; "none" where there are no such maps.
std::string common_setting(std::span<const krhn_tensor> tensors);
/// Whether they are the same, or would be with the same bits.
bool same_but_for_bits(const CodecSetting& a, const CodecSetting& b);
/// What a codec with this setting is given of a rectified map: s12 from before the ReLU, or u8.
Format stored_format_of(const CodecSetting& setting);

/// Blobs for make_codec(KRHN_CODEC_TRANSFORM / KRHN_CODEC_VLC, ...). Throws CodecError when the
/// options need more than 2047 levels or there is nothing to calibrate on.
std::vector<uint8_t> calibrate_transform(const CalibrationMaps& maps, const QuantiserOptions& o);
std::vector<uint8_t> calibrate_vlc(const CalibrationMaps& maps, const QuantiserOptions& o);
/// The same for KRHN_CODEC_CONTEXT, bits 2 to 8. Below 8 the maps are s12 from before the ReLU; 8
/// is lossless, and the maps hold the uint8 values. Values beyond 255 steps saturate, as in `raw`;
/// there is no head-room. Number of tables and of weights: fewest bytes at batch 16.
std::vector<uint8_t> calibrate_context(const CalibrationMaps& maps, const QuantiserOptions& o);
/// For KRHN_CODEC_DCT_MASK; these maps hold u8 values. Takes bits of 2 to 8 and no head-room.
std::vector<uint8_t> calibrate_dct_mask(const CalibrationMaps& maps, const QuantiserOptions& o);

/// The transform as a part of the convolution before it (all components). The maps are those
/// without it.
struct FoldedTransform {
    /// [component][channel]: symbol = rows[k] . (x - mean) / step, all in steps of the stored maps
    std::vector<double> rows, mean;
    double step = 1;
    TransformParameters parameters;
    /// The blob of KRHN_CODEC_TRANSFORM, given the symbols that the convolution makes; they may
    /// exceed the range.
    std::vector<uint8_t> table(std::span<const std::span<const int16_t>> symbols) const;
};
/// decoded: u8 after the ReLU or s12. Throws as calibrate_transform().
FoldedTransform calibrate_folded(const CalibrationMaps& maps, const QuantiserOptions& o,
                                 Format decoded);

/// The blob of any codec; empty for one without parameters. Throws what the others throw.
std::vector<uint8_t> calibrate_codec(const CodecSetting& setting, const CalibrationMaps& maps);

}  // namespace karhunen
