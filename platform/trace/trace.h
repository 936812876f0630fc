// The symbolic trace: what firmware did, as text, to be done again without a CPU on the model or
// by a test bench of RTL. README.md has the grammar. No SystemC.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "platform/registers/register_map.h"

namespace karhunen {

/// what(): "FILE:LINE: field N (WHAT): found '...', expected ...".
class SymbolicTraceError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct TraceAction {
    enum class Kind : uint8_t {
        reg_write,   ///< value
        reg_read,    ///< and the bits of mask are those of value
        poll,        ///< read until the bits of mask are those of value
        poll_least,  ///< read until a counter is at value or beyond
        wait_irq,    ///< source; the next `conditions` actions are polls of what it tells
        mem_load,    ///< crc; data, or where it begins in the memory file
        mem_check    ///< crc
    };
    Kind kind = Kind::reg_write;
    uint32_t line = 0;                              ///< in the file; 0: of none
    const RegisterPlace* register_place = nullptr;  ///< reg_..., poll...
    uint32_t value = 0, mask = 0;
    uint32_t source = 0, conditions = 0;
    uint32_t address = 0, bytes = 0, crc = 0;
    std::vector<uint8_t> data;  ///< mem_load; empty: it is in the memory file
    uint64_t offset = 0;        ///< there

    bool is_poll() const { return kind == Kind::poll || kind == Kind::poll_least; }
    bool operator==(const TraceAction&) const = default;
};

uint32_t trace_crc(std::span<const uint8_t> bytes);
/// One line, without its end.
std::string text_of(const TraceAction& action);
/// The first line of a file.
inline constexpr std::string_view trace_magic = "karhunen-trace 1";

struct SymbolicTrace {
    std::string name;         ///< of the file, for messages
    std::string memory_name;  ///< of the memory file, beside it; empty: none
    std::vector<TraceAction> actions;
    std::vector<uint8_t> memory;  ///< the memory file

    /// name: for messages. The memory file is not read.
    static SymbolicTrace parse(std::string_view text, const std::string& name);
    /// With the memory file; checks that all data is there and has the checksums that the trace
    /// says. Throws std::runtime_error too when a file cannot be opened.
    static SymbolicTrace read(const std::filesystem::path& path);

    std::span<const uint8_t> data_of(const TraceAction& load) const;
};

}  // namespace karhunen
