// What the machine was doing when a run ended as it should not: on standard error, or in the file
// of `--crash-dump`.
#pragma once

#include <filesystem>

#include "platform/instrument.h"

namespace karhunen::debug {

/// After faults of the firmware, watchdog, halts of the CPU, and --stop-at. To be the last one.
class CrashDump : public Instrument {
public:
    /// path: empty: standard error. Throws std::runtime_error when it cannot be written.
    explicit CrashDump(const std::filesystem::path& path);

    void attach(const RunSubject& subject, Machine&) override { firmware_ = &subject.firmware; }
    void finish(Machine& machine, RunReport& report) override;

private:
    std::filesystem::path path_;
    const ElfProgram* firmware_ = nullptr;
};

/// uart: all that was sent; its end is shown.
std::string crash_text(Machine& machine, const ElfProgram& firmware, const std::string& why,
                       const std::string& uart);

}  // namespace karhunen::debug
