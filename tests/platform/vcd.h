// Reads value change dumps (IEEE 1364-2005, clause 18) as far as SystemC writes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace karhunen {

struct VcdChange {
    uint64_t time, value;
};

struct VcdSignal {
    unsigned bits = 0;
    std::vector<VcdChange> changes;  ///< the first one is the value at time 0

    uint64_t at(uint64_t time) const;  ///< after everything that happens at this time
    unsigned edges_to(uint64_t value) const;
    /// The value changes where it is dumped, but for the first time.
    bool has_only_changes() const;
};

struct Vcd {
    std::string timescale;
    std::map<std::string, VcdSignal> signals;  ///< by full name, "[7:0]" included
    uint64_t end = 0;                          ///< last time in the file

    /// Throws std::runtime_error for anything unexpected: an unknown code, a value that is not a
    /// number, time that runs backwards.
    static Vcd read(const std::filesystem::path& path);
};

}  // namespace karhunen
