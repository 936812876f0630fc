// `--gdb`: a machine that waits for GDB before its first instruction, and obeys it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "platform/debug/endpoint.h"
#include "platform/debug/host_watch.h"
#include "platform/debug/machine_target.h"
#include "platform/instrument.h"

namespace karhunen::debug {

/// Simulated time stands still while GDB has the machine. When GDB detaches or its connection ends
/// the program runs on; GDB may come back. After a fault the machine stays for GDB to look at.
class Debugger : public Instrument {
public:
    /// Listens from now on; port 0: a free one. symbols: the program's file, for who starts GDB;
    /// empty: not known. Throws std::runtime_error.
    explicit Debugger(uint16_t port, std::string symbols = "");

    uint16_t port() const { return endpoint_.port(); }
    /// Stops the program, with a text for GDB. From a process of SystemC.
    void stop(const std::string& why);

    void attach(const RunSubject& subject, Machine& machine) override;
    void finish(Machine& machine, RunReport& report) override;

private:
    void on_stop(const DebugStop& stop);
    void listen();
    bool take_input();
    Resume serve();
    void obey(Resume resume);

    TcpEndpoint endpoint_;
    std::string symbols_;
    Machine* machine_ = nullptr;
    std::optional<MachineTarget> target_;
    std::optional<Stub> stub_;
    std::unique_ptr<HostWatch> watch_;
    bool is_killed_ = false;
};

}  // namespace karhunen::debug
