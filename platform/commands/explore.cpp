// karhunen explore: many designs, each replayed, and which of them no other beats.
#include <signal.h>
#include <algorithm>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string_view>
#include <thread>

#include "platform/commands/commands.h"
#include "platform/commands/explore_networks.h"
#include "platform/explore/built_in_sweep.h"
#include "platform/explore/cluster.h"
#include "platform/explore/collect.h"
#include "platform/explore/explore.h"
#include "platform/explore/process_pool.h"
#include "platform/explore/results.h"
#include "platform/files.h"
#include "platform/html_report.h"
#include "platform/progress.h"

namespace karhunen {

namespace {

struct Options {
    std::string sweep, folder, report, engine = "local", stage, shard;
    unsigned jobs = 0, tasks = 16;
    std::vector<std::string> sbatch;
    bool json = false, csv = false, example = false, dry_run = false;
};

/// Points that one process works on: enough that its start does not matter, few enough that its
/// memory does not either (a simulation's context is not given back).
constexpr size_t most_points_of_process = 32;

std::string_view example() {
    const auto bytes = built_in_sweep();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Results of another version, or of the same one built otherwise, are not these.
std::string this_program() {
    return KARHUNEN_VERSION " " + Workspace::checksum("/proc/self/exe");
}

constexpr const char* built_in_name = "built-in sweep";

Sweep sweep_of(const Options& o) {
    return o.sweep.empty() ? Sweep::parse(std::string(example()), built_in_name, ".")
                           : Sweep::read(o.sweep);
}

/// What the submitter read, though the file may have changed since; the files that it names are
/// where they were.
Sweep sweep_of_task(const Options& o) {
    std::ifstream copy(std::filesystem::path(o.folder) / "sweep.yaml");
    if (!copy) throw std::runtime_error(o.folder + ": has no sweep.yaml");
    std::ostringstream text;
    text << copy.rdbuf();
    return o.sweep.empty()
               ? Sweep::parse(text.str(), built_in_name, ".")
               : Sweep::parse(text.str(), o.sweep, std::filesystem::path(o.sweep).parent_path());
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
void make_missing_networks(const Sweep& sweep, const Workspace& workspace,
                           std::vector<NetworkFamily> families, unsigned jobs) {
    keep_missing(workspace, families);
    std::erase_if(families, [](const NetworkFamily& family) { return family.members.empty(); });
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

/// is_task: of a cluster, whose processes are killed for reasons that are not the point's.
void measure_missing_points(const Sweep& sweep, const Workspace& workspace,
                            std::vector<uint64_t> missing, unsigned jobs, bool is_task) {
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
                             if (is_task && (end.signal == SIGTERM || end.signal == SIGKILL))
                                 return;  // still missing: it will be submitted again
                             const uint64_t point = slice(end.item).front();
                             give_up(sweep, workspace, point,
                                     end.signal == 0 ? "its process failed"
                                                     : "its process was ended by signal " +
                                                           std::to_string(end.signal) + " (" +
                                                           strsignal(end.signal) + ")");
                         });
        if (share == 1) return;
        keep_missing(sweep, workspace, missing);  // of processes that ended early
        share = 1;
    }
}

/// What there is to do.
int print_plan(const Sweep& sweep, const Workspace& workspace) {
    std::vector<NetworkFamily> families = network_families(sweep, workspace);
    keep_missing(workspace, families);
    size_t networks = 0;
    for (const NetworkFamily& family : families) networks += family.members.size();
    const size_t points = missing_points(sweep, workspace).size();
    std::cout << sweep.size() << " points, " << points << " to measure; " << networks
              << " networks to compile and record first\n";
    return 0;
}

void explore_here(const Sweep& sweep, const Workspace& workspace, unsigned jobs) {
    make_missing_networks(sweep, workspace, network_families(sweep, workspace), jobs);
    measure_missing_points(sweep, workspace, missing_points(sweep, workspace), jobs, false);
}

void explore_with_slurm(const Sweep& sweep, const Workspace& workspace, const Options& o) {
    ClusterOptions cluster{o.tasks, std::max(1u, o.jobs), o.sbatch, {}};
    cluster.task = {std::filesystem::read_symlink("/proc/self/exe"), "explore"};
    if (!o.sweep.empty()) cluster.task.push_back(o.sweep);
    cluster.task.insert(cluster.task.end(), {"-o", std::filesystem::canonical(workspace.folder()),
                                             "--jobs", std::to_string(cluster.jobs)});
    explore_on_cluster(sweep, workspace, cluster);
}

/// A task of a cluster: others work in the folder, too.
int work_on_shard(const Options& o) {
    const Stage stage = o.stage == name_of(Stage::networks) ? Stage::networks : Stage::points;
    const size_t slash = o.shard.find('/');
    const auto number = [&](const std::string& digits) {
        if (digits.empty() || digits.size() > 9 ||
            digits.find_first_not_of("0123456789") != digits.npos)
            throw std::runtime_error("--shard: expected K/N, as 0/16, found " + o.shard);
        return std::stoul(digits);
    };
    const uint64_t index = number(o.shard.substr(0, slash)),
                   count = number(slash == o.shard.npos ? "" : o.shard.substr(slash + 1));
    if (index >= count) throw std::runtime_error("--shard: expected K below N, found " + o.shard);
    const Sweep sweep = sweep_of_task(o);
    const Workspace workspace(o.folder, sweep, this_program());
    const std::vector<uint64_t> pieces = pieces_of_shard(workspace, stage, index, count);
    if (stage == Stage::networks) {
        const std::vector<NetworkFamily> all = network_families(sweep, workspace);
        std::vector<NetworkFamily> families;
        for (const uint64_t piece : pieces) families.push_back(all.at(piece));
        make_missing_networks(sweep, workspace, std::move(families), jobs_of(o));
    } else {
        measure_missing_points(sweep, workspace, pieces, jobs_of(o), true);
    }
    return 0;
}

int explore(const Options& o) {
    if (o.example) {
        std::cout << example();
        return 0;
    }
    if (!o.shard.empty()) return work_on_shard(o);
    const Sweep sweep = sweep_of(o);
    Workspace workspace(folder_of(o), sweep, this_program());
    if (o.dry_run) return print_plan(sweep, workspace);
    if (!o.report.empty()) check_writable(o.report);
    workspace.lock();
    workspace.write_sweep(sweep);
    if (o.engine == "slurm")
        explore_with_slurm(sweep, workspace, o);
    else
        explore_here(sweep, workspace, jobs_of(o));
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

void add_cluster_options(CLI::App& command, Options& o) {
    const std::string group = "Beyond one machine";
    auto* engine = command
                       .add_option("--engine", o.engine,
                                   "local: processes of this machine; slurm: job arrays of a "
                                   "cluster, whose nodes share the folder of the sweep, this "
                                   "program and its input")
                       ->check(CLI::IsMember({"local", "slurm"}))
                       ->group(group);
    command.add_option("--tasks", o.tasks, "slurm: tasks of an array; default: 16")
        ->check(CLI::Range(1u, 100'000u))
        ->needs(engine)
        ->group(group);
    command
        .add_option("--sbatch", o.sbatch,
                    "slurm: an option for sbatch, as --sbatch=--partition=long or "
                    "--sbatch=--time=2:00:00; again for each")
        ->allow_extra_args(false)
        ->needs(engine)
        ->group(group);
    auto* stage =
        command
            .add_option("--stage", o.stage, "what a task of the array works on: networks or points")
            ->check(CLI::IsMember({"networks", "points"}))
            ->group(group);
    auto* shard = command
                      .add_option("--shard", o.shard,
                                  "K/N: the task's share. The slurm engine gives both; they "
                                  "need -o of a sweep that is at work")
                      ->needs(stage, command.get_option("--output"))
                      ->excludes(engine)
                      ->group(group);
    stage->needs(shard);
}

std::string metric_list() {
    std::string list;
    for (const Metric& m : metrics()) {
        std::string name = m.name;
        name.resize(18, ' ');
        list += "  " + name + m.title + (*m.unit ? ", " + std::string(m.unit) : "") + '\n';
    }
    return list;
}

}  // namespace

void add_explore_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "explore", "Try many designs: logic against bandwidth, energy, frames/s and accuracy");
    auto o = std::make_shared<Options>();
    command->add_option("sweep", o->sweep, "what to try (YAML); none: the built-in sweep");
    command->add_option("-o,--output", o->folder,
                        "folder of the sweep; default: the sweep's name with .explored");
    command
        ->add_option("--jobs", o->jobs,
                     "processes at a time; 0: one per processor (slurm: of a task; 0: one)")
        ->check(CLI::Range(0u, 1024u));
    command->add_option(
        "--report", o->report,
        "write a page with the points as a picture: Pareto front, filters, details");
    command->add_flag("--dry-run", o->dry_run, "say what there is to do, and do nothing");
    command->add_flag("--example", o->example, "print the built-in sweep, to start from");
    auto* json = command->add_flag("--json", o->json, "print all points as JSON");
    command->add_flag("--csv", o->csv, "print all points as CSV")->excludes(json);
    add_cluster_options(*command, *o);
    command->footer(
        "Figures that constraints and objectives may name (energies, bytes: of an image):\n" +
        metric_list() +
        "A sweep that was stopped goes on where it was; one that was changed measures what is "
        "new.\n"
        "Examples:\n"
        "  karhunen explore                         codec x array x DRAM, in a minute\n"
        "  karhunen explore --report pareto.html    the same as a picture\n"
        "  karhunen explore --example > my.yaml     a sweep of your own\n"
        "  karhunen explore my.yaml -o results --jobs 8\n"
        "  karhunen explore my.yaml --csv > points.csv\n"
        "  karhunen explore my.yaml -o /shared/results --engine slurm --tasks 100 \\\n"
        "      --sbatch=--partition=long --sbatch=--mem-per-cpu=2G");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return explore(*o); }); });
}

}  // namespace karhunen
