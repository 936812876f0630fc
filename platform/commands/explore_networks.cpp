#include "platform/commands/explore_networks.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <thread>

#include "platform/accuracy.h"
#include "platform/commands/networks.h"
#include "platform/drawn_images.h"
#include "platform/files.h"
#include "platform/recording.h"
#include "platform/run.h"
#include "sw/images/picture.h"

namespace karhunen {

namespace {

using Json = nlohmann::ordered_json;

/// Any machine that takes the network: what else it is does not change the bits.
PlatformConfiguration recording_machine(const PlatformConfiguration& of) {
    PlatformConfiguration machine;
    machine.buffers = of.buffers;
    machine.codec.streams = of.codec.streams;
    return machine;
}

class Family {
public:
    Family(const Sweep& sweep, const Workspace& workspace, const Design& first, unsigned threads)
        : sweep_(sweep), workspace_(workspace), threads_(threads) {
        NetworkOptions o;
        o.calibration = sweep.calibration;
        o.preset = first.network.preset;
        o.weight_bits = first.network.weight_bits;
        o.batch = first.network.batch;
        o.seed = static_cast<uint32_t>(sweep.seed);
        o.threads = threads;
        o.machine = first.configuration;
        compiler_.emplace(sweep.network, o);
    }

    void make(const Design& design);

private:
    void prepare_evaluation();
    Json evaluate(const Loadable& loadable) const;
    Recording record(const Loadable& loadable, const Design& design) const;

    const Sweep& sweep_;
    const Workspace& workspace_;
    unsigned threads_;
    std::optional<NetworkCompiler> compiler_;
    std::vector<LabelledImage> images_;
    std::optional<AccuracyReport> raw_;  ///< with raw maps
    std::vector<float> reference_;       ///< its logits
};

/// Raw maps are what codecs are measured against.
void Family::prepare_evaluation() {
    if (!sweep_.has_accuracy() || raw_) return;
    const Loadable raw = Loadable::parse(compiler_->compile("raw"), sweep_.network);
    images_ = sweep_.labels.empty()
                  ? drawn_images(sweep_.seed, sweep_.pictures)
                  : read_labels(sweep_.labels, sweep_.images, raw.input().classes);
    std::erase_if(images_, [&](const LabelledImage& image) {
        return image.file.string().find(sweep_.only) == std::string::npos;
    });
    images_.resize(std::min<size_t>(images_.size(), sweep_.pictures));
    if (images_.empty())
        throw std::runtime_error(sweep_.labels + ": no image has '" + sweep_.only +
                                 "' (only) in its path");
    reference_ = golden_logits(raw, images_, threads_);
    raw_ = measure_accuracy(raw, images_, reference_, threads_, [](size_t, size_t) {});
}

Json Family::evaluate(const Loadable& loadable) const {
    if (!raw_) return Json::object();
    const AccuracyReport r =
        measure_accuracy(loadable, images_, reference_, threads_, [](size_t, size_t) {});
    const auto percent = [&](double images) {
        return 100 * images / static_cast<double>(r.images);
    };
    return {{"top1_percent", percent(static_cast<double>(r.top1))},
            {"drop", percent(static_cast<double>(raw_->top1) - static_cast<double>(r.top1))},
            {"changed_percent", percent(static_cast<double>(r.images - r.agreement))},
            {"snr_db", r.snr_db}};
}

Recording Family::record(const Loadable& loadable, const Design& design) const {
    Recording recording;
    RunOptions options;
    options.configuration = recording_machine(design.configuration);
    options.record = &recording;
    const krhn_input& input = loadable.input();
    for (uint32_t i = 0; i < design.network.batch; ++i) {
        const Picture picture = images_.empty() ? drawn_picture_for(input, sweep_.seed, i)
                                                : picture_for(input, images_[i % images_.size()]);
        options.inputs.push_back(input_values(picture, input));
    }
    const RunReport report = run(loadable, options);
    if (report.exit_code != 0) throw std::runtime_error("its run failed: " + report.fault);
    return recording;
}

void Family::make(const Design& design) {
    prepare_evaluation();
    const std::vector<uint8_t> file = compiler_->compile(design.network.codec);
    const Loadable loadable = Loadable::parse(file, sweep_.network);
    const Recording recording = record(loadable, design);
    const Json figures = evaluate(loadable);
    const auto folder = workspace_.network(workspace_.network_hash(design));
    std::filesystem::create_directories(folder);
    write_file(folder / "network.kvn", file);
    recording.write(folder / "recording.rec");
    Workspace::write(folder / "network.json", {{"status", "done"},
                                               {"codec", design.network.codec},
                                               {"batch", design.network.batch},
                                               {"results", figures}});
}

}  // namespace

void make_networks(const Sweep& sweep, const Workspace& workspace, const NetworkFamily& family,
                   unsigned threads, const std::function<void()>& done) {
    if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
    std::optional<Family> made;
    for (const Design& design : family.members) {
        try {
            if (!made) made.emplace(sweep, workspace, family.members[0], threads);
            made->make(design);
        } catch (const std::exception& e) {
            give_up(workspace, design, e.what());
        }
        done();
    }
}

}  // namespace karhunen
