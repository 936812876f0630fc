#include "models/uart/uart.h"

#include <karhunen/registers.h>

namespace karhunen {
namespace {

// Bits: National Semiconductor PC16550D, section 8.
constexpr uint8_t data_ready = KRHN_UART_LSR_DATA_READY,
                  transmitter_empty = KRHN_UART_LSR_THR_EMPTY | KRHN_UART_LSR_IDLE;
constexpr uint8_t enable_received = KRHN_UART_IER_RECEIVED,
                  enable_transmitted = KRHN_UART_IER_THR_EMPTY;
constexpr uint8_t is_received = 0x04, is_transmitted = 0x02, is_none = 0x01;  // IIR
constexpr uint8_t fifo_on = 0x01, clear_received = 0x02;                      // FCR
constexpr uint8_t loop_back = KRHN_UART_MCR_LOOP;
constexpr uint8_t other_side_ready = 0xB0;  // MSR: DCD, DSR, CTS

}  // namespace

Uart::Uart(sc_core::sc_module_name name, sc_core::sc_time access_time)
    : sc_module(name), access_time_(access_time) {
    socket.register_b_transport(this, &Uart::b_transport);
    socket.register_transport_dbg(this, &Uart::transport_dbg);
    SC_HAS_PROCESS(Uart);
    SC_METHOD(drive);
    sensitive << changed_;
}

void Uart::receive(std::string_view text) {
    received_.insert(received_.end(), text.begin(), text.end());
    changed_.notify(sc_core::SC_ZERO_TIME);
}

void Uart::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    delay += access_time_;
    if (payload.get_data_length() != 1 || payload.get_byte_enable_ptr()) {
        payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    } else if (payload.get_address() > KRHN_UART_SCR) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    } else {
        if (payload.is_read())
            *payload.get_data_ptr() = read(payload.get_address(), false);
        else if (payload.is_write())
            write(payload.get_address(), *payload.get_data_ptr());
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
}

unsigned Uart::transport_dbg(tlm::tlm_generic_payload& payload) {
    if (payload.get_data_length() != 1 || payload.get_address() > KRHN_UART_SCR ||
        !payload.is_read())
        return 0;
    *payload.get_data_ptr() = read(payload.get_address(), true);
    return 1;
}

uint8_t Uart::interrupt_identification() const {
    const uint8_t fifos = fifo_control_ & fifo_on ? 0xC0 : 0;
    if (interrupt_enable_ & enable_received && !received_.empty()) return fifos | is_received;
    if (interrupt_enable_ & enable_transmitted && transmitter_emptied_)
        return fifos | is_transmitted;
    return fifos | is_none;
}

uint8_t Uart::read(uint64_t offset, bool debug) {
    uint8_t value = 0;
    switch (offset) {
        case KRHN_UART_DATA:
            if (divisor_selected()) return divisor_ & 0xFF;
            if (received_.empty()) return 0;
            value = received_.front();
            if (!debug) received_.pop_front();
            break;
        case KRHN_UART_IER:
            return divisor_selected() ? divisor_ >> 8 : interrupt_enable_;
        case KRHN_UART_IIR_FCR:
            value = interrupt_identification();
            if (!debug && (value & 0x0F) == is_transmitted) transmitter_emptied_ = false;
            break;
        case KRHN_UART_LCR:
            return line_control_;
        case KRHN_UART_MCR:
            return modem_control_;
        case KRHN_UART_LSR:
            return transmitter_empty | (received_.empty() ? 0 : data_ready);
        case KRHN_UART_MSR:
            return other_side_ready;
        case KRHN_UART_SCR:
            return scratch_;
    }
    if (!debug) changed_.notify(sc_core::SC_ZERO_TIME);
    return value;
}

void Uart::write(uint64_t offset, uint8_t value) {
    switch (offset) {
        case KRHN_UART_DATA:
            if (divisor_selected())
                divisor_ = (divisor_ & 0xFF00) | value;
            else
                send(value);
            break;
        case KRHN_UART_IER:
            if (divisor_selected()) {
                divisor_ = (divisor_ & 0x00FF) | value << 8;
            } else {
                // Enabling the interrupt while the transmitter is empty raises it.
                if (value & ~interrupt_enable_ & enable_transmitted) transmitter_emptied_ = true;
                interrupt_enable_ = value & 0x0F;
            }
            break;
        case KRHN_UART_IIR_FCR:  // FCR when written
            fifo_control_ = value;
            if (value & clear_received) received_.clear();
            break;
        case KRHN_UART_LCR:
            line_control_ = value;
            break;
        case KRHN_UART_MCR:
            modem_control_ = value & 0x1F;
            break;
        case KRHN_UART_LSR:
        case KRHN_UART_MSR:
            break;  // writes are without effect
        case KRHN_UART_SCR:
            scratch_ = value;
            break;
    }
    changed_.notify(sc_core::SC_ZERO_TIME);
}

void Uart::send(uint8_t value) {
    transmitter_emptied_ = true;
    if (modem_control_ & loop_back)
        received_.push_back(value);
    else
        for (const auto& output : outputs_) output(static_cast<char>(value));
}

void Uart::drive() {
    irq.write(!(interrupt_identification() & is_none));
}

}  // namespace karhunen
