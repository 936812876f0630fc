// What each codec makes of given maps: the four rates, never mixed up.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"

namespace karhunen {

/// One tensor on some images, as it is before coding.
struct RateTensor {
    std::string name;
    BandShape shape;  ///< of the whole map
    uint32_t band_rows = 0, coders = 1;
    Format format = Format::u8;
    double scale = 1;                               ///< real value of one step
    double decoded_scale = 1;                       ///< of one step of the u8 map after ReLU
    std::vector<std::vector<int16_t>> images;       ///< (row, column, channel)
    std::vector<std::vector<int16_t>> calibration;  ///< the same on others; empty: use `images`
    /// Parameters that a loadable has for this tensor.
    uint32_t loadable_codec = 0;
    std::vector<uint8_t> loadable_parameters;
    /// What the loadable's encoder takes are symbols of a transform: only its parameters fit.
    bool folded = false;
};

/// A map that is not s12 is taken as it is. Of an s12 map, from before the ReLU, codecs that work
/// behind the ReLU get what `raw` stores: rectified, in steps of decoded_scale.
struct RateRow {
    std::string tensor, codec;
    uint64_t values = 0;       ///< of all images
    double entropy = 0;        ///< sum of -log2 p, p from the codec's static table; bits per value
    double oracle = -1;        ///< the same, p from the counts on these maps; negative: no symbols
    double code_bits = 0;      ///< bits per value
    double stream_words = 0;   ///< with padding and tile table entries; bits per value
    double dram_bursts = 0;    ///< every stream and entry in whole bursts; bits per value
    uint64_t table_bytes = 0;  ///< parameters, loaded once per layer and batch; not in the rates
    double rms_error = 0;      ///< of the decoded map, in steps of decoded_scale; folded: NaN
    std::string parameters;    ///< where they are from; "" for none
};

struct RateRequest {
    std::string name;  ///< of its rows
    CodecSetting setting;
    bool calibrate = false;  ///< even where a loadable has parameters of this codec
};

struct RateOptions {
    std::vector<RateRequest> requests;
    unsigned threads = 0;
    std::function<void(size_t done, size_t all)> progress;
};

/// Bursts of the DRAM that rates are reported for: 8 transfers of 16 bits.
inline constexpr uint32_t rate_burst_bytes = 16;

/// A row for each tensor and request, tensor by tensor. Every stream is decoded again:
/// throws InternalError if a lossless codec loses something, CodecError for bad parameters.
std::vector<RateRow> measure_rates(const std::vector<RateTensor>& tensors, const RateOptions& o);

/// One row per codec over all tensors, weighted by their size, named "average".
std::vector<RateRow> average_rates(const std::vector<RateRow>& rows);

void print_rates(const std::vector<RateRow>& rows, std::ostream& out);
void print_rates_csv(const std::vector<RateRow>& rows, std::ostream& out);
void print_rates_json(const std::vector<RateRow>& rows, std::ostream& out);

}  // namespace karhunen
