// Serial port, register compatible with the 16550.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string_view>
#include <vector>

#include <tlm_utils/simple_target_socket.h>
#include <systemc>
#include <tlm>

namespace karhunen {

/// Byte registers at offsets 0 to 7. Characters leave at once, whatever the divisor says; the
/// receive queue has no bound. MCR bit 4 loops the output back.
class Uart : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<Uart> socket{"socket"};
    sc_core::sc_out<bool> irq{"irq"};

    Uart(sc_core::sc_module_name name, sc_core::sc_time access_time);

    /// Called for each character sent. Several may listen.
    void on_output(std::function<void(char)> f) { outputs_.push_back(std::move(f)); }
    /// Characters from outside; call it from a SystemC process or before the simulation.
    void receive(std::string_view text);
    /// Characters that the program has not read yet.
    size_t waiting() const { return received_.size(); }

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    uint8_t read(uint64_t offset, bool debug);
    void write(uint64_t offset, uint8_t value);
    void send(uint8_t value);
    uint8_t interrupt_identification() const;
    bool divisor_selected() const { return line_control_ & 0x80; }
    void drive();

    std::vector<std::function<void(char)>> outputs_;
    std::deque<uint8_t> received_;
    uint8_t interrupt_enable_ = 0, fifo_control_ = 0, line_control_ = 0, modem_control_ = 0;
    uint8_t scratch_ = 0;
    uint16_t divisor_ = 0;
    bool transmitter_emptied_ = false;  ///< since IIR was read last
    sc_core::sc_time access_time_;
    sc_core::sc_event changed_;
};

}  // namespace karhunen
