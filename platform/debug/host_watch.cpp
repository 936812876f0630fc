#include "platform/debug/host_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace karhunen::debug {

HostWatch::HostWatch(const char* name)
    : sc_prim_channel(name), wake_(eventfd(0, EFD_CLOEXEC)), thread_([this] { run(); }) {}

void HostWatch::stop() {
    if (!thread_.joinable()) return;
    ask(end);
    thread_.join();
}

void HostWatch::ask(int what) {
    asked_ = what;
    const uint64_t one = 1;
    while (write(wake_, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

void HostWatch::run() {
    int fd = none;
    for (;;) {
        pollfd entries[] = {{wake_, POLLIN, 0}, {fd, POLLIN, 0}};  // poll() ignores -1
        if (poll(entries, 2, -1) < 0) continue;
        if (entries[0].revents) {
            uint64_t count;
            while (read(wake_, &count, sizeof count) < 0 && errno == EINTR) {
            }
            fd = asked_;
            if (fd == end) return;
        } else if (entries[1].revents) {
            fd = none;
            async_request_update();
        }
    }
}

}  // namespace karhunen::debug
