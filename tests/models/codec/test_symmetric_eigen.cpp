// The solver against Eigen's, against the definition, and on matrices with repeated eigenvalues.
#include <cmath>
#include <random>

#include <boost/test/unit_test.hpp>
#include <Eigen/Eigenvalues>

#include "models/codec/symmetric_eigen.h"

using namespace karhunen;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

void check(const Matrix& a) {
    const auto n = static_cast<size_t>(a.rows());
    const SymmetricEigen mine = symmetric_eigen({a.data(), a.data() + n * n}, n);
    const double scale = std::max(1e-300, a.cwiseAbs().maxCoeff() * static_cast<double>(n));
    const Eigen::Map<const Matrix> rows(mine.vectors.data(), a.rows(), a.cols());
    const Eigen::Map<const Eigen::VectorXd> values(mine.values.data(), a.rows());
    BOOST_CHECK_SMALL(
        (rows * rows.transpose() - Matrix::Identity(a.rows(), a.cols())).cwiseAbs().maxCoeff(),
        1e-12);
    const Matrix back = rows.transpose() * values.asDiagonal() * rows;
    BOOST_CHECK_SMALL((back - a).cwiseAbs().maxCoeff() / scale, 1e-14);
    const Eigen::SelfAdjointEigenSolver<Matrix> theirs(a);
    BOOST_CHECK_SMALL((theirs.eigenvalues().reverse() - values).cwiseAbs().maxCoeff() / scale,
                      1e-14);
}

}  // namespace

BOOST_AUTO_TEST_CASE(eigenvectors_of_covariances_agree_with_eigen) {
    std::mt19937 random(30);
    std::normal_distribution<double> normal;
    for (const int n : {1, 2, 3, 4, 17, 64, 200}) {
        // fewer samples than dimensions leave zero eigenvalues
        for (const int samples : {1, n / 2 + 1, 2 * n}) {
            Matrix x(samples, n);
            for (int i = 0; i < x.size(); ++i) x.data()[i] = 1000 * normal(random);
            check(x.transpose() * x / samples);
        }
    }
}

BOOST_AUTO_TEST_CASE(matrices_that_are_nearly_done_already) {
    check(Matrix::Zero(5, 5));
    check(Matrix::Identity(6, 6));
    check(Matrix::Constant(7, 7, 3));
    Matrix blocks = Matrix::Zero(6, 6);  // channels that never vary between others that do
    blocks(1, 1) = 4, blocks(1, 4) = blocks(4, 1) = 1, blocks(4, 4) = 4;
    check(blocks);
    Matrix graded = Matrix::Zero(8, 8);
    for (int i = 0; i < 8; ++i)
        for (int j = 0; j < 8; ++j) graded(i, j) = std::pow(10, -(i + j));
    check(graded);
}

BOOST_AUTO_TEST_CASE(a_worked_example) {
    const SymmetricEigen e = symmetric_eigen({2, 1, 0, 1, 2, 0, 0, 0, 5}, 3);  // 5, 3, 1
    for (const auto& [i, value] : {std::pair(0, 5.0), {1, 3.0}, {2, 1.0}})
        BOOST_CHECK_CLOSE(e.values[static_cast<size_t>(i)], value, 1e-12);
    BOOST_CHECK_CLOSE(std::abs(e.vectors[2]), 1, 1e-12);
    BOOST_CHECK_CLOSE(e.vectors[3], e.vectors[4], 1e-12);   // (1, 1, 0)
    BOOST_CHECK_CLOSE(e.vectors[6], -e.vectors[7], 1e-12);  // (1, -1, 0)
}
