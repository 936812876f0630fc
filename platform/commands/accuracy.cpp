// karhunen accuracy: what a loadable answers on many pictures, by the golden executor.
#include <iostream>
#include <thread>

#include "platform/accuracy.h"
#include "platform/commands/commands.h"
#include "platform/files.h"
#include "platform/npy.h"
#include "platform/progress.h"

namespace karhunen {

namespace {

struct Options {
    std::string network, images, labels, reference, only;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
    bool json = false;
};

int accuracy(const Options& o) {
    const Loadable loadable = Loadable::read(o.network);
    std::vector<LabelledImage> images = read_labels(o.labels, o.images, loadable.input().classes);
    std::vector<float> reference;
    if (!o.reference.empty()) {
        check_readable(o.reference);
        const NpyArray array = read_npy(o.reference);
        if (array.shape != std::vector<uint64_t>{images.size(), loadable.input().classes})
            throw std::runtime_error(o.reference + ": expected an array of shape (" +
                                     std::to_string(images.size()) + ", " +
                                     std::to_string(loadable.input().classes) +
                                     "): a row per line of " + o.labels + ", a column per class");
        reference = array.values;
    }
    std::erase_if(images, [&](const LabelledImage& image) {
        return image.file.string().find(o.only) == std::string::npos;
    });
    if (images.empty()) throw std::runtime_error(o.labels + ": names no image to run");
    Progress progress("accuracy");
    const AccuracyReport report =
        measure_accuracy(loadable, images, reference, o.threads,
                         [&](size_t done, size_t all) { progress(done, all); });
    o.json ? print_json(report, std::cout) : print_text(report, std::cout);
    return 0;
}

}  // namespace

void add_accuracy_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "accuracy", "Accuracy and rates of a loadable on many pictures (golden executor)");
    auto o = std::make_shared<Options>();
    command->add_option("--network", o->network, "loadable (.kvn)")->required();
    command->add_option("--images", o->images, "folder of the pictures")->required();
    command->add_option("--labels", o->labels, "CSV: a header, then FILE,CLASS (0-based)")
        ->required();
    command->add_option("--reference", o->reference,
                        ".npy, float32 [lines of the CSV, classes]: logits to agree with");
    command->add_option("--only", o->only, "only files whose path contains this");
    command->add_option("--threads", o->threads, "images at once")->check(CLI::Range(1, 1024));
    command->add_flag("--json", o->json, "print JSON");
    command->footer(
        "Example:\n"
        "  karhunen accuracy --network net.kvn --images photos --labels photos/labels.csv \\\n"
        "      --reference float-logits.npy --only evaluation/");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return accuracy(*o); }); });
}

}  // namespace karhunen
