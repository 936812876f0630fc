#include "models/codec/principal_components.h"

#include <algorithm>

#include <Eigen/Eigenvalues>

namespace karhunen {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor>;

struct Moments {
    Matrix second;  ///< lower triangle: sum of x x^T
    Eigen::VectorXd first;
    double vectors = 0;
};

// Products of two 12-bit numbers, and sums of 2^31 of them, are integers below 2^53: exact in
// double, in any order of summation.
Moments moments_of(std::span<const std::span<const int16_t>> images, uint32_t channels) {
    constexpr size_t block_vectors = 256;
    Moments m{Matrix::Zero(channels, channels), Eigen::VectorXd::Zero(channels)};
    Matrix block(channels, block_vectors);
    for (const auto image : images) {
        const size_t vectors = image.size() / channels;
        m.vectors += static_cast<double>(vectors);
        for (size_t at = 0; at < vectors; at += block_vectors) {
            const auto now = static_cast<Eigen::Index>(std::min(block_vectors, vectors - at));
            using Values = Eigen::Matrix<int16_t, Eigen::Dynamic, Eigen::Dynamic>;
            const Eigen::Map<const Values> values(image.data() + at * channels, channels, now);
            auto x = block.leftCols(now);
            x = values.cast<double>();
            m.first += x.rowwise().sum();
            m.second.selfadjointView<Eigen::Lower>().rankUpdate(x);
        }
    }
    return m;
}

}  // namespace

PrincipalComponents principal_components(std::span<const std::span<const int16_t>> images,
                                         uint32_t channels) {
    Moments m = moments_of(images, channels);
    const Eigen::VectorXd mean = m.first / m.vectors;
    Matrix covariance = m.second / m.vectors;
    covariance.selfadjointView<Eigen::Lower>().rankUpdate(mean, -1);
    // Channels that never vary would leave the solver free in a whole subspace. A variance far
    // below that of the rounding to 12 bits (1/12) orders them.
    for (uint32_t c = 0; c < channels; ++c) covariance(c, c) += 1e-3 * (channels - c) / channels;

    const Eigen::SelfAdjointEigenSolver<Matrix> solver(covariance);
    PrincipalComponents result;
    result.mean.assign(mean.begin(), mean.end());
    for (uint32_t k = 0; k < channels; ++k) {
        const uint32_t from = channels - 1 - k;  // the solver's order is rising
        Eigen::VectorXd v = solver.eigenvectors().col(from);
        Eigen::Index largest;
        v.cwiseAbs().maxCoeff(&largest);
        if (v(largest) < 0) v = -v;
        result.components.insert(result.components.end(), v.begin(), v.end());
        result.variance.push_back(std::max(0.0, solver.eigenvalues()(from)));
    }
    return result;
}

}  // namespace karhunen
