// A page in headless Chromium, and what a script of the test finds in it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace karhunen {

struct Visit {
    /// What the script returned.
    nlohmann::json found;
    /// Errors, exceptions, refused and loaded resources that the page caused; lines of the console.
    std::vector<std::string> complaints;
};

/// Opens `html` from disk, without a network, and runs the body of an async function behind the
/// page's own scripts: `return {...}`. Animations and timers run in virtual time. is_dark: the
/// user's colour scheme. Throws std::runtime_error if the script returns nothing.
Visit visit(const std::string& html, const std::string& script, bool is_dark = false);

/// Functions for scripts: chart(id), isDrawn(id), textOf(selector).
extern const char* const browser_helpers;

}  // namespace karhunen
