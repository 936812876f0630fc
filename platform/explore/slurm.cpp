#include "platform/explore/slurm.h"

#include <cerrno>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "platform/explore/subprocess.h"

namespace karhunen {

namespace {

std::string without_end_of_line(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

/// sbatch prefixes each line of its own with its name.
std::string advice(const std::string& message) {
    const auto says = [&](const char* part) { return message.find(part) != std::string::npos; };
    if (says("Invalid job array"))
        return "; the cluster allows fewer tasks (MaxArraySize of `scontrol show config`): lower "
               "--tasks";
    if (says("slurm.conf") || says("Unable to contact") || says("configuration"))
        return "; is this a machine of the cluster? `sinfo` must work here, or use --engine local";
    return "; options of sbatch are given by --sbatch";
}

}  // namespace

SlurmArray::~SlurmArray() {
    cancel();
}

void SlurmArray::submit(size_t tasks, const std::vector<std::string>& options,
                        const std::vector<std::string>& command) {
    std::vector<std::string> words{"sbatch", "--parsable"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), {"--job-name=" + name_, "--array=0-" + std::to_string(tasks - 1),
                               "--requeue", "--open-mode=append"});
    words.insert(words.end(), command.begin(), command.end());
    may_be_there_ = true;
    ProgramEnd end;
    try {
        end = run_program(words, true);
    } catch (const std::system_error& e) {
        if (e.code().value() != ENOENT) throw;
        throw std::runtime_error(
            "there is no sbatch: install slurm-wlm and join a cluster, or use --engine local");
    }
    if (end.exit_code != 0) {
        const std::string message = without_end_of_line(end.err);
        throw std::runtime_error("Slurm did not take the job array: " + message + advice(message));
    }
}

std::optional<TaskCount> SlurmArray::tasks() const {
    const ProgramEnd end =
        run_program({"squeue", "--noheader", "--array", "--name=" + name_, "--format=%T"}, false);
    if (end.exit_code != 0) return {};
    TaskCount count;
    std::istringstream lines(end.out);
    for (std::string state; lines >> state;)
        ++(state == "PENDING" || state.starts_with("REQUEUE") ? count.waiting : count.running);
    return count;
}

void SlurmArray::cancel() {
    if (!may_be_there_) return;
    may_be_there_ = false;
    try {
        run_program({"scancel", "--quiet", "--name=" + name_}, true);
    } catch (const std::system_error&) {  // submit() says what is wrong
    }
}

std::string literal_in_file_pattern(const std::string& path) {
    std::string literal;
    for (const char c : path) literal += c == '%' ? "%%" : std::string(1, c);
    return literal;
}

}  // namespace karhunen
