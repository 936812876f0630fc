// The Unicorn library's hart behind InstructionSetSimulator.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <unicorn/unicorn.h>

#include "models/cpu/instruction_set_simulator.h"
#include "models/cpu/memory_instruction.h"

namespace karhunen {

struct InstructionSetSimulator::Engine {
    struct Range {
        uint32_t base = 0, bytes = 0;  ///< no bytes: not in use
        uint8_t* memory = nullptr;
    };

    uc_engine* uc = nullptr;
    std::array<Range, most_ranges> ranges;
    bool is_covered = false;  ///< all other memory is mapped, too
    StopReason reason;        ///< of the run under way
    uint64_t budget = 0;
    bool watch_masks = false, after_mask = false;
    Guard guard;
    uint32_t permitted = nowhere;  ///< by the guard; attempted, and may be attempted again
    bool resumes = false;          ///< a block that the guard interrupted
    bool stopped = false;          ///< by us: else an end without error is a WFI
    uint32_t pc = 0;               ///< while none executes: of the next instruction
    uint32_t block = 0;            ///< address of the block being executed
    uint32_t block_last = 0;       ///< address of its last instruction
    uint64_t before = 0;           ///< instructions of the run before that block
    MemoryInstruction access;      ///< that run() stopped at

    ~Engine() { uc_close(uc); }

    static constexpr uint32_t nowhere = 1;  ///< no instruction has an odd address

    /// Throws std::runtime_error.
    static void check(uc_err error, const char* what);

    uint32_t get(int number) const {
        uint32_t value = 0;
        uc_reg_read(uc, number, &value);
        return value;
    }
    void put(int number, uint32_t value) { uc_reg_write(uc, number, &value); }

    /// The instruction at an address; zero where no memory is mapped.
    uint32_t instruction_at(uint32_t address) const;
    void invalid_instruction();

    /// Drops translated code. All of the range must be mapped.
    void forget(uint32_t base, uint32_t bytes);
    /// As mapping does. uc_ctl_flush_tlb() drops and clears the translated code, instead.
    void flush_tlb();
    /// Keeps loads and stores from everything but what is permitted.
    void protect();
    /// Loads and stores may reach this. The range must not be mapped.
    void permit(const Range& range, uint64_t first, uint64_t end);
    /// Maps memory that is never accessed.
    void map_outside(uint64_t first, uint64_t end);
    void add_hooks();
    void add_guard_hook();

private:
    struct CsrValue {
        uint32_t number, value;
    };

    std::span<const uint8_t> memory_at(uint32_t address) const;
    uint32_t count_until(uint32_t end);
    void halt(Stop stop, uint32_t at);
    void halt_within(Stop stop, uint32_t at);
    void raise(Exception exception, uint32_t at, uint32_t value);
    void before_block(uint32_t address, uint32_t bytes);
    bool splits_block(uint32_t address) const;
    void before_instruction(uint32_t at);
    void load_or_store(uint32_t at);
    void interrupt(uint32_t number);
    void fetch(uint32_t address);
    void write_csrs(uint32_t page, std::span<const CsrValue> values);
};

}  // namespace karhunen
