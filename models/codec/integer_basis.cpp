#include "models/codec/integer_basis.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace karhunen {

namespace {

using Vector = std::vector<double>;

double dot(std::span<const double> a, std::span<const double> b) {
    double sum = 0;
    for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

double square(double a) {
    return a * a;
}

void add(std::span<double> to, double factor, std::span<const double> from) {
    for (size_t i = 0; i < to.size(); ++i) to[i] += factor * from[i];
}

/// sum of variance_j u_j u_j^T over the integer components so far, u_j of length 1.
class Leakage {
public:
    explicit Leakage(size_t channels) : channels_(channels), sum_(channels * channels) {}

    void include(std::span<const double> unit, double variance) {
        for (size_t c = 0; c < channels_; ++c)
            add(std::span(sum_).subspan(c * channels_, channels_), variance * unit[c], unit);
    }
    std::span<const double> row(size_t c) const {
        return std::span(sum_).subspan(c * channels_, channels_);
    }
    Vector times(std::span<const double> a) const {
        Vector product(channels_);
        for (size_t c = 0; c < channels_; ++c) product[c] = dot(row(c), a);
        return product;
    }

private:
    size_t channels_;
    Vector sum_;
};

/// Moves entries of `a` to the other integer beside `exact` while that lessens
/// a^T leakage a + variance |a - exact|^2: what leaks in from the components before, and out to
/// those that follow.
void lessen_leakage(const Leakage& leakage, double variance, std::span<const double> exact,
                    Vector& a) {
    constexpr int sweeps = 8;
    Vector gradient = leakage.times(a);  // half of it
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        bool moved = false;
        for (size_t c = 0; c < a.size(); ++c) {
            const double other = a[c] >= exact[c] ? a[c] - 1 : a[c] + 1;
            if (std::abs(other) > 127) continue;
            const double delta = other - a[c];
            const double in = 2 * delta * gradient[c] + leakage.row(c)[c];
            const double out = variance * (square(other - exact[c]) - square(a[c] - exact[c]));
            if (in + out >= 0) continue;
            a[c] = other;
            add(gradient, delta, leakage.row(c));
            moved = true;
        }
        if (!moved) break;
    }
}

}  // namespace

IntegerBasis integer_basis(const PrincipalComponents& pca, size_t count) {
    const size_t channels = pca.mean.size();
    IntegerBasis basis;
    Leakage leakage(channels);
    std::vector<Vector> units;
    for (size_t k = 0; k < count; ++k) {
        const auto component = std::span(pca.components).subspan(k * channels, channels);
        Vector exact(component.begin(), component.end());
        for (const Vector& unit : units) add(exact, -dot(unit, exact), unit);
        double largest = 0;
        for (const double e : exact) largest = std::max(largest, std::abs(e));
        for (double& e : exact) e *= 127 / largest;

        Vector a(channels);
        std::transform(exact.begin(), exact.end(), a.begin(),
                       [](double e) { return std::round(e); });
        lessen_leakage(leakage, pca.variance[k], exact, a);
        const double length = std::sqrt(dot(a, a));
        for (double& v : a) {
            basis.matrix.push_back(static_cast<int8_t>(v));
            v /= length;
        }
        basis.length.push_back(length);
        leakage.include(a, pca.variance[k]);
        units.push_back(std::move(a));
    }
    return basis;
}

}  // namespace karhunen
