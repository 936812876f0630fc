// The files of platform/web and Chart.js, as they were when the program was built.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace karhunen {

/// By name ("page.css"). Throws std::logic_error for one that there is not.
std::span<const uint8_t> web_file(std::string_view name);

}  // namespace karhunen
