#include "platform/codec_rates.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include <karhunen/dma.h>

#include "models/arithmetic/requantise.h"
#include "platform/internal_error.h"
#include "sw/compiler/parallel.h"

namespace karhunen {

namespace {

using Values = std::vector<int16_t>;

/// Sums over images.
struct Sums {
    double entropy = 0, squares = 0;
    uint64_t code = 0, words = 0, bursts = 0;
    std::vector<uint64_t> symbols;

    void add(const Sums& other) {
        entropy += other.entropy;
        squares += other.squares;
        code += other.code;
        words += other.words;
        bursts += other.bursts;
        symbols.resize(std::max(symbols.size(), other.symbols.size()));
        for (size_t i = 0; i < other.symbols.size(); ++i) symbols[i] += other.symbols[i];
    }
};

/// The map behind the ReLU, as `raw` stores it.
Values rectified(const Values& map, double ratio) {
    Values result(map.size());
    for (size_t i = 0; i < map.size(); ++i)
        result[i] = static_cast<int16_t>(std::clamp(std::floor(map[i] * ratio + 0.5), 0.0, 255.0));
    return result;
}

/// Sum of squared differences from the rectified map, in decoded steps.
double squared_error(const Values& map, double ratio, const Values& decoded) {
    double sum = 0;
    for (size_t i = 0; i < map.size(); ++i) {
        const double error = std::max(map[i] * ratio, 0.0) - decoded[i];
        sum += error * error;
    }
    return sum;
}

void count_symbols(const Codec& codec, std::span<const int16_t> row, Sums& sums) {
    for (const int16_t symbol : codec.symbols(row)) {
        const auto index = static_cast<size_t>(symbol);
        if (index >= sums.symbols.size()) sums.symbols.resize(index + 1);
        ++sums.symbols[index];
    }
}

Sums code_band(const Codec& codec, const BandShape& band, uint32_t streams,
               std::span<const int16_t> values, std::span<int16_t> decoded) {
    Sums sums;
    const size_t row = size_t{band.width} * band.channels;
    const auto encoder = codec.encoder(band, streams);
    for (uint32_t y = 0; y < band.rows; ++y) {
        encoder->encode_row(values.subspan(y * row, row));
        count_symbols(codec, values.subspan(y * row, row), sums);
    }
    encoder->finish();
    sums.entropy = encoder->entropy_bits();
    sums.code = encoder->code_bits();
    uint64_t bytes = sizeof(krhn_tile_entry), bursts = sizeof(krhn_tile_entry);
    std::vector<std::vector<uint8_t>> coded;
    for (uint32_t s = 0; s < streams; ++s) {
        coded.push_back(std::move(encoder->output(s)));
        bytes += coded.back().size();
        bursts +=
            (coded.back().size() + rate_burst_bytes - 1) / rate_burst_bytes * rate_burst_bytes;
    }
    sums.words = 8 * bytes;
    sums.bursts = 8 * bursts;
    const Values back = decode_band(codec, band, coded);
    std::copy(back.begin(), back.end(), decoded.begin());
    return sums;
}

/// A codec with its parameters, ready for one tensor.
struct Candidate {
    CodecSetting setting;
    std::string name;
    Format format;  ///< of what it is given
    bool rectify;   ///< give it the map behind the ReLU
    std::string parameters_from;
    std::vector<uint8_t> parameters;
    std::unique_ptr<Codec> codec;
};

double ratio_of(const RateTensor& t) {
    return t.scale / t.decoded_scale;
}

std::vector<uint8_t> calibrated(const RateTensor& t, const Candidate& c) {
    const auto& images = t.calibration.empty() ? t.images : t.calibration;
    std::vector<Values> behind_relu;
    if (c.rectify)
        for (const Values& image : images) behind_relu.push_back(rectified(image, ratio_of(t)));
    CalibrationMaps maps;
    const std::vector<Values>& given = c.rectify ? behind_relu : images;
    maps.images.assign(given.begin(), given.end());
    maps.channels = t.shape.channels;
    maps.stored_scale = c.rectify ? t.decoded_scale : t.scale;
    maps.decoded_scale = t.decoded_scale;
    maps.width = t.shape.width;
    return calibrate_codec(c.setting, maps);
}

Candidate candidate(const RateTensor& t, const RateRequest& request) {
    const CodecSetting& setting = request.setting;
    const Format wanted = stored_format_of(setting);
    Candidate c;
    c.name = request.name;
    c.setting = setting;
    c.format = t.format;
    const bool signed_8 = t.format == Format::s8 && codec_traits(setting.codec).has_table;
    c.rectify = wanted == Format::u8 && (t.format == Format::s12 || signed_8);
    if (c.rectify) c.format = Format::u8;
    if (codec_traits(setting.codec).before_relu && t.format == Format::u8)
        c.format = Format::s12;  // it holds u8
    if (!request.calibrate && t.loadable_codec == setting.codec && !t.loadable_parameters.empty()) {
        c.parameters = t.loadable_parameters;
        c.parameters_from = "loadable";
    } else if (t.folded) {
        throw CodecError(
            "the maps of a folded network are symbols of its transform, which no other "
            "codec or calibration takes; compile it without --folded");
    } else {
        c.parameters = calibrated(t, c);
        if (!c.parameters.empty())
            c.parameters_from = t.calibration.empty() ? "these maps" : "calibration maps";
    }
    c.codec = make_codec(setting.codec, c.parameters, c.format);
    return c;
}

Sums code_image(const RateTensor& t, const Candidate& c, const Values& image) {
    const Values behind_relu = c.rectify ? rectified(image, ratio_of(t)) : Values();
    const Values& given = c.rectify ? behind_relu : image;
    Values decoded(given.size());
    const size_t row = size_t{t.shape.width} * t.shape.channels;
    Sums sums;
    for (uint32_t y = 0; y < t.shape.rows; y += t.band_rows) {
        const BandShape band{std::min(t.band_rows, t.shape.rows - y), t.shape.width,
                             t.shape.channels};
        sums.add(code_band(*c.codec, band,
                           t.coders * codec_traits(c.setting.codec).streams_per_coder,
                           std::span(given).subspan(y * row, band.values()),
                           std::span(decoded).subspan(y * row, band.values())));
    }
    const bool lossless = decoded == given;
    if (!lossless && c.codec->lossless())
        throw InternalError(c.name + " does not decode what it coded");
    if (c.rectify || !lossless) sums.squares = squared_error(image, ratio_of(t), decoded);
    return sums;
}

RateRow measure(const RateTensor& t, const Candidate& c, unsigned threads) {
    std::vector<Sums> parts(t.images.size());
    for_each_index(t.images.size(), threads,
                   [&](size_t i) { parts[i] = code_image(t, c, t.images[i]); });
    Sums sums;
    for (const Sums& part : parts) sums.add(part);
    RateRow row;
    row.tensor = t.name;
    row.codec = c.name;
    row.values = t.images.size() * t.shape.values();
    const double n = static_cast<double>(std::max<uint64_t>(row.values, 1));
    row.entropy = sums.entropy / n;
    if (!sums.symbols.empty()) row.oracle = oracle_entropy_bits(sums.symbols) / n;
    row.code_bits = static_cast<double>(sums.code) / n;
    row.stream_words = static_cast<double>(sums.words) / n;
    row.dram_bursts = static_cast<double>(sums.bursts) / n;
    row.table_bytes = c.parameters.size();
    row.rms_error = t.folded ? std::nan("") : std::sqrt(sums.squares / n);
    row.parameters = c.parameters_from;
    return row;
}

}  // namespace

std::vector<RateRow> measure_rates(const std::vector<RateTensor>& tensors, const RateOptions& o) {
    std::vector<RateRow> rows;
    size_t done = 0;
    for (const RateTensor& t : tensors)
        for (const RateRequest& request : o.requests) {
            try {
                rows.push_back(measure(t, candidate(t, request), o.threads));
            } catch (const CodecError& error) {
                throw CodecError(t.name + ": " + request.name + ": " + error.what());
            }
            if (o.progress) o.progress(++done, tensors.size() * o.requests.size());
        }
    return rows;
}

std::vector<RateRow> average_rates(const std::vector<RateRow>& rows) {
    std::vector<RateRow> averages;
    for (const RateRow& row : rows) {
        auto sum = std::find_if(averages.begin(), averages.end(),
                                [&](const RateRow& a) { return a.codec == row.codec; });
        if (sum == averages.end()) {
            sum = averages.emplace(averages.end());
            sum->tensor = "average";
            sum->codec = row.codec;
            sum->oracle = row.oracle < 0 ? -1 : 0;
            sum->parameters = row.parameters;
        }
        const double n = static_cast<double>(row.values);
        sum->values += row.values;
        sum->entropy += n * row.entropy;
        if (row.oracle >= 0) sum->oracle += n * row.oracle;
        sum->code_bits += n * row.code_bits;
        sum->stream_words += n * row.stream_words;
        sum->dram_bursts += n * row.dram_bursts;
        sum->table_bytes += row.table_bytes;
        sum->rms_error += n * row.rms_error * row.rms_error;
    }
    for (RateRow& a : averages) {
        const double n = static_cast<double>(std::max<uint64_t>(a.values, 1));
        a.entropy /= n;
        if (a.oracle >= 0) a.oracle /= n;
        a.code_bits /= n;
        a.stream_words /= n;
        a.dram_bursts /= n;
        a.rms_error = std::sqrt(a.rms_error / n);
    }
    return averages;
}

}  // namespace karhunen
