#include "models/bus/bus.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "models/interfaces/time_text.h"
#include "models/interfaces/traffic.h"

namespace karhunen {
namespace {

std::string hex(uint64_t value) {
    std::ostringstream out;
    out << "0x" << std::hex << value;
    return out.str();
}

Master master_of(const tlm::tlm_generic_payload& payload) {
    const auto* traffic = payload.get_extension<TrafficExtension>();
    return traffic ? traffic->master : Master::host;
}

std::string_view reason(tlm::tlm_response_status response) {
    switch (response) {
        case tlm::TLM_ADDRESS_ERROR_RESPONSE:
            return "has nothing at that address";
        case tlm::TLM_COMMAND_ERROR_RESPONSE:
            return "does not allow that (read-only or write-only)";
        case tlm::TLM_BURST_ERROR_RESPONSE:
            return "does not take that size or alignment";
        case tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE:
            return "takes no byte enables";
        case tlm::TLM_INCOMPLETE_RESPONSE:
            return "did not answer";
        default:
            return "reports a failure";
    }
}

}  // namespace

Bus::Bus(sc_core::sc_module_name name, sc_core::sc_time latency)
    : sc_module(name), latency_(latency) {
    initiators.register_b_transport(this, &Bus::b_transport);
    initiators.register_transport_dbg(this, &Bus::transport_dbg);
    initiators.register_get_direct_mem_ptr(this, &Bus::get_direct_mem_ptr);
    initiators.register_nb_transport_fw(this, &Bus::nb_transport_fw);
    targets_.register_nb_transport_bw(this, &Bus::nb_transport_bw);
    targets_.register_invalidate_direct_mem_ptr(this, &Bus::invalidate_direct_mem_ptr);
    SC_HAS_PROCESS(Bus);
    SC_METHOD(dispatch);
    sensitive << dispatch_;
    dont_initialize();
}

void Bus::end_of_elaboration() {
    requests_.resize(targets_.size());
    responses_.resize(initiators.size());
}

void Bus::map(const std::string& name, uint64_t base, uint64_t bytes,
              tlm::tlm_base_target_socket_b<32>& target) {
    if (bytes == 0 || base + (bytes - 1) < base)
        throw std::invalid_argument("bus: the window of " + name + " is empty or wraps around");
    for (const Window& w : windows_)
        if (base <= w.base + (w.bytes - 1) && w.base <= base + (bytes - 1))
            throw std::invalid_argument("bus: the windows of " + name + " and " + w.name +
                                        " overlap");
    windows_.push_back({name, base, bytes});
    targets_.bind(target);
}

int Bus::find(uint64_t address, uint64_t bytes) const {
    for (size_t i = 0; i < windows_.size(); ++i) {
        const Window& w = windows_[i];
        const uint64_t offset = address - w.base;
        if (address >= w.base && offset < w.bytes && bytes <= w.bytes - offset)
            return static_cast<int>(i);
    }
    return -1;
}

void Bus::b_transport(int, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    forward(payload, delay);
    for (const auto& observer : on_access_)
        observer({sc_core::sc_time_stamp() + delay,
                  master_of(payload),
                  payload.get_command(),
                  payload.get_address(),
                  {payload.get_data_ptr(), payload.get_data_length()},
                  payload.get_response_status()});
}

void Bus::forward(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const uint64_t address = payload.get_address();
    delay += latency_;
    const int target = route(payload, delay);
    if (target < 0) return refuse(payload, delay);
    payload.set_address(address - windows_[target].base);
    targets_[target]->b_transport(payload, delay);
    payload.set_address(address);
    check_response(payload, address, delay, &windows_[target]);
}

unsigned Bus::transport_dbg(int, tlm::tlm_generic_payload& payload) {
    const uint64_t address = payload.get_address();
    const int target = find(address, payload.get_data_length());
    if (target < 0) return 0;
    payload.set_address(address - windows_[target].base);
    const unsigned done = targets_[target]->transport_dbg(payload);
    payload.set_address(address);
    return done;
}

bool Bus::get_direct_mem_ptr(int, tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
    const uint64_t address = payload.get_address();
    const int target = find(address, 1);
    dmi.init();
    if (target < 0) return false;
    const Window& w = windows_[target];
    payload.set_address(address - w.base);
    const bool granted = targets_[target]->get_direct_mem_ptr(payload, dmi);
    payload.set_address(address);
    // What lies behind the window belongs to somebody else.
    dmi.set_start_address(w.base + dmi.get_start_address());
    dmi.set_end_address(w.base + std::min<uint64_t>(dmi.get_end_address(), w.bytes - 1));
    return granted;
}

void Bus::invalidate_direct_mem_ptr(int id, sc_dt::uint64 start, sc_dt::uint64 end) {
    const Window& w = windows_[id];
    if (start >= w.bytes) return;
    for (unsigned i = 0; i < initiators.size(); ++i)
        initiators[i]->invalidate_direct_mem_ptr(w.base + start,
                                                 w.base + std::min<uint64_t>(end, w.bytes - 1));
}

/// The target of an access that begins; -1: it is answered here.
int Bus::route(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    if (filter_ && !filter_->request(payload, delay)) {
        payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
        return -1;
    }
    const int target = find(payload.get_address(), payload.get_data_length());
    if (target < 0) payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return target;
}

void Bus::refuse(tlm::tlm_generic_payload& payload, sc_core::sc_time delay) {
    check_response(payload, payload.get_address(), delay, nullptr);
}

void Bus::check_response(tlm::tlm_generic_payload& payload, uint64_t address,
                         sc_core::sc_time delay, const Window* target) {
    if (payload.is_response_ok()) {
        if (filter_) filter_->response(payload, address);
        return;
    }
    BusError error{sc_core::sc_time_stamp() + delay,
                   address,
                   payload.get_data_length(),
                   payload.get_command(),
                   std::string(name_of(master_of(payload))),
                   payload.get_response_status(),
                   {}};
    error.text = describe(error, target);
    ++error_count_;
    errors_.push_back(error);
    if (errors_.size() > 16) errors_.pop_front();
    if (on_error_) on_error_(error);
}

std::string Bus::describe(const BusError& error, const Window* target) const {
    std::ostringstream out;
    out << "bus error: " << (error.command == tlm::TLM_WRITE_COMMAND ? "write" : "read") << " of "
        << error.bytes << (error.bytes == 1 ? " byte" : " bytes") << " at " << hex(error.address)
        << " by " << error.master << " at " << time_text(error.time) << ": ";
    if (target)
        out << target->name << " " << reason(error.response);
    else if (error.response == tlm::TLM_GENERIC_ERROR_RESPONSE)
        out << "an injected fault";
    else
        out << "nothing is mapped there" << nearest_to(error.address);
    return out.str();
}

std::string Bus::nearest_to(uint64_t address) const {
    const Window* nearest = nullptr;
    uint64_t least = UINT64_MAX;
    for (const Window& w : windows_) {
        const uint64_t last = w.base + (w.bytes - 1);
        const uint64_t distance = address < w.base ? w.base - address
                                  : address > last ? address - last
                                                   : 0;
        if (distance < least) least = distance, nearest = &w;
    }
    if (!nearest) return "";
    return std::string(least == 0 ? "; it leaves " : "; nearest is ") + nearest->name + ", " +
           hex(nearest->base) + " to " + hex(nearest->base + (nearest->bytes - 1));
}

}  // namespace karhunen
