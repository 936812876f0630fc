#include <ostream>

#include "platform/registers/formats.h"
#include "platform/registers/text.h"

namespace karhunen {

namespace {

std::string bits_text(const RegisterField& field) {
    const uint32_t last = field.first_bit + field.bits - 1;
    return field.bits == 1 ? std::to_string(last)
                           : std::to_string(last) + ":" + std::to_string(field.first_bit);
}

std::string values_text(const RegisterField& field) {
    std::string text;
    for (const FieldValue& v : field.values)
        text += (text.empty() ? ": " : ", ") + std::to_string(v.value) + " `" + v.name + '`';
    return text;
}

void print_rows(const std::vector<MappedRegister>& registers, uint32_t offset,
                const std::string& prefix, std::ostream& out) {
    for (const MappedRegister& r : registers) {
        out << "| `" << hex_text(offset + r.offset, 2) << "` | **" << prefix << r.name << "** | "
            << text_of(r.access) << " | " << (r.reset_mask == 0 ? "configured" : hex_text(r.reset))
            << " | | " << r.text << " |\n";
        for (const RegisterField& f : r.fields)
            out << "| | `" << f.name << "` | | | " << bits_text(f) << " | " << f.text
                << values_text(f) << " |\n";
    }
}

void print_block(const MappedBlock& block, std::ostream& out) {
    out << "\n## " << block.name << "\n\n"
        << block.text << "; " << hex_text(block.base, 8) << ", " << hex_text(block.bytes)
        << " bytes, registers of " << 8 * block.register_bytes << " bits";
    if (block.irq != 0) out << ", interrupt " << block.irq;
    out << ".\n\n| offset | register, field | access | reset | bits | what |\n"
        << "| --- | --- | --- | --- | --- | --- |\n";
    print_rows(block.registers, 0, "", out);
    for (const RegisterGroup& g : block.groups) {
        out << "| | | | | | " << g.name << " n, " << g.first << " to " << g.first + g.count - 1
            << ": " << g.text << "; offsets + " << hex_text(g.stride) << " n |\n";
        print_rows(g.registers, g.offset, g.name + "n.", out);
    }
}

}  // namespace

void print_registers_markdown(std::ostream& out) {
    out << "# Registers\n\n"
        << registers_origin << R"(

Access: `RO` read only (a write is a bus error), `RW` read and write, `RWS` the same, and a read has side effects, `W1C` writing a
1 clears the bit, `WO` write only (reads as zero). Accesses are whole and aligned; anything else is a bus error. Reset
`configured`: what the machine's configuration says. What the blocks do with their registers is in their READMEs (`models/`).

| block | address | bytes | interrupt | what |
| --- | --- | --- | --- | --- |
)";
    for (const MappedBlock& b : register_map())
        out << "| [" << b.name << "](#" <<
            [&] {
                std::string anchor = b.name;
                for (char& c : anchor)
                    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
                return anchor;
            }()
            << ") | `" << hex_text(b.base, 8) << "` | `" << hex_text(b.bytes) << "` | "
            << (b.irq != 0 ? std::to_string(b.irq) : "") << " | " << b.text << " |\n";
    for (const MappedBlock& b : register_map()) print_block(b, out);
}

}  // namespace karhunen
