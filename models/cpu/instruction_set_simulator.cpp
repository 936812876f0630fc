#include "models/cpu/instruction_set_simulator.h"

#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include <unicorn/unicorn.h>

#include "models/cpu/memory_instruction.h"

// Unicorn 2.0.1, as found out:
// - A load or store of unmapped memory whose hook returns false leaves registers and PC as they
// were
//   before the instruction. So nothing but RAM is mapped, and bus accesses happen outside of
//   Unicorn: no SystemC wait() and no exception ever passes through its frames.
// - A code hook runs before each instruction. It is the exact instruction count; uc_emu_stop() in
//   it keeps the instruction from being executed. The PC it is given is right where the PC
//   register in other hooks is sometimes that of the next instruction.
// - EBREAK comes as an invalid instruction, an illegal instruction as interrupt 2, ECALL as
//   interrupt 8 (whatever the mode), WFI as an end of emulation without error.
// - Unmapping and mapping again does not drop translated code; uc_ctl_remove_cache() does, but
//   only if its whole range is mapped.
// - CSRs are written with the privilege of the hart: in user mode the write is dropped silently.
namespace karhunen {
namespace {

constexpr uint64_t never = 0xFFFFFFFF;  // odd: no PC is ever equal

void check(uc_err error, const char* what) {
    if (error != UC_ERR_OK)
        throw std::runtime_error(std::string("instruction-set simulator: ") + what + ": " +
                                 uc_strerror(error));
}

int number_of(Csr csr) {
    constexpr int numbers[] = {UC_RISCV_REG_MSTATUS, UC_RISCV_REG_MIE,    UC_RISCV_REG_MTVEC,
                               UC_RISCV_REG_MEPC,    UC_RISCV_REG_MCAUSE, UC_RISCV_REG_MTVAL};
    return numbers[static_cast<unsigned>(csr)];
}

/// CSR accesses and MRET: SYSTEM instructions but for ECALL, EBREAK and WFI.
bool may_unmask(uint32_t bits) {
    return (bits & 0x7F) == 0x73 && ((bits & 0x7000) != 0 || bits == 0x30200073);
}

}  // namespace

std::string_view name_of(Exception exception) {
    switch (exception) {
        case Exception::fetch_fault:
            return "instruction access fault";
        case Exception::illegal_instruction:
            return "illegal instruction";
        case Exception::breakpoint:
            return "breakpoint";
        case Exception::load_fault:
            return "load access fault";
        case Exception::store_fault:
            return "store access fault";
        case Exception::environment_call:
            return "environment call";
    }
    return "exception";
}

struct InstructionSetSimulator::Engine {
    struct Range {
        uint32_t base, bytes;
        uint8_t* memory;
    };

    uc_engine* uc = nullptr;
    std::vector<Range> ranges;
    StopReason reason;  ///< of the run under way
    uint64_t budget = 0;
    bool watch_masks = false, after_mask = false;
    bool stopped = false;      ///< by us: else an end without error is a WFI
    uint32_t current = 0;      ///< address of the instruction being executed
    MemoryInstruction access;  ///< that run() stopped at

    ~Engine() { uc_close(uc); }

    uint32_t get(int number) const {
        uint32_t value = 0;
        uc_reg_read(uc, number, &value);
        return value;
    }
    void put(int number, uint32_t value) { uc_reg_write(uc, number, &value); }

    /// The instruction at an address; zero where no memory is mapped.
    uint32_t instruction_at(uint32_t address) const {
        uint32_t bits = 0;
        for (const Range& r : ranges) {
            const uint32_t offset = address - r.base;
            if (offset >= r.bytes) continue;
            std::memcpy(&bits, r.memory + offset, r.bytes - offset < 4 ? 2 : 4);
        }
        return instruction_length(bits) == 4 ? bits : bits & 0xFFFF;
    }

    void halt(Stop stop) {
        reason.stop = stop;
        stopped = true;
        uc_emu_stop(uc);
    }
    void raise(Exception exception, uint32_t value) {
        reason.exception = exception;
        reason.value = value;
        halt(Stop::exception);
    }
    void before_instruction(uint32_t address) {
        if (stopped) return;
        if (after_mask) return halt(Stop::unmasked);
        if (reason.instructions == budget) return halt(Stop::budget);
        ++reason.instructions;
        current = address;
        if (watch_masks) after_mask = may_unmask(instruction_at(address));
    }
    void unmapped(uc_mem_type type, uint32_t address) {
        if (type == UC_MEM_FETCH_UNMAPPED || type == UC_MEM_FETCH_PROT) {
            reason.address = address;
            return halt(Stop::fetch);
        }
        // Address and size from the instruction: Unicorn reports parts of misaligned accesses.
        access = decode_memory_instruction(instruction_at(current)).value_or(MemoryInstruction{});
        reason.address = get(UC_RISCV_REG_X0 + access.base) + access.offset;
        reason.bytes = access.bytes;
        reason.data = access.is_store ? get(UC_RISCV_REG_X0 + access.data) : 0;
        reason.is_atomic = access.is_atomic;
        halt(access.is_store ? Stop::store : Stop::load);
    }
    void interrupt(uint32_t number) {
        const uint32_t bits = instruction_at(current);
        if (number == 8 || number == 11)
            raise(Exception::environment_call, 0);
        else if (number == 3)
            raise(Exception::breakpoint, current);
        else
            raise(Exception::illegal_instruction, bits);
    }
    bool invalid_instruction() {
        const uint32_t bits = instruction_at(current);
        if (bits == 0x00100073 || bits == 0x9002)  // EBREAK, C.EBREAK
            raise(Exception::breakpoint, current);
        else
            raise(Exception::illegal_instruction, bits);
        return true;
    }

