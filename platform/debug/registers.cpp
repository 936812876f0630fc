#include "platform/debug/registers.h"

#include <sstream>

namespace karhunen::debug {

const std::array<std::string_view, general_registers> register_names = {
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

std::string writable_registers() {
    std::string all = "x1 to x31, pc";
    for (const NamedCsr& csr : csrs)
        if (csr.is_writable) all += ", " + std::string(csr.name);
    return all;
}

std::string target_description() {
    std::ostringstream out;
    const auto add = [&](std::string_view name, uint32_t number, std::string_view type) {
        out << "<reg name=\"" << name << "\" bitsize=\"32\" regnum=\"" << number << "\" type=\""
            << type << "\"/>\n";
    };
    out << "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
           "<target version=\"1.0\">\n<architecture>riscv:rv32</architecture>\n"
           "<feature name=\"org.gnu.gdb.riscv.cpu\">\n";
    for (uint32_t n = 0; n < general_registers; ++n) {
        const std::string_view name = register_names[n];
        add(name, n, name == "ra" ? "code_ptr" : name == "sp" || name == "gp" ? "data_ptr" : "int");
    }
    add("pc", pc_number, "code_ptr");
    out << "</feature>\n<feature name=\"org.gnu.gdb.riscv.csr\">\n";
    for (const NamedCsr& csr : csrs) add(csr.name, first_csr_number + csr.number, "int");
    out << "</feature>\n</target>\n";
    return out.str();
}

}  // namespace karhunen::debug
