#include "platform/energy_analysis.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <ostream>

#include <nlohmann/json.hpp>

#include "models/codec/principal_components.h"
#include "platform/table.h"
#include "sw/compiler/parallel.h"

namespace karhunen {

namespace {

constexpr double shares[] = {0.9, 0.95, 0.99, 0.999};  // of the table
constexpr double curve_shares[] = {0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999};

double gaussian_bits(double variance) {
    return variance > 1.0 / 12 ? std::log2(12 * variance) / 2 : 0;
}

EnergyCurve curve_of(const RateTensor& t) {
    EnergyCurve curve;
    curve.tensor = t.name;
    curve.channels = t.shape.channels;
    curve.vectors = t.images.size() * t.shape.values() / t.shape.channels;
    const std::vector<std::span<const int16_t>> images(t.images.begin(), t.images.end());
    PrincipalComponents pca = principal_components(images, curve.channels);
    const double ratio = t.scale / t.decoded_scale;
    std::vector<double> of_channel(curve.channels);
    double whole = 0, part = 0;
    for (size_t k = 0; k < curve.channels; ++k) {
        const double variance = pca.variance[k] * ratio * ratio;
        whole += variance;
        curve.variance.push_back(variance);
        curve.bound += gaussian_bits(variance) / curve.channels;
        for (size_t c = 0; c < curve.channels; ++c) {
            const double u = pca.components[k * curve.channels + c];
            of_channel[c] += variance * u * u;
        }
    }
    for (const double v : curve.variance)
        curve.energy.push_back(whole > 0 ? (part += v) / whole : 1);
    for (const double v : of_channel) curve.bound_without += gaussian_bits(v) / curve.channels;
    return curve;
}

/// Mean over the tensors, weighted by their values.
double mean(const std::vector<EnergyCurve>& curves, double EnergyCurve::*figure) {
    double sum = 0, values = 0;
    for (const EnergyCurve& c : curves) {
        const double n = static_cast<double>(c.vectors * c.channels);
        sum += n * (c.*figure);
        values += n;
    }
    return sum / values;
}

std::string share_text(double share) {
    return fixed(100 * share, 1) + " %";
}

/// A covariance of n channels has no more components than vectors, and small ones are
/// underestimated long before.
bool few_vectors(const EnergyCurve& c) {
    return c.vectors < 10 * uint64_t{c.channels};
}

}  // namespace

std::vector<EnergyCurve> energy_curves(
    const std::vector<RateTensor>& tensors, unsigned threads,
    const std::function<void(size_t done, size_t all)>& progress) {
    std::vector<EnergyCurve> curves(tensors.size());
    std::mutex reporting;
    size_t done = 0;
    for_each_index(tensors.size(), threads, [&](size_t i) {
        curves[i] = curve_of(tensors[i]);
        const std::lock_guard lock(reporting);
        if (progress) progress(++done, tensors.size());
    });
    return curves;
}

double mean_component_share(const std::vector<EnergyCurve>& curves, double energy) {
    double sum = 0;
    for (const EnergyCurve& c : curves)
        sum += double(components_for(c.variance, energy)) / c.channels;
    return sum / static_cast<double>(curves.size());
}

void print_energy(const std::vector<EnergyCurve>& curves, std::ostream& out) {
    out << "Principal components that have a share of the variance: number, and share of all. "
           "bound:\n"
           "bits per value that Gaussian sources of these variances need at the error of 8-bit\n"
           "steps, as components and as channels.\n\n";
    std::vector<std::string> head = {"tensor", "channels", "pixels"};
    for (const double share : shares) head.push_back(share_text(share));
    head.insert(head.end(), {"bound: PCA", "channels"});
    Table table(std::move(head), 1);
    for (const EnergyCurve& c : curves) {
        std::vector<std::string> row = {c.tensor, std::to_string(c.channels),
                                        std::to_string(c.vectors) + (few_vectors(c) ? "*" : "")};
        for (const double share : shares) {
            const uint32_t count = components_for(c.variance, share);
            row.push_back(std::to_string(count) + " (" + share_text(double(count) / c.channels) +
                          ')');
        }
        row.insert(row.end(), {fixed(c.bound, 2), fixed(c.bound_without, 2)});
        table.add(std::move(row));
    }
    std::vector<std::string> average = {"average", "", ""};
    for (const double share : shares)
        average.push_back(share_text(mean_component_share(curves, share)));
    average.insert(average.end(), {fixed(mean(curves, &EnergyCurve::bound), 2),
                                   fixed(mean(curves, &EnergyCurve::bound_without), 2)});
    table.add(std::move(average));
    table.print(out);
    if (std::any_of(curves.begin(), curves.end(), few_vectors))
        out << "\n* fewer than ten pixels per channel: more images would show more components.\n";
}

void print_energy_csv(const std::vector<EnergyCurve>& curves, std::ostream& out) {
    out << "tensor,channels,pixels,components,component_share,energy,variance\n";
    for (const EnergyCurve& c : curves)
        for (size_t k = 0; k < c.channels; ++k)
            out << csv_field(c.tensor) << ',' << c.channels << ',' << c.vectors << ',' << k + 1
                << ',' << fixed(double(k + 1) / c.channels, 6) << ',' << fixed(c.energy[k], 6)
                << ',' << fixed(c.variance[k], 6) << '\n';
    for (const double share : curve_shares)
        out << "average,,,," << fixed(mean_component_share(curves, share), 6) << ','
            << fixed(share, 6) << ",\n";
}

void print_energy_json(const std::vector<EnergyCurve>& curves, std::ostream& out) {
    using Json = nlohmann::ordered_json;
    Json tensors = Json::array(), average = Json::array();
    for (const EnergyCurve& c : curves) {
        Json needed = Json::array();
        for (const double share : shares)
            needed.push_back(
                {{"energy", share}, {"components", components_for(c.variance, share)}});
        tensors.push_back({{"tensor", c.tensor},
                           {"channels", c.channels},
                           {"pixels", c.vectors},
                           {"needed", needed},
                           {"bound_bits", c.bound},
                           {"bound_bits_without_pca", c.bound_without},
                           {"energy", c.energy},
                           {"variance", c.variance}});
    }
    for (const double share : curve_shares)
        average.push_back(
            {{"energy", share}, {"component_share", mean_component_share(curves, share)}});
    const Json json{{"unit", "squared 8-bit steps"},
                    {"tensors", tensors},
                    {"average",
                     {{"curve", average},
                      {"bound_bits", mean(curves, &EnergyCurve::bound)},
                      {"bound_bits_without_pca", mean(curves, &EnergyCurve::bound_without)}}}};
    out << json.dump(2) << '\n';
}

}  // namespace karhunen
