#include "models/resources/ram_packing.h"

#include <algorithm>
#include <limits>

namespace karhunen::resources {

namespace {

// S10 and A10 embedded memory user guides; UG473 and UG573 (simple dual port).
constexpr RamShape m20k_stratix_10[] = {{512, 40}, {1024, 20}, {2048, 10}};
constexpr RamShape m20k_arria_10[] = {{512, 40}, {1024, 20}, {2048, 10},
                                      {4096, 5}, {8192, 2},  {16384, 1}};
constexpr RamShape half_bram36[] = {{512, 36}, {1024, 18}, {2048, 9},
                                    {4096, 4}, {8192, 2},  {16384, 1}};
constexpr uint64_t distributed_depth = 32, distributed_bits = 64 * 1024, registers_depth = 4;

uint64_t ceiling(uint64_t a, uint64_t b) {
    return a / b + (a % b != 0);
}

}  // namespace

std::span<const RamShape> ram_shapes(Family family) {
    switch (family) {
        case Family::stratix_10:
            return m20k_stratix_10;
        case Family::arria_10:
            return m20k_arria_10;
        case Family::ultrascale_plus:
        case Family::series_7:
            return half_bram36;
        case Family::asic:
            break;
    }
    return {};
}

bool is_distributed(const Memory& memory) {
    return memory.depth <= registers_depth ||
           (memory.depth <= distributed_depth &&
            memory.depth * memory.width_bits <= distributed_bits);
}

double blocks_of_one(const Memory& memory, Family family) {
    const std::span<const RamShape> shapes = ram_shapes(family);
    if (shapes.empty() || is_distributed(memory)) return 0;
    uint64_t fewest = std::numeric_limits<uint64_t>::max();
    for (const RamShape& shape : shapes)
        fewest = std::min(fewest, ceiling(memory.depth, shape.depth) *
                                      ceiling(memory.width_bits, shape.width_bits));
    const bool halves = shapes.data() == half_bram36;
    return static_cast<double>(fewest) * (halves ? 0.5 : 1);
}

double logic_of_one(const Memory& memory, Family family) {
    if (family == Family::asic || !is_distributed(memory)) return 0;
    // An MLAB is 10 ALMs and 32 x 20 bits; four LUTs of a SLICEM are 32 x 6 bits (RAM32M).
    const bool alm = family == Family::stratix_10 || family == Family::arria_10;
    return alm ? 10.0 * static_cast<double>(ceiling(memory.width_bits, 20))
               : 4.0 * static_cast<double>(ceiling(memory.width_bits, 6));
}

}  // namespace karhunen::resources
