// ddr_check DEVICE.yaml COMMANDS.csv [--mhz N] [--postponed N] [--no-refresh]
// Checks a trace of DRAM commands against a device file. Exit code 0: legal, 1: not, 2: bad input.
#include <charconv>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>

#include "models/ddr_checker/command_checker.h"

namespace {

using namespace karhunen::ddr;

constexpr std::string_view header = "clock,command,bank,row,column";
constexpr std::string_view usage =
    "usage: ddr_check DEVICE.yaml COMMANDS.csv [--mhz N] [--postponed N] [--no-refresh]\n"
    "  COMMANDS.csv     lines 'clock,command,bank,row,column' after that header; - is standard "
    "input.\n"
    "                   ACT RD RDA WR WRA PRE PREA REF; the lowest bits of a bank's number are "
    "its\n"
    "                   bank group\n"
    "  --mhz N          clock of the trace, for times; default: the device's, which is the most\n"
    "  --postponed N    refreshes that may be postponed or pulled in, 0 to 8; default 0\n"
    "  --no-refresh     refreshes may be missing\n";

class BadInput : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

template <typename Number>
Number number_of(std::string_view text, const std::string& what) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw BadInput(what + ": expected a number, found '" + std::string(text) + "'");
    return value;
}

Command command_of(std::string_view name, const std::string& where) {
    for (unsigned c = 0; c < command_count; ++c)
        if (name == name_of(static_cast<Command>(c))) return static_cast<Command>(c);
    throw BadInput(where + ": no command '" + std::string(name) + "'");
}

/// Reads a line into a buffer of its own: a line of any length costs no more memory.
class Lines {
public:
    Lines(std::istream& in, const std::string& name) : in_(in), name_(name) {}

    std::optional<std::string_view> next() {
        in_.getline(buffer_, sizeof buffer_);
        if (in_.bad()) throw BadInput(name_ + ": cannot be read");
        if (in_.gcount() == 0 && in_.eof()) return std::nullopt;
        ++number_;
        if (in_.fail()) throw BadInput(where() + ": longer than any command");
        std::string_view line(buffer_);
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }
    std::string where() const { return name_ + ':' + std::to_string(number_); }

private:
    std::istream& in_;
    std::string name_;
    char buffer_[256];
    uint64_t number_ = 0;
};

CommandRecord record_of(std::string_view line, const Lines& lines) {
    std::array<std::string_view, 5> fields;
    for (size_t i = 0; i < fields.size(); ++i) {
        const size_t comma = line.find(',');
        if ((comma == std::string_view::npos) != (i + 1 == fields.size()))
            throw BadInput(lines.where() + ": expected " + std::string(header));
        fields[i] = line.substr(0, comma);
        if (comma != std::string_view::npos) line.remove_prefix(comma + 1);
    }
    const auto clock = number_of<Clock>(fields[0], lines.where() + ": clock");
    if (clock < 0 || clock >> 60) throw BadInput(lines.where() + ": clock out of range");
    return {clock, command_of(fields[1], lines.where()),
            number_of<uint32_t>(fields[2], lines.where() + ": bank"),
            number_of<uint32_t>(fields[3], lines.where() + ": row"),
            number_of<uint32_t>(fields[4], lines.where() + ": column")};
}

struct Options {
    std::string device, commands;
    double mhz = 0;
    RefreshRule refresh{0, 0};
};

Options options_of(int count, char** words) {
    Options o;
    for (int i = 1; i < count; ++i) {
        const std::string word = words[i];
        const auto value = [&] {
            if (++i == count) throw BadInput(word + ": expected a number after it");
            return std::string_view(words[i]);
        };
        if (word == "--mhz") {
            o.mhz = number_of<double>(value(), word);
            if (!(o.mhz > 0)) throw BadInput("--mhz: expected a number above 0");
        } else if (word == "--postponed") {
            o.refresh.postponed = o.refresh.pulled_in = number_of<uint32_t>(value(), word);
            if (o.refresh.postponed > 8) throw BadInput("--postponed: at most 8");
        } else if (word == "--help") {
            std::cout << usage;
            std::exit(0);
        } else if (word == "--no-refresh") {
            o.refresh.required = false;
        } else if (word.starts_with("--")) {
            throw BadInput("no option " + word + '\n' + std::string(usage));
        } else {
            if (!o.commands.empty()) throw BadInput(std::string(usage));
            (o.device.empty() ? o.device : o.commands) = word;
        }
    }
    if (o.commands.empty()) throw BadInput(std::string(usage));
    return o;
}

int check(const Options& o) {
    const CheckedDevice device = CheckedDevice::read(o.device);
    const double most_mhz = 1e6 / static_cast<double>(device.t_ck_ps);
    const double mhz = o.mhz > 0 ? o.mhz : most_mhz;
    if (mhz > most_mhz * 1.001)
        throw BadInput("--mhz: the device is for " + std::to_string(most_mhz) + " MHz at most");

    std::ifstream file;
    if (o.commands != "-") file.open(o.commands);
    if (!file) throw BadInput(o.commands + ": cannot be read");
    Lines lines(o.commands == "-" ? std::cin : file, o.commands);
    const auto first = lines.next();
    if (first != header) throw BadInput(o.commands + ":1: expected " + std::string(header));

    CommandChecker checker(device, o.refresh, {20, "line ", 2});
    Clock last = 0;
    while (const auto line = lines.next()) {
        const CommandRecord record = record_of(*line, lines);
        checker.add(record);
        last = record.clock;
    }
    std::cout << checker.violations();
    std::cout << checker.commands() << " commands, last at clock " << last << " ("
              << static_cast<double>(last) / mhz << " us)\n";
    for (unsigned c = 0; c < command_count; ++c)
        std::cout << name_of(static_cast<Command>(c)) << ' '
                  << checker.count(static_cast<Command>(c)) << '\n';
    const uint64_t violations = checker.violation_count();
    std::cout << violations << (violations == 1 ? " violation\n" : " violations\n");
    return checker.violation_count() > 0;
}

}  // namespace

int main(int count, char** words) {
    try {
        return check(options_of(count, words));
    } catch (const std::exception& e) {
        std::cerr << "ddr_check: " << e.what() << '\n';
        return 2;
    }
}
