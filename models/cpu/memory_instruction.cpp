#include "models/cpu/memory_instruction.h"

namespace karhunen {
namespace {

/// Bits high..low of the value, moved down to `to`.
constexpr uint32_t field(uint32_t value, unsigned high, unsigned low, unsigned to = 0) {
    return (value >> low & ((1u << (high - low + 1)) - 1)) << to;
}

/// RISC-V unprivileged ISA 20191213, tables 16.5 to 16.7: C.LW, C.SW, C.LWSP, C.SWSP.
std::optional<MemoryInstruction> decode_compressed(uint32_t bits) {
    MemoryInstruction m;
    m.length = 2;
    m.is_store = bits & 0x8000;
    switch (bits & 0x6003) {
        case 0x4000:  // C.LW, C.SW
            m.base = 8 + field(bits, 9, 7);
            m.data = 8 + field(bits, 4, 2);
            m.offset = field(bits, 12, 10, 3) | field(bits, 6, 6, 2) | field(bits, 5, 5, 6);
            return m;
        case 0x4002:
            m.base = 2;
            if (m.is_store) {  // C.SWSP
                m.data = field(bits, 6, 2);
                m.offset = field(bits, 12, 9, 2) | field(bits, 8, 7, 6);
            } else {  // C.LWSP
                m.data = field(bits, 11, 7);
                m.offset = field(bits, 12, 12, 5) | field(bits, 6, 4, 2) | field(bits, 3, 2, 6);
            }
            return m;
    }
    return std::nullopt;
}

}  // namespace

std::optional<MemoryInstruction> decode_memory_instruction(uint32_t bits) {
    if (instruction_length(bits) == 2) return decode_compressed(bits);
    MemoryInstruction m;
    const uint32_t width = field(bits, 14, 12);
    m.base = field(bits, 19, 15);
    m.bytes = 1 << (width & 3);
    switch (bits & 0x7F) {
        case 0x03:  // LB, LH, LW, LBU, LHU
            if (width == 3 || width > 5) return std::nullopt;
            m.sign_extends = width < 4;
            m.data = field(bits, 11, 7);
            m.offset = static_cast<int32_t>(bits) >> 20;
            return m;
        case 0x23:  // SB, SH, SW
            if (width > 2) return std::nullopt;
            m.is_store = true;
            m.data = field(bits, 24, 20);
            m.offset = (static_cast<int32_t>(bits) >> 25) * 32 + field(bits, 11, 7);
            return m;
        case 0x2F:  // LR.W, SC.W, AMO*.W
            if (width != 2) return std::nullopt;
            m.is_atomic = true;
            m.is_store = field(bits, 31, 27) != 2;  // all but LR.W fault as stores
            m.data = field(bits, 11, 7);
            return m;
    }
    return std::nullopt;
}

}  // namespace karhunen
