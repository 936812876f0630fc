#include "platform/table.h"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <sstream>

namespace karhunen {

std::string fixed(double value, int digits) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(digits) << value;
    return text.str();
}

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + '"';
}

std::string percent(uint64_t part, uint64_t whole) {
    return whole == 0 ? "-"
                      : fixed(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1);
}

void Table::print(std::ostream& out) const {
    std::vector<size_t> widths(rows_[0].size());
    for (const auto& row : rows_)
        for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    for (const auto& row : rows_) {
        for (size_t i = 0; i < row.size(); ++i) {
            out << (i ? "  " : "") << (i < left_ ? std::left : std::right)
                << std::setw(static_cast<int>(widths[i])) << row[i];
        }
        out << '\n';
    }
}

}  // namespace karhunen
