// The subcommands of `karhunen`. Each adds itself to the program and leaves its exit code where it
// is told, see platform/exit_code.h.
#pragma once

#include <cstdio>
#include <exception>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "platform/exit_code.h"
#include "platform/internal_error.h"

namespace karhunen {

void add_accuracy_command(CLI::App& program, int& exit_code);
void add_codec_command(CLI::App& program, int& exit_code);
void add_compare_command(CLI::App& program, int& exit_code);
void add_compile_command(CLI::App& program, int& exit_code);
void add_config_command(CLI::App& program, int& exit_code);
void add_estimate_command(CLI::App& program, int& exit_code);
void add_dump_maps_command(CLI::App& program, int& exit_code);
void add_explore_command(CLI::App& program, int& exit_code);
void add_images_command(CLI::App& program, int& exit_code);
void add_paper_command(CLI::App& program, int& exit_code);
void add_registers_command(CLI::App& program, int& exit_code);
void add_trace_command(CLI::App& program, int& exit_code);
void add_ddr_command(CLI::App& program, int& exit_code);
void add_run_command(CLI::App& program, int& exit_code);
void add_demo_command(CLI::App& program, int& exit_code);
void add_vectors_command(CLI::App& program, int& exit_code);

/// Errors of the user's input end here: the message on standard error, exit code 2.
template <typename Work>
int report_errors(Work&& work) {
    try {
        return work();
    } catch (const InternalError& error) {
        std::fprintf(stderr, "karhunen: internal error, please report it: %s\n", error.what());
        return exit_internal_error;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "karhunen: %s\n", error.what());
        return exit_bad_input;
    }
}

}  // namespace karhunen
