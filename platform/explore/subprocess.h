// Other programs, started without a shell between.
#pragma once

#include <string>
#include <vector>

namespace karhunen {

struct ProgramEnd {
    int exit_code = 0;  ///< 128 + n: killed by signal n
    std::string out, err;
};

/// Runs words[0], looked for in PATH, with the others as they are, and waits for its end. Signals
/// that are blocked here are not blocked there. shielded: what a terminal sends (Ctrl-C) does not
/// reach it. Throws std::system_error when it cannot be started: ENOENT, there is no such program.
ProgramEnd run_program(const std::vector<std::string>& words, bool shielded);

}  // namespace karhunen
