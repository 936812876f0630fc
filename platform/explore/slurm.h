// Job arrays of Slurm, by its own commands: sbatch, squeue, scancel.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace karhunen {

/// Tasks of an array that have not ended.
struct TaskCount {
    size_t running = 0, waiting = 0;
};

/// The arrays of one name, of which there is one at a time.
class SlurmArray {
public:
    explicit SlurmArray(std::string name) : name_(std::move(name)) {}
    ~SlurmArray();  ///< cancels what is left
    SlurmArray(const SlurmArray&) = delete;
    SlurmArray& operator=(const SlurmArray&) = delete;

    /// Starts tasks 0 to tasks - 1. options: of sbatch; command: a script and its words. Throws
    /// std::runtime_error with what sbatch says and what to do.
    void submit(size_t tasks, const std::vector<std::string>& options,
                const std::vector<std::string>& command);
    /// nullopt: Slurm did not say, which passes.
    std::optional<TaskCount> tasks() const;
    /// Of this name, also what a process that was killed left behind.
    void cancel();

private:
    std::string name_;
    bool may_be_there_ = true;
};

/// As sbatch wants the name of a file in which it is to replace nothing.
std::string literal_in_file_pattern(const std::string& path);

}  // namespace karhunen
