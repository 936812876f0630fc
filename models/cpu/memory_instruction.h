// Which memory access an RV32IMAC instruction makes.
#pragma once

#include <cstdint>
#include <optional>

namespace karhunen {

struct MemoryInstruction {
    bool is_store = false;
    bool is_atomic = false;  ///< LR, SC or AMO
    bool sign_extends = false;
    uint8_t bytes = 4;   ///< moved by the access
    uint8_t base = 0;    ///< register that holds the address
    uint8_t data = 0;    ///< register that is loaded or stored
    int32_t offset = 0;  ///< added to the base
    uint8_t length = 4;  ///< of the instruction, in bytes
};

/// bits: the instruction, in the low half if compressed. Empty: it accesses no memory.
std::optional<MemoryInstruction> decode_memory_instruction(uint32_t bits);

/// A 32-bit instruction ends in 11 (RISC-V unprivileged ISA, section 1.5).
constexpr unsigned instruction_length(uint32_t bits) {
    return (bits & 3) == 3 ? 4 : 2;
}

}  // namespace karhunen
