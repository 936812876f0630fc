#include "platform/debug/endpoint.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace karhunen::debug {

namespace {

constexpr int most_wait_ms = 5000, moment_ms = 300;

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

void require(bool is_good, const std::string& what) {
    if (!is_good) fail(what);
}

void wait_for(int fd, short events, int timeout_ms) {
    pollfd entry{fd, events, 0};
    while (poll(&entry, 1, timeout_ms) < 0 && errno == EINTR) {
    }
}

/// What is there. Sets has_left at the end of the stream and after errors.
Input read_some(int fd) {
    Input input;
    char buffer[4096];
    const ssize_t count = read(fd, buffer, sizeof buffer);
    if (count > 0) input.bytes.assign(buffer, static_cast<size_t>(count));
    input.has_left = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
    return input;
}

}  // namespace

void FileDescriptor::reset(int number) {
    if (number_ >= 0) close(number_);
    number_ = number;
}

void Endpoint::wait(int most_ms) const {
    wait_for(fd(), POLLIN, most_ms);
}

TcpEndpoint::TcpEndpoint(const std::string& option, uint16_t port)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    require(listener_ >= 0, option);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* general = reinterpret_cast<sockaddr*>(&address);
    socklen_t length = sizeof address;
    require(bind(listener_, general, length) == 0 && listen(listener_, 1) == 0 &&
                getsockname(listener_, general, &length) == 0,
            option + ": port " + std::to_string(port));
    port_ = ntohs(address.sin_port);
}

Input TcpEndpoint::receive() {
    if (is_connected()) {
        Input input = read_some(client_);
        if (input.has_left) client_.reset();
        return input;
    }
    client_.reset(accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    Input input;
    input.has_connected = is_connected();
    const int on = 1;  // answers are short and waited for
    if (is_connected()) setsockopt(client_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return input;
}

void TcpEndpoint::send(std::string_view bytes) {
    while (is_connected() && !bytes.empty()) {
        ssize_t count = ::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN) {
            wait_for(client_, POLLOUT, most_wait_ms);
            count = ::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        }
        // Not the end of the connection: receive() will see that, and what was sent before it.
        if (count <= 0) return void(shutdown(client_, SHUT_RDWR));
        bytes.remove_prefix(static_cast<size_t>(count));
    }
}

TerminalEndpoint::TerminalEndpoint(const std::string& option)
    : master_(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    char name[100];
    require(master_ >= 0 && grantpt(master_) == 0 && unlockpt(master_) == 0 &&
                ptsname_r(master_, name, sizeof name) == 0,
            option);
    path_ = name;
    slave_.reset(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios settings{};
    require(slave_ >= 0 && tcgetattr(slave_, &settings) == 0, option);
    cfmakeraw(&settings);  // no echo, no line editing: bytes pass as they are
    require(tcsetattr(slave_, TCSANOW, &settings) == 0, option);
}

Input TerminalEndpoint::receive() {
    Input input = read_some(master_);
    input.has_left = false;
    return input;
}

TerminalEndpoint::~TerminalEndpoint() {
    int left = 1;
    for (int waited_ms = 0; waited_ms < moment_ms && left != 0; waited_ms += 20) {
        usleep(20000);  // first: bytes take a moment from end to end
        if (ioctl(slave_, FIONREAD, &left) != 0) return;
    }
}

void TerminalEndpoint::send(std::string_view bytes) {
    while (!bytes.empty()) {
        if (is_read_) wait_for(master_, POLLOUT, moment_ms);
        const ssize_t count = write(master_, bytes.data(), bytes.size());
        is_read_ = count > 0;
        if (!is_read_) return;
        bytes.remove_prefix(static_cast<size_t>(count));
    }
}

}  // namespace karhunen::debug
