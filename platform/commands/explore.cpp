// karhunen explore: many designs, each replayed, and which of them no other beats.
#include <algorithm>
#include <cstring>
#include <iostream>
#include <memory>
#include <string_view>
#include <thread>

#include "platform/commands/commands.h"
#include "platform/commands/explore_networks.h"
#include "platform/explore/built_in_sweep.h"
#include "platform/explore/collect.h"
#include "platform/explore/explore.h"
#include "platform/explore/process_pool.h"
#include "platform/files.h"
#include "platform/html_report.h"
#include "platform/progress.h"

namespace karhunen {

namespace {

struct Options {
    std::string sweep, folder, report;
    unsigned jobs = 0;
    bool json = false, csv = false, example = false, dry_run = false;
};

/// Points that one process works on: enough that its start does not matter, few enough that its
/// memory does not either (a simulation's context is not given back).
constexpr size_t most_points_of_process = 32;

std::string_view example() {
    const auto bytes = built_in_sweep();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Sweep sweep_of(const Options& o) {
    return o.sweep.empty() ? Sweep::parse(std::string(example()), "built-in sweep", ".")
                           : Sweep::read(o.sweep);
}

std::string folder_of(const Options& o) {
    if (!o.folder.empty()) return o.folder;
    return o.sweep.empty() ? "explored"
                           : std::filesystem::path(o.sweep).stem().string() + ".explored";
}

unsigned jobs_of(const Options& o) {
    return o.jobs > 0 ? o.jobs : std::max(1u, std::thread::hardware_concurrency());
}

/// One family at a time, each on all processors.
void make_missing_networks(const Sweep& sweep, const Workspace& workspace, unsigned jobs) {
    const std::vector<NetworkFamily> families = missing_networks(sweep, workspace);
    size_t all = 0, done = 0;
    for (const NetworkFamily& family : families) all += family.members.size();
    Progress progress("compiling and recording networks");
    run_in_processes(
        families.size(), 1,
        [&](size_t family, const std::function<void()>& tick) {
            make_networks(sweep, workspace, families[family], jobs, tick);
        },
        [&] { progress(++done, all); },
        [&](const ItemEnd& end) {
            if (end.signal != 0)
                throw std::runtime_error("compiling networks was ended by signal " +
                                         std::to_string(end.signal) + " (" + strsignal(end.signal) +
                                         "); run again to go on");
        });
}

void measure_missing_points(const Sweep& sweep, const Workspace& workspace, unsigned jobs) {
    std::vector<uint64_t> missing = missing_points(sweep, workspace);
    size_t done = 0;
    const size_t all = missing.size();
    Progress progress("exploring");
    size_t share = std::clamp<size_t>(all / (4 * size_t{jobs}), 1, most_points_of_process);
    while (!missing.empty()) {
        const auto slice = [&](size_t item) {
            const auto first = missing.begin() + static_cast<ptrdiff_t>(item * share);
            const size_t count = std::min(share, missing.size() - item * share);
            return std::vector<uint64_t>(first, first + static_cast<ptrdiff_t>(count));
        };
        run_in_processes((missing.size() + share - 1) / share, jobs,
                         [&](size_t item, const std::function<void()>& tick) {
                             work_on_points(sweep, workspace, slice(item), tick);
                         },
                         [&] { progress(++done, all); },
                         [&](const ItemEnd& end) {
                             if (share > 1 || (end.signal == 0 && end.exit_code == 0)) return;
                             const uint64_t point = slice(end.item).front();
                             give_up(sweep, workspace, point,
                                     end.signal == 0 ? "its process failed"
                                                     : "its process was ended by signal " +
                                                           std::to_string(end.signal) + " (" +
                                                           strsignal(end.signal) + ")");
                         });
        if (share == 1) return;
        missing = missing_points(sweep, workspace);  // of processes that ended early
        share = 1;
    }
}

/// What there is to do.
int print_plan(const Sweep& sweep, const Workspace& workspace) {
    size_t networks = 0;
    for (const NetworkFamily& family : missing_networks(sweep, workspace))
        networks += family.members.size();
    const size_t points = missing_points(sweep, workspace).size();
    std::cout << sweep.size() << " points, " << points << " to measure; " << networks
              << " networks to compile and record first\n";
    return 0;
}

int explore(const Options& o) {
    if (o.example) {
        std::cout << example();
        return 0;
    }
    const Sweep sweep = sweep_of(o);
    Workspace workspace(folder_of(o), sweep, KARHUNEN_VERSION);
    if (o.dry_run) return print_plan(sweep, workspace);
    if (!o.report.empty()) check_writable(o.report);
    workspace.lock();
    workspace.write_sweep(sweep);
    make_missing_networks(sweep, workspace, jobs_of(o));
    measure_missing_points(sweep, workspace, jobs_of(o));
    const Collection collection = collect(sweep, workspace);
    if (!o.report.empty())
        write_html_report(o.report, Page::explore, page_data(sweep, workspace, collection));
    if (o.json)
        std::cout << workspace.text("results.json");
    else if (o.csv)
        std::cout << workspace.text("results.csv");
    else
        print_front(sweep, workspace, collection, std::cout);
    return collection.failed < collection.points ? 0 : exit_bad_input;
}

}  // namespace

void add_explore_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "explore", "Try many designs: logic against bandwidth, energy, frames/s and accuracy");
    auto o = std::make_shared<Options>();
    command->add_option("sweep", o->sweep, "what to try (YAML); none: the built-in sweep");
    command->add_option("-o,--output", o->folder,
                        "folder of the sweep; default: the sweep's name with .explored");
    command->add_option("--jobs", o->jobs, "processes at a time; 0: one per processor")
        ->check(CLI::Range(0u, 1024u));
    command->add_option(
        "--report", o->report,
        "write a page with the points as a picture: Pareto front, filters, details");
    command->add_flag("--dry-run", o->dry_run, "say what there is to do, and do nothing");
    command->add_flag("--example", o->example, "print the built-in sweep, to start from");
    auto* json = command->add_flag("--json", o->json, "print all points as JSON");
    command->add_flag("--csv", o->csv, "print all points as CSV")->excludes(json);
    command->footer(
        "A sweep that was stopped goes on where it was; one that was changed measures what is "
        "new.\n"
        "Examples:\n"
        "  karhunen explore                         codec x array x DRAM, in a minute\n"
        "  karhunen explore --report pareto.html    the same as a picture\n"
        "  karhunen explore --example > my.yaml     a sweep of your own\n"
        "  karhunen explore my.yaml -o results --jobs 8\n"
        "  karhunen explore my.yaml --csv > points.csv");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return explore(*o); }); });
}

}  // namespace karhunen
