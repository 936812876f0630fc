// What is moved and what it costs must add up, whoever it is told by.
#pragma once

#include <string>

#include "models/ddr/energy.h"
#include "models/ddr/statistics.h"

namespace karhunen::ddr {

/// Sum over masters = sum over kinds of data = sum over commands, of counts exactly
/// (Statistics::violation() included) and of the energy of both modes within 1e-9. For the end of
/// every run. Empty, or what differs.
std::string conservation_violation(const Statistics& statistics, const EnergyModel& energy);

}  // namespace karhunen::ddr
