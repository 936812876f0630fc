// Which codec each tensor gets: decisions on tables made by hand, against all there are.
#include <cmath>
#include <iostream>
#include <limits>
#include <random>

#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "sw/compiler/choose_codecs.h"

using namespace karhunen;

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

CodecCandidate lossless(double bytes, uint32_t codec = KRHN_CODEC_RAW) {
    CodecCandidate c;
    c.setting.codec = codec;
    c.lossless = true;
    c.bytes = bytes;
    return c;
}

CodecCandidate lossy(double bytes, double noise, double bits = 8) {
    CodecCandidate c = lossless(bytes, KRHN_CODEC_VLC);
    c.setting.quantiser.bits = bits;
    c.lossless = false;
    c.noise = noise;
    return c;
}

TensorCandidates tensor(std::vector<CodecCandidate> candidates) {
    return {"t", 100, 1, std::move(candidates)};
}

struct Sum {
    double bytes = 0, noise = 0;
};

Sum sum_of(const std::vector<TensorCandidates>& tensors, const std::vector<size_t>& chosen) {
    Sum sum;
    for (size_t t = 0; t < tensors.size(); ++t) {
        sum.bytes += tensors[t].candidates[chosen[t]].bytes;
        sum.noise += tensors[t].candidates[chosen[t]].noise;
    }
    return sum;
}

/// Fewest bytes of all combinations within the budget.
double least_bytes(const std::vector<TensorCandidates>& tensors, double budget) {
    double best = unlimited;
    std::vector<size_t> chosen(tensors.size());
    for (;;) {
        const Sum sum = sum_of(tensors, chosen);
        if (sum.noise <= budget) best = std::min(best, sum.bytes);
        size_t t = 0;
        while (t < tensors.size() && ++chosen[t] == tensors[t].candidates.size()) chosen[t++] = 0;
        if (t == tensors.size()) return best;
    }
}

/// Most bytes that one step can save: from one candidate of a tensor to another.
double largest_step(const std::vector<TensorCandidates>& tensors) {
    double largest = 0;
    for (const TensorCandidates& t : tensors) {
        double most = 0, least = unlimited;
        for (const CodecCandidate& c : t.candidates) {
            most = std::max(most, c.bytes);
            least = std::min(least, c.bytes);
        }
        largest = std::max(largest, most - least);
    }
    return largest;
}

