// Table III of Chmiel et al., cell by cell.
#include <cmath>

#include <boost/test/unit_test.hpp>

#include "models/resources/paper_preset.h"

using namespace karhunen::resources;

BOOST_AUTO_TEST_SUITE(paper_preset)

BOOST_AUTO_TEST_CASE(cells) {
    // As printed: LUT in K and DSP of 8 bit, + VLC, + PCA.
    const struct {
        uint32_t channels;
        double lut[3], dsp[3];
    } printed[] = {{64, {19, 19, 19.5}, {960, 960, 1056}},
                   {128, {43, 43, 45}, {2240, 2240, 2366}},
                   {256, {91, 91, 93}, {4800, 4800, 5059}},
                   {512, {182, 182, 186}, {9600, 9600, 10051}}};
    const std::vector<PaperResidual> rows = paper_residuals();
    BOOST_REQUIRE(rows.size() == 12u);
    for (size_t i = 0; i < 12; ++i) BOOST_TEST_CONTEXT("row " << i) {
            const PaperResidual& r = rows[i];
            const auto& p = printed[i / 3];
            BOOST_TEST(r.channels == p.channels);
            BOOST_TEST(r.printed.lut_k == p.lut[i % 3]);
            BOOST_TEST(r.printed.dsp == p.dsp[i % 3]);
            if (i % 3 < 2) BOOST_TEST(r.ours.dsp == p.dsp[0]);
            BOOST_TEST(std::abs(r.ours.dsp / p.dsp[i % 3] - 1) <= 0.007);
            BOOST_TEST(std::abs(r.dsp_residual_percent) <= 0.7);
            const bool exception = r.channels == 128 && i % 3 == 2;
            BOOST_TEST(r.marked == exception);
            BOOST_TEST((std::abs(r.ours.lut / 1000 - p.lut[i % 3]) <= 0.45) == !exception);
            BOOST_TEST(r.lut_k_residual == r.ours.lut / 1000 - r.printed.lut_k);
            BOOST_TEST(r.fits == (r.channels < 512));
        }
}

BOOST_AUTO_TEST_CASE(two_passes_are_twice_one) {
    BOOST_TEST(paper_array(512).dsp == 2 * paper_array(256).dsp);
    BOOST_TEST(paper_array(512).lut == 2 * paper_array(256).lut);
    BOOST_TEST(paper_array(17).dsp == 20);
    BOOST_CHECK_THROW(paper_array(16), std::invalid_argument);
    BOOST_CHECK_THROW(paper_array(0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(channels_of_a_sum) {
    BOOST_TEST(paper_channels(4608) == 512u);
    BOOST_TEST(paper_channels(576) == 64u);
    BOOST_TEST(paper_channels(577) == 65u);
}

BOOST_AUTO_TEST_SUITE_END()
