// Devices made up at random, legal by the rules of the device reader.
#pragma once

#include <ostream>
#include <random>
#include <vector>

#include "models/ddr/constraints.h"
#include "models/ddr/device.h"

namespace karhunen::ddr {

inline uint32_t between(std::mt19937& random, uint32_t least, uint32_t most) {
    return least + random() % (most - least + 1);
}

/// Written as text and read with Device::parse. `bank_groups` is a power of two.
Device random_device(std::mt19937& random, uint32_t bank_groups);

/// The constraints that a device with so many bank groups has, in the order of its table.
std::vector<Constraint> rules_of(uint32_t bank_groups);
std::ostream& operator<<(std::ostream& out, const Constraint& constraint);

}  // namespace karhunen::ddr
