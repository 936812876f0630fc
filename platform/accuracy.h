// How much accuracy a loadable keeps: the golden executor over many pictures, on all cores.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "platform/labels.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

struct TensorRate {
    std::string name, codec;
    uint64_t values = 0;                                                   ///< of all images
    double entropy = 0, code_bits = 0, stream_words = 0, dram_bursts = 0;  ///< bits per value
    bool lossless = false;    ///< as its codec is with these parameters
    double fixed_length = 0;  ///< bits per value of the symbols without their variable-length code
    /// Parameters that the machine loads for a batch: once for the encoder, once for each layer
    /// that reads the tensor.
    uint64_t table_bytes = 0;
};

struct ClassAccuracy {
    std::string name;
    uint64_t images = 0, top1 = 0;
};

struct AccuracyReport {
    std::string name;   ///< of the setting or file, where several are compared
    std::string codec;  ///< of the counted tensors, see common_setting()
    uint64_t images = 0, top1 = 0, top5 = 0;
    std::vector<bool> correct;           ///< top-1 of each image
    std::vector<ClassAccuracy> classes;  ///< where their names are known
    bool has_reference = false;
    uint64_t agreement = 0;           ///< same top-1 as the reference logits
    double snr_db = 0;                ///< 10 log10(sum reference^2 / sum error^2) over all logits
    std::vector<TensorRate> tensors;  ///< the counted ones, in order
    TensorRate average;               ///< weighted by size
    /// Tensors with the lowest signal-to-noise ratio against the float model, in dB, lowest first;
    /// none where there is no such model.
    std::vector<std::pair<std::string, double>> worst;
    uint64_t worst_images = 0;  ///< that they were found on
};

/// Bits of one image's tensor.
struct RateSums {
    uint64_t values = 0;
    double entropy = 0, code_bits = 0, stream_words = 0, dram_bursts = 0;
};

/// What one image adds to a report.
struct ImageSums {
    uint64_t top1 = 0, top5 = 0, agreement = 0;  ///< 0 or 1
    double signal = 0, noise = 0;                ///< of the logits, squares
    std::vector<RateSums> tensors;               ///< the counted ones, in order
};

class Journal;

/// reference: logits of image i at reference[i.row * classes], or empty. journal: what is in it is
/// not measured again, what is measured is added; may be nullptr.
AccuracyReport measure_accuracy(const Loadable& loadable, const std::vector<LabelledImage>& images,
                                const std::vector<float>& reference, unsigned threads,
                                const std::function<void(size_t done, size_t all)>& progress,
                                Journal* journal = nullptr);

/// Logits of the images as measure_accuracy() takes them for `reference`.
std::vector<float> golden_logits(const Loadable& loadable, const std::vector<LabelledImage>& images,
                                 unsigned threads);

/// Fills report.classes, those with images; images: those that were measured.
void add_classes(AccuracyReport& report, const std::vector<LabelledImage>& images,
                 const std::vector<std::string>& names);

/// Wilson score interval of a share, 95 %.
std::pair<double, double> confidence_interval(uint64_t successes, uint64_t trials);

nlohmann::ordered_json json_of(const AccuracyReport& report);
/// A line with the worst tensors, if they are known.
void print_worst(const AccuracyReport& report, std::ostream& out);
void print_text(const AccuracyReport& report, std::ostream& out);
void print_json(const AccuracyReport& report, std::ostream& out);

}  // namespace karhunen
