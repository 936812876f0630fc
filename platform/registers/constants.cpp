// The same constants for SystemVerilog and for C: addresses, masks, values of fields, resets.
#include <functional>
#include <ostream>
#include <set>

#include "platform/registers/formats.h"
#include "platform/registers/text.h"

namespace karhunen {

namespace {

/// For those who look for one.
constexpr const char* naming[] = {
    "BLOCK_BASE, BLOCK_BYTES, BLOCK_IRQ where it has one.",
    "Of each register: BLOCK_REGISTER_ADDRESS, BLOCK_REGISTER_RESET; in a group of equal ones",
    "BLOCK_GROUP3_REGISTER_ADDRESS and so on.",
    "Of each field: BLOCK_REGISTER_FIELD_MASK, BLOCK_REGISTER_FIELD_SHIFT, and of values with "
    "names",
    "BLOCK_REGISTER_FIELD__VALUE; in a group once, BLOCK_GROUP_REGISTER_FIELD_MASK."};

using Define =
    std::function<void(const std::string& name, uint32_t value, const std::string& text)>;

/// prefix: of the block, and of the group without the number of the element.
void define_fields(const std::string& prefix, const std::vector<MappedRegister>& registers,
                   const Define& define) {
    for (const MappedRegister& r : registers)
        for (const RegisterField& f : r.fields) {
            const std::string field = prefix + '_' + r.name + '_' + f.name;
            define(field + "_MASK", f.mask(), f.text);
            define(field + "_SHIFT", f.first_bit, "");
            for (const FieldValue& v : f.values) define(field + "__" + v.name, v.value, v.text);
        }
}

void define_all(const Define& define) {
    for (const MappedBlock& b : register_map()) {
        define(b.name + "_BASE", b.base, b.text);
        define(b.name + "_BYTES", b.bytes, "");
        if (b.irq != 0) define(b.name + "_IRQ", b.irq, "source at the PLIC");
        define_fields(b.name, b.registers, define);
        for (const RegisterGroup& g : b.groups)
            define_fields(b.name + '_' + g.name, g.registers, define);
    }
    for (const RegisterPlace& place : register_places()) {
        const std::string name = identifier_of(place.name);
        define(name + "_ADDRESS", place.address, place.description->text);
        const MappedRegister& r = *place.description;
        define(name + "_RESET", r.reset,
               r.reset_mask == UINT32_MAX ? "" : "depends on the machine");
    }
}

}  // namespace

void print_registers_header(std::ostream& out) {
    out << "/* " << registers_origin
        << "\n * For C and assembly without lists of X. Firmware of this project includes"
           "\n * <karhunen/registers.h>. Names, behind KARHUNEN_:";
    for (const char* line : naming) out << "\n *   " << line;
    out << " */\n/* clang-format off */\n"
           "#ifndef KARHUNEN_REGISTER_CONSTANTS_H\n#define KARHUNEN_REGISTER_CONSTANTS_H\n\n";
    define_all([&](const std::string& name, uint32_t value, const std::string& text) {
        out << "#define KARHUNEN_" << name << ' ' << hex_text(value);
        out << (text.empty() ? "" : " /* " + text + " */") << '\n';
    });
    out << "\n#endif\n/* clang-format on */\n";
}

void print_registers_sv(std::ostream& out) {
    out << "// " << registers_origin << "\n// Names:";
    for (const char* line : naming) out << "\n//   " << line;
    out << "\n// verilator lint_off UNUSEDPARAM\npackage karhunen_registers_pkg;\n\n";
    define_all([&](const std::string& name, uint32_t value, const std::string& text) {
        out << "    localparam logic [31:0] " << name << " = 32'h" << hex_text(value, 8).substr(2)
            << ';' << (text.empty() ? "" : "  // " + text) << '\n';
    });
    out << R"(
    // Address and width of a register by its name in traces; 0 if there is none.
    function automatic bit find_register(input string name, output logic [31:0] address,
                                         output int unsigned bytes);
        bytes = 4;
        find_register = 1;
        case (name)
)";
    for (const RegisterPlace& place : register_places()) {
        out << "            \"" << place.name << "\": ";
        const std::string set = "address = " + identifier_of(place.name) + "_ADDRESS;";
        if (place.bytes == 4)
            out << set << '\n';
        else
            out << "begin " << set << " bytes = " << place.bytes << "; end\n";
    }
    out << R"(            default: begin address = 0; find_register = 0; end
        endcase
    endfunction

    // Number of an interrupt at the PLIC by the name of its block; 0 if it has none.
    function automatic int unsigned find_interrupt(input string name);
        case (name)
)";
    for (const MappedBlock& b : register_map())
        if (b.irq != 0)
            out << "            \"" << b.name << "\": find_interrupt = " << b.name << "_IRQ;\n";
    out << R"(            default: find_interrupt = 0;
        endcase
    endfunction

endpackage
)";
}

}  // namespace karhunen
