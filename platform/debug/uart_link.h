// `--uart pty` and `--uart tcp:PORT`: somebody outside at the other end of the UART.
#pragma once

#include <memory>
#include <string>

#include "platform/debug/endpoint.h"
#include "platform/instrument.h"

namespace karhunen::debug {

/// By TCP the run begins when somebody has connected. What comes from outside reaches the UART
/// within a millisecond of simulated time, so such a run is as repeatable as the one who types.
/// While the CPU sleeps, simulated time goes no faster than that of the host: a program may wait
/// for somebody to type without meeting its watchdog.
class UartLink : public Instrument {
public:
    /// "pty" or "tcp:PORT" (0: a free one); prints where to connect. Throws std::runtime_error.
    explicit UartLink(const std::string& place);

    void attach(const RunSubject& subject, Machine& machine) override;

private:
    void exchange(Machine& machine);

    std::unique_ptr<Endpoint> endpoint_;
    bool waits_for_client_ = false;
};

}  // namespace karhunen::debug