    void add_hooks();
};

void InstructionSetSimulator::Engine::add_hooks() {
    const auto add = [this](int type, auto* callback) {
        uc_hook hook;
        check(uc_hook_add(uc, &hook, type, reinterpret_cast<void*>(callback), this, 1, 0), "hook");
    };
    add(
        UC_HOOK_CODE, +[](uc_engine*, uint64_t address, uint32_t, void* engine) {
            static_cast<Engine*>(engine)->before_instruction(static_cast<uint32_t>(address));
        });
    add(
        UC_HOOK_MEM_INVALID,
        +[](uc_engine*, uc_mem_type type, uint64_t address, int, int64_t, void* engine) {
            static_cast<Engine*>(engine)->unmapped(type, static_cast<uint32_t>(address));
            return false;
        });
    add(
        UC_HOOK_INTR, +[](uc_engine*, uint32_t number, void* engine) {
            static_cast<Engine*>(engine)->interrupt(number);
        });
    add(
        UC_HOOK_INSN_INVALID, +[](uc_engine*, void* engine) {
            return static_cast<Engine*>(engine)->invalid_instruction();
        });
}

InstructionSetSimulator::InstructionSetSimulator() : engine_(std::make_unique<Engine>()) {
    check(uc_open(UC_ARCH_RISCV, UC_MODE_RISCV32, &engine_->uc), "open");
    // The E31 is an RV32IMAC; the default hart has floating point too.
    check(uc_ctl_set_cpu_model(engine_->uc, UC_CPU_RISCV32_SIFIVE_E31), "model");
    engine_->add_hooks();
    set_csr(Csr::mstatus, 0x1800);  // MPP = machine: there is no other mode to return to
}

InstructionSetSimulator::~InstructionSetSimulator() = default;

void InstructionSetSimulator::map(uint32_t base, uint32_t bytes, uint8_t* memory, bool writable) {
    const uint32_t rights = UC_PROT_READ | UC_PROT_EXEC | (writable ? UC_PROT_WRITE : 0);
    check(uc_mem_map_ptr(engine_->uc, base, bytes, rights, memory), "map");
    engine_->ranges.push_back({base, bytes, memory});
}

void InstructionSetSimulator::unmap(uint32_t base, uint32_t bytes) {
    uc_ctl_remove_cache(engine_->uc, uint64_t{base}, uint64_t{base} + bytes);
    check(uc_mem_unmap(engine_->uc, base, bytes), "unmap");
    std::erase_if(engine_->ranges, [base](const auto& r) { return r.base == base; });
}

StopReason InstructionSetSimulator::run(uint64_t budget, bool watch_masks) {
    Engine& e = *engine_;
    e.reason = {};
    e.budget = budget;
    e.watch_masks = watch_masks;
    e.after_mask = e.stopped = false;
    const uc_err error = uc_emu_start(e.uc, pc(), never, 0, 0);
    if (!e.stopped && error == UC_ERR_OK) e.reason.stop = Stop::wait;
    if (!e.stopped && error != UC_ERR_OK)
        e.raise(Exception::illegal_instruction, e.instruction_at(e.current));
    // At an exception the library's PC may be behind the instruction.
    if (e.reason.stop == Stop::exception || e.reason.stop == Stop::load ||
        e.reason.stop == Stop::store)
        set_pc(e.current);
    return e.reason;
}

void InstructionSetSimulator::finish_access(uint32_t data) {
    const MemoryInstruction& access = engine_->access;
    if (!access.is_store) {
        const unsigned unused = 32 - 8 * access.bytes;
        data <<= unused;
        set_reg(access.data,
                access.sign_extends ? static_cast<int32_t>(data) >> unused : data >> unused);
    }
    set_pc(engine_->current + access.length);
}

uint32_t InstructionSetSimulator::pc() const {
    return engine_->get(UC_RISCV_REG_PC);
}

void InstructionSetSimulator::set_pc(uint32_t pc) {
    engine_->put(UC_RISCV_REG_PC, pc);
}

uint32_t InstructionSetSimulator::reg(unsigned number) const {
    return number == 0 ? 0 : engine_->get(UC_RISCV_REG_X0 + static_cast<int>(number));
}

void InstructionSetSimulator::set_reg(unsigned number, uint32_t value) {
    if (number != 0) engine_->put(UC_RISCV_REG_X0 + static_cast<int>(number), value);
}

uint32_t InstructionSetSimulator::csr(Csr csr) const {
    return engine_->get(number_of(csr));
}

void InstructionSetSimulator::set_csr(Csr csr, uint32_t value) {
    engine_->put(number_of(csr), value);
}

bool InstructionSetSimulator::in_machine_mode() const {
    const uint32_t mepc = csr(Csr::mepc);
    engine_->put(UC_RISCV_REG_MEPC, mepc ^ 4);
    const bool is_written = csr(Csr::mepc) == (mepc ^ 4);
    engine_->put(UC_RISCV_REG_MEPC, mepc);
    return is_written;
}

}  // namespace karhunen
