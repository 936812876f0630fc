#include "platform/commands/evaluation.h"

#include <optional>
#include <thread>

#include "platform/files.h"
#include "platform/journal.h"
#include "platform/npy.h"
#include "platform/progress.h"

namespace karhunen {

namespace {

/// Logits of all images of the labels file, in its order; none if there is no reference.
std::vector<float> reference_of(const EvaluationOptions& o, size_t images, uint32_t classes) {
    if (o.reference.empty()) return {};
    check_readable(o.reference);
    const NpyArray array = read_npy(o.reference);
    if (array.shape != std::vector<uint64_t>{images, classes})
        throw std::runtime_error(o.reference + ": expected an array of shape (" +
                                 std::to_string(images) + ", " + std::to_string(classes) +
                                 "): a row per line of " + o.labels + ", a column per class");
    return array.values;
}

}  // namespace

void add_evaluation_options(CLI::App& command, EvaluationOptions& o) {
    command.add_option("--images", o.images, "folder of the pictures")->required();
    command.add_option("--labels", o.labels, "CSV: a header, then FILE,CLASS (0-based)")
        ->required();
    command.add_option("--reference", o.reference,
                       ".npy, float32 [lines of the CSV, classes]: logits to agree with");
    command.add_option("--only", o.only, "only files whose path contains this");
    command.add_option("--resume", o.resume,
                       "file that keeps what was measured of each picture; the same command, run\n"
                       "again after it was stopped, goes on from there");
}

AccuracyReport evaluate(const EvaluationOptions& o, unsigned threads, const Loadable& loadable,
                        const std::string& name) {
    std::vector<LabelledImage> images = read_labels(o.labels, o.images, loadable.input().classes);
    const std::vector<float> reference = reference_of(o, images.size(), loadable.input().classes);
    std::erase_if(images, [&](const LabelledImage& image) {
        return image.file.string().find(o.only) == std::string::npos;
    });
    if (images.empty()) throw std::runtime_error(o.labels + ": names no image to run");
    Progress progress("accuracy of " + name);
    if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
    std::optional<Journal> journal;
    if (!o.resume.empty()) journal.emplace(o.resume);
    AccuracyReport report = measure_accuracy(
        loadable, images, reference, threads, [&](size_t done, size_t all) { progress(done, all); },
        journal ? &*journal : nullptr);
    report.name = name;
    return report;
}

}  // namespace karhunen
