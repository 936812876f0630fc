#include "models/interfaces/register_block.h"

#include <cstring>
#include <stdexcept>

namespace karhunen {

RegisterBlock::RegisterBlock(sc_core::sc_module_name name,
                             std::span<const RegisterDescription> table,
                             sc_core::sc_time access_time)
    : sc_module(name), socket("socket"), access_time_(access_time) {
    for (const RegisterDescription& d : table) {
        auto [entry, is_new] = by_offset_.emplace(d.offset, Register(d));
        if (!is_new || !by_name_.emplace(d.name, &entry->second).second)
            throw std::logic_error("register " + std::string(d.name) + " described twice");
        order_.push_back(&entry->second);
    }
    socket.register_b_transport(this, &RegisterBlock::b_transport);
    socket.register_transport_dbg(this, &RegisterBlock::transport_dbg);
}

Register& RegisterBlock::operator[](std::string_view name) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end())
        throw std::out_of_range(std::string(this->name()) + " has no register " +
                                std::string(name));
    return *found->second;
}

void RegisterBlock::reset() {
    for (Register* r : order_) r->value = r->description.reset;
}

Register* RegisterBlock::find(const tlm::tlm_generic_payload& payload) {
    const sc_dt::uint64 address = payload.get_address();
    if (address > UINT32_MAX) return nullptr;
    const auto found = by_offset_.find(static_cast<uint32_t>(address));
    return found == by_offset_.end() ? nullptr : &found->second;
}

void RegisterBlock::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    delay += access_time_;
    payload.set_response_status(access(payload));
}

tlm::tlm_response_status RegisterBlock::access(tlm::tlm_generic_payload& payload) {
    if (payload.get_byte_enable_ptr()) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (payload.get_data_length() != 4 || payload.get_streaming_width() < 4 ||
        payload.get_address() % 4 != 0)
        return tlm::TLM_BURST_ERROR_RESPONSE;
    Register* r = find(payload);
    if (!r) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    uint32_t word = 0;
    if (payload.is_read()) {
        if (r->description.access != Access::WO) word = r->read();
        std::memcpy(payload.get_data_ptr(), &word, 4);
    } else if (payload.is_write()) {
        if (r->description.access == Access::RO) return tlm::TLM_COMMAND_ERROR_RESPONSE;
        std::memcpy(&word, payload.get_data_ptr(), 4);
        if (r->description.access == Access::W1C)
            r->value &= ~word;
        else if (r->description.access != Access::WO)
            r->value = word;
        if (r->write_) r->write_(word);
    }
    return tlm::TLM_OK_RESPONSE;
}

unsigned RegisterBlock::transport_dbg(tlm::tlm_generic_payload& payload) {
    Register* r = find(payload);
    if (!r || payload.get_data_length() != 4) return 0;
    if (payload.is_read()) {
        const uint32_t word = r->read_ ? r->read_() : r->value;
        std::memcpy(payload.get_data_ptr(), &word, 4);
    } else if (payload.is_write()) {
        if (r->read_ || r->write_) return 0;
        std::memcpy(&r->value, payload.get_data_ptr(), 4);
    }
    return 4;
}

}  // namespace karhunen
