#include "models/resources/device.h"

#include <stdexcept>

namespace karhunen::resources {

namespace {

// LUT: six inputs. ALM: eight inputs, two adders, four registers. DSP: a block of Intel's has two
// multipliers of 18 x 19, a slice of Xilinx' one of 27 x 18 (7 series: 25 x 18).
// clang-format off
constexpr Device all_devices[] = {
    {"stratix10", "Stratix 10 1SX280", Family::stratix_10, 933120, 5760, 11721,
     "Intel Stratix 10 GX/SX Device Overview (S10-OVERVIEW), family plan, SX 2800"},
    {"arria10", "Arria 10 GX 1150", Family::arria_10, 427200, 1518, 2713,
     "Intel Arria 10 Device Overview (A10-OVERVIEW), GX resource count, 10AX115"},
    {"zu9eg", "Zynq UltraScale+ ZU9EG", Family::ultrascale_plus, 274080, 2520, 912,
     "Xilinx DS891, Zynq UltraScale+ MPSoC Data Sheet: Overview, EG device features"},
    {"artix7", "Artix-7 XC7A200T", Family::series_7, 134600, 740, 365,
     "Xilinx DS180, 7 Series FPGAs Data Sheet: Overview (33,650 slices of four LUTs)"},
    {"asic65", "65 nm CMOS", Family::asic, 0, 0, 0,
     "gate equivalents: area in two-input NAND gates"},
};
// clang-format on

}  // namespace

const char* Device::logic_unit() const {
    switch (family) {
        case Family::stratix_10:
        case Family::arria_10:
            return "ALM";
        case Family::ultrascale_plus:
        case Family::series_7:
            return "LUT";
        case Family::asic:
            break;
    }
    return "-";
}

const char* Device::ram_unit() const {
    if (is_asic()) return "-";
    return logic_unit() == std::string("ALM") ? "M20K" : "BRAM36";
}

std::span<const Device> devices() {
    return all_devices;
}

const Device& find_device(const std::string& name) {
    std::string known;
    for (const Device& device : all_devices) {
        if (device.name == name) return device;
        known += (known.empty() ? "" : ", ") + std::string(device.name);
    }
    throw std::invalid_argument("device '" + name + "': expected one of " + known);
}

}  // namespace karhunen::resources
