#include "tests/support/protocol_checker.h"

#include <sstream>

namespace karhunen {

using sc_core::sc_time;
using sc_core::sc_time_stamp;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;
using tlm::tlm_sync_enum;

namespace {

constexpr const char* state_names[] = {"BEGIN_REQ", "END_REQ", "BEGIN_RESP", "the end"};

std::string name_of(const tlm_phase& phase) {
    std::ostringstream out;
    out << phase;
    return out.str();
}

bool is_extended(const tlm_phase& phase) {
    return phase > tlm::END_RESP;
}

std::string describe(const tlm_generic_payload& payload) {
    constexpr const char* commands[] = {"read", "write", "ignore"};
    std::ostringstream out;
    out << commands[payload.get_command()] << " of " << payload.get_data_length() << " at 0x"
        << std::hex << payload.get_address();
    return out.str();
}

}  // namespace

ProtocolChecker::ProtocolChecker(sc_core::sc_module_name name, Downstream downstream)
    : sc_module(name), downstream_(downstream) {
    target.bind(*this);
    initiator.bind(*this);
}

std::string ProtocolChecker::violations() const {
    std::string text;
    uint64_t shown = 0, count = violation_count_;
    for (const std::string& v : first_violations_) text += v + '\n', ++shown;
    for (const auto& [payload, transfer] : in_flight_) {
        ++count;
        if (++shown > 10) continue;
        text += transfer->text + ": never completed, last phase " + name_of(transfer->last_phase) +
                " (15.2.3 n)\n";
    }
    return count == 0 ? text : text + std::to_string(count) + " violations on " + name() + '\n';
}

void ProtocolChecker::violate(const std::string& clause, const std::string& what,
                              const std::string& who) {
    if (++violation_count_ > 10) return;
    std::string text = sc_time_stamp().to_string() + ": ";
    if (!who.empty()) text += who + ": ";
    first_violations_.push_back(text + what + " (" + clause + ')');
}

// ---- Calls ----------------------------------------------------------------------------------

tlm_sync_enum ProtocolChecker::nb_transport_fw(tlm_generic_payload& payload, tlm_phase& phase,
                                               sc_time& delay) {
    Call call = enter(Path::forward, payload, phase, delay);
    const tlm_sync_enum status = initiator->nb_transport_fw(payload, phase, delay);
    leave(call, payload, phase, delay, status);
    return status;
}

tlm_sync_enum ProtocolChecker::nb_transport_bw(tlm_generic_payload& payload, tlm_phase& phase,
                                               sc_time& delay) {
    Call call = enter(Path::backward, payload, phase, delay);
    const tlm_sync_enum status = target->nb_transport_bw(payload, phase, delay);
    leave(call, payload, phase, delay, status);
    return status;
}

ProtocolChecker::Call ProtocolChecker::enter(Path path, tlm_generic_payload& payload,
                                             const tlm_phase& phase, const sc_time& delay) {
    check_nesting(path);
    ++depth_[static_cast<int>(path)];
    const bool is_begin = path == Path::forward && phase == tlm::BEGIN_REQ;
    Call call{is_begin ? begin(payload) : find(payload, phase),
              path,
              phase,
              delay,
              sc_core::sc_delta_count(),
              payload.has_mm() && payload.get_ref_count() > 0};
    const std::string who = call.transfer ? call.transfer->text : describe(payload);
    if (!payload.has_mm())
        violate("14.5 i", name_of(phase) + " without a memory manager", who);
    else if (payload.get_ref_count() == 0)
        violate("14.5 t", name_of(phase) + " with a reference count of 0", who);
    // Whoever completes the transaction may release it (14.5 v); it is looked at after the call.
    if (call.is_held) payload.acquire();
    if (!call.transfer) return call;
    const Side sender = path == Path::forward ? upstream : downstream;
    pass_time(*call.transfer, delay);
    if (is_begin) return call;
    check_unchanged(*call.transfer, payload, sender);
    advance(*call.transfer, payload, phase, sender);
    return call;
}

void ProtocolChecker::leave(Call& call, tlm_generic_payload& payload, const tlm_phase& phase,
                            const sc_time& delay, tlm_sync_enum status) {
    --depth_[static_cast<int>(call.path)];
    const std::string who = call.transfer ? call.transfer->text : "";
    if (sc_core::sc_delta_count() != call.delta) violate("11.1.2.4 d", "nb_transport waited", who);
    if (status == tlm::TLM_ACCEPTED && (phase != call.phase || delay != call.delay))
        violate("11.1.2.7", "TLM_ACCEPTED with another phase or delay than that of the call", who);
    const bool has_ended = !call.transfer || call.transfer->state == State::ended;
    if (!has_ended) {
        Transfer& transfer = *call.transfer;
        const Side answerer = call.path == Path::forward ? downstream : upstream;
        if (status != tlm::TLM_ACCEPTED) pass_time(transfer, delay);
        if (call.is_held) check_unchanged(transfer, payload, answerer);
        if (status == tlm::TLM_UPDATED)
            advance(transfer, payload, phase, answerer);
        else if (status == tlm::TLM_COMPLETED)
            check_completion(call, payload), end(transfer);
    } else if (call.phase == tlm::END_RESP && status == tlm::TLM_UPDATED) {
        violate("15.2.4", "END_RESP answered by " + name_of(phase), who);
    }
    if (call.is_held) payload.release();
}

void ProtocolChecker::check_nesting(Path path) {
    // nb_transport does not wait: what is called meanwhile is called from it.
    if (depth_[static_cast<int>(path == Path::forward ? Path::backward : Path::forward)] > 0)
        violate("11.1.2.4 c", path == Path::forward ? "nb_transport_bw called nb_transport_fw"
                                                    : "nb_transport_fw called nb_transport_bw");
}

/// TLM_COMPLETED by either path.
void ProtocolChecker::check_completion(const Call& call, const tlm_generic_payload& payload) {
    Transfer& transfer = *call.transfer;
    const bool is_request = call.path == Path::forward && call.phase == tlm::BEGIN_REQ;
    const bool is_response = call.path == Path::backward && call.phase == tlm::BEGIN_RESP;
    if (!is_request && !is_response)
        violate("15.2.3 f", name_of(call.phase) + " answered by TLM_COMPLETED", transfer.text);
    if (!is_request) return;
    if (response_)  // it implies BEGIN_RESP
        violate("15.2.3 i", "TLM_COMPLETED before the end of another response", transfer.text);
    if (call.is_held && payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE)
        violate("14.17 k", "TLM_COMPLETED with an incomplete response", transfer.text);
}

// ---- Phases ---------------------------------------------------------------------------------

std::shared_ptr<ProtocolChecker::Transfer> ProtocolChecker::begin(
    const tlm_generic_payload& payload) {
    auto transfer = std::make_shared<Transfer>();
    transfer->text = "transaction " + std::to_string(++transactions_) + ", " + describe(payload);
    transfer->request = PayloadRecord(payload);
    check_start(payload, transfer->text);
    if (const auto old = in_flight_.find(&payload); old != in_flight_.end()) {
        violate("14.5 x", "BEGIN_REQ with a payload that is in flight", transfer->text);
        end(*old->second);
    }
    if (blocking_.contains(&payload))
        violate("15.2.10 c", "BEGIN_REQ with a payload in b_transport", transfer->text);
    if (request_)
        violate("15.2.6 e", "BEGIN_REQ before the end of the request before", transfer->text);
    request_ = transfer.get();
    in_flight_[&payload] = transfer;
    return transfer;
}

std::shared_ptr<ProtocolChecker::Transfer> ProtocolChecker::find(const tlm_generic_payload& payload,
                                                                 const tlm_phase& phase) {
    const auto found = in_flight_.find(&payload);
    if (found != in_flight_.end()) return found->second;
    violate(is_extended(phase) ? "15.2.5 e" : "15.2.4",
            name_of(phase) + " of a transaction that is not in flight", describe(payload));
    return nullptr;
}

/// Table 57 (15.2.4); the sender speaks by a call or by its return.
void ProtocolChecker::advance(Transfer& transfer, const tlm_generic_payload& payload,
                              const tlm_phase& phase, Side sender) {
    if (is_extended(phase)) {  // allowed between BEGIN_REQ and END_RESP
        if (phase == transfer.last_phase)
            violate("15.2.3 e", name_of(phase) + " twice", transfer.text);
        transfer.last_phase = phase;
        return;
    }
    const bool is_upstreams = phase == tlm::BEGIN_REQ || phase == tlm::END_RESP;
    if (phase == tlm::UNINITIALIZED_PHASE || is_upstreams != (sender == upstream)) {
        violate("15.2.3 c", name_of(phase) + " from the wrong side", transfer.text);
        return;
    }
    const State state = transfer.state;
    const bool is_in_order = phase == tlm::END_REQ ? state == State::requested
                             : phase == tlm::BEGIN_RESP
                                 ? state == State::requested || state == State::accepted
                                 : phase == tlm::END_RESP && state == State::responding;
    if (!is_in_order) {
        violate("15.2.4", name_of(phase) + " after " + state_names[static_cast<int>(state)],
                transfer.text);
        return;
    }
    transfer.last_phase = phase;
    if (request_ == &transfer) request_ = nullptr;  // BEGIN_RESP implies END_REQ (15.2.3 l)
    if (phase == tlm::END_REQ)
        transfer.state = State::accepted;
    else if (phase == tlm::BEGIN_RESP)
        begin_response(transfer, payload);
    else
        end(transfer);
}

void ProtocolChecker::begin_response(Transfer& transfer, const tlm_generic_payload& payload) {
    if (response_)
        violate("15.2.6 f", "BEGIN_RESP before the end of the response before", transfer.text);
    if (payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE)
        violate("14.17 k", "BEGIN_RESP with an incomplete response", transfer.text);
    transfer.response = PayloadResponse(payload);
    transfer.state = State::responding;
    response_ = &transfer;
}

void ProtocolChecker::end(Transfer& transfer) {
    transfer.state = State::ended;
    if (request_ == &transfer) request_ = nullptr;
    if (response_ == &transfer) response_ = nullptr;
    std::erase_if(in_flight_, [&](const auto& entry) { return entry.second.get() == &transfer; });
}

void ProtocolChecker::pass_time(Transfer& transfer, const sc_time& delay) {
    const sc_time time = sc_time_stamp() + delay;
    if (time < transfer.time)
        violate("15.2.7 c",
                "goes back in time, from " + transfer.time.to_string() + " to " + time.to_string(),
                transfer.text);
    transfer.time = time;
}

// ---- Payloads -------------------------------------------------------------------------------

void ProtocolChecker::check_start(const tlm_generic_payload& payload, const std::string& who) {
    const auto expect = [&](bool is_good, const char* clause, const char* what) {
        if (!is_good) violate(clause, std::string("starts with ") + what, who);
    };
    if (payload.get_command() != tlm::TLM_IGNORE_COMMAND) {
        expect(payload.get_data_ptr(), "14.11 e", "no data pointer");
        expect(payload.get_data_length() > 0, "14.12 d", "a data length of 0");
    }
    expect(!payload.get_byte_enable_ptr() || payload.get_byte_enable_length() > 0, "14.14 f",
           "a byte enable length of 0");
    expect(payload.get_streaming_width() > 0, "14.15 f", "a streaming width of 0");
    expect(!payload.is_dmi_allowed(), "14.16 c", "DMI allowed");
    expect(payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE, "14.17 e",
           "a response status");
    expect(payload.get_gp_option() == tlm::TLM_MIN_PAYLOAD, "14.8 g", "an option");
}

/// Whoever had the payload last; only an interconnect may have changed the address (14.7 d).
void ProtocolChecker::check_unchanged(Transfer& transfer, const tlm_generic_payload& payload,
                                      Side holder) {
    std::string changes = transfer.request.changes(payload);
    const bool may_translate = holder == downstream && downstream_ == Downstream::interconnect;
    if (!may_translate && payload.get_address() != transfer.request.address)
        changes += changes.empty() ? "address" : ", address";
    if (transfer.state == State::responding) {
        const std::string more = transfer.response.changes(payload);
        if (!more.empty()) changes += (changes.empty() ? "" : ", ") + more;
    }
    if (may_translate) transfer.request.address = payload.get_address();
    if (changes.empty()) return;
    violate("14.7", "changed in flight: " + changes, transfer.text);
    transfer.request = PayloadRecord(payload);  // tell it once
    transfer.response = PayloadResponse(payload);
}

// ---- The other interfaces -------------------------------------------------------------------

void ProtocolChecker::b_transport(tlm_generic_payload& payload, sc_time& delay) {
    const std::string who = "b_transport, " + describe(payload);
    ++blocking_transactions_;
    check_start(payload, who);
    if (sc_core::sc_get_current_process_handle().proc_kind() == sc_core::SC_METHOD_PROC_)
        violate("11.1.1.4 b", "called from a method process", who);
    if (depth_[0] + depth_[1] > 0) violate("11.1.2.4 f", "called from nb_transport", who);
    if (in_flight_.contains(&payload)) violate("15.2.10 c", "the payload is in flight", who);
    if (payload.has_mm() && payload.get_ref_count() == 0)
        violate("14.5 t", "a reference count of 0", who);
    if (++blocking_[&payload] > 1) violate("15.2.8 d", "the payload is in b_transport", who);
    const PayloadRecord request(payload);
    const sc_time begin = sc_time_stamp() + delay;
    initiator->b_transport(payload, delay);
    if (sc_time_stamp() + delay < begin) violate("15.2.7 d", "goes back in time", who);
    std::string changes = request.changes(payload);
    if (downstream_ == Downstream::target && payload.get_address() != request.address)
        changes += changes.empty() ? "address" : ", address";
    if (!changes.empty()) violate("14.7", "changed in flight: " + changes, who);
    if (payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE)
        violate("14.17 k", "ends with an incomplete response", who);
    if (--blocking_[&payload] == 0) blocking_.erase(&payload);
}

unsigned ProtocolChecker::transport_dbg(tlm_generic_payload& payload) {
    const unsigned bytes = initiator->transport_dbg(payload);
    if (bytes > payload.get_data_length())
        violate("11.3.4 s", "transport_dbg says " + std::to_string(bytes) + " bytes",
                describe(payload));
    return bytes;
}

bool ProtocolChecker::get_direct_mem_ptr(tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
    return initiator->get_direct_mem_ptr(payload, dmi);
}

void ProtocolChecker::invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) {
    target->invalidate_direct_mem_ptr(start, end);
}

}  // namespace karhunen
