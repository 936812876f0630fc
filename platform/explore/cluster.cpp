#include "platform/explore/cluster.h"

#include <signal.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>

#include "platform/explore/explore.h"
#include "platform/explore/slurm.h"
#include "platform/files.h"
#include "platform/progress.h"

namespace karhunen {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int most_losses = 3;
constexpr milliseconds first_pause{500}, longest_pause{20'000};

/// The index of the task becomes its shard; words reach the program as they are.
constexpr std::string_view task_script =
    "#!/bin/sh\n"
    "shards=$1\n"
    "shift\n"
    "exec \"$@\" --shard \"$SLURM_ARRAY_TASK_ID/$shards\"\n";

fs::path list_of(const Workspace& workspace, Stage stage) {
    return workspace.folder() / "slurm" / (std::string(name_of(stage)) + ".list");
}

/// What is still to be done of a stage.
struct Work {
    Stage stage;
    const char* title;
    std::function<size_t()> missing;                         ///< results, looked for anew
    std::function<std::vector<uint64_t>()> pieces;           ///< that lack results
    std::function<void(const std::string& reason)> give_up;  ///< what is missing
};

/// Those that end this process, unless they are ignored: kept back while there are tasks to cancel.
class HeldSignals {
public:
    HeldSignals() {
        sigemptyset(&held_);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
            struct sigaction action {};
            if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
                sigaddset(&held_, signal);
        }
        sigprocmask(SIG_BLOCK, &held_, &before_);
    }
    ~HeldSignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;

    /// Waits; the signal that came instead.
    std::optional<int> wait(milliseconds time) const {
        const timespec limit{time.count() / 1000, time.count() % 1000 * 1'000'000};
        const int signal = sigtimedwait(&held_, nullptr, &limit);
        return signal > 0 ? std::optional(signal) : std::nullopt;
    }
    void let_through(int signal) const {
        sigprocmask(SIG_SETMASK, &before_, nullptr);
        raise(signal);
    }

private:
    sigset_t held_, before_;
};

class Cluster {
public:
    Cluster(const Workspace& workspace, const ClusterOptions& options)
        : workspace_(workspace), options_(options), array_("karhunen-" + workspace.folder_hash()) {
        fs::create_directories(folder());
        write_text_file(folder() / "task.sh", task_script);
        array_.cancel();
    }

    void run(const Work& work);

private:
    fs::path folder() const { return fs::canonical(workspace_.folder()) / "slurm"; }
    void submit(Stage stage, const std::vector<uint64_t>& pieces);
    size_t wait(const Work& work, size_t all);
    void pause(milliseconds time);
    std::string last_words(Stage stage) const;

