// The device-file reader takes any bytes: it returns a device or throws DeviceError. What it
// accepts makes a mapping, a table and energies, and is the same to the command checker's own
// reader.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "models/ddr/address_mapping.h"
#include "models/ddr/constraints.h"
#include "models/ddr/energy.h"
#include "models/ddr_checker/checked_device.h"

using namespace karhunen::ddr;

namespace {

void expect(bool good) {
    if (!good) std::abort();
}

void use(const Device& d, const std::string& text) {
    for (const char* preset : {"row-bank-column", "row-column-bank", "row-bank-column-group"}) {
        const AddressMapping mapping(d, preset);
        const Location last = mapping.locate(d.bytes() - 1);
        expect(last == Location{d.banks - 1, d.rows - 1, d.columns - 1});
    }
    const auto table = constraints_of(d);
    for (const Constraint& c : table) expect(c.latency > 0 && c.latency < 1'000'000);
    const TimingChecker timing(d, table);
    expect(timing.interval(Command::rd) == d.t_ccd_l);
    expect(timing.least_interval(Command::rd) == d.t_ccd_s);
    const EnergyModel energy(d, d.clock_mhz());
    for (const double pj : {energy.activate_pj(), energy.precharge_pj(), energy.read_pj(),
                            energy.write_pj(), energy.refresh_pj(), energy.io_pj(1000, 1000)})
        expect(std::isfinite(pj) && pj >= 0);

    const CheckedDevice c = CheckedDevice::parse(text);
    expect(c.banks == d.banks && c.bank_groups == d.bank_groups && c.rows == d.rows);
    expect(c.t_rrd_s == d.t_rrd_s && c.t_rrd_l == d.t_rrd_l);
    expect(c.t_wtr_s == d.t_wtr_s && c.t_wtr_l == d.t_wtr_l);
    expect(c.t_ccd_s == d.t_ccd_s && c.t_ccd_l == d.t_ccd_l);
    expect(c.t_rc == d.t_rc && c.t_faw == d.t_faw && c.t_rfc == d.t_rfc && c.t_refi == d.t_refi);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    try {
        use(Device::parse(text, "fuzz"), text);
    } catch (const DeviceError&) {
    }
    return 0;
}
