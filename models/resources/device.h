// The chips that a machine may be built on.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace karhunen::resources {

enum class Family { stratix_10, arria_10, ultrascale_plus, series_7, asic };

struct Device {
    const char* name;   ///< as users write it
    const char* title;  ///< as its maker writes it
    Family family;
    uint64_t logic, dsp, ram_blocks;  ///< what it has; an ASIC has as much as it is given: 0
    const char* source;

    bool is_asic() const { return family == Family::asic; }
    const char* logic_unit() const;  ///< "ALM", "LUT", "-"
    const char* ram_unit() const;    ///< "M20K", "BRAM36", "-"
};

std::span<const Device> devices();
/// Throws std::invalid_argument naming those that there are.
const Device& find_device(const std::string& name);

}  // namespace karhunen::resources