    const Workspace& workspace_;
    const ClusterOptions& options_;
    HeldSignals signals_;  // until the array is cancelled
    SlurmArray array_;
    bool anything_made_ = false;
};

void Cluster::submit(Stage stage, const std::vector<uint64_t>& pieces) {
    std::string list;
    for (const uint64_t piece : pieces) list += std::to_string(piece) + '\n';
    write_text_file(list_of(workspace_, stage), list);
    const size_t tasks = std::min<size_t>(options_.tasks, pieces.size());
    std::vector<std::string> words = options_.sbatch;
    const std::string name = name_of(stage);
    words.push_back("--cpus-per-task=" + std::to_string(options_.jobs));
    words.push_back("--output=" + literal_in_file_pattern((folder() / name).string()) + "-%a.log");
    std::vector<std::string> command{folder() / "task.sh", std::to_string(tasks)};
    command.insert(command.end(), options_.task.begin(), options_.task.end());
    command.insert(command.end(), {"--stage", name});
    array_.submit(tasks, words, command);
}

void Cluster::pause(milliseconds time) {
    const auto signal = signals_.wait(time);
    if (!signal) return;
    array_.cancel();
    signals_.let_through(*signal);
}

/// Until nothing is missing or no task is left: how much is missing then. The folder is looked at
/// for not more than a fifth of the time; Slurm is asked less and less often.
size_t Cluster::wait(const Work& work, size_t all) {
    Progress progress(work.title);
    milliseconds look_again = first_pause, ask_again = first_pause;
    Clock::time_point ask_at = Clock::now();
    bool gone = false;
    for (;;) {
        pause(look_again);
        if (Clock::now() >= ask_at) {
            if (const auto tasks = array_.tasks()) {
                gone = tasks->running + tasks->waiting == 0;
                progress.step(std::string(work.title) + ", " + std::to_string(tasks->running) +
                              " tasks run, " + std::to_string(tasks->waiting) + " wait");
            }
            ask_at = Clock::now() + ask_again;
            ask_again = std::min(ask_again * 3 / 2, longest_pause);
        }
        const auto start = Clock::now();
        const size_t missing = work.missing();
        look_again = std::max(first_pause,
                              std::chrono::duration_cast<milliseconds>(4 * (Clock::now() - start)));
        progress(all - missing, all);
        if (missing == 0 || gone) return missing;
    }
}

/// The last line in the log that was written last.
std::string Cluster::last_words(Stage stage) const {
    fs::path latest;
    for (const auto& entry : fs::directory_iterator(folder()))
        if (entry.path().extension() == ".log" && entry.file_size() > 0 &&
            entry.path().filename().string().starts_with(name_of(stage)) &&
            (latest.empty() || fs::last_write_time(latest) < entry.last_write_time()))
            latest = entry.path();
    std::ifstream log(latest);
    std::string line, last;
    while (std::getline(log, line))
        if (!line.empty()) last = line;
    return last.empty() ? "their logs are empty: " + folder().string()
                        : latest.string() + ": " + last;
}

void Cluster::run(const Work& work) {
    size_t missing = work.missing();
    for (int losses = 0; missing > 0;) {
        submit(work.stage, work.pieces());
        const size_t before = missing;
        missing = wait(work, before);
        array_.cancel();
        anything_made_ |= missing < before;
        if (missing == 0) return;
        losses = missing < before ? 1 : losses + 1;
        const std::string words = last_words(work.stage);
        if (losses < most_losses) {
            std::fprintf(
                stderr,
                "karhunen: tasks were lost with %zu %s left, which are submitted again (%s)\n",
                missing, name_of(work.stage), words.c_str());
            continue;
        }
        const std::string lost = "lost " + std::to_string(losses) + " times";
        if (!anything_made_)
            throw std::runtime_error("no task makes anything, all were " + lost + " (" + words +
                                     "); do the nodes share this folder, this program and its "
                                     "input? Run again to go on, or with --engine local");
        work.give_up("its task was " + lost);
        return;
    }
}

}  // namespace

const char* name_of(Stage stage) {
    return stage == Stage::networks ? "networks" : "points";
}

void explore_on_cluster(const Sweep& sweep, const Workspace& workspace,
                        const ClusterOptions& options) {
    std::vector<NetworkFamily> families = network_families(sweep, workspace);
    const Work networks{Stage::networks, "compiling and recording networks",
                        [&] {
                            keep_missing(workspace, families);
                            size_t members = 0;
                            for (const NetworkFamily& family : families)
                                members += family.members.size();
                            return members;
                        },
                        [&] {
                            std::vector<uint64_t> pieces;
                            for (size_t i = 0; i < families.size(); ++i)
                                if (!families[i].members.empty()) pieces.push_back(i);
                            return pieces;
                        },
                        [&](const std::string& reason) {
                            for (const NetworkFamily& family : families)
                                for (const Design& design : family.members)
                                    give_up(workspace, design, reason);
                        }};
    std::vector<uint64_t> missing = missing_points(sweep, workspace);
    const Work points{Stage::points, "exploring",
                      [&] {
                          keep_missing(sweep, workspace, missing);
                          return missing.size();
                      },
                      [&] { return missing; },
                      [&](const std::string& reason) {
                          for (const uint64_t point : missing)
                              give_up(sweep, workspace, point, reason);
                      }};
    if (networks.missing() + missing.size() == 0) return;
    Cluster cluster(workspace, options);
    cluster.run(networks);
    cluster.run(points);
}

std::vector<uint64_t> pieces_of_shard(const Workspace& workspace, Stage stage, uint64_t index,
                                      uint64_t count) {
    std::ifstream list(list_of(workspace, stage));
    if (!list)
        throw std::runtime_error(list_of(workspace, stage).string() +
                                 ": is missing; --shard is what --engine slurm runs");
    std::vector<uint64_t> all;
    for (uint64_t piece; list >> piece;) all.push_back(piece);
    const auto at = [&](uint64_t part) {
        return all.begin() + static_cast<ptrdiff_t>(all.size() * part / count);
    };
    return {at(index), at(index + 1)};
}

}  // namespace karhunen
