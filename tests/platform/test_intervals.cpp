#include <random>
#include <set>

#include <boost/test/unit_test.hpp>

#include "platform/intervals.h"

using karhunen::Intervals;

namespace {

constexpr uint64_t end_of_time = 60;

struct Pair {
    Intervals intervals;
    std::set<uint64_t> points;  ///< the same, one entry per unit of time
};

Pair random_pair(std::mt19937& random) {
    Pair pair;
    for (uint64_t at = random() % 5; at < end_of_time;) {
        const uint64_t end = std::min<uint64_t>(end_of_time, at + random() % 6);
        pair.intervals.add(at, end);
        for (uint64_t t = at; t < end; ++t) pair.points.insert(t);
        at = end + random() % 4;
    }
    return pair;
}

void check_same(const Intervals& intervals, const std::set<uint64_t>& points) {
    for (uint64_t begin = 0; begin <= end_of_time; ++begin) {
        uint64_t count = 0;
        for (uint64_t end = begin; end <= end_of_time; ++end) {
            BOOST_REQUIRE_EQUAL(intervals.length_within(begin, end), count);
            count += points.count(end);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(set_operations_equal_those_on_single_points_of_time) {
    const unsigned seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 100; ++round) {
        const Pair a = random_pair(random), b = random_pair(random);
        std::set<uint64_t> both, either, neither;
        for (uint64_t t = 0; t < end_of_time; ++t) {
            if (a.points.count(t) && b.points.count(t)) both.insert(t);
            if (a.points.count(t) || b.points.count(t)) either.insert(t);
            if (!a.points.count(t)) neither.insert(t);
        }
        BOOST_TEST_CONTEXT("seed " << seed << ", round " << round) {
            check_same(a.intervals, a.points);
            check_same(a.intervals & b.intervals, both);
            check_same(a.intervals | b.intervals, either);
            check_same(a.intervals.complement(end_of_time), neither);
        }
    }
}
