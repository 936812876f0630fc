// Energy from command counts.
//
// Mode `datasheet`: the usual IDD formulas, VDD x current x time per command; background by state.
// Refresh is counted above IDD3N, so the time of a refresh is active background. A command costs
// the energy it has at the device's own clock. Input/output and termination are in no Energy;
// io_pj() gives them apart, where the device file does. Mode `paper`: Chmiel et al. (their script):
// energy per bit read and written, nothing else.
#pragma once

#include "models/ddr/device.h"
#include "models/ddr/statistics.h"

namespace karhunen::ddr {

class EnergyModel {
public:
    /// clock_mhz: of the controller; it scales the time of the background.
    EnergyModel(const Device& device, double clock_mhz);

    /// Of one command, or of one bank precharged. pJ.
    double activate_pj() const { return activate_; }
    double precharge_pj() const { return precharge_; }
    double read_pj() const { return read_; }
    double write_pj() const { return write_; }
    double refresh_pj() const { return refresh_; }
    double active_mw() const { return active_mw_; }    ///< background, a bank open
    double standby_mw() const { return standby_mw_; }  ///< background, all banks closed

    /// Commands issued on behalf of one account; no refresh, no background.
    Energy of(const Account& account) const;
    /// What belongs to no account: refresh, the precharges before it, background.
    Energy shared(const Statistics& statistics) const;
    /// From the counts by command. Equals the sum over accounts plus shared().
    Energy total(const Statistics& statistics) const;

    bool has_io() const { return io_read_ > 0; }
    /// The device's output drivers and termination, pJ; 0 without has_io(). Bits are those on the
    /// pins, whole bursts.
    double io_pj(uint64_t bits_read, uint64_t bits_written) const;
    double io_pj(const Statistics& statistics) const;

    /// Mode `paper`, pJ: 0.33 W and 0.27 W for (bits / 16) x 4 / 1066e6 s.
    static double paper_pj(uint64_t bits_read, uint64_t bits_written);
    static double paper_pj(const Account& account);

private:
    double activate_, precharge_, read_, write_, refresh_, active_mw_, standby_mw_;
    double io_read_, io_write_;  ///< pJ per bit
    double clock_ns_;
};

}  // namespace karhunen::ddr
