#include "platform/progress.h"

#include <unistd.h>
#include <cstdio>

namespace karhunen {

namespace {
using Clock = std::chrono::steady_clock;
constexpr int bar_width = 30;
}  // namespace

Progress::Progress(std::string what, std::chrono::milliseconds quiet)
    : what_(std::move(what)), shown_(isatty(STDERR_FILENO)), quiet_(quiet), start_(Clock::now()) {}

Progress::~Progress() {
    if (shown_) std::fputs("\r\033[K", stderr);
}

void Progress::step(const std::string& what) {
    what_ = what;
    if (shown_ && Clock::now() - start_ >= quiet_) std::fprintf(stderr, "\r\033[K%s", what.c_str());
}

void Progress::operator()(size_t done, size_t all) {
    const auto now = Clock::now();
    if (!shown_ || all == 0 || now - start_ < quiet_ ||
        (now - last_ < std::chrono::milliseconds(100) && done < all))
        return;
    last_ = now;
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    const double left =
        done ? elapsed * static_cast<double>(all - done) / static_cast<double>(done) : 0;
    std::string bar(static_cast<size_t>(bar_width * done / all), '#');
    bar.resize(bar_width, '.');
    std::fprintf(stderr, "\r\033[K%s [%s] %zu/%zu, %.0f s left", what_.c_str(), bar.c_str(), done,
                 all, left);
}

}  // namespace karhunen
