#include "sw/compiler/automatic.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <karhunen/loadable.h>

#include "sw/compiler/calibrate_layers.h"
#include "sw/compiler/logits.h"
#include "sw/compiler/measure_candidates.h"
#include "sw/compiler/probe_noise.h"
#include "sw/compiler/tile.h"

namespace karhunen {

namespace {

constexpr int most_rounds = 8, probing_rounds = 2;
// Shares of the budget: a choice that uses that much is good enough; what the next one is to use.
constexpr double well_used = 0.97, wanted_use = 0.985;
// A slope found anew differs from the one before by no more than this factor.
constexpr double largest_change = 8;
constexpr int steps_between = 4;  // of candidates of neighbouring bits

struct Compiled {
    std::vector<QuantisedLayer> layers;
    std::vector<Logits> logits;
};

double mean_square(const std::vector<Logits>& logits) {
    double sum = 0;
    for (const Logits& picture : logits)
        for (const double logit : picture) sum += logit * logit / double(picture.size());
    return sum / static_cast<double>(logits.size());
}

/// With candidates of the same codec between those of neighbouring bits, as if measured.
TensorCandidates refined(const TensorCandidates& tensor) {
    TensorCandidates result = tensor;
    for (const CodecCandidate& a : tensor.candidates)
        for (const CodecCandidate& b : tensor.candidates) {
            const double apart = b.setting.quantiser.bits - a.setting.quantiser.bits;
            if (!same_but_for_bits(a.setting, b.setting) || apart <= 0 || apart > 0.5) continue;
            if (a.squared_error == 0 || b.squared_error == 0) continue;
            for (int i = 1; i < steps_between; ++i) {
                const double part = static_cast<double>(i) / steps_between;
                CodecCandidate c = a;
                c.setting.quantiser.bits += part * apart;
                c.map_bytes += part * (b.map_bytes - a.map_bytes);
                c.bytes += part * (b.bytes - a.bytes);
                const double errors = std::pow(b.squared_error / a.squared_error, part);
                c.squared_error *= errors;
                c.noise *= errors;
                result.candidates.push_back(c);
            }
        }
    return result;
}

/// What a map takes with the setting, between the candidates next to it; raw where its codec has
/// none.
double map_bytes_of(const TensorCandidates& tensor, const CodecSetting& setting) {
    const auto bits = [](const CodecCandidate& c) { return c.setting.quantiser.bits; };
    const double wanted = setting.quantiser.bits;
    const CodecCandidate *below = nullptr, *above = nullptr, *raw = nullptr;
    for (const CodecCandidate& c : tensor.candidates) {
        if (c.setting.codec == KRHN_CODEC_RAW) raw = &c;
        if (c.setting.codec != setting.codec || c.setting.quantiser.least_deviation != 0) continue;
        if (bits(c) <= wanted && (!below || bits(c) > bits(*below))) below = &c;
        if (bits(c) >= wanted && (!above || bits(c) < bits(*above))) above = &c;
    }
    if (!below) below = above ? above : raw;
    if (!above || below == above) return below->map_bytes;
    return below->map_bytes + (above->map_bytes - below->map_bytes) * (wanted - bits(*below)) /
                                  (bits(*above) - bits(*below));
}

}  // namespace

class CodecChooser::Parts {
public:
    Parts(const Network& network, const std::vector<LayerRanges>& ranges,
          const std::vector<Logits>& float_logits, double input_scale,
          const std::vector<IntegerMap>& inputs, const CompileOptions& options,
          std::vector<uint32_t> codecs)
        : network_(network),
          ranges_(ranges),
          float_logits_(float_logits),
          input_scale_(input_scale),
          inputs_(inputs),
          options_(options),
          codecs_(std::move(codecs)),
          reference_(compiled({network_.layers.size(), CodecSetting{}})),
          tensors_(candidates()) {
        std::vector<double> margins;
        for (const Logits& logits : reference_.logits) margins.push_back(margin_of(logits));
        density_ = margin_density(margins);
    }

    std::vector<QuantisedLayer> choose() {
        CodecChoices plan;
        plan.tensors = tensors_;
        plan.max_drop = options_.max_drop;
        plan.min_snr_db = options_.min_snr_db;
        plan.budget = plan.min_snr_db
                          ? mean_square(reference_.logits) * std::pow(10.0, -*plan.min_snr_db / 10)
                          : noise_budget(density_, options_.max_drop);
        count_noise_against(reference_.logits);
        search(plan, 0);
        if (options_.chosen) options_.chosen(best_);
        return std::move(layers_);
    }

