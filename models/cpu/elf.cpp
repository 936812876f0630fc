#include "models/cpu/elf.h"

#include <fstream>
#include <iterator>
#include <sstream>

namespace karhunen {
namespace {

// Tool Interface Standard, ELF specification 1.2; machine number from the RISC-V ELF psABI.
constexpr uint16_t executable = 2, risc_v = 243;
constexpr uint32_t loadable = 1;
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
    return program;
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
