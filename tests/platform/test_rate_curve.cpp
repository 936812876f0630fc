// Rates between points and over whole curves, on curves whose answer is known.
#include <cmath>

#include <boost/test/unit_test.hpp>

#include "platform/rate_curve.h"

using namespace karhunen;

namespace {

/// 6 dB a bit, from so many dB at one bit.
std::vector<CurvePoint> straight(double first_db, double rate_factor = 1) {
    std::vector<CurvePoint> curve;
    for (int bits = 1; bits <= 5; ++bits) {
        CurvePoint p;
        p.bits = bits;
        p.rate = rate_factor * bits;
        p.report.snr_db = first_db + 6.0 * (bits - 1);
        curve.push_back(p);
    }
    return curve;
}

const auto exactly = boost::test_tools::tolerance(1e-9);

}  // namespace

BOOST_AUTO_TEST_SUITE(rate_curves)

BOOST_AUTO_TEST_CASE(rates_between_points) {
    const std::vector<CurvePoint> curve = straight(6);
    BOOST_TEST(*rate_at(curve, 6) == 1, exactly);
    BOOST_TEST(*rate_at(curve, 15) == 2.5, exactly);
    BOOST_TEST(*rate_at(curve, 30) == 5, exactly);
    BOOST_TEST(!rate_at(curve, 5.9));
    BOOST_TEST(!rate_at(curve, 30.1));
}

BOOST_AUTO_TEST_CASE(whole_curves) {
    const auto less = delta_rate(straight(6, 0.9), straight(6));
    BOOST_TEST(less->percent == -10, exactly);
    BOOST_TEST(less->from_db == 6);
    BOOST_TEST(less->to_db == 30);
    BOOST_TEST(delta_rate(straight(6), straight(6))->percent == 0, exactly);
    // 6 dB more: one bit less from 2 to 5; the mean of ln((x - 1) / x) by hand.
    const auto better = delta_rate(straight(12), straight(6));
    const auto area = [](double x) { return x * std::log(x) - x; };
    const double mean = (area(4) - area(1) - area(5) + area(2)) / 3;
    BOOST_TEST(better->percent == 100 * std::expm1(mean), boost::test_tools::tolerance(1e-5));
    BOOST_TEST(better->from_db == 12);
    BOOST_TEST(!delta_rate(straight(6), straight(60)));
    BOOST_TEST(!delta_rate({}, straight(6)));
}

BOOST_AUTO_TEST_SUITE_END()
