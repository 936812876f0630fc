#include "models/cpu/instruction_set_simulator.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/cpu/engine.h"

namespace karhunen {
namespace {

int number_of(Csr csr) {
    constexpr int numbers[] = {UC_RISCV_REG_MSTATUS, UC_RISCV_REG_MISA,     UC_RISCV_REG_MIE,
                               UC_RISCV_REG_MTVEC,   UC_RISCV_REG_MSCRATCH, UC_RISCV_REG_MEPC,
                               UC_RISCV_REG_MCAUSE,  UC_RISCV_REG_MTVAL};
    return numbers[static_cast<unsigned>(csr)];
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

InstructionSetSimulator::InstructionSetSimulator() : engine_(std::make_unique<Engine>()) {
    Engine::check(uc_open(UC_ARCH_RISCV, UC_MODE_RISCV32, &engine_->uc), "open");
    // The E31 is an RV32IMAC; the default hart has floating point too.
    Engine::check(uc_ctl_set_cpu_model(engine_->uc, UC_CPU_RISCV32_SIFIVE_E31), "model");
    Engine::check(uc_ctl_exits_enable(engine_->uc), "exits");
    engine_->protect();
    engine_->add_hooks();
    set_csr(Csr::mstatus, 0x1800);  // MPP = machine: there is no other mode to return to
}

InstructionSetSimulator::~InstructionSetSimulator() = default;

void InstructionSetSimulator::map(uint32_t base, uint32_t bytes, uint8_t* memory) {
    Engine& e = *engine_;
    const auto range = std::ranges::find(e.ranges, 0u, &Engine::Range::bytes);
    if (range == e.ranges.end()) throw std::runtime_error("instruction-set simulator: map");
    const uint64_t end = uint64_t{base} + bytes;
    if (std::exchange(e.is_covered, true)) {
        Engine::check(uc_mem_unmap(e.uc, base, bytes), "map");
    } else {
        e.map_outside(0, base);
        e.map_outside(end, 1ull << 32);
    }
    *range = {base, bytes, memory};
    e.permit(*range, base, end);
    Engine::check(uc_mem_map_ptr(e.uc, base, bytes, UC_PROT_ALL, memory), "map");
}

void InstructionSetSimulator::unmap(uint32_t base) {
    Engine& e = *engine_;
    const auto range = std::ranges::find_if(
        e.ranges, [base](const auto& r) { return r.bytes != 0 && r.base == base; });
    e.forget(base, range->bytes);
    Engine::check(uc_mem_unmap(e.uc, base, range->bytes), "unmap");
    e.permit(*range, 4, 4);
    e.map_outside(base, uint64_t{base} + range->bytes);
    *range = {};
}

void InstructionSetSimulator::forget(uint32_t base, uint32_t bytes) {
    engine_->forget(base, bytes);
}

StopReason InstructionSetSimulator::run(uint64_t budget, bool watch_masks) {
    Engine& e = *engine_;
    e.resumes = e.reason.stop == Stop::refused;
    e.reason = {};
    e.budget = budget;
    e.watch_masks = watch_masks;
    e.after_mask = e.stopped = false;
    e.before = 0;
    const uc_err error = uc_emu_start(e.uc, e.pc, 0, 0, 0);
    if (!e.stopped && error == UC_ERR_OK) {
        e.reason.stop = Stop::wait;
        e.pc = e.get(UC_RISCV_REG_PC);
    }
    if (!e.stopped && error != UC_ERR_OK) e.invalid_instruction();
    if (e.reason.stop == Stop::fetch) e.flush_tlb();
    return e.reason;
}

void InstructionSetSimulator::set_guard(Guard guard) {
    if (!std::exchange(engine_->guard, std::move(guard))) engine_->add_guard_hook();
}

void InstructionSetSimulator::finish_access(uint32_t data) {
    const MemoryInstruction& access = engine_->access;
    if (!access.is_store) {
        const unsigned unused = 32 - 8 * access.bytes;
        data <<= unused;
        set_reg(access.data,
                access.sign_extends ? static_cast<int32_t>(data) >> unused : data >> unused);
    }
    engine_->pc += access.length;
}

uint32_t InstructionSetSimulator::pc() const {
    return engine_->pc;
}

void InstructionSetSimulator::set_pc(uint32_t pc) {
    engine_->pc = pc;
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
