#include "models/cpu/engine.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Unicorn 2.0.1, as found out:
// - A code hook before each instruction makes translations twice as expensive. A block hook runs
//   before each block of instructions that ends in a jump (at the latest with its page; CSR
//   instructions end a block, too); uc_emu_stop() in it keeps the block from being executed. Its
//   size is nonsense if the block ends in an illegal instruction.
// - The hooks of unmapped memory do not know the PC within a block, exceptions of the hart do: in
//   the hook of interrupts the PC register is 4 behind the instruction that raised one. So all
//   memory is mapped, and the hart's physical memory protection makes loads and stores outside of
//   RAM raise access faults; registers are then those before the instruction. Bus accesses happen
//   outside of Unicorn: no SystemC wait() and no exception ever passes through its frames.
// - The registers of the protection can be reached by instructions only. A fetch from mapped memory
//   without code lets data accesses pass to that page, until the TLB is flushed.
// - EBREAK comes as an invalid instruction (with the exact PC), an illegal instruction as interrupt
//   2, ECALL as interrupt 8 (whatever the mode), WFI as an end of emulation without error.
// - At the end of each emulation the address given as its end is looked up, which is slow; there is
//   none with an empty list of exits.
// - Unmapping and mapping again does not drop translated code; uc_ctl_remove_cache() does, but
//   only if its whole range is mapped.
// - A store takes 70 ns, because Unicorn looks for translated code each time; a translation 15 us.
// - Long code without a jump is cut into blocks, into more of them with a code hook in it.
// - CSRs are written with the privilege of the hart: in user mode the write is dropped silently.
namespace karhunen {
namespace {

constexpr uint32_t page_bytes = 4096;
constexpr uint32_t pmpcfg0 = 0x3A0, pmpaddr0 = 0x3B0;  // privileged ISA, section 3.7.1

/// CSR accesses and MRET: SYSTEM instructions but for ECALL, EBREAK and WFI.
bool may_unmask(uint32_t bits) {
    return (bits & 0x7F) == 0x73 && ((bits & 0x7000) != 0 || bits == 0x30200073);
}

}  // namespace

/// Whether a block ends behind an instruction wherever Unicorn would like to cut: jumps, branches,
/// SYSTEM instructions, FENCE.I (unprivileged ISA 20191213, tables 16.5 to 16.7 and chapter 24).
bool ends_block(uint32_t bits) {
    const uint32_t funct3 = bits >> 13 & 7;
    switch (bits & 3) {
        case 0:
            return false;
        case 1:  // C.JAL, C.J, C.BEQZ, C.BNEZ
            return funct3 == 1 || funct3 >= 5;
        case 2:  // C.JR, C.JALR, C.EBREAK
            return funct3 == 4 && (bits >> 2 & 0x1F) == 0;
    }
    const uint32_t opcode = bits & 0x7F;
    return opcode == 0x63 || opcode == 0x67 || opcode == 0x6F || opcode == 0x73 ||
           (opcode == 0x0F && (bits >> 12 & 7) == 1);
}

void InstructionSetSimulator::Engine::check(uc_err error, const char* what) {
    if (error != UC_ERR_OK)
        throw std::runtime_error(std::string("instruction-set simulator: ") + what + ": " +
                                 uc_strerror(error));
}

/// The directly accessible bytes from an address on.
std::span<const uint8_t> InstructionSetSimulator::Engine::memory_at(uint32_t address) const {
    for (const Range& r : ranges) {
        const uint32_t offset = address - r.base;
        if (offset < r.bytes) return {r.memory + offset, r.bytes - offset};
    }
    return {};
}

/// The instruction at an address; zero where no memory is mapped.
uint32_t InstructionSetSimulator::Engine::instruction_at(uint32_t address) const {
    const auto memory = memory_at(address);
    uint32_t bits = 0;
    if (memory.empty()) return bits;
    std::memcpy(&bits, memory.data(), memory.size() < 4 ? 2 : 4);
    return instruction_length(bits) == 4 ? bits : bits & 0xFFFF;
}

/// Counts the instructions of the block that begin before `end`. Returns the last one's address.
uint32_t InstructionSetSimulator::Engine::count_until(uint32_t end) {
    const auto memory = memory_at(block);
    const size_t bytes = std::min<size_t>(end - block, memory.size());
    size_t last = 0;
    for (size_t i = 0; i < bytes; i += instruction_length(memory[i])) {
        ++reason.instructions;
        last = i;
    }
    return block + static_cast<uint32_t>(last);
}

void InstructionSetSimulator::Engine::halt(Stop stop, uint32_t at) {
    reason.stop = stop;
    pc = at;
    stopped = true;
    uc_emu_stop(uc);
}

/// Within a block: the instruction at `at` is the last one attempted.
void InstructionSetSimulator::Engine::halt_within(Stop stop, uint32_t at) {
    permitted = at;  // atomics are executed again
    reason.instructions = before;
    count_until(at + 1);
    halt(stop, at);
}

void InstructionSetSimulator::Engine::raise(Exception exception, uint32_t at, uint32_t value) {
    reason.exception = exception;
    reason.value = value;
    halt_within(Stop::exception, at);
}

void InstructionSetSimulator::Engine::before_block(uint32_t address, uint32_t bytes) {
    if (stopped) return;
    if (!std::exchange(resumes, false)) {
        if (after_mask) return halt(Stop::unmasked, address);
        if (reason.instructions >= budget && !splits_block(address))
            return halt(Stop::budget, address);
    }
    block = address;
    before = reason.instructions;
    block_last = count_until(address + bytes);
    after_mask = watch_masks && may_unmask(instruction_at(block_last));
}

/// Where Unicorn cuts depends on hooks: such a cut must not show.
bool InstructionSetSimulator::Engine::splits_block(uint32_t address) const {
    const uint32_t bits = instruction_at(block_last);
    return reason.instructions != 0 && address == block_last + instruction_length(bits) &&
           address / page_bytes == block / page_bytes && !ends_block(bits);
}

void InstructionSetSimulator::Engine::before_instruction(uint32_t at) {
    if (stopped || at == std::exchange(permitted, nowhere)) return;
    if (!guard(at, instruction_at(at))) return;
    reason.instructions = before;
    count_until(at);
    halt(Stop::refused, at);
}

/// Address and size from the instruction: Unicorn reports parts of misaligned accesses.
void InstructionSetSimulator::Engine::load_or_store(uint32_t at) {
    access = decode_memory_instruction(instruction_at(at)).value_or(MemoryInstruction{});
    reason.address = get(UC_RISCV_REG_X0 + access.base) + access.offset;
    reason.bytes = access.bytes;
    reason.data = access.is_store ? get(UC_RISCV_REG_X0 + access.data) : 0;
    reason.is_atomic = access.is_atomic;
    halt_within(access.is_store ? Stop::store : Stop::load, at);
}

void InstructionSetSimulator::Engine::interrupt(uint32_t number) {
    if (stopped) return void(uc_emu_stop(uc));  // user mode must not write CSRs: see write_csrs()
    const uint32_t at = get(UC_RISCV_REG_PC) - 4;
    if (number == 5 || number == 7)
        load_or_store(at);
    else if (number == 8 || number == 11)
        raise(Exception::environment_call, at, 0);
    else if (number == 3)
        raise(Exception::breakpoint, at, at);
    else
        raise(Exception::illegal_instruction, at, instruction_at(at));
}

void InstructionSetSimulator::Engine::invalid_instruction() {
    const uint32_t at = get(UC_RISCV_REG_PC), bits = instruction_at(at);
    if (bits == 0x00100073 || bits == 0x9002)  // EBREAK, C.EBREAK
        raise(Exception::breakpoint, at, at);
    else
        raise(Exception::illegal_instruction, at, bits);
}

void InstructionSetSimulator::Engine::fetch(uint32_t address) {
    reason.address = address;
    halt(Stop::fetch, get(UC_RISCV_REG_PC));
}

void InstructionSetSimulator::Engine::forget(uint32_t base, uint32_t bytes) {
    uc_ctl_remove_cache(uc, uint64_t{base}, uint64_t{base} + bytes);
}

void InstructionSetSimulator::Engine::flush_tlb() {
    const auto r = std::ranges::find_if(ranges, [](const Range& r) { return r.bytes != 0; });
    if (r == ranges.end()) return;
    check(uc_mem_unmap(uc, r->base, r->bytes), "unmap");
    check(uc_mem_map_ptr(uc, r->base, r->bytes, UC_PROT_ALL, r->memory), "map");
}

void InstructionSetSimulator::Engine::add_hooks() {
    const auto add = [this](int type, auto* callback) {
        uc_hook hook;
        check(uc_hook_add(uc, &hook, type, reinterpret_cast<void*>(callback), this, 1, 0), "hook");
    };
    add(
        UC_HOOK_BLOCK, +[](uc_engine*, uint64_t address, uint32_t bytes, void* engine) {
            static_cast<Engine*>(engine)->before_block(static_cast<uint32_t>(address), bytes);
        });
    add(
        UC_HOOK_MEM_FETCH_INVALID,
        +[](uc_engine*, uc_mem_type, uint64_t address, int, int64_t, void* engine) {
            static_cast<Engine*>(engine)->fetch(static_cast<uint32_t>(address));
            return false;
        });
    add(
        UC_HOOK_INTR, +[](uc_engine*, uint32_t number, void* engine) {
            static_cast<Engine*>(engine)->interrupt(number);
        });
    add(
        UC_HOOK_INSN_INVALID, +[](uc_engine*, void* engine) {
            static_cast<Engine*>(engine)->invalid_instruction();
            return true;
        });
}

void InstructionSetSimulator::Engine::add_guard_hook() {
    uc_hook hook;
    auto* callback = +[](uc_engine*, uint64_t address, uint32_t, void* engine) {
        static_cast<Engine*>(engine)->before_instruction(static_cast<uint32_t>(address));
    };
    check(uc_hook_add(uc, &hook, UC_HOOK_CODE, reinterpret_cast<void*>(callback), this, 1, 0),
          "hook");
    for (const Range& r : ranges)
        if (r.bytes != 0) forget(r.base, r.bytes);  // translations without the hook
}

/// By instructions, in a page that is not mapped. Changes T0. In user mode nothing happens.
void InstructionSetSimulator::Engine::write_csrs(uint32_t page, std::span<const CsrValue> values) {
    stopped = true;  // no concern of the hooks
    check(uc_mem_map(uc, page, page_bytes, UC_PROT_ALL), "page of instructions");
    uint32_t address = page;
    for (const auto& [number, value] : values) {
        const uint32_t code[] = {number << 20 | 0x29073,  // csrw number, t0
                                 0x10500073};             // wfi
        check(uc_mem_write(uc, address, code, sizeof code), "instructions");
        put(UC_RISCV_REG_T0, value);
        check(uc_emu_start(uc, address, 0, 0, 0), "CSR");
        address += sizeof code;
    }
    forget(page, page_bytes);
    check(uc_mem_unmap(uc, page, page_bytes), "page of instructions");
}

/// Loads and stores are permitted from entry 2n to entry 2n + 1, for each range n, and nowhere
/// else: entry 15 ends at 4 GiB, and permits instructions only, in machine mode, too.
void InstructionSetSimulator::Engine::protect() {
    std::vector<CsrValue> values;
    for (uint32_t i = 0; i < 2 * most_ranges; ++i) values.push_back({pmpaddr0 + i, 1});  // empty
    values.push_back({pmpaddr0 + 15, 1u << 30});
    for (uint32_t i = 0; i < 3; ++i) values.push_back({pmpcfg0 + i, 0x0F000F00});
    values.push_back({pmpcfg0 + 3, 0x8C000F00});
    write_csrs(0, values);
    put(UC_RISCV_REG_T0, 0);
}

/// Lets the hart's loads and stores pass. The range must not be mapped.
void InstructionSetSimulator::Engine::permit(const Range& range, uint64_t first, uint64_t end) {
    const uint32_t entry = pmpaddr0 + 2 * static_cast<uint32_t>(&range - ranges.data());
    const uint32_t saved = get(UC_RISCV_REG_T0);
    write_csrs(range.base, std::array{CsrValue{entry, static_cast<uint32_t>(first >> 2)},
                                      CsrValue{entry + 1, static_cast<uint32_t>(end >> 2)}});
    put(UC_RISCV_REG_T0, saved);
}

/// Memory that is never accessed, see protect(). In pieces, because to unmap a part of one takes
/// time for all of its pages.
void InstructionSetSimulator::Engine::map_outside(uint64_t first, uint64_t end) {
    constexpr uint64_t piece = 1 << 28;
    const auto read = [](uc_engine*, uint64_t, unsigned, void*) -> uint64_t { std::abort(); };
    const auto write = [](uc_engine*, uint64_t, unsigned, uint64_t, void*) { std::abort(); };
    while (first < end) {
        const uint64_t next = std::min(end, (first / piece + 1) * piece);
        check(uc_mmio_map(uc, first, next - first, read, nullptr, write, nullptr), "map");
        first = next;
    }
}

}  // namespace karhunen
