// Matrix product, parallel loop and histograms.
#include <atomic>
#include <cmath>
#include <random>
#include <stdexcept>

#include <boost/test/unit_test.hpp>

#include "sw/compiler/error.h"
#include "sw/compiler/gemm.h"
#include "sw/compiler/parallel.h"
#include "sw/compiler/ranges.h"

using namespace karhunen;

namespace {

std::vector<float> random_values(size_t count, uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<float> values(count);
    for (float& v : values) v = static_cast<float>(random()) / 2147483648.0f - 1;
    return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(float_arithmetic)

/// Equal to the last bit, for every remainder of rows and columns: the order of summation is the
/// contract.
BOOST_AUTO_TEST_CASE(matrix_product_sums_in_order) {
    for (const size_t rows : {1, 5, 6, 7, 13})
        for (const size_t columns : {1, 31, 32, 33, 100})
            for (const size_t reduction : {1, 27, 200}) {
                const auto a = random_values(rows * reduction, 1);
                const auto b = random_values(reduction * columns, 2);
                std::vector<float> expected(rows * columns), found(rows * columns);
                for (size_t i = 0; i < rows; ++i)
                    for (size_t j = 0; j < columns; ++j) {
                        volatile float sum = 0;  // one rounding after each operation
                        for (size_t k = 0; k < reduction; ++k) {
                            volatile const float product =
                                a[i * reduction + k] * b[k * columns + j];
                            sum = sum + product;
                        }
                        expected[i * columns + j] = sum;
                    }
                PackedMatrix(b.data(), reduction, columns).multiply(a.data(), rows, found.data());
                BOOST_TEST(found == expected);
            }
}

BOOST_AUTO_TEST_CASE(every_index_once_and_errors_come_back) {
    std::vector<std::atomic<int>> visits(1000);
    for_each_index(visits.size(), 7, [&](size_t i) { ++visits[i]; });
    for (const auto& v : visits) BOOST_TEST(v == 1);
    for_each_index(0, 3, [](size_t) { throw std::logic_error("no item"); });
    BOOST_CHECK_THROW(for_each_index(100, 3,
                                     [](size_t i) {
                                         if (i == 50) throw std::runtime_error("item 50");
                                     }),
                      std::runtime_error);
}

BOOST_AUTO_TEST_CASE(histograms_merge_in_any_order) {
    const auto small = random_values(5000, 1);
    auto large = random_values(5000, 2);
    for (float& v : large) v *= 1000;
    Histogram together, forwards, backwards, a, b;
    together.add(small);
    together.add(large);
    a.add(small);
    b.add(large);
    forwards.merge(a);
    forwards.merge(b);
    backwards.merge(b);
    backwards.merge(a);
    for (const Histogram* h : {&forwards, &backwards}) {
        BOOST_TEST(h->largest() == together.largest());
        BOOST_TEST(h->largest_magnitude() == together.largest_magnitude());
        BOOST_TEST(h->range({}, 255) == together.range({}, 255));
    }
    BOOST_TEST(together.largest() == *std::max_element(large.begin(), large.end()));
}

BOOST_AUTO_TEST_CASE(best_ranges) {
    // Evenly spread values: clipping any of them costs more than it saves.
    std::vector<float> even;
    for (int i = 1; i <= 10000; ++i) even.push_back(static_cast<float>(i) / 1000);
    Histogram spread;
    spread.add(even);
    BOOST_TEST(spread.range({}, 255) >= 9.8);
    // One outlier among many: it is clipped when that buys finer steps for the rest.
    even.resize(1000);
    std::vector<float> tailed;
    for (int repeat = 0; repeat < 1000; ++repeat)
        tailed.insert(tailed.end(), even.begin(), even.end());
    tailed.push_back(3);
    Histogram tail;
    tail.add(tailed);
    const double range = tail.range({}, 255);
    BOOST_TEST(range < 2);
    BOOST_TEST(range >= 1);
    // The squared error really is least there, against a direct computation.
    const auto error = [&](double r) {
        double sum = 0;
        const double step = r / 255;
        for (const float v : tailed) {
            const double q = std::min(255.0, std::round(v / step)) * step;
            sum += (v - q) * (v - q);
        }
        return sum;
    };
    BOOST_TEST(error(range) < error(3));
    BOOST_TEST(error(range) < error(range * 0.8));
    BOOST_TEST(Histogram().range({}, 255) > 0);
}

/// Evenly spread to 1, and one of 3.
Histogram tailed_histogram() {
    std::vector<float> values;
    for (int i = 0; i < 100000; ++i) values.push_back(static_cast<float>(i + 1) / 100000);
    values.push_back(3);
    Histogram histogram;
    histogram.add(values);
    return histogram;
}

BOOST_AUTO_TEST_CASE(range_methods) {
    const Histogram tail = tailed_histogram();
    const auto range = [&](const char* method) {
        return tail.range(parse_range_method(method), 255);
    };
    BOOST_TEST(range("minmax") == 3);
    BOOST_TEST(range("percentile:100") == 3);
    // Bins are 4 / 4096 wide.
    for (const int percent : {10, 50, 90, 99}) {
        const std::string method = "percentile:" + std::to_string(percent);
        BOOST_TEST(std::fabs(range(method.c_str()) - percent / 100.0) <= 2.0 / 1024);
    }
    BOOST_TEST(range("percentile") == range("percentile:99.99"));
    // (3 - r)^2 + 100000 (r / 255)^2 / 12 is least at 2.66.
    BOOST_TEST(std::fabs(range("mse") - 2.66) < 0.03);
    BOOST_TEST(range("kl") < 1.1);  // what is clipped is one value in 100,000
    BOOST_TEST(range("kl") >= 0.99);
    for (const char* method : {"mse", "minmax", "percentile", "kl"}) {
        BOOST_TEST(Histogram().range(parse_range_method(method), 255) > 0);
        Histogram one;
        one.add(std::vector<float>{0.5f});
        BOOST_TEST(one.range(parse_range_method(method), 255) > 0.4);
        BOOST_TEST(one.range(parse_range_method(method), 255) <= 0.5);
    }
    for (const char* bad : {"", "max", "kl:3", "percentile:", "percentile:0", "percentile:101",
                            "percentile:9x", "percentile:nan"})
        BOOST_CHECK_THROW(parse_range_method(bad), CompileError);
}

BOOST_AUTO_TEST_SUITE_END()
