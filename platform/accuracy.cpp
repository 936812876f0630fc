#include "platform/accuracy.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <mutex>
#include <numeric>
#include <optional>
#include <ostream>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <karhunen/dma.h>

#include "models/codec/codec.h"
#include "platform/files.h"
#include "platform/paper.h"
#include "sw/compiler/image.h"
#include "sw/compiler/parallel.h"

namespace karhunen {

namespace {

/// The number behind the last comma.
std::optional<uint32_t> class_in(const std::string& line) {
    const size_t comma = line.rfind(',');
    if (comma == std::string::npos) return {};
    const char *first = line.data() + comma + 1, *last = line.data() + line.size();
    while (first < last && *first == ' ') ++first;
    uint32_t label = 0;
    const auto [end, error] = std::from_chars(first, last, label);
    return error == std::errc() && end == last ? std::optional(label) : std::nullopt;
}

}  // namespace

std::vector<LabelledImage> read_labels(const std::filesystem::path& labels,
                                       const std::filesystem::path& folder, uint32_t classes) {
    check_readable(labels);
    std::ifstream file(labels);
    std::vector<LabelledImage> images;
    std::string line;
    for (size_t number = 1; std::getline(file, line); ++number) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        const auto require = [&](bool good, const std::string& what) {
            if (!good)
                throw std::runtime_error(labels.string() + ':' + std::to_string(number) + ": " +
                                         what + ", found '" + line + "'");
        };
        const std::optional<uint32_t> label = class_in(line);
        if (number == 1) require(!label, "expected a header line, such as file,class");
        if (number == 1 || line.empty()) continue;
        require(label.has_value(), "expected FILE,CLASS");
        require(*label < classes, "expected a class from 0 to " + std::to_string(classes - 1));
        images.push_back({folder / line.substr(0, line.rfind(',')), *label, images.size()});
    }
    return images;
}

