// An RV32IMAC hart without SystemC: executes instructions from memory that it may touch directly,
// and stops at everything else. The only place that knows the Unicorn library.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace karhunen {

/// mcause of exceptions (RISC-V privileged ISA, table 3.6).
enum class Exception : uint32_t {
    fetch_fault = 1,
    illegal_instruction = 2,
    breakpoint = 3,
    load_fault = 5,
    store_fault = 7,
    environment_call = 11,
};
std::string_view name_of(Exception exception);

enum class Csr : uint8_t { mstatus, misa, mie, mtvec, mscratch, mepc, mcause, mtval };

/// Why run() came back.
enum class Stop : uint8_t {
    budget,     ///< at least the number of instructions asked for was executed
    unmasked,   ///< a CSR or MRET instruction was executed and the caller asked to see them
    wait,       ///< WFI; the PC is behind it
    load,       ///< the next instruction loads from memory that is not mapped
    store,      ///< the same for stores
    fetch,      ///< there is no mapped memory to fetch the next instruction from
    exception,  ///< the next instruction raises `exception`
    refused,    ///< the guard wants the next instruction not to be executed yet
};

struct StopReason {
    Stop stop = Stop::budget;
    uint64_t instructions = 0;  ///< executed or attempted: the one that stopped counts, a fetch not
    uint32_t address = 0;       ///< load, store, fetch: of the access
    uint32_t bytes = 0;         ///< load, store: size of the access
    uint32_t data = 0;          ///< store: what is stored
    bool is_atomic = false;     ///< load, store: by an instruction of the A extension
    Exception exception{};
    uint32_t value = 0;  ///< exception: for mtval
};

/// A load or store that stopped has had no effect: PC and registers are those before the
/// instruction. The caller makes the access and calls finish_access(), or traps.
class InstructionSetSimulator {
public:
    /// Throws std::runtime_error when the library cannot make such a hart.
    InstructionSetSimulator();
    ~InstructionSetSimulator();

    /// Lets the hart read, write and execute memory directly. Base and size are multiples of 4096,
    /// `memory` stays valid until unmap(). Throws std::runtime_error on overlap and when there are
    /// most_ranges already.
    void map(uint32_t base, uint32_t bytes, uint8_t* memory);
    void unmap(uint32_t base);
    static constexpr uint32_t most_ranges = 7;
    /// Somebody else has written to this part of a mapped range, maybe to instructions.
    void forget(uint32_t base, uint32_t bytes);

    /// Executes `budget` instructions and the rest of the block that they end in (a block ends in a
    /// jump, at the latest with its page). watch_masks: stop after CSR and MRET instructions, which
    /// may unmask an interrupt.
    StopReason run(uint64_t budget, bool watch_masks);
    /// Asked before each instruction from now on, with its address and its bits; true: run() stops
    /// there, with Stop::refused. The next run() asks again, and goes on with the block that was
    /// interrupted: with what is left of the budget (0: the block is finished) all runs together
    /// stop where a single one would have.
    using Guard = std::function<bool(uint32_t pc, uint32_t bits)>;
    void set_guard(Guard guard);
    /// Completes the load (data: as read from the bus) or store that run() stopped at.
    void finish_access(uint32_t data);

    uint32_t pc() const;
    void set_pc(uint32_t pc);
    uint32_t reg(unsigned number) const;
    void set_reg(unsigned number, uint32_t value);
    uint32_t csr(Csr csr) const;
    void set_csr(Csr csr, uint32_t value);
    /// False after an MRET with mstatus.MPP = 0: CSRs are then out of reach, also for the caller.
    bool in_machine_mode() const;

private:
    struct Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace karhunen
