#include "platform/explore/subprocess.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>

namespace karhunen {

namespace {

void check(int error, const std::string& what) {
    if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

/// What a program writes goes to memory, which, unlike a pipe, is never full.
class Output {
public:
    Output() : file_(memfd_create("output", MFD_CLOEXEC)) {
        if (file_ < 0) check(errno, "memfd_create");
    }
    ~Output() { close(file_); }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    int file() const { return file_; }
    std::string text() const {
        std::string text;
        char block[4096];
        for (ssize_t n;
             (n = pread(file_, block, sizeof block, static_cast<off_t>(text.size()))) > 0;)
            text.append(block, static_cast<size_t>(n));
        return text;
    }

private:
    int file_;
};

/// What posix_spawn is told.
struct Start {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;

    Start() {
        check(posix_spawnattr_init(&attributes), "posix_spawnattr_init");
        check(posix_spawn_file_actions_init(&files), "posix_spawn_file_actions_init");
    }
    ~Start() {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;
};

}  // namespace

ProgramEnd run_program(const std::vector<std::string>& words, bool shielded) {
    const Output out, err;
    Start start;
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&start.attributes, &none);
    posix_spawnattr_setflags(
        &start.attributes,
        static_cast<short>(POSIX_SPAWN_SETSIGMASK | (shielded ? POSIX_SPAWN_SETPGROUP : 0)));
    check(posix_spawn_file_actions_addopen(&start.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
          words[0]);
    check(posix_spawn_file_actions_adddup2(&start.files, out.file(), STDOUT_FILENO), words[0]);
    check(posix_spawn_file_actions_adddup2(&start.files, err.file(), STDERR_FILENO), words[0]);
    std::vector<char*> pointers;
    for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    pid_t process = 0;
    check(posix_spawnp(&process, words[0].c_str(), &start.files, &start.attributes, pointers.data(),
                       environ),
          words[0]);
    int status = 0;
    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR) check(errno, "waitpid");
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out.text(),
            err.text()};
}

}  // namespace karhunen
