#include "sw/compiler/choose_codecs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

namespace karhunen {

namespace {

/// From one candidate of a tensor to the next one on its hull.
struct Step {
    size_t tensor, to;
    double saved, noise;
};

/// Saves more per noise; noise may be 0.
bool pays_more(const Step& a, const Step& b) {
    return a.saved * b.noise > b.saved * a.noise;
}

size_t cheapest_lossless(const TensorCandidates& tensor) {
    size_t best = tensor.candidates.size();
    for (size_t i = 0; i < tensor.candidates.size(); ++i)
        if (tensor.candidates[i].lossless &&
            (best == tensor.candidates.size() ||
             tensor.candidates[i].bytes < tensor.candidates[best].bytes))
            best = i;
    if (best == tensor.candidates.size())
        throw std::invalid_argument(tensor.name + ": no lossless codec to choose from");
    return best;
}

/// The steps along the lower convex hull, which begins at `start`; each pays less than the one
/// before it.
void add_steps(const TensorCandidates& tensor, size_t index, size_t start,
               std::vector<Step>& steps) {
    const std::vector<CodecCandidate>& all = tensor.candidates;
    std::vector<size_t> order;
    for (size_t i = 0; i < all.size(); ++i)
        if (!all[i].lossless && all[i].bytes < all[start].bytes) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        return all[a].noise != all[b].noise ? all[a].noise < all[b].noise
                                            : all[a].bytes < all[b].bytes;
    });
    std::vector<Step> hull;
    const auto step = [&](size_t from, size_t to) {
        return Step{index, to, all[from].bytes - all[to].bytes, all[to].noise - all[from].noise};
    };
    for (const size_t i : order) {
        if (!hull.empty() && all[i].bytes >= all[hull.back().to].bytes) continue;
        size_t from = hull.empty() ? start : hull.back().to;
        while (!hull.empty() && !pays_more(hull.back(), step(from, i))) {
            hull.pop_back();
            from = hull.empty() ? start : hull.back().to;
        }
        hull.push_back(step(from, i));
    }
    steps.insert(steps.end(), hull.begin(), hull.end());
}

}  // namespace

double margin_density(std::vector<double> margins) {
    if (margins.empty()) return 0;
    std::sort(margins.begin(), margins.end());
    const size_t seen = (margins.size() + 1) / 2;
    double sum = 0;  // those that are not seen are at least as large as the last that is
    for (size_t i = 0; i < margins.size(); ++i) sum += margins[std::min(i, seen - 1)];
    return static_cast<double>(seen) / sum;
}

double predicted_drop(double density, double noise) {
    return noise == 0 ? 0 : std::min(100.0, 100 * density * std::sqrt(noise / std::numbers::pi));
}

double noise_budget(double density, double max_drop) {
    if (max_drop == 0) return 0;
    // Nothing exceeds 100.
    if (max_drop >= 100) return std::numeric_limits<double>::infinity();
    const double deviation = max_drop / 100 / density;
    return std::numbers::pi * deviation * deviation;
}

std::vector<size_t> choose_codecs(std::span<const TensorCandidates> tensors, double budget) {
    std::vector<size_t> chosen;
    std::vector<Step> steps;
    for (size_t t = 0; t < tensors.size(); ++t) {
        chosen.push_back(cheapest_lossless(tensors[t]));
        if (budget > 0) add_steps(tensors[t], t, chosen[t], steps);
    }
    std::stable_sort(steps.begin(), steps.end(), pays_more);
    double noise = 0;
    std::vector<bool> stays(tensors.size());
    for (const Step& step : steps) {
        if (stays[step.tensor] || noise + step.noise > budget) {
            stays[step.tensor] = true;
            continue;
        }
        noise += step.noise;
        chosen[step.tensor] = step.to;
    }
    return chosen;
}

UniformChoice best_uniform_choice(std::span<const TensorCandidates> tensors, double budget) {
    UniformChoice best;
    bool found = false;
    if (tensors.empty()) return best;
    for (const CodecCandidate& wanted : tensors[0].candidates) {
        UniformChoice sum{wanted.setting, 0, 0};
        size_t tensors_with_it = 0;
        for (const TensorCandidates& tensor : tensors)
            for (const CodecCandidate& c : tensor.candidates)
                if (same_but_for_bits(c.setting, wanted.setting) &&
                    c.setting.quantiser.bits == wanted.setting.quantiser.bits) {
                    sum.bytes += c.bytes;
                    sum.noise += c.noise;
                    ++tensors_with_it;
                }
        if (tensors_with_it != tensors.size() || sum.noise > budget) continue;
        if (!found || sum.bytes < best.bytes) best = sum;
        found = true;
    }
    if (!found) throw std::invalid_argument("no codec suits every tensor");
    return best;
}

}  // namespace karhunen
