#include "models/codec/principal_components.h"

#include <algorithm>
#include <cmath>

#include "models/codec/symmetric_eigen.h"

namespace karhunen {

namespace {

struct Moments {
    std::vector<double> first;   ///< sum of x
    std::vector<double> second;  ///< sum of x x^T, lower triangle
    double vectors = 0;
};

/// Adds `count` vectors, each widened to double already. Eight at a time: each sum is then loaded
/// and stored once for eight products.
void add_block(Moments& m, const double* x, size_t count, size_t channels) {
    constexpr size_t together = 8;
    for (size_t i = 0; i < channels; ++i) {
        double* const sums = &m.second[i * channels];
        size_t v = 0;
        for (; v + together <= count; v += together) {
            const double* const at = x + v * channels;
            double factor[together];
            for (size_t t = 0; t < together; ++t) factor[t] = at[t * channels + i];
            for (size_t j = 0; j <= i; ++j) {
                double sum = sums[j];
                for (size_t t = 0; t < together; ++t) sum += factor[t] * at[t * channels + j];
                sums[j] = sum;
            }
        }
        for (; v < count; ++v)
            for (size_t j = 0; j <= i; ++j) sums[j] += x[v * channels + i] * x[v * channels + j];
    }
    for (size_t v = 0; v < count; ++v)
        for (size_t c = 0; c < channels; ++c) m.first[c] += x[v * channels + c];
}

// Products of two such values, and sums of 2^29 of them, are integers up to 2^53: exact.
Moments moments_of(std::span<const std::span<const int16_t>> images, size_t channels) {
    constexpr size_t block_vectors = 32;
    Moments m{std::vector<double>(channels), std::vector<double>(channels * channels)};
    std::vector<double> block(block_vectors * channels);
    for (const auto image : images) {
        m.vectors += static_cast<double>(image.size() / channels);
        for (size_t at = 0; at < image.size(); at += block.size()) {
            const auto part = image.subspan(at, std::min(block.size(), image.size() - at));
            std::copy(part.begin(), part.end(), block.begin());
            add_block(m, block.data(), part.size() / channels, channels);
        }
    }
    return m;
}

}  // namespace

PrincipalComponents principal_components(std::span<const std::span<const int16_t>> images,
                                         uint32_t channels) {
    const size_t n = channels;
    Moments m = moments_of(images, n);
    PrincipalComponents result;
    for (const double sum : m.first) result.mean.push_back(sum / m.vectors);
    std::vector<double>& covariance = m.second;
    for (size_t i = 0; i < n; ++i)
        for (size_t j = 0; j <= i; ++j)
            covariance[i * n + j] = covariance[j * n + i] =
                covariance[i * n + j] / m.vectors - result.mean[i] * result.mean[j];

    SymmetricEigen eigen = symmetric_eigen(std::move(covariance), n);
    for (size_t k = 0; k < n; ++k) {
        result.variance.push_back(std::max(0.0, eigen.values[k]));
        const auto u = std::span(eigen.vectors).subspan(k * n, n);
        const auto largest = std::max_element(
            u.begin(), u.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
        if (*largest < 0)
            for (double& v : u) v = -v;
    }
    result.components = std::move(eigen.vectors);
    return result;
}

uint32_t components_for(std::span<const double> variance, double share) {
    double whole = 0, part = 0;
    for (const double v : variance) whole += v;
    uint32_t count = 0;
    do {
        part += variance[count++];
    } while (count < variance.size() && part < share * whole);
    return count;
}

}  // namespace karhunen