/// Whole numbers, so that sums are exact in any order.
std::vector<TensorCandidates> random_tensors(std::mt19937& random) {
    std::vector<TensorCandidates> tensors;
    for (unsigned t = 0; t < 1 + random() % 5; ++t) {
        std::vector<CodecCandidate> candidates{lossless(100 + random() % 100)};
        if (random() % 2) candidates.push_back(lossless(50 + random() % 150));
        for (unsigned i = random() % 6; i > 0; --i)
            candidates.push_back(lossy(random() % 200, random() % 100));
        tensors.push_back(tensor(candidates));
    }
    return tensors;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(choosing_codecs)

BOOST_AUTO_TEST_CASE(without_budget_the_cheapest_lossless_one) {
    // A lossy candidate that showed no error on the pictures is none that loses nothing.
    const std::vector<TensorCandidates> tensors{
        tensor({lossless(100), lossy(10, 0), lossless(60), lossless(60)}),
        tensor({lossless(90), lossless(120)})};
    BOOST_TEST(choose_codecs(tensors, 0) == (std::vector<size_t>{2, 0}),
               boost::test_tools::per_element());
    BOOST_TEST(choose_codecs(tensors, 1e-9) == (std::vector<size_t>{1, 0}),
               boost::test_tools::per_element());
    const std::vector<TensorCandidates> hopeless{tensor({lossy(1, 1)})};
    BOOST_CHECK_THROW(choose_codecs(hopeless, 1), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_budget_is_spent_where_it_saves_most) {
    // Steps: 40 bytes for 1, 10 for 1 more; 30 for 1. The candidate of 50 bytes and 2.5 lies above
    // the hull.
    const std::vector<TensorCandidates> tensors{
        tensor({lossless(100), lossy(60, 1), lossy(50, 2), lossy(55, 2.5)}),
        tensor({lossless(100), lossy(70, 1)})};
    const auto chosen = [&](double budget) { return choose_codecs(tensors, budget); };
    const auto per_element = boost::test_tools::per_element();
    BOOST_TEST(chosen(0.9) == (std::vector<size_t>{0, 0}), per_element);
    BOOST_TEST(chosen(1) == (std::vector<size_t>{1, 0}), per_element);
    BOOST_TEST(chosen(2) == (std::vector<size_t>{1, 1}), per_element);
    BOOST_TEST(chosen(3) == (std::vector<size_t>{2, 1}), per_element);
    BOOST_TEST(chosen(unlimited) == (std::vector<size_t>{2, 1}), per_element);
}

BOOST_AUTO_TEST_CASE(within_one_step_of_the_best_of_all_choices) {
    const unsigned seed = std::random_device{}();
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 2000; ++i) {
        const std::vector<TensorCandidates> tensors = random_tensors(random);
        const double budget = random() % 300;
        const Sum found = sum_of(tensors, choose_codecs(tensors, budget));
        BOOST_TEST_REQUIRE(found.noise <= budget);
        // (With no budget, candidates that showed no error are left out.)
        if (budget == 0) continue;
        const double best = least_bytes(tensors, budget);
        BOOST_TEST_REQUIRE(found.bytes >= best);
        BOOST_TEST_REQUIRE(found.bytes <= best + largest_step(tensors));
    }
    std::cout << "seed " << seed << '\n';
}

BOOST_AUTO_TEST_CASE(one_codec_for_all) {
    std::vector<TensorCandidates> tensors{
        tensor({lossless(100), lossy(60, 1, 8), lossy(40, 2, 7)}),
        tensor({lossless(100), lossy(70, 1, 8), lossy(50, 5, 7)})};
    BOOST_TEST(best_uniform_choice(tensors, 0).bytes == 200);
    const UniformChoice eight = best_uniform_choice(tensors, 6.9);
    BOOST_TEST(eight.bytes == 130);
    BOOST_TEST(eight.noise == 2);
    BOOST_TEST(setting_name(eight.setting) == "vlc:8");
    BOOST_TEST(best_uniform_choice(tensors, 7).bytes == 90);
    tensors[1].candidates.erase(tensors[1].candidates.begin());
    BOOST_CHECK_THROW(best_uniform_choice(tensors, 0), std::invalid_argument);
}

/// Against a plain sum of Q over margins, and the way back.
BOOST_AUTO_TEST_CASE(the_share_of_answers_that_change) {
    std::vector<double> margins;
    for (int i = 0; i < 100000; ++i) margins.push_back(-2 * std::log((i + 0.5) / 100000));
    const double density = margin_density(margins);
    BOOST_TEST(density == 0.5, boost::test_tools::tolerance(0.01));
    const double noise = 0.01;
    double changed = 0;
    for (const double margin : margins)
        changed += std::erfc(margin / std::sqrt(2 * noise) / std::sqrt(2.0)) / 2;
    const double drop = predicted_drop(density, noise);
    BOOST_TEST(drop == 100 * changed / 100000, boost::test_tools::tolerance(0.05));
    BOOST_TEST(drop > 100 * changed / 100000);  // on the safe side
    BOOST_TEST(noise_budget(density, drop) == noise, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(margins_at_the_edge) {
    BOOST_TEST(margin_density({2}) == 0.5);
    BOOST_TEST(margin_density({1, 3}) == 0.5);  // one seen, the other one is at least as large
    BOOST_TEST(margin_density({}) == 0);
    BOOST_TEST(std::isinf(margin_density({0, 0, 5})));
    BOOST_TEST(margin_density({unlimited}) == 0);  // one class: nothing can change
    BOOST_TEST(noise_budget(unlimited, 1) == 0);
    BOOST_TEST(noise_budget(0, 0) == 0);
    BOOST_TEST(std::isinf(noise_budget(0, 1)));
    BOOST_TEST(std::isinf(noise_budget(1, 100)));
    BOOST_TEST(predicted_drop(unlimited, 0) == 0);
    BOOST_TEST(predicted_drop(1, 1e9) == 100);
}

BOOST_AUTO_TEST_SUITE_END()
