// DRAM commands as CSV: a header line, then `clock,command,bank,row,column` for each in order of
// clocks. Fields that a command does not have are 0.
#pragma once

#include <filesystem>
#include <string>

#include "models/ddr/command.h"
#include "platform/files.h"

namespace karhunen {

class CommandTrace {
public:
    /// Throws std::runtime_error when the file cannot be written.
    explicit CommandTrace(const std::filesystem::path& path);

    /// Throws nothing: check() and finish() tell of errors.
    void add(const ddr::CommandRecord& record);
    void check() const { file_.check(); }
    /// Until here the file does not exist under its name. Throws std::runtime_error.
    void finish();

private:
    OutputFile file_;
    std::string buffer_;
};

}  // namespace karhunen
