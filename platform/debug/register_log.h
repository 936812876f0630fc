// `--register-log`: every access of the CPU to a register, as CSV.
#pragma once

#include <filesystem>
#include <string>

#include "platform/files.h"
#include "platform/instrument.h"

namespace karhunen::debug {

/// A header line, then `time_ps,pc,access,register,value,response` per access: the time of its end,
/// "read" or "write", a name as of `karhunen registers` (an address where there is none), "ok" or
/// "error". Accesses to memory are not in it. The file gets its name when the run is over.
class RegisterLog : public Instrument {
public:
    /// Throws std::runtime_error when the file cannot be written.
    explicit RegisterLog(const std::filesystem::path& path);

    void attach(const RunSubject& subject, Machine& machine) override;
    void finish(Machine& machine, RunReport& report) override;

private:
    void add(const BusAccess& access, uint32_t pc);

    OutputFile file_;
    std::string buffer_;
    uint64_t memory_bytes_ = 0;  ///< of DDR
};

}  // namespace karhunen::debug
