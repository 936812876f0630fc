#include "platform/debug/uart_link.h"

#include <charconv>
#include <iostream>
#include <stdexcept>
#include <string_view>

namespace karhunen::debug {

namespace {

constexpr int slice_ms = 1;

uint16_t port_of(const std::string& place) {
    const std::string_view digits = std::string_view(place).substr(std::string_view("tcp:").size());
    uint16_t port = 0;
    const char* end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, port);
    if (result.ec != std::errc() || result.ptr != end)
        throw std::runtime_error("--uart '" + place +
                                 "': expected a port from 0 to 65535 behind tcp:");
    return port;
}

}  // namespace

UartLink::UartLink(const std::string& place) {
    if (place == "pty") {
        auto terminal = std::make_unique<TerminalEndpoint>("--uart pty");
        std::cerr << "karhunen: the UART is at " << terminal->path() << std::endl;
        endpoint_ = std::move(terminal);
    } else if (place.starts_with("tcp:")) {
        auto tcp = std::make_unique<TcpEndpoint>("--uart", port_of(place));
        std::cerr << "karhunen: the UART is at localhost:" << tcp->port()
                  << " (waiting for a connection)" << std::endl;
        endpoint_ = std::move(tcp);
        waits_for_client_ = true;
    } else {
        throw std::runtime_error("--uart " + place + ": expected nothing, pty or tcp:PORT");
    }
}

void UartLink::attach(const RunSubject&, Machine& machine) {
    while (waits_for_client_) {
        endpoint_->wait();
        waits_for_client_ = !endpoint_->receive().has_connected;
    }
    machine.uart.on_output([this](char c) { endpoint_->send({&c, 1}); });
    sc_core::sc_spawn([this, &machine] { exchange(machine); }, "uart_link");
}

void UartLink::exchange(Machine& machine) {
    for (;;) {
        if (machine.cpu.is_asleep()) endpoint_->wait(slice_ms);
        const Input input = endpoint_->receive();
        if (!input.bytes.empty()) machine.uart.receive(input.bytes);
        sc_core::wait(slice_ms, sc_core::SC_MS);
    }
}

}  // namespace karhunen::debug
