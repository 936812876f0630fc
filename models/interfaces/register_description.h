// What a register is, from the lists of <karhunen/registers.h>. No SystemC.
#pragma once

#include <cstdint>
#include <string_view>

namespace karhunen {

enum class Access : uint8_t { RO, RW, RWS, W1C, WO };

struct RegisterDescription {
    std::string_view name;
    uint32_t offset;
    Access access;
    uint32_t reset;
    std::string_view text;
};

// Use: constexpr RegisterDescription table[] = {KRHN_DMA_REGISTERS(KARHUNEN_DESCRIBE)};
#define KARHUNEN_DESCRIBE(name, offset, access, reset, text) \
    ::karhunen::RegisterDescription{#name, offset, ::karhunen::Access::access, reset, text},

}  // namespace karhunen
