// The `karhunen` program as a user starts it, in a folder of its own with a small network.
#pragma once

#include <sys/types.h>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace karhunen {

struct Outcome {
    int exit_code;         ///< 128 + n: killed by signal n
    std::string out, err;  ///< what it wrote to standard output and standard error
};

/// A temporary folder with net.onnx (pictures of 64 x 64, 5 classes), bands.yaml (a machine on
/// which its maps have many bands), net.kvn (compiled for that machine, codec raw, batch 2),
/// photos/ and photo.png. Gone at the end.
class ProgramFolder {
public:
    ProgramFolder();
    ~ProgramFolder();
    ProgramFolder(const ProgramFolder&) = delete;
    ProgramFolder& operator=(const ProgramFolder&) = delete;

    /// Runs `karhunen WORDS` in the folder; words are separated by spaces, '' is
    /// an empty one.
    /// out: a file to use as standard output; in: one of the folder to use as standard input.
    Outcome run(const std::string& words, const std::string& out = "",
                const std::string& in = "") const;
    /// Starts it, sends `signal` as soon as there is a file whose path contains all `parts`, and
    /// waits for the end. Returns its exit code.
    int run_and_kill(const std::string& words, const std::vector<std::string>& parts,
                     int signal) const;
    /// Like run, and BOOST_TESTs: the exit code, nothing on standard output, every one of `parts`
    /// on standard error, and the folder as it was before.
    void check_refused(const std::string& words, const std::vector<std::string>& parts,
                       int exit_code = 2) const;

    void write(const std::string& name, const std::string& text) const;
    std::string read(const std::string& name) const;
    std::set<std::string> files() const;
    const std::filesystem::path& path() const { return path_; }

private:
    /// Its process. The streams that are empty stay as they are here.
    pid_t start(const std::string& words, const std::filesystem::path& out,
                const std::filesystem::path& err, const std::filesystem::path& in) const;

    std::filesystem::path path_;
};

}  // namespace karhunen
