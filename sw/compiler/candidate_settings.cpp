#include "sw/compiler/candidate_settings.h"

#include <algorithm>

#include <karhunen/dma.h>

#include "models/codec/codec.h"

namespace karhunen {

namespace {

constexpr double fewest_bits = 4, most_bits = 9, most_bits_of_few = 11, bits_step = 0.5;
// Of the components that transform codes, in steps; each is tried with all bits if codecs are asked
// for.
constexpr double least_deviations[] = {0, 0.5, 0.75};

}  // namespace

std::vector<CodecSetting> candidate_settings(const CandidateOptions& options) {
    std::vector<CodecSetting> settings;
    const std::vector<uint32_t>& wanted = options.codecs;
    const double most = wanted.empty() ? most_bits : most_bits_of_few;
    for (const std::string_view name : codec_names()) {
        const uint32_t codec = codec_number(name);
        if (!wanted.empty() && codec != KRHN_CODEC_RAW &&
            std::find(wanted.begin(), wanted.end(), codec) == wanted.end())
            continue;
        const CodecTraits traits = codec_traits(codec);
        if (traits.streams_per_coder * options.machine.streams > KRHN_MAX_STREAMS) continue;
        if (!traits.has_table)
            settings.push_back({codec, {.bits = 8, .headroom = options.headroom}});
        if (traits.has_table)
            for (double bits = fewest_bits; bits <= most; bits += bits_step)
                for (const double deviation : least_deviations)
                    if (deviation == 0 || (codec == KRHN_CODEC_TRANSFORM && !wanted.empty()))
                        settings.push_back({codec,
                                            {.bits = bits,
                                             .headroom = options.headroom,
                                             .least_deviation = deviation}});
    }
    return settings;
}

}  // namespace karhunen
