#include "tests/models/ddr/device_text.h"

#include <sstream>

namespace karhunen::ddr {

std::string text_of(const Device& d) {
    std::ostringstream text;
    text.precision(17);
    const auto line = [&text](const char* key, auto value) {
        text << "  " << key << ": " << value << '\n';
    };
    // Where there is one bank group the file has one value for both.
    const bool groups = d.bank_groups > 1;
    const auto lines = [&](const char* key, uint32_t shorter, uint32_t longer) {
        text << "  " << key << (groups ? "_s: " : ": ") << shorter << '\n';
        if (groups) text << "  " << key << "_l: " << longer << '\n';
    };
    text << "name: " << d.name << "\ngeometry:\n";
    line("chips", d.chips);
    line("width_bits", d.width_bits);
    line("bank_groups", d.bank_groups);
    line("banks", d.banks);
    line("rows", d.rows);
    line("columns", d.columns);
    line("burst_length", d.burst_length);
    text << "timing:\n";
    line("t_ck_ps", d.t_ck_ps);
    line("cl", d.cl);
    line("cwl", d.cwl);
    line("t_rcd", d.t_rcd);
    line("t_rp", d.t_rp);
    line("t_ras", d.t_ras);
    line("t_rc", d.t_rc);
    lines("t_rrd", d.t_rrd_s, d.t_rrd_l);
    line("t_faw", d.t_faw);
    line("t_wr", d.t_wr);
    lines("t_wtr", d.t_wtr_s, d.t_wtr_l);
    line("t_rtp", d.t_rtp);
    lines("t_ccd", d.t_ccd_s, d.t_ccd_l);
    line("t_rfc", d.t_rfc);
    line("t_refi", d.t_refi);
    text << "currents:\n";
    line("vdd_v", d.vdd_v);
    line("idd0_ma", d.idd0_ma);
    line("idd2n_ma", d.idd2n_ma);
    line("idd3n_ma", d.idd3n_ma);
    line("idd4r_ma", d.idd4r_ma);
    line("idd4w_ma", d.idd4w_ma);
    line("idd5b_ma", d.idd5b_ma);
    if (d.io_read_pj_per_bit > 0) {
        text << "energy:\n";
        line("io_read_pj_per_bit", d.io_read_pj_per_bit);
        line("io_write_pj_per_bit", d.io_write_pj_per_bit);
    }
    return text.str();
}

}  // namespace karhunen::ddr
