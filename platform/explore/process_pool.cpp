#include "platform/explore/process_pool.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>

namespace karhunen {

namespace {

[[noreturn]] void fail(const char* what) {
    throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

/// A byte for each tick, and the end of file when a process has ended: each process has the only
/// writing end of a pipe of its own.
struct Process {
    size_t item;
    int pipe;
};

class Pool {
public:
    Pool(const std::function<void(size_t, const std::function<void()>&)>& work,
         const std::function<void()>& on_tick, const std::function<void(const ItemEnd&)>& on_end)
        : work_(work), on_tick_(on_tick), on_end_(on_end) {}

    void start(size_t item);
    void wait_for_something();
    size_t running() const { return processes_.size(); }

private:
    [[noreturn]] void be_child(size_t item, int pipe, pid_t parent);
    void finish(pid_t process);

    const std::function<void(size_t, const std::function<void()>&)>& work_;
    const std::function<void()>& on_tick_;
    const std::function<void(const ItemEnd&)>& on_end_;
    std::map<pid_t, Process> processes_;
};

void Pool::start(size_t item) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
    std::fflush(nullptr);
    const pid_t parent = getpid();
    const pid_t process = fork();
    if (process < 0) fail("fork");
    if (process == 0) {
        close(ends[0]);
        for (const auto& [id, other] : processes_) close(other.pipe);
        be_child(item, ends[1], parent);
    }
    close(ends[1]);
    processes_[process] = {item, ends[0]};
}

void Pool::be_child(size_t item, int pipe, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(1);  // it died before that was said
    int code = 0;
    try {
        work_(item, [&] {
            const char tick = 0;
            if (write(pipe, &tick, 1) != 1) _exit(1);
        });
    } catch (const std::exception& e) {
        std::fprintf(stderr, "karhunen: %s\n", e.what());
        code = 1;
    }
    std::fflush(nullptr);
    _exit(code);
}

void Pool::finish(pid_t process) {
    int status = 0;
    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR) fail("waitpid");
    ItemEnd end{processes_.at(process).item, 0, 0};
    if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
    if (WIFEXITED(status)) end.exit_code = WEXITSTATUS(status);
    close(processes_.at(process).pipe);
    processes_.erase(process);
    on_end_(end);
}

void Pool::wait_for_something() {
    std::vector<pollfd> pipes;
    std::vector<pid_t> ids;
    for (const auto& [id, process] : processes_) {
        pipes.push_back({process.pipe, POLLIN, 0});
        ids.push_back(id);
    }
    if (poll(pipes.data(), pipes.size(), -1) < 0) {
        if (errno == EINTR) return;
        fail("poll");
    }
    for (size_t i = 0; i < pipes.size(); ++i) {
        if (pipes[i].revents == 0) continue;
        char ticks[256];
        const ssize_t n = read(pipes[i].fd, ticks, sizeof ticks);
        for (ssize_t k = 0; k < n; ++k) on_tick_();
        if (n == 0) finish(ids[i]);
    }
}

}  // namespace

void run_in_processes(size_t items, unsigned jobs,
                      const std::function<void(size_t, const std::function<void()>&)>& work,
                      const std::function<void()>& on_tick,
                      const std::function<void(const ItemEnd&)>& on_end) {
    Pool pool(work, on_tick, on_end);
    for (size_t next = 0; next < items || pool.running() > 0;) {
        if (next < items && pool.running() < jobs)
            pool.start(next++);
        else
            pool.wait_for_something();
    }
}

}  // namespace karhunen
