// How much accuracy a loadable keeps: the golden executor over many pictures, on all cores.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "sw/golden/executor.h"

namespace karhunen {

struct LabelledImage {
    std::filesystem::path file;
    uint32_t label = 0;
    size_t row = 0;  ///< in the labels file, 0-based: the row of its reference logits
};

/// Lines "file,class" after a header line, class < classes; files are relative to `folder`. Throws
/// std::runtime_error naming file and line.
std::vector<LabelledImage> read_labels(const std::filesystem::path& labels,
                                       const std::filesystem::path& folder, uint32_t classes);

struct TensorRate {
    std::string name;
    uint64_t values = 0;
    double entropy = 0, code_bits = 0, stream_words = 0;  ///< bits per value
};

struct AccuracyReport {
    std::string codec;  ///< of the counted tensors
    uint64_t images = 0, top1 = 0, top5 = 0;
    bool has_reference = false;
    uint64_t agreement = 0;           ///< same top-1 as the reference logits
    double snr_db = 0;                ///< 10 log10(sum reference^2 / sum error^2) over all logits
    std::vector<TensorRate> tensors;  ///< the counted ones, in order
    TensorRate average;               ///< weighted by size
};

/// reference: logits of image i at reference[i.row * classes], or empty.
AccuracyReport measure_accuracy(const Loadable& loadable, const std::vector<LabelledImage>& images,
                                const std::vector<float>& reference, unsigned threads,
                                const std::function<void(size_t done, size_t all)>& progress);

/// Wilson score interval of a share, 95 %.
std::pair<double, double> confidence_interval(uint64_t successes, uint64_t trials);

void print_text(const AccuracyReport& report, std::ostream& out);
void print_json(const AccuracyReport& report, std::ostream& out);

}  // namespace karhunen
