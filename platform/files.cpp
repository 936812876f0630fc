#include "platform/files.h"

#include <signal.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace karhunen {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& reason) {
    throw std::runtime_error(path.string() + ": cannot be written: " + reason);
}

/// What a signal removes, the latest first, so files before their folders. Never taken apart: a
/// handler may be walking through it.
struct Temporary {
    std::string path;
    const Temporary* before;
};
std::atomic<const Temporary*> temporaries{nullptr};
static_assert(std::atomic<const Temporary*>::is_always_lock_free);

/// Calls only what is safe in a handler (signal-safety(7)).
void remove_temporaries(int signal) {
    for (const Temporary* t = temporaries.load(); t; t = t->before)
        if (unlink(t->path.c_str()) != 0) rmdir(t->path.c_str());
    raise(signal);  // SA_RESETHAND: ends the process when the handler returns
}

/// Processes of several machines may write the same file.
std::string host() {
    char name[65] = "";
    if (gethostname(name, sizeof name - 1) != 0) return "";
    return std::string("-") + name;
}

}  // namespace

void catch_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction action {};
        if (sigaction(signal, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) continue;
        action.sa_handler = remove_temporaries;
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        sigaction(signal, &action, nullptr);
    }
}

void remove_on_signal(const fs::path& path) {
    auto* added = new Temporary{path.string(), temporaries.load()};
    while (!temporaries.compare_exchange_weak(added->before, added)) {
    }
}

OutputFile::OutputFile(const fs::path& path)
    : path_(fs::is_symlink(path) ? fs::weakly_canonical(path) : path),
      temporary_(path_.string() + ".part" + std::to_string(getpid()) + host()) {
    if (fs::is_directory(path)) fail(path, std::strerror(EISDIR));
    if (fs::exists(path) && !fs::is_regular_file(path)) fail(path, "not a regular file");
    remove_on_signal(temporary_);
    errno = 0;
    file_.open(temporary_, std::ios::binary);  // beside the target, so that it can be renamed
    if (!file_) fail(path, std::strerror(errno ? errno : EIO));
}

OutputFile::~OutputFile() {
    if (temporary_.empty()) return;
    file_.close();
    std::error_code ignored;
    fs::remove(temporary_, ignored);
}

void OutputFile::write(std::string_view bytes) {
    if (error_) return;
    errno = 0;
    if (!file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size())))
        error_ = errno ? errno : EIO;
}

void OutputFile::check() const {
    if (error_) fail(path_, std::strerror(error_));
}

void OutputFile::close() {
    check();
    if (!file_.is_open()) return;
    errno = 0;
    file_.close();
    if (!file_) fail(path_, std::strerror(errno ? errno : EIO));
}

void OutputFile::commit() {
    close();
    std::error_code error;
    fs::rename(temporary_, path_, error);
    if (error) fail(path_, error.message());
    temporary_.clear();
}

OutputFolder::OutputFolder(const fs::path& path, std::vector<fs::path> inputs)
    : path_(path), inputs_(std::move(inputs)) {
    make(path_);
}

OutputFolder::~OutputFolder() {
    files_.clear();
    std::error_code ignored;
    if (!committed_)
        for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder)
            fs::remove(*folder, ignored);
}

void OutputFolder::make(const fs::path& folder) {
    if (folder.empty() || fs::is_directory(folder)) return;
    make(folder.parent_path());
    if (!folder.has_filename()) return;  // a/b/ is a/b
    if (fs::exists(folder)) fail(folder, std::strerror(ENOTDIR));
    std::error_code error;
    remove_on_signal(folder);
    if (!fs::create_directory(folder, error)) fail(folder, error.message());
    made_.push_back(folder);
}

void OutputFolder::write(const fs::path& name, std::span<const uint8_t> bytes) {
    write(name, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void OutputFolder::write(const fs::path& name, std::string_view text) {
    check_not_input(path_ / name, inputs_);
    make((path_ / name).parent_path());
    files_.push_back(std::make_unique<OutputFile>(path_ / name));
    files_.back()->write(text);
    files_.back()->close();  // there may be thousands
}

void OutputFolder::commit() {
    for (const auto& file : files_) file->commit();
    committed_ = true;
}

void write_file(const fs::path& path, std::span<const uint8_t> bytes) {
    write_text_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void write_text_file(const fs::path& path, std::string_view text) {
    OutputFile file(path);
    file.write(text);
    file.commit();
}

void check_writable(const fs::path& path) {
    const OutputFile file(path);
}

void check_not_input(const fs::path& output, const std::vector<fs::path>& inputs) {
    std::error_code not_there;
    for (const fs::path& input : inputs)
        if (fs::equivalent(output, input, not_there)) fail(output, "it is an input, too");
}

void check_readable(const fs::path& path) {
    if (access(path.c_str(), R_OK) != 0)
        throw std::runtime_error(path.string() + ": cannot be opened: " + std::strerror(errno));
}

}  // namespace karhunen
