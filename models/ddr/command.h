// Commands on the DRAM command bus.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string_view>

namespace karhunen::ddr {

/// Clocks of the command bus since the start of simulation.
using Clock = int64_t;
constexpr Clock never = std::numeric_limits<Clock>::max();

/// JESD79-3F, table 6. rda and wra precharge their bank afterwards; prea precharges all banks.
enum class Command : uint8_t { act, rd, rda, wr, wra, pre, prea, ref, count };
constexpr unsigned command_count = static_cast<unsigned>(Command::count);

constexpr std::string_view name_of(Command c) {
    constexpr std::string_view names[] = {"ACT", "RD", "RDA", "WR", "WRA", "PRE", "PREA", "REF"};
    return names[static_cast<unsigned>(c)];
}

constexpr bool is_column(Command c) {
    return c >= Command::rd && c <= Command::wra;
}

/// One command as it appears on the bus. bank, row and column are 0 where the command has none.
struct CommandRecord {
    Clock clock = 0;
    Command command = Command::act;
    uint32_t bank = 0, row = 0, column = 0;
};

using CommandHook = std::function<void(const CommandRecord&)>;

}  // namespace karhunen::ddr
