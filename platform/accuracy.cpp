#include "platform/accuracy.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include <karhunen/dma.h>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"
#include "platform/codec_rates.h"
#include "platform/drawn_images.h"
#include "platform/journal.h"
#include "sw/compiler/image.h"
#include "sw/compiler/parallel.h"
#include "sw/golden/executor.h"

namespace karhunen {

namespace {

void add_logits(ImageSums& sums, const std::vector<int32_t>& logits, double scale, uint32_t label,
                const float* reference) {
    const auto rank = std::count_if(logits.begin(), logits.end(), [&](int32_t l) {
        return label < logits.size() && l > logits[label];
    });
    sums.top1 += label < logits.size() && rank == 0;
    sums.top5 += label < logits.size() && rank < 5;
    if (!reference) return;
    const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    sums.agreement += best == std::max_element(reference, reference + logits.size()) - reference;
    for (size_t i = 0; i < logits.size(); ++i) {
        const double error = logits[i] * scale - reference[i];
        sums.signal += double{reference[i]} * reference[i];
        sums.noise += error * error;
    }
}

uint64_t bits_in_bursts(uint64_t bytes) {
    return 8 * ((bytes + rate_burst_bytes - 1) / rate_burst_bytes * rate_burst_bytes);
}

/// The counted tensors, without rates.
std::vector<TensorRate> counted_tensors(const Loadable& loadable) {
    std::vector<TensorRate> tensors;
    for (uint32_t t = 0; t < loadable.tensors().size(); ++t) {
        const krhn_tensor& tensor = loadable.tensors()[t];
        if (!(tensor.flags & KRHN_TENSOR_COUNTED)) continue;
        uint64_t loads = 0;  // by decoders
        for (const krhn_layer& layer : loadable.layers()) {
            bool is_input = false;
            for (uint32_t o = 0; o < layer.operations; ++o)
                is_input = is_input || loadable.operation(layer, o).input == t;
            loads += is_input + (layer.residual == t);
        }
        TensorRate rate;
        rate.name = loadable.name(tensor);
        rate.codec = setting_name(tensor);
        rate.table_bytes = krhn_encoder_table_bytes(&tensor) + loads * tensor.table_bytes;
        const auto codec = make_codec(tensor.codec, loadable.table(tensor),
                                      static_cast<Format>(tensor.stored_format));
        rate.lossless = codec->lossless();
        rate.fixed_length = codec->symbol_bits() * codec->symbols_per_value();
        tensors.push_back(std::move(rate));
    }
    return tensors;
}

std::vector<RateSums> rates_of(const Loadable& loadable, const std::vector<StoredTensor>& stored) {
    std::vector<RateSums> rates;
    for (size_t t = 0; t < stored.size(); ++t) {
        const krhn_tensor& tensor = loadable.tensors()[t];
        if (!(tensor.flags & KRHN_TENSOR_COUNTED)) continue;
        RateSums& rate = rates.emplace_back();
        rate.values = uint64_t{tensor.height} * tensor.width * tensor.channels;
        for (const StoredBand& band : stored[t].bands) {
            uint64_t words = 8 * sizeof(krhn_tile_entry), bursts = words;
            for (const auto& stream : band.streams) {
                words += 8 * stream.size();
                bursts += bits_in_bursts(stream.size());
            }
            rate.entropy += band.entropy_bits;
            rate.code_bits += static_cast<double>(band.code_bits);
            rate.stream_words += static_cast<double>(words);
            rate.dram_bursts += static_cast<double>(bursts);
        }
    }
    return rates;
}

/// Bits of a RateSums, or of a TensorRate that is not yet per value; parameters stay.
template <typename Rates>
void add(TensorRate& sum, const Rates& t) {
    sum.values += t.values;
    sum.entropy += t.entropy;
    sum.code_bits += t.code_bits;
    sum.stream_words += t.stream_words;
    sum.dram_bursts += t.dram_bursts;
}

void per_value(TensorRate& rate) {
    const double n = static_cast<double>(std::max<uint64_t>(rate.values, 1));
    for (double* bits : {&rate.entropy, &rate.code_bits, &rate.stream_words, &rate.dram_bursts})
        *bits /= n;
}

/// Of sums; weighted by size.
TensorRate average_of(const std::vector<TensorRate>& tensors, const std::string& codec) {
    TensorRate average;
    average.name = "average";
    average.codec = codec;
    for (const TensorRate& t : tensors) {
        add(average, t);
        average.table_bytes += t.table_bytes;
        average.fixed_length += t.fixed_length * static_cast<double>(t.values);
    }
    average.fixed_length /= static_cast<double>(std::max<uint64_t>(average.values, 1));
    per_value(average);
    return average;
}

/// Runs one picture.
ImageSums measured(const GoldenExecutor& golden, const Loadable& loadable,
                   const LabelledImage& image, const float* reference) {
    const krhn_input& input = loadable.input();
    const auto stored = golden.run(input_values(picture_for(input, image), input));
    ImageSums sums;
    add_logits(sums, golden.logits(stored), input.logit_scale, image.label, reference);
    sums.tensors = rates_of(loadable, stored);
    return sums;
}

}  // namespace

std::vector<float> golden_logits(const Loadable& loadable, const std::vector<LabelledImage>& images,
                                 unsigned threads) {
    const GoldenExecutor golden(loadable);
    const krhn_input& input = loadable.input();
    size_t rows = 0;
    for (const LabelledImage& image : images) rows = std::max(rows, image.row + 1);
    std::vector<float> all(rows * input.classes);
    for_each_index(images.size(), threads, [&](size_t i) {
        const auto stored = golden.run(input_values(picture_for(input, images[i]), input));
        float* to = &all[images[i].row * input.classes];
        for (const int32_t logit : golden.logits(stored))
            *to++ = static_cast<float>(logit) * input.logit_scale;
    });
    return all;
}

AccuracyReport measure_accuracy(const Loadable& loadable, const std::vector<LabelledImage>& images,
                                const std::vector<float>& reference, unsigned threads,
                                const std::function<void(size_t, size_t)>& progress,
                                Journal* journal) {
    const GoldenExecutor golden(loadable, {.naive = false, .entropy = true});
    const size_t classes = loadable.input().classes, counted = counted_tensors(loadable).size();
    // Per image, so that the sums do not depend on which thread ran which image.
    std::vector<ImageSums> parts(images.size());
    std::mutex mutex;
    size_t done = 0;
    for_each_index(images.size(), threads, [&](size_t i) {
        const float* wanted = reference.empty() ? nullptr : &reference.at(images[i].row * classes);
        std::string key;
        std::optional<ImageSums> known;
        if (journal) {
            key = journal_key(loadable, images[i], {wanted, wanted ? classes : 0});
            known = journal->find(key);
            if (known && known->tensors.size() != counted)
                throw std::runtime_error("the file of --resume has " +
                                         std::to_string(known->tensors.size()) +
                                         " tensors of a picture of this network, which has " +
                                         std::to_string(counted) + ": delete it");
        }
        parts[i] = known ? *known : measured(golden, loadable, images[i], wanted);
        if (journal && !known) journal->add(key, parts[i]);
        const std::lock_guard lock(mutex);
        progress(++done, images.size());
    });

    AccuracyReport report;
    report.tensors = counted_tensors(loadable);
    report.codec = common_setting(loadable.tensors());
    report.images = images.size();
    report.has_reference = !reference.empty();
    double signal = 0, noise = 0;
    for (const ImageSums& part : parts) {
        report.correct.push_back(part.top1 > 0);
        report.top1 += part.top1;
        report.top5 += part.top5;
        report.agreement += part.agreement;
        signal += part.signal;
        noise += part.noise;
        for (size_t t = 0; t < part.tensors.size(); ++t) add(report.tensors[t], part.tensors[t]);
    }
    report.snr_db = noise > 0 ? 10 * std::log10(signal / noise) : INFINITY;
    report.average = average_of(report.tensors, report.codec);
    for (TensorRate& t : report.tensors) per_value(t);
    return report;
}

void add_classes(AccuracyReport& report, const std::vector<LabelledImage>& images,
                 const std::vector<std::string>& names) {
    for (const std::string& name : names) report.classes.push_back({name, 0, 0});
    for (size_t i = 0; i < images.size(); ++i) {
        ClassAccuracy& own = report.classes.at(images[i].label);
        ++own.images;
        own.top1 += report.correct.at(i);
    }
    std::erase_if(report.classes, [](const ClassAccuracy& c) { return c.images == 0; });
}

std::pair<double, double> confidence_interval(uint64_t successes, uint64_t trials) {
    if (trials == 0) return {0, 1};
    const double z = 1.959963984540054, n = static_cast<double>(trials);
    const double p = static_cast<double>(successes) / n;
    const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return {centre - half, centre + half};
}

}  // namespace karhunen
