// What becomes of each example in configs/faults, on the small network: the table in
// docs/faults.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "platform/report.h"

namespace karhunen {

struct FaultOutcome {
    std::string name;          ///< of the file
    std::string text;          ///< its first line
    RunReport alone, checked;  ///< without and with --check
    bool is_right = false;     ///< it came to an end, with the result of a run without faults
    std::string said;          ///< by firmware, in one line; without addresses that move
};

/// In the order of their names. The examples name ResNet-18's maps; those of the small network with
/// the same part stand for them.
std::vector<FaultOutcome> run_examples(const std::filesystem::path& folder);

/// "stopped", "recovered", "harmless", "UNNOTICED".
std::string ending_of(const FaultOutcome& outcome);
std::string table_of(const std::vector<FaultOutcome>& outcomes);
/// The page with the table between its marks replaced. Throws std::runtime_error if it has none.
std::string with_table(const std::string& page, const std::string& table);

}  // namespace karhunen
