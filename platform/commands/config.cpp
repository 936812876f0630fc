// karhunen config: the complete configuration with a comment per key.
#include <iostream>

#include "platform/commands/commands.h"
#include "platform/configuration.h"
#include "platform/files.h"

namespace karhunen {

void add_config_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "config", "Print the complete configuration of a machine, each key with a comment");
    auto file = std::make_shared<std::string>();
    command->add_option("--platform", *file,
                        "start from this file instead of the defaults; checks it whole");
    command->footer(
        "Examples:\n"
        "  karhunen config > my-machine.yaml            the default machine, ready to edit\n"
        "  karhunen config --platform my-machine.yaml   check a file, fill in what it leaves out");
    command->callback([file, &exit_code] {
        exit_code = report_errors([&] {
            if (!file->empty()) check_readable(*file);
            const auto configuration =
                file->empty() ? PlatformConfiguration{} : PlatformConfiguration::read(*file);
            configuration.print(std::cout);
            return 0;
        });
    });
}

}  // namespace karhunen
