#include "models/bus/memory.h"

#include <cstring>

namespace karhunen {

Memory::Memory(sc_core::sc_module_name name, uint64_t bytes, sc_core::sc_time access_time)
    : sc_module(name), bytes_(bytes), access_time_(access_time) {
    socket.register_b_transport(this, &Memory::b_transport);
    socket.register_transport_dbg(this, &Memory::transport_dbg);
    socket.register_get_direct_mem_ptr(this, &Memory::get_direct_mem_ptr);
}

void Memory::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    delay += access_time_;
    payload.set_dmi_allowed(true);
    payload.set_response_status(access(payload));
}

unsigned Memory::transport_dbg(tlm::tlm_generic_payload& payload) {
    return access(payload) == tlm::TLM_OK_RESPONSE ? payload.get_data_length() : 0;
}

tlm::tlm_response_status Memory::access(tlm::tlm_generic_payload& payload) {
    const uint64_t address = payload.get_address(), count = payload.get_data_length();
    if (payload.get_byte_enable_ptr()) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (payload.get_streaming_width() < count) return tlm::TLM_BURST_ERROR_RESPONSE;
    if (address > bytes_.size() || count > bytes_.size() - address)
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    if (count == 0) return tlm::TLM_OK_RESPONSE;
    if (payload.is_read()) {
        std::memcpy(payload.get_data_ptr(), &bytes_[address], count);
    } else if (payload.is_write()) {
        std::memcpy(&bytes_[address], payload.get_data_ptr(), count);
        if (lent_) socket->invalidate_direct_mem_ptr(address, address + count - 1);
    }
    return tlm::TLM_OK_RESPONSE;
}

bool Memory::get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi& dmi) {
    dmi.init();
    if (bytes_.empty()) return false;
    dmi.set_dmi_ptr(bytes_.data());
    dmi.set_start_address(0);
    dmi.set_end_address(bytes_.size() - 1);
    dmi.allow_read_write();
    return lent_ = true;
}

}  // namespace karhunen
