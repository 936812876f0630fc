#include "tests/rtl/report.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>

#include "models/resources/coefficients.h"

namespace karhunen::rtl {
namespace {

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
    char text[400];
    va_list words;
    va_start(words, pattern);
    std::vsnprintf(text, sizeof text, pattern, words);
    va_end(words);
    return text;
}

struct Errors {
    double lut = 0, ff = 0, dsp = 0, kge = 0;
    static Errors of(const SynthesisedPoint& p, const EstimatedPoint& e) {
        return {relative_error(e.lut, p.lut), relative_error(e.ff, p.ff),
                relative_error(e.dsp, p.dsp), relative_error(e.kge, p.kge)};
    }
    void keep_larger(const Errors& e) {
        lut = std::max(lut, std::abs(e.lut));
        ff = std::max(ff, std::abs(e.ff));
        dsp = std::max(dsp, std::abs(e.dsp));
        kge = std::max(kge, std::abs(e.kge));
    }
    std::string text() const {
        return format("LUT %.1f %%, FF %.1f %%, DSP %.1f %%, gates %.1f %%", 100 * lut, 100 * ff,
                      100 * dsp, 100 * kge);
    }
};

std::string row_of(const SynthesisedPoint& p, const EstimatedPoint& e, const Errors& errors) {
    return format(
               "| `%s` | %s | %.0f | %.0f | %+.1f %% | %.0f | %.0f | %.0f | %.0f | %.2f | %.2f | ",
               p.parameters.c_str(), p.held_out ? "held out" : "fitted", p.lut, e.lut,
               100 * errors.lut, p.ff, e.ff, p.dsp, e.dsp, p.kge, e.kge) +
           format("%+.1f %% |\n", 100 * errors.kge);
}

std::string table_of(const std::string& block, const std::vector<SynthesisedPoint>& points) {
    std::string text = "## " + block +
                       "\n\n| parameters | | LUT | formula | error | FF | formula | DSP | formula "
                       "| kGE | formula | error |\n";
    for (int column = 0; column < 12; ++column) text += "| --- ";
    text += "|\n";
    Errors fitted, held_out;
    for (const SynthesisedPoint& p : points) {
        if (p.block != block) continue;
        const EstimatedPoint e = estimate_of(inventory_of(p));
        const Errors errors = Errors::of(p, e);
        (p.held_out ? held_out : fitted).keep_larger(errors);
        text += row_of(p, e, errors);
    }
    return text + "\nLargest errors: fitted " + fitted.text() + "; held out " + held_out.text() +
           ".\n\n";
}

}  // namespace

std::string synthesis_report(const std::vector<SynthesisedPoint>& points) {
    std::string text =
        "# Synthesised against estimated\n\n"
        "Written by `make synthesis`: the blocks of this folder through " +
        points.at(0).tool +
        " (UltraScale+; gates in NAND2\nequivalents), and what `models/resources` says of them. "
        "LUTs are "
        "with those of shallow memories, gates without\nmemories and with multipliers.\n\n";
    std::vector<std::string> blocks;
    for (const SynthesisedPoint& p : points)
        if (blocks.empty() || blocks.back() != p.block) blocks.push_back(p.block);
    for (const std::string& block : blocks) text += table_of(block, points);

    const FittedCosts fit = fitted_costs(points);
    text +=
        "## Coefficients\n\nLeast squares of the relative errors of the fitted points, and what "
        "`models/resources/coefficients.cpp` has:\n\n| | fit | in use |\n| --- | --- | --- |\n";
    const auto row = [&](const char* name, double fitted, double used) {
        text += format("| %s | %.3f | %.3f |\n", name, fitted, used);
    };
    row("LUT of a 2:1 multiplexer bit", fit.lut_mux_bit, resources::lut_costs.mux_bit);
    row("LUT of a gate", fit.lut_gate, resources::lut_costs.gate);
    row("gates of a register bit", fit.gates_register_bit, resources::gate_costs.register_bit);
    return text;
}

}  // namespace karhunen::rtl
