#include "models/cpu/triggers.h"

#include <algorithm>
#include <utility>

#include "models/cpu/memory_instruction.h"

namespace karhunen {

namespace {

constexpr unsigned stack_pointer = 2;

}  // namespace

void Triggers::add_breakpoint(uint32_t address) {
    remove_breakpoint(address);
    breakpoints_.push_back(address);
}

void Triggers::remove_breakpoint(uint32_t address) {
    std::erase(breakpoints_, address);
}

void Triggers::add_watchpoint(Watch watch, uint32_t address, uint32_t bytes) {
    remove_watchpoint(watch, address, bytes);
    watchpoints_.push_back({watch, address, bytes});
}

void Triggers::remove_watchpoint(Watch watch, uint32_t address, uint32_t bytes) {
    std::erase(watchpoints_, Watchpoint{watch, address, bytes});
}

void Triggers::clear() {
    breakpoints_.clear();
    watchpoints_.clear();
    go_on();
}

void Triggers::on_interrupt(uint32_t pc, uint32_t sp) {
    if (mode_ == Mode::step && !interrupted_) interrupted_ = {pc, sp};
}

std::optional<DebugStop> Triggers::check(uint32_t pc, uint32_t bits,
                                         const InstructionSetSimulator& hart) {
    const bool is_again = pc == std::exchange(stopped_at_, nowhere);
    std::optional<DebugStop> stop;
    if (!is_again) stop = check_place(pc, bits, hart);
    const bool is_access_known = is_again && reported_access_;
    reported_access_ = false;
    if (!stop && !is_access_known && !watchpoints_.empty()) {
        stop = check_access(bits, hart);
        reported_access_ = stop.has_value();
    }
    if (!stop) return stop;
    stopped_at_ = pc;
    go_on();
    return stop;
}

std::optional<DebugStop> Triggers::check_place(uint32_t pc, uint32_t bits,
                                               const InstructionSetSimulator& hart) {
    if (std::ranges::find(breakpoints_, pc) != breakpoints_.end())
        return DebugStop{DebugStop::Cause::breakpoint};
    if (mode_ == Mode::break_in) return DebugStop{DebugStop::Cause::break_in};
    const bool is_in_handler = interrupted_ && *interrupted_ != Place{pc, hart.reg(stack_pointer)};
    if (mode_ == Mode::step && !is_in_handler) return DebugStop{DebugStop::Cause::step};
    if (bits == 0x00100073 || bits == 0x9002)  // EBREAK, C.EBREAK
        return DebugStop{DebugStop::Cause::ebreak};
    return std::nullopt;
}

std::optional<DebugStop> Triggers::check_access(uint32_t bits,
                                                const InstructionSetSimulator& hart) const {
    const auto access = decode_memory_instruction(bits);
    if (!access) return std::nullopt;
    const uint32_t address = hart.reg(access->base) + access->offset;
    for (const Watchpoint& w : watchpoints_) {
        // SC and AMO read, too.
        const bool is_meant = w.watch == Watch::any ||
                              (w.watch == Watch::write) == access->is_store ||
                              (w.watch == Watch::read && access->is_atomic);
        if (!is_meant) continue;
        if (w.address - address < access->bytes)
            return DebugStop{DebugStop::Cause::watchpoint, w.watch, w.address};
        if (address - w.address < w.bytes)
            return DebugStop{DebugStop::Cause::watchpoint, w.watch, address};
    }
    return std::nullopt;
}

}  // namespace karhunen
