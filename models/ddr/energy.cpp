#include "models/ddr/energy.h"

namespace karhunen::ddr {

EnergyModel::EnergyModel(const Device& d, double clock_mhz)
    : io_read_(d.io_read_pj_per_bit),
      io_write_(d.io_write_pj_per_bit),
      clock_ns_(1000 / clock_mhz) {
    const double t_ck_ns = d.t_ck_ps / 1000.0;
    const auto pj = [&](double ma, double clocks) {  // V x mA x ns
        return d.chips * d.vdd_v * ma * clocks * t_ck_ns;
    };
    activate_ = pj(d.idd0_ma - d.idd3n_ma, d.t_ras);
    precharge_ = pj(d.idd0_ma - d.idd2n_ma, d.t_rc - d.t_ras);
    read_ = pj(d.idd4r_ma - d.idd3n_ma, d.burst_clocks());
    write_ = pj(d.idd4w_ma - d.idd3n_ma, d.burst_clocks());
    refresh_ = pj(d.idd5b_ma - d.idd3n_ma, d.t_rfc);
    active_mw_ = d.chips * d.vdd_v * d.idd3n_ma;
    standby_mw_ = d.chips * d.vdd_v * d.idd2n_ma;
}

Energy EnergyModel::of(const Account& a) const {
    Energy e;
    e.activate = activate_ * static_cast<double>(a.activates);
    e.precharge = precharge_ * static_cast<double>(a.precharges);
    e.read = read_ * static_cast<double>(a.read_bursts);
    e.write = write_ * static_cast<double>(a.write_bursts);
    return e;
}

Energy EnergyModel::shared(const Statistics& s) const {
    Energy e;
    e.precharge = precharge_ * static_cast<double>(s.banks_precharged_for_refresh);
    e.refresh = refresh_ * static_cast<double>(s.count(Command::ref));
    const auto active_ns = static_cast<double>(s.active_clocks) * clock_ns_;
    const auto standby_ns = static_cast<double>(s.clocks - s.active_clocks) * clock_ns_;
    e.background = active_mw_ * active_ns + standby_mw_ * standby_ns;  // mW x ns = pJ
    return e;
}

Energy EnergyModel::total(const Statistics& s) const {
    const auto times = [&s](Command c) { return static_cast<double>(s.count(c)); };
    Energy e = shared(s);
    e.activate = activate_ * times(Command::act);
    e.precharge = precharge_ * static_cast<double>(s.banks_precharged);
    e.read = read_ * (times(Command::rd) + times(Command::rda));
    e.write = write_ * (times(Command::wr) + times(Command::wra));
    return e;
}

double EnergyModel::io_pj(uint64_t bits_read, uint64_t bits_written) const {
    return io_read_ * static_cast<double>(bits_read) +
           io_write_ * static_cast<double>(bits_written);
}

double EnergyModel::io_pj(const Statistics& s) const {
    const uint64_t burst_bits = 8 * s.burst_bytes;
    return io_pj(burst_bits * (s.count(Command::rd) + s.count(Command::rda)),
                 burst_bits * (s.count(Command::wr) + s.count(Command::wra)));
}

double EnergyModel::paper_pj(uint64_t bits_read, uint64_t bits_written) {
    // IDD4R 220 mA, IDD4W 180 mA at 1.5 V, x16, DDR3-1066; the factor 4 is theirs.
    const double seconds_per_bit = 4 / 1066e6 / 16;
    return 1e12 * seconds_per_bit *
           (0.33 * static_cast<double>(bits_read) + 0.27 * static_cast<double>(bits_written));
}

double EnergyModel::paper_pj(const Account& a) {
    return paper_pj(8 * a.bytes_read, 8 * a.bytes_written);
}

}  // namespace karhunen::ddr
