#include "platform/commands/evaluation.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <thread>

#include "platform/drawn_images.h"
#include "platform/files.h"
#include "platform/journal.h"
#include "platform/npy.h"
#include "platform/progress.h"
#include "sw/images/picture.h"

namespace karhunen {

namespace {

/// Logits of all images of the labels file, in its order; none if there is no reference.
std::vector<float> reference_of(const EvaluationOptions& o, size_t images, uint32_t classes) {
    if (o.reference.empty()) return {};
    check_readable(o.reference);
    const NpyArray array = read_npy(o.reference);
    if (array.shape != std::vector<uint64_t>{images, classes})
        throw std::runtime_error(
            o.reference + ": expected an array of shape (" + std::to_string(images) + ", " +
            std::to_string(classes) + "): a row per " +
            (o.labels.empty() ? "picture" : "line of " + o.labels) + ", a column per class");
    for (size_t i = 0; i < array.values.size(); ++i)
        if (!std::isfinite(array.values[i]))
            throw std::runtime_error(o.reference + ": logit " + std::to_string(i % classes) +
                                     " of row " + std::to_string(i / classes) +
                                     " is not a finite number");
    return array.values;
}

/// Nothing can agree with zeros alone.
void check_rows(const EvaluationOptions& o, const std::vector<float>& reference,
                const std::vector<LabelledImage>& images, uint32_t classes) {
    if (reference.empty()) return;
    for (const LabelledImage& image : images) {
        const auto row = std::span(reference).subspan(image.row * classes, classes);
        if (std::all_of(row.begin(), row.end(), [](float logit) { return logit == 0; }))
            throw std::runtime_error(
                o.reference + ": row " + std::to_string(image.row) +
                (image.file.empty() ? "" : ", of " + image.file.string() + ",") +
                " has nothing but zeros: no logits of a network");
    }
}

}  // namespace

void add_evaluation_options(CLI::App& command, EvaluationOptions& o, bool drawn) {
    auto* images = command.add_option("--images", o.images, "folder of the pictures");
    auto* labels =
        command.add_option("--labels", o.labels, "CSV: a header, then FILE,CLASS (0-based)");
    images->required(!drawn)->needs(labels);
    labels->required(!drawn)->needs(images);
    if (drawn)
        command
            .add_option("--count", o.count,
                        "without --images: how many pictures to draw (see `karhunen images`); "
                        "100 if not given")
            ->check(CLI::Range(1u, 1000000u))
            ->excludes(images);
    command.add_option("--reference", o.reference,
                       ".npy, float32 [lines of the CSV, classes]: logits to agree with");
    command.add_option("--only", o.only, "only files whose path contains this")->needs(images);
    command.add_option("--resume", o.resume,
                       "file that keeps what was measured of each picture; the same command, run\n"
                       "again after it was stopped, goes on from there");
}

namespace {

/// The classes that the network must have to be asked for drawn pictures.
void check_classes(const Loadable& loadable, const std::string& name) {
    if (loadable.input().classes != drawn_classes().size())
        throw std::runtime_error(name + " has " + std::to_string(loadable.input().classes) +
                                 " classes, drawn pictures are of " +
                                 std::to_string(drawn_classes().size()) +
                                 ": give its own with --images and --labels");
}

std::vector<LabelledImage> all_images(const EvaluationOptions& o, const Loadable& loadable,
                                      const std::string& name) {
    if (!o.images.empty()) return read_labels(o.labels, o.images, loadable.input().classes);
    check_classes(loadable, name);
    return drawn_images(o.seed, o.count > 0 ? o.count : EvaluationOptions::default_count);
}

}  // namespace

std::vector<LabelledImage> images_of(const EvaluationOptions& o, const Loadable& loadable,
                                     const std::string& name) {
    std::vector<LabelledImage> images = all_images(o, loadable, name);
    if (!o.images.empty())
        std::erase_if(images, [&](const LabelledImage& image) {
            return image.file.string().find(o.only) == std::string::npos;
        });
    if (images.empty())
        throw std::runtime_error(
            o.labels + (o.only.empty() ? ": names no image to run"
                                       : ": no image has '" + o.only + "' (--only) in its path"));
    return images;
}

AccuracyReport evaluate(const EvaluationOptions& o, unsigned threads, const Loadable& loadable,
                        const std::string& name) {
    const std::vector<float> reference =
        reference_of(o, all_images(o, loadable, name).size(), loadable.input().classes);
    const std::vector<LabelledImage> images = images_of(o, loadable, name);
    check_rows(o, reference, images, loadable.input().classes);
    Progress progress("accuracy of " + name);
    if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
    std::optional<Journal> journal;
    if (!o.resume.empty()) journal.emplace(o.resume);
    AccuracyReport report = measure_accuracy(
        loadable, images, reference, threads, [&](size_t done, size_t all) { progress(done, all); },
        journal ? &*journal : nullptr);
    report.name = name;
    if (o.drawn_classes || o.images.empty()) add_classes(report, images, drawn_classes());
    return report;
}

}  // namespace karhunen
