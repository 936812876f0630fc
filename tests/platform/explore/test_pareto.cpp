// The front against its definition.
#include <algorithm>
#include <random>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "platform/explore/pareto.h"

using karhunen::pareto_front;

namespace {

using Points = std::vector<std::vector<double>>;

bool beats(const std::vector<double>& a, const std::vector<double>& b) {
    return a != b &&
           std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) { return x <= y; });
}

std::vector<size_t> naive_front(const Points& points) {
    std::vector<size_t> front;
    for (size_t i = 0; i < points.size(); ++i)
        if (std::none_of(points.begin(), points.end(),
                         [&](const auto& other) { return beats(other, points[i]); }))
            front.push_back(i);
    return front;
}

}  // namespace

BOOST_DATA_TEST_CASE(the_front_is_what_nothing_beats, boost::unit_test::data::xrange(60u), seed) {
    std::mt19937 random(seed);
    const size_t dimensions = 1 + seed % 4;
    Points points(random() % 200);
    for (auto& point : points)
        for (size_t d = 0; d < dimensions; ++d) point.push_back(random() % (2 + seed));
    BOOST_TEST(pareto_front(points) == naive_front(points), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_points_have_no_front_and_equal_ones_share_it) {
    BOOST_TEST(pareto_front({}).empty());
    BOOST_TEST(pareto_front({{1, 2}, {1, 2}, {2, 1}, {2, 2}}) == (std::vector<size_t>{0, 1, 2}),
               boost::test_tools::per_element());
}
