// Codecs and their quantisers as users name them, and the calibration of any of them.
#include <charconv>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"

namespace karhunen {

CodecSetting parse_setting(const std::string& text, const QuantiserOptions& usual) {
    const size_t colon = text.find(':');
    CodecSetting setting{codec_number(text.substr(0, colon)), usual};
    if (colon == std::string::npos) return setting;
    const char *first = text.data() + colon + 1, *last = text.data() + text.size();
    const auto [end, error] = std::from_chars(first, last, setting.quantiser.bits);
    if (error != std::errc() || end != last || !(setting.quantiser.bits > 0))
        throw CodecError("'" + text + "': expected a number of bits after the colon, as in " +
                         text.substr(0, colon) + ":6.5");
    if (!codec_traits(setting.codec).has_table)
        throw CodecError("'" + text + "': " + text.substr(0, colon) + " does not quantise");
    return setting;
}

namespace {

/// The fewest digits that are this number in its precision.
template <typename Number>
std::string name_with(uint32_t codec, Number bits) {
    std::string name(codec_name(codec));
    if (!codec_traits(codec).has_table || !(bits > 0)) return name;
    char digits[32];
    const auto result = std::to_chars(digits, digits + sizeof digits, bits);
    return name + ':' + std::string(digits, result.ptr);
}

}  // namespace

std::string setting_name(const CodecSetting& setting) {
    return name_with(setting.codec, setting.quantiser.bits);
}

std::string setting_name(const krhn_tensor& tensor) {
    return name_with(tensor.codec, tensor.bits);
}

std::string common_setting(std::span<const krhn_tensor> tensors) {
    const krhn_tensor* first = nullptr;
    bool same_bits = true;
    for (const krhn_tensor& t : tensors) {
        if (!(t.flags & KRHN_TENSOR_COUNTED)) continue;
        if (!first) first = &t;
        if (t.codec != first->codec) return "mixed";
        same_bits = same_bits && t.bits == first->bits;
    }
    if (!first) return "none";
    return same_bits ? setting_name(*first) : std::string(codec_name(first->codec));
}

Format stored_format_of(const CodecSetting& setting) {
    const bool quantises_s12 = setting.codec == KRHN_CODEC_CONTEXT && setting.quantiser.bits < 8;
    return codec_traits(setting.codec).before_relu || quantises_s12 ? Format::s12 : Format::u8;
}

std::vector<uint8_t> calibrate_codec(const CodecSetting& setting, const CalibrationMaps& maps) {
    switch (setting.codec) {
        case KRHN_CODEC_VLC:
            return calibrate_vlc(maps, setting.quantiser);
        case KRHN_CODEC_TRANSFORM:
            return calibrate_transform(maps, setting.quantiser);
        case KRHN_CODEC_CONTEXT:
            return calibrate_context(maps, setting.quantiser);
        case KRHN_CODEC_DCT_MASK:
            return calibrate_dct_mask(maps, setting.quantiser);
    }
    return {};
}

}  // namespace karhunen
