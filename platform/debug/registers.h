// The registers that GDB is told of, with its numbers for them ("Debugging with GDB", appendix
// G.5.11: RISC-V features).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace karhunen::debug {

constexpr uint32_t general_registers = 32, pc_number = 32, first_csr_number = 65;
/// Those of a `g` packet: x0 to x31 and the pc.
constexpr uint32_t common_registers = 33;

struct NamedCsr {
    std::string_view name;
    uint32_t number;  ///< as in CSR instructions; GDB's is first_csr_number more
    bool is_writable = true;
};
constexpr NamedCsr csrs[] = {{"mstatus", 0x300}, {"misa", 0x301, false}, {"mie", 0x304},
                             {"mtvec", 0x305},   {"mscratch", 0x340},    {"mepc", 0x341},
                             {"mcause", 0x342},  {"mtval", 0x343},       {"mip", 0x344, false}};

/// By the RISC-V ABI: zero, ra, sp, ...
extern const std::array<std::string_view, general_registers> register_names;

/// Those that GDB may write, for people.
std::string writable_registers();

/// target.xml.
std::string target_description();

}  // namespace karhunen::debug
