#include "platform/faults/active_fault.h"

#include <sstream>

namespace karhunen {

void ActiveFault::fired(const std::string& effect) {
    if (report_.fired++ != 0) return;
    report_.first_us = sc_core::sc_time_stamp().to_seconds() * 1e6;
    report_.effect = effect;
}

std::string hex_text(uint64_t value) {
    std::ostringstream text;
    text << "0x" << std::hex << value;
    return text.str();
}

std::string change_text(uint64_t before, uint64_t after) {
    return hex_text(before) + " -> " + hex_text(after);
}

}  // namespace karhunen
