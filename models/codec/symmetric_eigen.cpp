#include "models/codec/symmetric_eigen.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace karhunen {

namespace {

using Vector = std::vector<double>;

void add(double* to, double factor, const double* from, size_t n) {
    for (size_t i = 0; i < n; ++i) to[i] += factor * from[i];
}

double dot(const double* a, const double* b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; ++i) sum += a[i] * b[i];
    return sum;
}

/// matrix = Q T Q^T with T tridiagonal.
struct Tridiagonal {
    Vector diagonal, beside;  ///< beside[i] couples i and i + 1; the last is 0
    Vector transform;         ///< Q^T, by rows
};

/// Q = H_0 H_1 .. H_(n-3), H_k = I - beta_k v_k v_k^T, v_k in row k behind the diagonal.
Vector transposed_product(const Vector& reflections, const Vector& beta, size_t n) {
    Vector q(n * n), sums(n);
    for (size_t i = 0; i < n; ++i) q[i * n + i] = 1;
    for (size_t k = n < 2 ? 0 : n - 2; k-- > 0;) {
        const double* const v = &reflections[k * n];
        std::fill(sums.begin(), sums.end(), 0);
        for (size_t i = k + 1; i < n; ++i) add(&sums[k + 1], v[i], &q[i * n + k + 1], n - k - 1);
        for (size_t i = k + 1; i < n; ++i)
            add(&q[i * n + k + 1], -beta[k] * v[i], &sums[k + 1], n - k - 1);
    }
    for (size_t i = 0; i < n; ++i)
        for (size_t j = 0; j < i; ++j) std::swap(q[i * n + j], q[j * n + i]);
    return q;
}

Tridiagonal reduce(Vector a, size_t n) {
    Tridiagonal t{Vector(n), Vector(n), {}};
    Vector beta(n), w(n);
    for (size_t k = 0; k + 2 < n; ++k) {
        const size_t first = k + 1, rest = n - first;
        double* const v = &a[k * n];
        const double length = std::sqrt(dot(v + first, v + first, rest));
        t.beside[k] = v[first] > 0 ? -length : length;
        if (length == 0) continue;  // beta 0: nothing to reflect
        v[first] -= t.beside[k];
        beta[k] = 2 / dot(v + first, v + first, rest);

        // A <- H A H = A - v w^T - w v^T
        std::fill(w.begin(), w.end(), 0);
        for (size_t i = first; i < n; ++i) add(&w[first], beta[k] * v[i], &a[i * n + first], rest);
        add(&w[first], -beta[k] / 2 * dot(v + first, &w[first], rest), v + first, rest);
        for (size_t i = first; i < n; ++i) {
            double* const row = &a[i * n];
            const double vi = v[i], wi = w[i];
            for (size_t j = first; j < n; ++j) row[j] -= vi * w[j] + wi * v[j];
        }
    }
    for (size_t i = 0; i < n; ++i) t.diagonal[i] = a[i * n + i];
    if (n >= 2) t.beside[n - 2] = a[(n - 2) * n + n - 1];
    t.transform = transposed_product(a, beta, n);
    return t;
}

void rotate(double* upper, double* lower, double c, double s, size_t n) {
    for (size_t i = 0; i < n; ++i) {
        const double u = upper[i], l = lower[i];
        lower[i] = s * u + c * l;
        upper[i] = c * u - s * l;
    }
}

/// One implicit QL step on rows first..last.
void step(Tridiagonal& t, size_t first, size_t last, size_t n) {
    Vector& d = t.diagonal;
    Vector& e = t.beside;
    double g = (d[first + 1] - d[first]) / (2 * e[first]);
    g = d[last] - d[first] + e[first] / (g + std::copysign(std::sqrt(g * g + 1), g));
    double s = 1, c = 1, p = 0;
    for (size_t i = last; i-- > first;) {
        const double f = s * e[i], b = c * e[i];
        double r = std::sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r == 0) {  // the matrix has come apart here
            d[i + 1] -= p;
            e[last] = 0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        rotate(&t.transform[i * n], &t.transform[(i + 1) * n], c, s, n);
    }
    d[first] -= p;
    e[first] = g;
    e[last] = 0;
}

void diagonalise(Tridiagonal& t, size_t n) {
    double largest = 0;
    for (size_t i = 0; i < n; ++i)
        largest = std::max(largest, std::abs(t.diagonal[i]) + std::abs(t.beside[i]));
    const double negligible = largest * 0x1p-53;
    for (size_t first = 0; first < n; ++first)
        for (int steps = 0;; ++steps) {
            size_t last = first;
            while (last + 1 < n && std::abs(t.beside[last]) > negligible) ++last;
            if (last == first) break;
            if (steps == 100) throw std::runtime_error("eigenvalues do not converge");
            step(t, first, last, n);
        }
}

}  // namespace

SymmetricEigen symmetric_eigen(std::vector<double> matrix, size_t n) {
    Tridiagonal t = reduce(std::move(matrix), n);
    diagonalise(t, n);
    std::vector<size_t> order(n);
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return t.diagonal[a] > t.diagonal[b]; });
    SymmetricEigen result;
    for (const size_t i : order) {
        result.values.push_back(t.diagonal[i]);
        result.vectors.insert(result.vectors.end(),
                              t.transform.begin() + static_cast<ptrdiff_t>(i * n),
                              t.transform.begin() + static_cast<ptrdiff_t>((i + 1) * n));
    }
    return result;
}

}  // namespace karhunen
