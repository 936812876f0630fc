// Which values of a map should be transformed together (Chmiel et al., Fig. 6): PCA over blocks of
// some rows, columns and channels, in float, with the entropy of the coefficients at one uniform
// step. An analysis only: no codec has blocks of other shapes than 1 x 1 x C.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "platform/codec_rates.h"

namespace karhunen {

/// Rows, columns, and channels: a number, or a part of the tensor's. The channels of a block follow
/// each other; blocks of all rows, columns and channels share one matrix.
struct BlockForm {
    std::string name;  ///< as given: "2x2xC/4", "8x8x1"
    uint32_t rows = 1, columns = 1;
    uint32_t channels = 0;  ///< 0: those of the tensor / divisor
    uint32_t divisor = 1;

    /// Channels of a block; none if the map cannot have such blocks: it is smaller, its channels do
    /// not divide, or a block would have more than most_block_values.
    std::optional<uint32_t> channels_in(const BandShape& map) const;
};

/// The eigenvectors of a covariance of so many take about ten seconds of one core.
inline constexpr uint32_t most_block_values = 2048;

/// Throws std::runtime_error saying what was expected.
BlockForm parse_block(const std::string& text);

struct BlockPoint {
    double step = 0;       ///< in 8-bit steps
    double rate = 0;       ///< entropy of all coefficients together, bits per value
    double rms_error = 0;  ///< in 8-bit steps, before the ReLU
    double snr_db = 0;  ///< variance of the map, each channel around its mean, over squared error
};

struct BlockCurve {
    std::string tensor, block;
    uint32_t channels = 0, block_values = 0;
    uint64_t values = 0;             ///< in the blocks of all images
    std::vector<BlockPoint> points;  ///< falling step; empty if nothing varies
};

/// tensors: s12, from before the ReLU. For each tensor a curve for each form that it can have.
/// The transform is fitted to the tensor's calibration maps, or to the measured ones. Rows and
/// columns that do not fill a block are left out.
std::vector<BlockCurve> block_curves(const std::vector<RateTensor>& tensors,
                                     const std::vector<BlockForm>& forms, unsigned threads,
                                     const std::function<void(size_t done, size_t all)>& progress);

/// Rate at an SNR, linear between points; none outside the curve.
std::optional<double> rate_at(const BlockCurve& curve, double snr_db);
/// Over the tensors that have all blocks that any has, weighted by their values; none unless each
/// has a rate.
std::optional<double> mean_rate_at(const std::vector<BlockCurve>& curves, const std::string& block,
                                   double snr_db);

/// Rates at snr_db, and their averages there and at others.
void print_blocks(const std::vector<BlockCurve>& curves, double snr_db, std::ostream& out);
void print_blocks_csv(const std::vector<BlockCurve>& curves, std::ostream& out);
void print_blocks_json(const std::vector<BlockCurve>& curves, std::ostream& out);

}  // namespace karhunen
