#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "platform/cosimulation/cosimulation.h"

namespace karhunen::rtl {

namespace {

template <size_t n>
size_t number_of(const std::string& name, const std::array<const char*, n>& names,
                 const char* what) {
    const auto found = std::ranges::find(names, name);
    if (found != names.end()) return static_cast<size_t>(found - names.begin());
    std::string known;
    for (const char* k : names) known += (known.empty() ? "" : ", ") + std::string(k);
    throw std::runtime_error("--rtl: unknown " + std::string(what) + " '" + name +
                             "'; known: " + known);
}

}  // namespace

Settings parse_modes(const std::string& text) {
    Settings settings;
    if (text.find_first_of("=,") == std::string::npos) {
        settings.modes.fill(Mode(number_of(text, mode_names, "mode")));
        settings.all_that_fit = true;
        return settings;
    }
    std::set<size_t> named;
    std::istringstream items(text + ',');  // else nothing would come behind a last comma
    for (std::string item; std::getline(items, item, ',');) {
        const size_t equals = item.find('=');
        if (equals == std::string::npos)
            throw std::runtime_error("--rtl " + text +
                                     ": expected BLOCK=MODE, separated by commas, or a mode");
        const size_t block = number_of(item.substr(0, equals), block_names, "block");
        if (!named.insert(block).second)
            throw std::runtime_error("--rtl " + text + ": " + block_names[block] +
                                     " is there twice");
        settings.modes[block] = Mode(number_of(item.substr(equals + 1), mode_names, "mode"));
    }
    return settings;
}

}  // namespace karhunen::rtl
