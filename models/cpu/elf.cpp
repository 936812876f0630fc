#include "models/cpu/elf.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace karhunen {
namespace {

// Tool Interface Standard, ELF specification 1.2; machine number from the RISC-V ELF psABI.
constexpr uint16_t executable = 2, risc_v = 243;
constexpr uint32_t loadable = 1;
constexpr uint32_t symbol_table = 2;
constexpr uint32_t most_bytes = 256u << 20;

/// Little-endian numbers of a file, bounds-checked.
class Reader {
public:
    explicit Reader(std::span<const uint8_t> file) : file_(file) {}

    uint32_t number(uint64_t offset, unsigned bytes) const {
        const auto part = slice(offset, bytes, "header");
        uint32_t value = 0;
        for (unsigned i = 0; i < bytes; ++i) value |= uint32_t{part[i]} << 8 * i;
        return value;
    }
    std::span<const uint8_t> slice(uint64_t offset, uint64_t bytes, const char* what) const {
        if (offset > file_.size() || bytes > file_.size() - offset)
            throw ElfError(std::string("ELF file ends within a ") + what);
        return file_.subspan(offset, bytes);
    }

private:
    std::span<const uint8_t> file_;
};

void check_header(const Reader& file) {
    if (file.number(0, 4) != 0x464C457F) throw ElfError("not an ELF file");
    if (file.number(4, 1) != 1 || file.number(5, 1) != 1)
        throw ElfError("not a 32-bit little-endian ELF file");
    if (file.number(18, 2) != risc_v) throw ElfError("ELF file is not for RISC-V");
    if (file.number(16, 2) != executable)
        throw ElfError("ELF file is not an executable (linked at fixed addresses)");
}

/// Of the string that begins there.
std::string text_at(std::span<const uint8_t> strings, uint32_t offset) {
    if (offset >= strings.size()) throw ElfError("ELF symbol without a name");
    const auto* begin = reinterpret_cast<const char*>(strings.data()) + offset;
    return {begin, strnlen(begin, strings.size() - offset)};
}

/// Functions, objects and labels; not the marks of the assembler ($x, .L1).
void read_symbols(std::span<const uint8_t> table, std::span<const uint8_t> strings,
                  std::vector<ElfSymbol>& symbols) {
    constexpr uint32_t most_kind = 2, first_reserved_section = 0xFF00;
    const Reader entries(table);
    for (uint64_t at = 0; at + 16 <= table.size(); at += 16) {
        const uint32_t kind = entries.number(at + 12, 1) & 0xF,
                       section = entries.number(at + 14, 2);
        if (kind > most_kind || section == 0 || section >= first_reserved_section) continue;
        const std::string name = text_at(strings, entries.number(at, 4));
        if (name.empty() || name[0] == '$' || name[0] == '.') continue;
        symbols.push_back({entries.number(at + 4, 4), entries.number(at + 8, 4), name});
    }
}

std::vector<ElfSymbol> symbols_of(const Reader& file) {
    const uint64_t table = file.number(32, 4), entry_bytes = file.number(46, 2);
    const uint32_t entries = file.number(48, 2);
    if (entries != 0 && entry_bytes < 40) throw ElfError("ELF section headers are too short");
    const auto contents = [&](uint64_t header) {
        return file.slice(file.number(header + 16, 4), file.number(header + 20, 4), "section");
    };
    std::vector<ElfSymbol> symbols;
    for (uint64_t i = 0; i < entries; ++i) {
        const uint64_t header = table + i * entry_bytes;
        if (file.number(header + 4, 4) != symbol_table) continue;
        const uint32_t names = file.number(header + 24, 4);
        if (names >= entries) throw ElfError("ELF symbol table without names");
        read_symbols(contents(header), contents(table + names * entry_bytes), symbols);
    }
    std::ranges::stable_sort(symbols, {}, &ElfSymbol::address);
    return symbols;
}

}  // namespace

ElfProgram parse_elf(std::span<const uint8_t> bytes) {
    const Reader file(bytes);
    check_header(file);
    ElfProgram program;
    program.entry = file.number(24, 4);
    const uint64_t table = file.number(28, 4), entry_bytes = file.number(42, 2);
    const uint32_t entries = file.number(44, 2);
    if (entries != 0 && entry_bytes < 32) throw ElfError("ELF program headers are too short");
    for (uint64_t i = 0; i < entries; ++i) {
        const uint64_t header = table + i * entry_bytes;
        if (file.number(header, 4) != loadable) continue;
        const uint32_t in_file = file.number(header + 16, 4),
                       in_memory = file.number(header + 20, 4);
        const uint32_t address = file.number(header + 12, 4);
        if (in_memory < in_file || in_memory > most_bytes ||
            address + uint64_t{in_memory} > 1ull << 32)
            throw ElfError("ELF segment of impossible size");
        if (in_memory == 0) continue;
        const auto contents = file.slice(file.number(header + 4, 4), in_file, "segment");
        program.segments.push_back({address, {contents.begin(), contents.end()}});
        program.segments.back().bytes.resize(in_memory);
    }
    if (program.segments.empty()) throw ElfError("ELF file has nothing to load");
    program.symbols = symbols_of(file);
    return program;
}

std::string place_of(const ElfProgram& program, uint32_t address) {
    auto next = std::ranges::upper_bound(program.symbols, address, {}, &ElfSymbol::address);
    while (next != program.symbols.begin()) {
        const ElfSymbol& symbol = *--next;
        const uint32_t offset = address - symbol.address;
        if (symbol.bytes != 0 && offset >= symbol.bytes) continue;
        if (offset == 0) return symbol.name;
        std::ostringstream out;
        out << symbol.name << "+0x" << std::hex << offset;
        return out.str();
    }
    return "";
}

ElfProgram read_elf(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw ElfError(path.string() + ": cannot be opened");
    const std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(in)),
                                     std::istreambuf_iterator<char>());
    try {
        return parse_elf(bytes);
    } catch (const ElfError& e) {
        throw ElfError(path.string() + ": " + e.what());
    }
}

void load_elf(const ElfProgram& program,
              const std::function<bool(uint32_t, std::span<const uint8_t>)>& write) {
    for (const ElfSegment& s : program.segments) {
        if (write(s.address, s.bytes)) continue;
        std::ostringstream out;
        out << "ELF segment of " << s.bytes.size() << " bytes at 0x" << std::hex << s.address
            << " does not lie in memory";
        throw ElfError(out.str());
    }
}

}  // namespace karhunen
