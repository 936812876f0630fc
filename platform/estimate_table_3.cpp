// LUT and DSP of Table III of Chmiel et al. by preset `paper`.
#include <algorithm>
#include <cmath>
#include <ostream>

#include <nlohmann/json.hpp>

#include "models/resources/paper_preset.h"
#include "platform/estimate_report.h"
#include "platform/table.h"

namespace karhunen {

using resources::paper_residuals;
using resources::PaperResidual;

namespace {

std::string with_sign(double value, int digits) {
    const std::string text = fixed(value, digits);
    if (text.find_first_not_of("-0.") == std::string::npos) return fixed(0, digits);
    return text[0] == '-' ? text : '+' + text;
}

void print_notes(const std::vector<PaperResidual>& rows, std::ostream& out) {
    double lut = 0, dsp = 0;
    for (const PaperResidual& r : rows) {
        if (!r.marked) lut = std::max(lut, std::abs(r.lut_k_residual));
        dsp = std::max(dsp, std::abs(r.dsp_residual_percent));
    }
    const resources::Device& device = resources::find_device("stratix10");
    out << "\nResiduals: DSP at most " << fixed(dsp, 2) << " %, LUT at most " << fixed(lut, 2)
        << " K but for the marked cell. They round to whole K, and the 8-bit\n"
           "rows' DSP are exact. VLC is about "
        << fixed(resources::paper_vlc_lut / 1000, 1)
        << " K more by their text and not added, as in their table.\n"
           "* +2 K are printed where the other rows give 8 LUT a channel, 1.0 K.\n"
           "What the formula means: n passes of b = C / n channels, n = ceil(C / 256); LUT = n "
           "(374 "
           "(b - 16)\n+ 1034), DSP = n 20 (b - 16). A channel is a kernel of 27 multipliers of 8 x "
           "8 in 20 DSP blocks, three\ntimes the 9 that 3 x 3 needs; 16 kernels were swept away by "
           "synthesis, as nothing read them: a slip of\nthe wiring. The 512-channel row is twice "
           "the one of 256, not a result of synthesis, and its 9600 DSP do\nnot fit the "
        << device.title << " with " << device.dsp
        << ". Preset clean has 9 multipliers a channel, two to a block: 4.5 C.\n";
}

}  // namespace

void print_table_3_text(std::ostream& out) {
    const resources::Device& device = resources::find_device("stratix10");
    out << "Table III of Chmiel et al., logic of one layer on a " << device.title
        << ": printed, by preset paper, residual\n\n";
    Table table({"channels", "variant", "LUT K", "by formula", "residual K", "DSP", "by formula",
                 "residual %", "% of DSP", "clean DSP"});
    uint32_t before = 0;
    for (const PaperResidual& r : paper_residuals()) {
        table.add({r.channels == before ? "" : std::to_string(r.channels), r.variant,
                   fixed(r.printed.lut_k, 1), fixed(r.ours.lut / 1000, 2),
                   with_sign(r.lut_k_residual, 2) + (r.marked ? " *" : "  "),
                   fixed(r.printed.dsp, 0), fixed(r.ours.dsp, 0),
                   with_sign(r.dsp_residual_percent, 2),
                   fixed(100 * r.ours.dsp / static_cast<double>(device.dsp), 1) +
                       (r.fits ? "" : " DOES NOT FIT"),
                   r.channels == before ? "" : fixed(4.5 * r.channels, 0)});
        before = r.channels;
    }
    table.print(out);
    print_notes(paper_residuals(), out);
}

void print_table_3_json(std::ostream& out) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const PaperResidual& r : paper_residuals())
        rows.push_back({{"channels", r.channels},
                        {"variant", r.variant},
                        {"printed", {{"lut_k", r.printed.lut_k}, {"dsp", r.printed.dsp}}},
                        {"lut", r.ours.lut},
                        {"dsp", r.ours.dsp},
                        {"lut_k_residual", r.lut_k_residual},
                        {"dsp_residual_percent", r.dsp_residual_percent},
                        {"marked", r.marked},
                        {"fits", r.fits}});
    out << nlohmann::ordered_json{{"device", "stratix10"}, {"table_3", rows}}.dump(2) << '\n';
}

void print_table_3_csv(std::ostream& out) {
    out << "channels,variant,printed_lut_k,lut,lut_k_residual,printed_dsp,dsp,"
           "dsp_residual_percent,marked,fits\n";
    for (const PaperResidual& r : paper_residuals())
        out << r.channels << ',' << csv_field(r.variant) << ',' << fixed(r.printed.lut_k, 1) << ','
            << fixed(r.ours.lut, 1) << ',' << fixed(r.lut_k_residual, 3) << ','
            << fixed(r.printed.dsp, 0) << ',' << fixed(r.ours.dsp, 1) << ','
            << fixed(r.dsp_residual_percent, 3) << ',' << r.marked << ',' << r.fits << '\n';
}

}  // namespace karhunen
