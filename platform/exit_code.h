// What the `karhunen` program ends with.
#pragma once

namespace karhunen {

inline constexpr int exit_internal_error = 1, exit_bad_input = 2, exit_firmware_fault = 3,
                     exit_mismatch = 4,
                     exit_stopped = 5;  ///< before its end, by who ran it: --stop-at, GDB's kill

}  // namespace karhunen
