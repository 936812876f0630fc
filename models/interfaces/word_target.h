// A TLM-2.0 target of 32-bit words whose addresses are decoded by the device itself: for devices
// with arrays of registers, where a table (register_block.h) would be long.
#pragma once

#include <cstdint>
#include <cstring>

#include <tlm_utils/simple_target_socket.h>
#include <systemc>
#include <tlm>

namespace karhunen {

/// Aligned single-word accesses only; anything else answers TLM_BURST_ERROR_RESPONSE. An access
/// adds access_time to the delay. The debug transport goes through the same functions with
/// `debug` set: they must then have no effect besides storing what is written.
class WordTarget : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<WordTarget> socket{"socket"};

protected:
    /// What an access needs to know besides address and data.
    struct Context {
        sc_core::sc_time now;  ///< when the access happens: local time included
        bool debug;
    };

    WordTarget(sc_core::sc_module_name name, sc_core::sc_time access_time)
        : sc_module(name), access_time_(access_time) {
        socket.register_b_transport(this, &WordTarget::b_transport);
        socket.register_transport_dbg(this, &WordTarget::transport_dbg);
    }
    virtual tlm::tlm_response_status read(uint64_t offset, uint32_t& word, Context context) = 0;
    virtual tlm::tlm_response_status write(uint64_t offset, uint32_t word, Context context) = 0;

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
        delay += access_time_;
        payload.set_response_status(access(payload, {sc_core::sc_time_stamp() + delay, false}));
    }
    unsigned transport_dbg(tlm::tlm_generic_payload& payload) {
        return access(payload, {sc_core::sc_time_stamp(), true}) == tlm::TLM_OK_RESPONSE ? 4 : 0;
    }
    tlm::tlm_response_status access(tlm::tlm_generic_payload& payload, Context context) {
        if (payload.get_byte_enable_ptr()) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
        if (payload.get_data_length() != 4 || payload.get_streaming_width() < 4 ||
            payload.get_address() % 4 != 0)
            return tlm::TLM_BURST_ERROR_RESPONSE;
        uint32_t word = 0;
        tlm::tlm_response_status response = tlm::TLM_OK_RESPONSE;
        if (payload.is_read()) {
            response = read(payload.get_address(), word, context);
            std::memcpy(payload.get_data_ptr(), &word, 4);
        } else if (payload.is_write()) {
            std::memcpy(&word, payload.get_data_ptr(), 4);
            response = write(payload.get_address(), word, context);
        }
        return response;
    }

    sc_core::sc_time access_time_;
};

}  // namespace karhunen
