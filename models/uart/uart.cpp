#include "models/uart/uart.h"

namespace karhunen {
namespace {

// Offsets and bits: National Semiconductor PC16550D, section 8.
enum Offset {
    data = 0,
    interrupt_enable,
    interrupt_identity,
    line_control,
    modem_control,
    line_status,
    modem_status,
    scratch
};
constexpr uint8_t data_ready = 0x01, transmitter_empty = 0x60;                // LSR: DR; THRE, TEMT
constexpr uint8_t enable_received = 0x01, enable_transmitted = 0x02;          // IER: ERBFI, ETBEI
constexpr uint8_t is_received = 0x04, is_transmitted = 0x02, is_none = 0x01;  // IIR
constexpr uint8_t fifo_on = 0x01, clear_received = 0x02;                      // FCR
constexpr uint8_t loop_back = 0x10;                                           // MCR
constexpr uint8_t other_side_ready = 0xB0;                                    // MSR: DCD, DSR, CTS

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
    } else if (payload.get_address() > scratch) {
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
    if (payload.get_data_length() != 1 || payload.get_address() > scratch || !payload.is_read())
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
        case data:
            if (divisor_selected()) return divisor_ & 0xFF;
            if (received_.empty()) return 0;
            value = received_.front();
            if (!debug) received_.pop_front();
            break;
        case interrupt_enable:
            return divisor_selected() ? divisor_ >> 8 : interrupt_enable_;
        case interrupt_identity:
            value = interrupt_identification();
            if (!debug && (value & 0x0F) == is_transmitted) transmitter_emptied_ = false;
            break;
        case line_control:
            return line_control_;
        case modem_control:
            return modem_control_;
        case line_status:
            return transmitter_empty | (received_.empty() ? 0 : data_ready);
        case modem_status:
            return other_side_ready;
        case scratch:
            return scratch_;
    }
    if (!debug) changed_.notify(sc_core::SC_ZERO_TIME);
    return value;
}

void Uart::write(uint64_t offset, uint8_t value) {
    switch (offset) {
        case data:
            if (divisor_selected())
                divisor_ = (divisor_ & 0xFF00) | value;
            else
                send(value);
            break;
        case interrupt_enable:
            if (divisor_selected()) {
                divisor_ = (divisor_ & 0x00FF) | value << 8;
            } else {
                // Enabling the interrupt while the transmitter is empty raises it.
                if (value & ~interrupt_enable_ & enable_transmitted) transmitter_emptied_ = true;
                interrupt_enable_ = value & 0x0F;
            }
            break;
        case interrupt_identity:  // FCR when written
            fifo_control_ = value;
            if (value & clear_received) received_.clear();
            break;
        case line_control:
            line_control_ = value;
            break;
        case modem_control:
            modem_control_ = value & 0x1F;
            break;
        case line_status:
        case modem_status:
            break;  // writes are without effect
        case scratch:
            scratch_ = value;
            break;
    }
    changed_.notify(sc_core::SC_ZERO_TIME);
}

void Uart::send(uint8_t value) {
    transmitter_emptied_ = true;
    if (modem_control_ & loop_back)
        received_.push_back(value);
    else if (output_)
        output_(static_cast<char>(value));
}

void Uart::drive() {
    irq.write(!(interrupt_identification() & is_none));
}

}  // namespace karhunen
