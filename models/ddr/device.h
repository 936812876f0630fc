// A DRAM device: geometry, timing and currents, as written in configs/ddr/*.yaml.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace karhunen::ddr {

/// what(): "file:line:column: key: what is wrong".
class DeviceError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Times are in clocks of the command bus unless the name says otherwise; currents are those of one
/// chip. Names follow JESD79-3F and JESD79-4: _s between bank groups, _l within one; a device
/// without bank groups is one group, with both alike.
struct Device {
    std::string name;

    // Geometry. Chips work in parallel and share commands and addresses.
    uint32_t chips = 0;
    uint32_t width_bits = 0;  ///< data pins of one chip
    uint32_t bank_groups = 0;
    uint32_t banks = 0;  ///< of all groups together
    uint32_t rows = 0, columns = 0;
    uint32_t burst_length = 0;  ///< beats

    uint32_t t_ck_ps = 0;
    uint32_t cl = 0, cwl = 0;
    uint32_t t_rcd = 0, t_rp = 0, t_ras = 0, t_rc = 0;
    uint32_t t_rrd_s = 0, t_rrd_l = 0, t_faw = 0;
    uint32_t t_wr = 0, t_wtr_s = 0, t_wtr_l = 0, t_rtp = 0;
    uint32_t t_ccd_s = 0, t_ccd_l = 0;
    uint32_t t_rfc = 0, t_refi = 0;

    double vdd_v = 0;
    double idd0_ma = 0, idd2n_ma = 0, idd3n_ma = 0, idd4r_ma = 0, idd4w_ma = 0, idd5b_ma = 0;
    /// Of the device's output drivers and termination, per bit of data; 0: not given.
    double io_read_pj_per_bit = 0, io_write_pj_per_bit = 0;

    /// "file:line:column: key: why" for values that are legal and odd.
    std::vector<std::string> warnings;

    uint32_t bus_bytes() const { return chips * width_bits / 8; }
    uint32_t burst_bytes() const { return bus_bytes() * burst_length; }
    uint32_t burst_clocks() const { return burst_length / 2; }  ///< two beats per clock
    uint32_t row_bytes() const { return columns * bus_bytes(); }
    uint64_t bytes() const { return uint64_t{row_bytes()} * rows * banks; }
    double clock_mhz() const { return 1e6 / t_ck_ps; }
    /// Of the data pins at `clock`.
    double peak_bytes_per_s(double at_mhz) const { return at_mhz * 1e6 * 2 * bus_bytes(); }

    /// Reads and checks a device file. Throws DeviceError.
    static Device read(const std::filesystem::path& path);
    static Device parse(const std::string& text, const std::string& file_name);
    /// The file `name`.yaml in `directory`; where there is none, the copy of that file compiled
    /// into the program. Throws DeviceError for a name that neither has.
    static Device find(const std::string& name, const std::filesystem::path& directory = {});
    /// Names of the files compiled in.
    static std::vector<std::string> built_in();
};

}  // namespace karhunen::ddr
