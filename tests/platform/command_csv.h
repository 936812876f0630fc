// For tests of the CSV of DRAM commands.
#pragma once

#include <unistd.h>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "models/ddr/command.h"

namespace karhunen {

/// A name that no other process uses.
inline std::filesystem::path temporary_file() {
    return std::filesystem::temp_directory_path() /
           ("karhunen-commands-" + std::to_string(getpid()) + ".csv");
}

/// Requires the header line and five fields in each other line.
inline std::vector<ddr::CommandRecord> read_commands(const std::string& csv) {
    std::istringstream in(csv);
    std::string line;
    BOOST_REQUIRE(std::getline(in, line) && line == "clock,command,bank,row,column");
    std::vector<ddr::CommandRecord> commands;
    while (std::getline(in, line)) {
        ddr::CommandRecord& c = commands.emplace_back();
        long long clock = 0;
        char name[8] = "", rest = 0;
        const int fields = std::sscanf(line.c_str(), "%lld,%7[A-Z],%u,%u,%u%c", &clock, name,
                                       &c.bank, &c.row, &c.column, &rest);
        BOOST_REQUIRE_MESSAGE(fields == 5, line);
        c.clock = clock;
        while (c.command < ddr::Command::count && name_of(c.command) != name)
            c.command = static_cast<ddr::Command>(static_cast<unsigned>(c.command) + 1);
        BOOST_REQUIRE_MESSAGE(c.command < ddr::Command::count, line);
    }
    return commands;
}

}  // namespace karhunen
