// A progress line on standard error, only when that is a terminal.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace karhunen {

class Progress {
public:
    /// Nothing is shown for the first `quiet` of time.
    explicit Progress(std::string what, std::chrono::milliseconds quiet = {});
    ~Progress();  ///< wipes the line
    void operator()(size_t done, size_t all);
    /// Another thing is being done now.
    void step(const std::string& what);

private:
    std::string what_;
    bool shown_;  ///< standard error is a terminal
    std::chrono::milliseconds quiet_;
    std::chrono::steady_clock::time_point start_, last_;
};

}  // namespace karhunen