    std::vector<QuantisedLayer> choose_like(const CodecSetting& setting) {
        CodecChoices plan;
        plan.tensors = tensors_;
        for (TensorCandidates& tensor : plan.tensors) {
            tensor = refined(tensor);
            for (CodecCandidate& c : tensor.candidates) c.bytes = c.map_bytes;
        }
        std::vector<CodecSetting> all(network_.layers.size());
        for (size_t l = 0; l < all.size(); ++l)
            if (objection(setting, network_.layers[l], options_.machine).empty()) all[l] = setting;
        count_noise_against(float_logits_);
        Compiled uniform = compiled(all);
        plan.budget = noise_of(uniform.logits);
        search(plan, probing_rounds);
        double bytes = 0;
        for (const TensorCandidates& tensor : plan.tensors) bytes += map_bytes_of(tensor, setting);
        const bool better = !layers_.empty() && bytes_of_choice(best_) < bytes;
        return std::move(better ? layers_ : uniform.layers);
    }

private:
    Compiled compiled(const std::vector<CodecSetting>& settings) const {
        Compiled result;
        result.layers = quantise(network_, ranges_, input_scale_, settings, false, options_.ranges);
        std::vector<Format> stored;
        for (const QuantisedLayer& layer : result.layers) stored.push_back(layer.stored);
        tile(network_, stored, options_.machine);  // throws at once where it does not fit
        const auto logits = calibrate_layers(network_, ranges_, inputs_,
                                             {options_.correct_biases, options_.threads},
                                             options_.progress, result.layers);
        for (const IntegerMap& map : logits)
            result.logits.push_back(logits_of(map, result.layers.back().scale));
        return result;
    }

    /// Gives layers the weights of the reference as they were rounded, and its biases if wanted:
    /// both are in steps of the sums, whatever becomes of these.
    void take_weights(bool biases, std::vector<QuantisedLayer>& layers) const {
        const auto take = [&](QuantisedConvolution& to, const QuantisedConvolution& from) {
            to.weights = from.weights;
            if (biases) to.bias = from.bias;
        };
        for (size_t l = 0; l < layers.size(); ++l) {
            const QuantisedLayer& reference = reference_.layers[l];
            take(layers[l].convolution, reference.convolution);
            take(layers[l].shortcut, reference.shortcut);
            for (size_t i = 0; i < layers[l].beside.size(); ++i)
                take(layers[l].beside[i], reference.beside[i]);
        }
    }

    std::vector<TensorCandidates> candidates() const {
        const CodecSetting any_before_relu{KRHN_CODEC_VLC, {}};
        std::vector<CodecSetting> settings(network_.layers.size());
        for (size_t l = 0; l < settings.size(); ++l)
            if (has_relu(network_.layers[l])) settings[l] = any_before_relu;
        std::vector<QuantisedLayer> before_relu =
            quantise(network_, ranges_, input_scale_, settings, false, options_.ranges);
        take_weights(true, before_relu);
        CandidateOptions o;
        o.machine = options_.machine;
        o.batch = options_.batch;
        o.burst_bytes = options_.burst_bytes;
        o.headroom = options_.quantiser.headroom;
        o.codecs = codecs_;
        o.threads = options_.threads;
        o.progress = options_.progress;
        return measure_candidates(network_, reference_.layers, before_relu, inputs_, o);
    }

    /// Leaves the best choice within the budget in best_ and layers_, none where even lossless
    /// codecs exceed it. probes: how often the slopes of the noise are measured again, where the
    /// last choice lies.
    void search(CodecChoices plan, int probes) {
        layers_.clear();
        plan.pictures = inputs_.size();
        double kept = 0, exceeded = std::numeric_limits<double>::infinity();  // as `target`
        double target = plan.budget;  // of the noise that the table foresees
        std::vector<std::vector<size_t>> tried;
        for (int round = 0; round < most_rounds; ++round) {
            plan.chosen = choose_codecs(plan.tensors, target);
            if (std::find(tried.begin(), tried.end(), plan.chosen) != tried.end()) break;
            tried.push_back(plan.chosen);
            evaluate(plan);
            if (round < probes) {
                probe(round > 0, plan);
            } else if (plan.noise <= plan.budget && plan.noise >= well_used * plan.budget) {
                break;
            } else {
                (plan.noise <= plan.budget ? kept : exceeded) = target;
            }
            target = wanted_use * plan.budget - (plan.noise - foreseen_noise(plan));
            if (target > kept && target < exceeded) continue;
            if (!std::isinf(exceeded))
                target = (kept + exceeded) / 2;
            else  // noise grows as foreseen, if by another factor
                target =
                    plan.noise > 0 ? foreseen_noise(plan) * plan.budget / plan.noise : 2 * kept;
        }
        if (!layers_.empty()) return;
        plan.chosen = choose_codecs(plan.tensors, 0);
        evaluate(plan);
    }

