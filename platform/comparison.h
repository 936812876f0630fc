// Several codecs side by side: what each stores, and what accuracy it costs.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "platform/accuracy.h"

namespace karhunen {

/// Change of the top-1 accuracy on the same images, in points of 100.
struct PairedChange {
    uint64_t lost = 0, gained = 0;  ///< images that were right before, and that are right now only
    double points = 0;
    double low = 0, high = 0;  ///< 95 % interval, adjusted Wald for paired shares (Bonett and
                               ///< Price, "Adjusted Wald confidence interval for a difference of
                               ///< binomial proportions based on paired data", 2012)
};

/// Both on the same images. Codecs that lose nothing give the same answers: 0 to 0.
PairedChange paired_change(const AccuracyReport& before, const AccuracyReport& now);

/// Bytes of the counted tensors that are stored for an image: whole DRAM bursts and tile table.
double map_bytes_per_image(const AccuracyReport& r);
/// Bytes of codec parameters for an image, when they are loaded once for `batch` images.
double table_bytes_per_image(const AccuracyReport& r, uint32_t batch);

/// The report with raw maps, or nullptr: what the others are compared with.
const AccuracyReport* raw_among(const std::vector<AccuracyReport>& reports);

/// All on the same images. per_tensor: also a table of all tensors for each of the four rates.
void print_comparison(const std::vector<AccuracyReport>& reports, uint32_t batch, bool per_tensor,
                      std::ostream& out);
/// A line for each report and tensor, and one with the average and the accuracy.
void print_comparison_csv(const std::vector<AccuracyReport>& reports, uint32_t batch,
                          std::ostream& out);
void print_comparison_json(const std::vector<AccuracyReport>& reports, uint32_t batch,
                           std::ostream& out);

}  // namespace karhunen
