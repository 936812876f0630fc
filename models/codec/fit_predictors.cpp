#include "models/codec/fit_predictors.h"

#include <algorithm>
#include <cmath>

namespace karhunen {

void NeighbourMoments::add(const std::array<int32_t, 5>& values) {
    for (size_t i = 0; i < 5; ++i) {
        sum[i] += values[i];
        for (size_t j = 0; j <= i; ++j) products[i][j] += values[i] * values[j];
    }
}

namespace {

using Weights = std::array<double, 4>;

/// Covariance of the neighbours, and with the value.
struct Normal {
    std::array<Weights, 4> matrix{};
    Weights right{};
    double variance = 0;  ///< of the value
};

Normal normal_equations(const NeighbourMoments& m, int64_t pixels) {
    const auto covariance = [&](size_t i, size_t j) {  // below 2^53 before the division: exact
        const int64_t product = m.products[std::max(i, j)][std::min(i, j)];
        const double n = static_cast<double>(pixels);
        return static_cast<double>(pixels * product - m.sum[i] * m.sum[j]) / n / n;
    };
    Normal result;
    for (size_t i = 0; i < 4; ++i) {
        for (size_t j = 0; j < 4; ++j) result.matrix[i][j] = covariance(i, j);
        result.right[i] = covariance(i, 4);
    }
    result.variance = covariance(4, 4);
    return result;
}

/// (matrix + ridge) w = right + ridge * towards; positive definite by the ridge.
Weights solve(Normal n, double ridge, const Weights& towards) {
    for (size_t i = 0; i < 4; ++i) {
        n.matrix[i][i] += ridge;
        n.right[i] += ridge * towards[i];
    }
    for (size_t i = 0; i < 4; ++i)
        for (size_t j = i + 1; j < 4; ++j) {
            const double factor = n.matrix[j][i] / n.matrix[i][i];
            for (size_t k = i; k < 4; ++k) n.matrix[j][k] -= factor * n.matrix[i][k];
            n.right[j] -= factor * n.right[i];
        }
    Weights w{};
    for (size_t i = 4; i-- > 0;) {
        double rest = n.right[i];
        for (size_t j = i + 1; j < 4; ++j) rest -= n.matrix[i][j] * w[j];
        w[i] = rest / n.matrix[i][i];
    }
    return w;
}

/// 2 log2(deviation) + 5, rounded.
uint8_t deviation_class(const Normal& n, const Weights& w) {
    double variance = n.variance;
    for (size_t i = 0; i < 4; ++i) {
        variance -= 2 * w[i] * n.right[i];
        for (size_t j = 0; j < 4; ++j) variance += w[i] * w[j] * n.matrix[i][j];
    }
    int exponent = 0;
    const double half_root = 0.70710678118654752;
    const double mantissa = std::frexp(std::max(variance, 0.01), &exponent);
    return static_cast<uint8_t>(std::clamp(exponent - (mantissa < half_root) + 5, 0, 15));
}

}  // namespace

void fit_predictors(const std::vector<NeighbourMoments>& moments, int64_t pixels, bool shared,
                    ContextParameters& p) {
    std::vector<Normal> normals;
    Normal all;
    for (const NeighbourMoments& m : moments) {
        normals.push_back(normal_equations(m, pixels));
        for (size_t i = 0; i < 4; ++i) {
            for (size_t j = 0; j < 4; ++j) all.matrix[i][j] += normals.back().matrix[i][j];
            all.right[i] += normals.back().right[i];
        }
    }
    const Weights together = solve(all, 1e-6 * static_cast<double>(moments.size()), {});
    p.shared_weights = shared;
    p.weights.clear();
    p.bias.clear();
    p.deviation.clear();
    for (size_t c = 0; c < moments.size(); ++c) {
        const Normal& n = normals[c];
        double trace = 0;
        for (size_t i = 0; i < 4; ++i) trace += n.matrix[i][i];
        const Weights best = shared ? together : solve(n, 0.003 * trace + 0.001, together);
        const double count = 64 * static_cast<double>(pixels);
        Weights w{};
        int64_t bias = 64 * moments[c].sum[4];  // in 1/64, times the number of pixels
        for (size_t i = 0; i < 4; ++i) {
            const auto rounded = std::clamp<long>(std::lround(64 * best[i]), -128, 127);
            w[i] = static_cast<double>(rounded) / 64;
            bias -= rounded * moments[c].sum[i];
            if (!shared || c == 0) p.weights.push_back(static_cast<int8_t>(rounded));
        }
        p.bias.push_back(static_cast<int16_t>(std::clamp<long>(
            std::lround(64 * (static_cast<double>(bias) / count)), -32768, 32767)));
        p.deviation.push_back(deviation_class(n, w));
    }
}

}  // namespace karhunen
