// Wakes a simulation when something outside has bytes for it.
#pragma once

#include <atomic>
#include <thread>

#include <systemc>

#include "platform/debug/endpoint.h"

namespace karhunen::debug {

/// A thread of the host waits; the simulation is touched by sc_prim_channel's asynchronous update
/// alone. As long as nothing comes from outside, it goes as it would without.
class HostWatch : public sc_core::sc_prim_channel {
public:
    explicit HostWatch(const char* name);
    ~HostWatch() override { stop(); }

    /// Notifies readable() once the descriptor can be read; then it has to be called again.
    void watch(int fd) { ask(fd); }
    void stop();
    const sc_core::sc_event& readable() const { return readable_; }

private:
    static constexpr int none = -1, end = -2;

    void update() override { readable_.notify(sc_core::SC_ZERO_TIME); }
    void ask(int what);
    void run();

    sc_core::sc_event readable_;
    FileDescriptor wake_;
    std::atomic<int> asked_ = none;
    std::thread thread_;
};

}  // namespace karhunen::debug
