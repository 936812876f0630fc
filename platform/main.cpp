// The `karhunen` program.
#include <cstdlib>
#include <iostream>

#include <systemc>

#include "platform/commands/commands.h"
#include "platform/files.h"

// libsystemc refers to it; simulations are started by the commands themselves.
int sc_main(int, char**) {
    return 1;
}

/// Bad options are told as all errors are, and where the command's options are explained.
std::string complaint(const CLI::App* app, const CLI::Error& error) {
    std::string command = app->get_name();
    for (auto used = app->get_subcommands(); !used.empty(); used = used.front()->get_subcommands())
        command += ' ' + used.front()->get_name();
    return std::string("karhunen: ") + error.what() + "; see " + command + " --help\n";
}

/// An empty word is a variable of a script that was not set.
void refuse_empty_words(CLI::App& app) {
    for (CLI::Option* option : app.get_options())
        option->check([](const std::string& word) { return word.empty() ? "is empty" : ""; });
    for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        refuse_empty_words(*command);
}

int main(int count, char** words) {
    karhunen::catch_signals();
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    CLI::App program(
        "Karhunen: a virtual platform of a CNN accelerator that compresses its feature "
        "maps on the way to DRAM",
        "karhunen");
    program.require_subcommand(0, 1);  // none is an error, but a word that is none must be named
    program.set_version_flag("--version", KARHUNEN_VERSION);
    program.footer(
        "Exit codes: 0 good, 2 bad input, 3 firmware fault, 4 mismatch with the golden "
        "reference, of RTL with its model or of a replay with its trace, 5 stopped as asked, 1 "
        "internal error.\n"
        "`karhunen COMMAND --help` explains a command and shows examples.");
    program.failure_message(complaint);
    int exit_code = 0;
    karhunen::add_run_command(program, exit_code);
    karhunen::add_compile_command(program, exit_code);
    karhunen::add_config_command(program, exit_code);
    karhunen::add_accuracy_command(program, exit_code);
    karhunen::add_compare_command(program, exit_code);
    karhunen::add_codec_command(program, exit_code);
    karhunen::add_dump_maps_command(program, exit_code);
    karhunen::add_images_command(program, exit_code);
    karhunen::add_paper_command(program, exit_code);
    karhunen::add_estimate_command(program, exit_code);
    karhunen::add_explore_command(program, exit_code);
    karhunen::add_ddr_command(program, exit_code);
    karhunen::add_registers_command(program, exit_code);
    karhunen::add_vectors_command(program, exit_code);
    karhunen::add_trace_command(program, exit_code);
    karhunen::add_demo_command(program, exit_code);
    refuse_empty_words(program);
    try {
        program.parse(count, words);
    } catch (const CLI::ParseError& error) {
        const int code = program.exit(error);
        return code == 0 ? 0 : karhunen::exit_bad_input;
    }
    if (program.get_subcommands().empty()) {
        std::cerr << program.help();
        return karhunen::exit_bad_input;
    }
    std::cout.flush();
    if (!std::cout) {
        std::cerr << "karhunen: standard output cannot be written\n";
        if (exit_code == 0) exit_code = karhunen::exit_bad_input;
    }
    return exit_code;
}
