// What a debugger wants the hart to stop at: breakpoints, watched memory, the next instruction.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/cpu/instruction_set_simulator.h"

namespace karhunen {

/// The accesses that a watchpoint is about.
enum class Watch : uint8_t { write, read, any };

/// The hart stands before an instruction, which has not been executed.
struct DebugStop {
    enum class Cause : uint8_t { step, break_in, breakpoint, ebreak, watchpoint };
    Cause cause = Cause::break_in;
    Watch watch{};         ///< watchpoint: its kind
    uint32_t address = 0;  ///< watchpoint: of the first byte that is both accessed and watched
};

/// Asked before each instruction. After a stop, the instruction that it stopped at is asked about
/// again and passes, unless it makes a watched access that was not reported.
class Triggers {
public:
    void add_breakpoint(uint32_t address);
    void remove_breakpoint(uint32_t address);
    /// Accesses of the program that touch these bytes, wherever they lie.
    void add_watchpoint(Watch watch, uint32_t address, uint32_t bytes);
    void remove_watchpoint(Watch watch, uint32_t address, uint32_t bytes);
    void clear();

    /// How the program is to go on. A step executes the present instruction, and the handlers of
    /// interrupts that are taken behind it, up to their return to where they interrupted.
    void go_on() { mode_ = Mode::run; }
    void step() { mode_ = Mode::step, interrupted_.reset(); }
    /// To stop before the next instruction.
    void break_in() { mode_ = Mode::break_in; }
    bool is_breaking_in() const { return mode_ == Mode::break_in; }
    /// The debugger sends the program elsewhere.
    void forget_stop() { stopped_at_ = nowhere; }

    /// Before the trap is entered; sp tells the interrupted program from its own callees.
    void on_interrupt(uint32_t pc, uint32_t sp);
    std::optional<DebugStop> check(uint32_t pc, uint32_t bits, const InstructionSetSimulator& hart);

private:
    enum class Mode : uint8_t { run, step, break_in };
    struct Watchpoint {
        Watch watch;
        uint32_t address, bytes;
        bool operator==(const Watchpoint&) const = default;
    };
    struct Place {
        uint32_t pc, sp;
        bool operator==(const Place&) const = default;
    };
    static constexpr uint32_t nowhere = 1;  ///< no instruction has an odd address

    std::optional<DebugStop> check_place(uint32_t pc, uint32_t bits,
                                         const InstructionSetSimulator& hart);
    std::optional<DebugStop> check_access(uint32_t bits, const InstructionSetSimulator& hart) const;

    std::vector<uint32_t> breakpoints_;
    std::vector<Watchpoint> watchpoints_;
    Mode mode_ = Mode::run;
    std::optional<Place> interrupted_;  ///< a step waits for the return to there
    uint32_t stopped_at_ = nowhere;
    bool reported_access_ = false;  ///< of the instruction at stopped_at_
};

}  // namespace karhunen
