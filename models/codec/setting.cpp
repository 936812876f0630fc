// Codecs and their quantisers as users name them, and the calibration of any of them.
#include <charconv>
#include <optional>
#include <string_view>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"

namespace karhunen {

namespace {

/// The number that text begins with, which is cut off; nothing if there is none.
std::optional<double> take_number(std::string_view& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    return value;
}

/// The fewest digits that are this number in its precision.
template <typename Number>
std::string shortest(Number value) {
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

template <typename Number>
std::string name_with(uint32_t codec, Number bits) {
    const std::string name(codec_name(codec));
    return codec_traits(codec).has_table && bits > 0 ? name + ':' + shortest(bits) : name;
}

}  // namespace

CodecSetting parse_setting(const std::string& text, const QuantiserOptions& usual) {
    const size_t colon = text.find(':');
    const std::string name = text.substr(0, colon);
    CodecSetting setting{codec_number(name), usual};
    if (colon == std::string::npos) return setting;
    std::string_view rest = std::string_view(text).substr(colon + 1);
    const std::optional<double> bits = take_number(rest);
    std::optional<double> deviation = 0;
    if (setting.codec == KRHN_CODEC_TRANSFORM && !rest.empty() && rest[0] == '/') {
        rest.remove_prefix(1);
        deviation = take_number(rest);
    }
    if (!bits || !(*bits > 0) || !deviation || !(*deviation >= 0) || !rest.empty())
        throw CodecError(
            "'" + text + "': expected a number of bits after the colon, as in " + name + ":6.5" +
            (setting.codec == KRHN_CODEC_TRANSFORM
                 ? ", perhaps with the least standard deviation of a component, as in " + name +
                       ":6.5/0.5"
                 : ""));
    if (!codec_traits(setting.codec).has_table)
        throw CodecError("'" + text + "': " + name + " does not quantise");
    setting.quantiser.bits = *bits;
    if (*deviation > 0) setting.quantiser.least_deviation = *deviation;
    return setting;
}

std::string setting_name(const CodecSetting& setting) {
    const double deviation = setting.quantiser.least_deviation;
    return name_with(setting.codec, setting.quantiser.bits) +
           (deviation > 0 ? '/' + shortest(deviation) : "");
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

bool same_but_for_bits(const CodecSetting& a, const CodecSetting& b) {
    const QuantiserOptions &p = a.quantiser, &q = b.quantiser;
    return a.codec == b.codec && p.headroom == q.headroom && p.components == q.components &&
           p.energy == q.energy && p.least_deviation == q.least_deviation;
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
