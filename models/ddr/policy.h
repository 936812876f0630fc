// What a DDR controller may be told to do in one way or another.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace karhunen::ddr {

enum class PagePolicy : uint8_t {
    open,     ///< rows stay open until another row of the bank, or a refresh, is due
    closed,   ///< the last burst that waits for a row precharges it
    adaptive  ///< the same, but only if another row of the bank is waited for
};

enum class Scheduler : uint8_t {
    fr_fcfs,  ///< first ready, first come; writes are buffered
    fifo      ///< bursts in order of arrival; banks prepare rows ahead
};

enum class Arbitration : uint8_t {
    round_robin,  ///< ports take turns, one run each
    priority      ///< those of a lower Request::priority first, turns among equals
};

struct Policy {
    PagePolicy page = PagePolicy::open;
    Scheduler scheduler = Scheduler::fr_fcfs;
    Arbitration arbitration = Arbitration::round_robin;
    uint32_t read_entries = 32, write_entries = 32;  ///< runs in the queues, at most 32 each
    uint32_t grain_bursts = 64;  ///< bursts of a run that are issued on one decision
    uint32_t high_entries = 24, high_bursts = 64;  ///< either one starts the drain of writes ...
    uint32_t low_entries = 8, low_bursts = 16;     ///< ... which ends when both are reached
    uint32_t starvation_bursts = 256;  ///< a run overtaken by this many younger bursts goes first
    bool refresh = true;
    uint32_t postponed_refreshes = 0;  ///< while requests wait; at most 8 (JESD79-3F, 4.18.1)
    bool in_order = true;              ///< answers of a port in the order of its requests

    /// Throws std::invalid_argument.
    void check() const {
        const auto expect = [](bool good, const char* what) {
            if (!good) throw std::invalid_argument(std::string("DDR policy: ") + what);
        };
        const auto entries_fit = [](uint32_t n) { return n >= 1 && n <= 32; };
        expect(entries_fit(read_entries) && entries_fit(write_entries),
               "queues have 1 to 32 entries");
        expect(grain_bursts > 0, "grain_bursts is 0");
        expect(low_entries < high_entries && low_bursts < high_bursts,
               "low watermark of the writes not below the high one (write_low and write_high, "
               "write_low_bursts and write_high_bursts)");
        expect(postponed_refreshes <= 8, "at most 8 refreshes may be postponed");
    }
};

}  // namespace karhunen::ddr
