// karhunen registers: the register map in the form that one needs.
#include <iostream>
#include <map>
#include <memory>
#include <sstream>

#include "platform/commands/commands.h"
#include "platform/files.h"
#include "platform/registers/formats.h"

namespace karhunen {

void add_registers_command(CLI::App& program, int& exit_code) {
    using Print = void (*)(std::ostream&);
    static const std::map<std::string, Print> formats = {{"markdown", print_registers_markdown},
                                                         {"svd", print_registers_svd},
                                                         {"sv", print_registers_sv},
                                                         {"header", print_registers_header},
                                                         {"json", print_registers_json}};
    struct Options {
        std::string format = "markdown", output;
    };
    CLI::App* command =
        program.add_subcommand("registers", "Print all registers: for people, debuggers, RTL, C");
    auto o = std::make_shared<Options>();
    command
        ->add_option("--format", o->format,
                     "markdown, svd (CMSIS-SVD 1.3), sv (SystemVerilog package), header (C), json")
        ->check(CLI::IsMember({"markdown", "svd", "sv", "header", "json"}))
        ->capture_default_str();
    command->add_option("-o,--output", o->output, "file to write; none: standard output");
    command->footer(
        "Examples:\n"
        "  karhunen registers | less\n"
        "  karhunen registers --format svd -o karhunen.svd      for a debugger's register view\n"
        "  karhunen registers --format sv -o karhunen_registers_pkg.sv");
    command->callback([o, &exit_code] {
        exit_code = report_errors([&] {
            std::ostringstream text;
            formats.at(o->format)(text);
            if (o->output.empty())
                std::cout << text.str();
            else
                write_text_file(o->output, text.str());
            return 0;
        });
    });
}

}  // namespace karhunen
