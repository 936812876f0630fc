// Reads RV32 programs in ELF format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace karhunen {

/// what() says what is wrong with the file.
class ElfError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct ElfSegment {
    uint32_t address;            ///< physical: where it is loaded
    std::vector<uint8_t> bytes;  ///< zero-filled to the size in memory
};

/// A function or an object, at its address.
struct ElfSymbol {
    uint32_t address, bytes;  ///< bytes: 0 if unknown
    std::string name;
};

struct ElfProgram {
    uint32_t entry = 0;
    std::vector<ElfSegment> segments;  ///< PT_LOAD, in the order of the file
    std::vector<ElfSymbol> symbols;    ///< by address; none in a stripped file
};

/// What lies at an address, as "main+0x1c"; "" where no symbol covers it.
std::string place_of(const ElfProgram& program, uint32_t address);

/// 32-bit little-endian RISC-V executables. Every offset is checked against the file; a segment may
/// have at most 256 MiB in memory. Throws ElfError.
ElfProgram parse_elf(std::span<const uint8_t> file);
ElfProgram read_elf(const std::filesystem::path& path);

/// Hands each segment to `write`, which returns false where there is no memory (then: ElfError
/// that names the segment). Typically `write` uses the debug transport of the bus.
void load_elf(const ElfProgram& program,
              const std::function<bool(uint32_t address, std::span<const uint8_t> bytes)>& write);

}  // namespace karhunen
