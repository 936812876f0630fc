// karhunen paper: the publication's energy table by our models, misprints marked.
#include <iostream>
#include <memory>

#include "platform/commands/commands.h"
#include "platform/paper_table.h"

namespace karhunen {

void add_paper_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "paper", "Table III of Chmiel et al. (DRAM energy, bandwidth) by our models, corrected");
    auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "print JSON");
    command->footer(
        "Examples:\n"
        "  karhunen paper                  ours beside what is printed, misprints marked\n"
        "  karhunen paper --json > table3.json");
    command->callback([json, &exit_code] {
        exit_code = report_errors([&] {
            *json ? print_paper_json(std::cout) : print_paper_text(std::cout);
            return 0;
        });
    });
}

}  // namespace karhunen
