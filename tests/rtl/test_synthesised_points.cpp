// The formulas of models/resources against synthesis.csv.
#include <unistd.h>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "models/resources/coefficients.h"
#include "tests/rtl/report.h"
#include "tests/rtl/synthesised_points.h"

using namespace karhunen::rtl;

namespace {

constexpr double promised = 0.2;  // on points that nothing was fitted to

const std::vector<SynthesisedPoint>& points() {
    static const auto all = read_synthesised_points(KARHUNEN_RTL "/synthesis.csv");
    return all;
}

std::string message_of(const std::string& csv) {
    const auto path = std::filesystem::temp_directory_path() /
                      ("karhunen-points-" + std::to_string(getpid()) + ".csv");
    std::ofstream(path) << csv;
    std::string message;
    try {
        for (const SynthesisedPoint& p : read_synthesised_points(path)) inventory_of(p);
    } catch (const std::runtime_error& error) {
        message = error.what();
    }
    std::filesystem::remove(path);
    return message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(synthesised_points)

BOOST_AUTO_TEST_CASE(formulas_agree) {
    for (const SynthesisedPoint& p : points()) BOOST_TEST_CONTEXT(p.block << " " << p.parameters) {
            const EstimatedPoint e = estimate_of(inventory_of(p));
            BOOST_TEST(std::abs(relative_error(e.lut, p.lut)) <= promised);
            BOOST_TEST(std::abs(relative_error(e.ff, p.ff)) <= 0.25);
            BOOST_TEST(e.dsp == p.dsp);
            BOOST_TEST(std::abs(relative_error(e.kge, p.kge)) <= promised);
        }
}

BOOST_AUTO_TEST_CASE(four_fitted_and_six_held_out) {
    std::map<std::string, int> fitted, held_out;
    for (const SynthesisedPoint& p : points()) ++(p.held_out ? held_out : fitted)[p.block];
    BOOST_TEST(fitted.size() == 3u);
    for (const auto& [block, count] : fitted) {
        BOOST_TEST(count == 4);
        BOOST_TEST(held_out[block] == 6);
    }
}

BOOST_AUTO_TEST_CASE(coefficients_are_those_fitted) {
    const FittedCosts fit = fitted_costs(points());
    BOOST_TEST(std::abs(fit.lut_mux_bit - karhunen::resources::lut_costs.mux_bit) <= 0.005);
    BOOST_TEST(std::abs(fit.lut_gate - karhunen::resources::lut_costs.gate) <= 0.005);
    BOOST_TEST(std::abs(fit.gates_register_bit - karhunen::resources::gate_costs.register_bit) <=
               0.005);
}

BOOST_AUTO_TEST_CASE(document_is_of_these_points) {
    std::ostringstream text;
    text << std::ifstream(KARHUNEN_RTL "/SYNTHESIS.md").rdbuf();
    BOOST_TEST((text.str() == synthesis_report(points())), "SYNTHESIS.md is old: make synthesis");
}

BOOST_AUTO_TEST_CASE(bad_files) {
    const std::string header = "block,use,parameters,lut,lutram,ff,dsp,bram36,kge,tool\n";
    const std::string good =
        "huffman_encoder,fitted,SYMBOL_BITS=6 CODE_BITS=8 WORD_BITS=8,1,0,1,0,1,1,y\n";
    const auto bad = [&](const std::string& from, const std::string& to) {
        std::string line = good;
        return message_of(header + good + line.replace(line.find(from), from.size(), to));
    };
    BOOST_TEST(message_of(header + good) == "");
    BOOST_TEST(message_of("").ends_with(".csv: cannot be read"));
    BOOST_TEST(message_of("block\n").find(":1: expected block,use") != std::string::npos);
    BOOST_TEST(bad("fitted", "fit").find(":3: 'fit': expected fitted") != std::string::npos);
    BOOST_TEST(bad(",1,0", ",1x,0").find(":3: '1x': expected a number") != std::string::npos);
    BOOST_TEST(bad(",y", "").find(":3: expected 10 columns") != std::string::npos);
    BOOST_TEST(bad("huffman", "arithmetic").find("'arithmetic_encoder'") != std::string::npos);
    BOOST_TEST(bad("CODE_BITS", "CODE").find("lacks CODE_BITS") != std::string::npos);
    BOOST_TEST(bad("=6", "").find("'SYMBOL_BITS': expected NAME=VALUE") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