namespace {

/// Sums over the images seen so far.
struct Sums {
    uint64_t images = 0, top1 = 0, top5 = 0, agreement = 0;
    double signal = 0, noise = 0;
    std::vector<TensorRate> tensors;  ///< rates as sums of bits
};

void add_logits(Sums& sums, const std::vector<int32_t>& logits, double scale, uint32_t label,
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

void add_rates(Sums& sums, const Loadable& loadable, const std::vector<StoredTensor>& stored) {
    size_t next = 0;
    for (size_t t = 0; t < stored.size(); ++t) {
        const krhn_tensor& tensor = loadable.tensors()[t];
        if (!(tensor.flags & KRHN_TENSOR_COUNTED)) continue;
        if (next == sums.tensors.size())
            sums.tensors.push_back({std::string(loadable.name(tensor)), 0, 0, 0, 0});
        TensorRate& rate = sums.tensors[next++];
        rate.values += uint64_t{tensor.height} * tensor.width * tensor.channels;
        for (const StoredBand& band : stored[t].bands) {
            rate.entropy += band.entropy_bits;
            rate.code_bits += static_cast<double>(band.code_bits);
            rate.stream_words += 8.0 * sizeof(krhn_tile_entry);
            for (const auto& stream : band.streams)
                rate.stream_words += 8.0 * static_cast<double>(stream.size());
        }
    }
}

TensorRate average_of(const std::vector<TensorRate>& tensors) {
    TensorRate sum{"average", 0, 0, 0, 0};
    for (const TensorRate& t : tensors) {
        sum.values += t.values;
        sum.entropy += t.entropy;
        sum.code_bits += t.code_bits;
        sum.stream_words += t.stream_words;
    }
    return sum;
}

void per_value(TensorRate& rate) {
    const double n = static_cast<double>(std::max<uint64_t>(rate.values, 1));
    rate.entropy /= n;
    rate.code_bits /= n;
    rate.stream_words /= n;
}

}  // namespace

AccuracyReport measure_accuracy(const Loadable& loadable, const std::vector<LabelledImage>& images,
                                const std::vector<float>& reference, unsigned threads,
                                const std::function<void(size_t, size_t)>& progress) {
    const GoldenExecutor golden(loadable, {.naive = false, .entropy = true});
    const krhn_input& input = loadable.input();
    // Per image, so that the sums do not depend on which thread ran which image.
    std::vector<Sums> parts(images.size());
    std::mutex mutex;
    size_t done = 0;
    for_each_index(images.size(), threads, [&](size_t i) {
        const Picture picture =
            resize_and_crop(read_picture(images[i].file), input.resize, input.crop);
        const auto stored = golden.run(input_values(picture, input));
        const float* wanted =
            reference.empty() ? nullptr : &reference.at(images[i].row * input.classes);
        add_logits(parts[i], golden.logits(stored), input.logit_scale, images[i].label, wanted);
        add_rates(parts[i], loadable, stored);
        const std::lock_guard lock(mutex);
        progress(++done, images.size());
    });

    AccuracyReport report;
    for (const krhn_tensor& tensor : loadable.tensors())
        if (tensor.flags & KRHN_TENSOR_COUNTED) report.codec = codec_name(tensor.codec);
    report.images = images.size();
    report.has_reference = !reference.empty();
    double signal = 0, noise = 0;
    for (const Sums& part : parts) {
        report.top1 += part.top1;
        report.top5 += part.top5;
        report.agreement += part.agreement;
        signal += part.signal;
        noise += part.noise;
        report.tensors.resize(std::max(report.tensors.size(), part.tensors.size()));
        for (size_t t = 0; t < part.tensors.size(); ++t) {
            TensorRate& sum = report.tensors[t];
            sum.name = part.tensors[t].name;
            sum.values += part.tensors[t].values;
            sum.entropy += part.tensors[t].entropy;
            sum.code_bits += part.tensors[t].code_bits;
            sum.stream_words += part.tensors[t].stream_words;
        }
    }
    report.snr_db = noise > 0 ? 10 * std::log10(signal / noise) : INFINITY;
    report.average = average_of(report.tensors);
    per_value(report.average);
    for (TensorRate& t : report.tensors) per_value(t);
    return report;
}

std::pair<double, double> confidence_interval(uint64_t successes, uint64_t trials) {
    if (trials == 0) return {0, 1};
    const double z = 1.959963984540054, n = static_cast<double>(trials);
    const double p = static_cast<double>(successes) / n;
    const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return {centre - half, centre + half};
}

namespace {

void print_share(std::ostream& out, const char* what, uint64_t part, uint64_t all) {
    const auto [low, high] = confidence_interval(part, all);
    out << what << ' ' << part << " of " << all << " = " << std::fixed << std::setprecision(1)
        << 100.0 * static_cast<double>(part) / static_cast<double>(std::max<uint64_t>(all, 1))
        << " % (95 % interval " << 100 * low << " to " << 100 * high << ")\n";
}

}  // namespace

void print_text(const AccuracyReport& r, std::ostream& out) {
    print_share(out, "top-1", r.top1, r.images);
    print_share(out, "top-5", r.top5, r.images);
    if (r.has_reference) {
        print_share(out, "top-1 agreement with the reference", r.agreement, r.images);
        out << "logit SNR " << std::setprecision(2) << r.snr_db << " dB\n";
    }
    const bool beside_paper =
        r.codec == "transform" && r.tensors.size() == paper::entropy_with_pca.size();
    out << "\nbits per value\n"
        << std::left << std::setw(24) << "tensor" << std::right << std::setw(12) << "values"
        << std::setw(9) << "entropy" << std::setw(9) << "code" << std::setw(9) << "words"
        << (beside_paper ? "  published  published, no PCA" : "") << '\n';
    const auto line = [&](const TensorRate& t) {
        out << std::left << std::setw(24) << t.name << std::right << std::setw(12)
            << t.values / std::max<uint64_t>(r.images, 1) << std::fixed << std::setprecision(3)
            << std::setw(9) << t.entropy << std::setw(9) << t.code_bits << std::setw(9)
            << t.stream_words;
    };
    for (size_t i = 0; i < r.tensors.size(); ++i) {
        line(r.tensors[i]);
        if (beside_paper)
            out << std::setw(11) << paper::entropy_with_pca[i] << std::setw(19)
                << paper::entropy_without_pca[i];
        out << '\n';
    }
    line(r.average);
    out << '\n';
    if (beside_paper)
        out << "published: entropy that Chmiel et al. print for their ResNet-18, with and without "
               "PCA; not measured here\n";
}

void print_json(const AccuracyReport& r, std::ostream& out) {
    const auto of = [](const TensorRate& t) {
        return nlohmann::ordered_json{{"name", t.name},
                                      {"values", t.values},
                                      {"entropy", t.entropy},
                                      {"code_bits", t.code_bits},
                                      {"stream_words", t.stream_words}};
    };
    nlohmann::ordered_json tensors = nlohmann::ordered_json::array();
    for (const TensorRate& t : r.tensors) tensors.push_back(of(t));
    nlohmann::ordered_json all = {{"images", r.images}, {"top1", r.top1}, {"top5", r.top5}};
    if (r.has_reference) {
        const auto [low, high] = confidence_interval(r.agreement, r.images);
        all["agreement"] = r.agreement;
        all["agreement_interval"] = {low, high};
        all["logit_snr_db"] = r.snr_db;
    }
    all["bits_per_value"] = {{"tensors", tensors}, {"average", of(r.average)}};
    out << all.dump(2) << '\n';
}

}  // namespace karhunen
