// The numbers of a device file that the command checker needs, with a reader of their own: nothing
// of models/ddr/device is used, so that an error there is not shared.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace karhunen::ddr {

/// Clocks, but for t_ck_ps. Names as in the file; without bank groups _s and _l are alike.
struct CheckedDevice {
    int64_t bank_groups = 0, banks = 0, rows = 0, columns = 0, burst_length = 0;
    int64_t t_ck_ps = 0, cl = 0, cwl = 0;
    int64_t t_rcd = 0, t_rp = 0, t_ras = 0, t_rc = 0;
    int64_t t_rrd_s = 0, t_rrd_l = 0, t_faw = 0;
    int64_t t_wr = 0, t_wtr_s = 0, t_wtr_l = 0, t_rtp = 0;
    int64_t t_ccd_s = 0, t_ccd_l = 0;
    int64_t t_rfc = 0, t_refi = 0;

    /// Text of a device file. Throws std::runtime_error for what is missing or no number above 0.
    static CheckedDevice parse(const std::string& text);
    static CheckedDevice read(const std::string& path);
    /// The copy of configs/ddr/`name`.yaml that is compiled in. Throws std::runtime_error.
    static CheckedDevice find(const std::string& name);
};

}  // namespace karhunen::ddr