    std::vector<CodecSetting> settings_of(const CodecChoices& plan) const {
        std::vector<CodecSetting> settings(network_.layers.size());
        size_t next = 0;
        for (size_t l = 0; l < settings.size(); ++l)
            if (is_coded(network_.layers[l])) settings[l] = plan.candidate(next++).setting;
        return settings;
    }

    /// Compiles with the choice, and keeps it if it is within the budget and the best so far.
    void evaluate(CodecChoices& plan) {
        Compiled result = compiled(settings_of(plan));
        plan.noise = noise_of(result.logits);
        plan.drop = predicted_drop(density_, plan.noise);
        plan.snr_db = 10 * std::log10(mean_square(reference_.logits) / plan.noise);
        plan.changed = 0;
        for (size_t p = 0; p < result.logits.size(); ++p)
            plan.changed += answer_of(result.logits[p]) != answer_of(reference_.logits[p]);
        if (plan.noise <= plan.budget &&
            (layers_.empty() || bytes_of_choice(plan) < bytes_of_choice(best_))) {
            best_ = plan;
            layers_ = std::move(result.layers);
        }
    }

    /// Foresees noise by slopes measured where the choice lies.
    void probe(bool again, CodecChoices& plan) const {
        if (options_.progress) options_.progress("measuring the noise of every tensor");
        std::vector<QuantisedLayer> layers =
            quantise(network_, ranges_, input_scale_, settings_of(plan), false, options_.ranges);
        take_weights(false, layers);
        const std::vector<double> slopes =
            probe_noise(network_, ranges_, std::move(layers), plan, inputs_, *exact_,
                        {options_.correct_biases, options_.threads});
        for (size_t t = 0; t < slopes.size(); ++t) {
            const CodecCandidate& chosen = plan.candidate(t);
            if (chosen.noise == 0) continue;
            double change = slopes[t] * chosen.squared_error / chosen.noise;
            change = std::clamp(change, 1 / largest_change, largest_change);
            if (again) change = std::sqrt(change);  // the mean of both
            for (CodecCandidate& c : plan.tensors[t].candidates) c.noise *= change;
        }
    }

    /// From now on noise is counted against these logits, without what the reference itself makes.
    void count_noise_against(const std::vector<Logits>& logits) {
        exact_ = &logits;
        noise_of_reference_ = 0;
        noise_of_reference_ = noise_of(reference_.logits);
    }

    double noise_of(const std::vector<Logits>& logits) const {
        double noise = 0;
        for (size_t p = 0; p < logits.size(); ++p) noise += logit_noise(logits[p], (*exact_)[p]);
        return noise / static_cast<double>(logits.size()) - noise_of_reference_;
    }

    static double foreseen_noise(const CodecChoices& plan) {
        double sum = 0;
        for (size_t t = 0; t < plan.chosen.size(); ++t) sum += plan.candidate(t).noise;
        return sum;
    }

    static double bytes_of_choice(const CodecChoices& plan) {
        double sum = 0;
        for (size_t t = 0; t < plan.chosen.size(); ++t) sum += plan.candidate(t).bytes;
        return sum;
    }

    const Network& network_;
    const std::vector<LayerRanges>& ranges_;
    const std::vector<Logits>& float_logits_;
    const double input_scale_;
    const std::vector<IntegerMap>& inputs_;
    const CompileOptions& options_;
    const std::vector<uint32_t> codecs_;
    const Compiled reference_;
    const std::vector<TensorCandidates> tensors_;
    double density_ = 0;  ///< of margins
    const std::vector<Logits>* exact_ = nullptr;
    double noise_of_reference_ = 0;
    CodecChoices best_;
    std::vector<QuantisedLayer> layers_;  ///< of the best choice
};

CodecChooser::CodecChooser(const Network& network, const std::vector<LayerRanges>& ranges,
                           const std::vector<Logits>& float_logits, double input_scale,
                           const std::vector<IntegerMap>& inputs, const CompileOptions& options,
                           std::vector<uint32_t> codecs)
    : parts_(std::make_unique<Parts>(network, ranges, float_logits, input_scale, inputs, options,
                                     std::move(codecs))) {}
CodecChooser::~CodecChooser() = default;

std::vector<QuantisedLayer> CodecChooser::choose() {
    return parts_->choose();
}

std::vector<QuantisedLayer> CodecChooser::choose_like(const CodecSetting& setting) {
    return parts_->choose_like(setting);
}

}  // namespace karhunen
