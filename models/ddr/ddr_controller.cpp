#include "models/ddr/ddr_controller.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <karhunen/registers.h>

#include "models/interfaces/traffic.h"

namespace karhunen {

namespace {

constexpr uint32_t id = block_id((KRHN_DDR_CONTROLLER_BASE - KRHN_BLOCK_BASE) / KRHN_BLOCK_BYTES);
constexpr RegisterDescription descriptions[] = {
    {"ID", KRHN_ID, Access::RO, id, "block identification: 'K', block number, version"},
    {"STATUS", KRHN_STATUS, Access::RO, 0, "what the block is at"},
    KRHN_DDR_CONTROLLER_REGISTERS(KARHUNEN_DESCRIBE)};

DdrSettings checked(DdrSettings s) {
    if (s.model != "ddr3" && s.model != "ideal")
        throw std::invalid_argument("DDR model '" + s.model + "': expected ddr3 or ideal");
    if (s.size_bytes == 0 || s.size_bytes > s.device.bytes())
        throw std::invalid_argument("DDR size: expected up to the device's " +
                                    std::to_string(s.device.bytes() >> 20) + " MiB");
    if (s.clock_mhz < 0) throw std::invalid_argument("DDR clock: expected a positive number");
    if (s.clock_mhz == 0) s.clock_mhz = s.device.clock_mhz();
    if (s.model == "ideal") s.policy.refresh = false;
    return s;
}

}  // namespace

struct DdrController::Transaction : ddr::Request {
    tlm::tlm_generic_payload* payload = nullptr;
    int link = 0;
    bool blocking = false, finished = false;
    sc_core::sc_event done;
};

DdrController::DdrController(sc_core::sc_module_name name, const DdrSettings& settings)
    : sc_module(name),
      socket("socket"),
      registers("registers", descriptions,
                sc_core::sc_time(1e6 / checked(settings).clock_mhz, sc_core::SC_PS)),
      settings_(checked(settings)),
      period_(1e6 / settings_.clock_mhz, sc_core::SC_PS),
      storage_(settings_.size_bytes),
      energy_(settings_.device, settings_.clock_mhz),
      core_(settings_.device, ddr::AddressMapping(settings_.device, settings_.mapping),
            settings_.policy, *this),
      activity_(this->name()),
      wake_("wake"),
      phases_("phases", this, &DdrController::phase_arrived),
      bank_traces_(settings_.device.banks) {
    socket.register_b_transport(this, &DdrController::b_transport);
    socket.register_nb_transport_fw(this, &DdrController::nb_transport_fw);
    socket.register_transport_dbg(this, &DdrController::transport_dbg);
    socket.register_get_direct_mem_ptr(this, &DdrController::get_direct_mem_ptr);
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.dont_initialize();
    options.set_sensitivity(&wake_);
    sc_core::sc_spawn([this] { serve(); }, "serve", &options);

    registers["STATUS"].on_read([this] { return core_.idle() ? 0 : KRHN_STATUS_BUSY; });
    registers["SIZE_MIB"].value = static_cast<uint32_t>(settings_.size_bytes >> 20);
    registers["CLOCK_KHZ"].value = static_cast<uint32_t>(settings_.clock_mhz * 1000);
    registers["READ_KIB"].on_read(
        [this] { return static_cast<uint32_t>(statistics().total().bytes_read >> 10); });
    registers["WRITTEN_KIB"].on_read(
        [this] { return static_cast<uint32_t>(statistics().total().bytes_written >> 10); });
}

DdrController::~DdrController() = default;

double DdrController::peak_bytes_per_s() const {
    return settings_.device.peak_bytes_per_s(settings_.clock_mhz);
}

/// The last clock edge.
ddr::Clock DdrController::now() const {
    return static_cast<ddr::Clock>(sc_core::sc_time_stamp().value() / period_.value());
}

/// Between two edges the controller sees something at the next.
ddr::Clock DdrController::edge_from(const sc_core::sc_time& time) const {
    const uint64_t period = period_.value();
    return static_cast<ddr::Clock>((time.value() + period - 1) / period);
}

ddr::Statistics DdrController::statistics() {
    core_.advance(now());
    sleep();
    return core_.statistics();
}

// ---- Sockets --------------------------------------------------------------------------------

/// Loosely timed: what the access takes, from the state of the banks, is added to the delay. Only
/// if it must come after something that is still pending, the time passes here.
void DdrController::b_transport(int link, tlm::tlm_generic_payload& payload,
                                sc_core::sc_time& delay) {
    if (refuse(payload)) return;
    core_.advance(now());
    Transaction& t = take(payload, link);
    t.blocking = true;
    if (settings_.model == "ideal") {
        submit(t);
    } else if (core_.is_tied(t)) {
        sc_core::wait(delay);
        delay = sc_core::SC_ZERO_TIME;
        submit(t);
        while (!t.finished) sc_core::wait(t.done);
    } else {
        activity_.set_tag(t.key.tag);
        activity_.set(State::busy);
        loose_end_ = core_.access(t, edge_from(sc_core::sc_time_stamp() + delay));
        delay = time_of(loose_end_) - sc_core::sc_time_stamp();
        sleep();
    }
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    give_back(t);
}

tlm::tlm_sync_enum DdrController::nb_transport_fw(int link, tlm::tlm_generic_payload& payload,
                                                  tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    if (phase == tlm::BEGIN_REQ) {
        if (links_.size() <= static_cast<size_t>(link)) links_.resize(link + 1);
        // An error has to wait for the end of another response (IEEE 1666-2011, 15.2.3 i).
        if (!links_[link].response_open && refuse(payload)) return tlm::TLM_COMPLETED;
        if (in_flight(payload))
            SC_REPORT_FATAL(name(), "BEGIN_REQ for a transaction that is already in flight");
        if (payload.has_mm()) payload.acquire();
        in_flight_.push_back(&take(payload, link));
    } else if (phase > tlm::END_RESP) {
        return tlm::TLM_ACCEPTED;  // ignorable: 15.2.5
    } else if (phase != tlm::END_RESP || !in_flight(payload)) {
        SC_REPORT_FATAL(name(), "phase that the base protocol does not allow here");
    }
    phases_.notify(payload, phase, delay);
    return tlm::TLM_ACCEPTED;
}

unsigned DdrController::transport_dbg(int link, tlm::tlm_generic_payload& payload) {
    const uint64_t address = payload.get_address();
    if (address >= settings_.size_bytes) return 0;
    const auto bytes = static_cast<unsigned>(
        std::min<uint64_t>(payload.get_data_length(), settings_.size_bytes - address));
    core_.advance(now() - 1);  // so far that nobody is called back from here
    uint8_t* const memory = storage().data() + address;
    if (payload.is_read())
        std::memcpy(payload.get_data_ptr(), memory, bytes);
    else if (payload.is_write())
        std::memcpy(memory, payload.get_data_ptr(), bytes);
    return bytes;
}

/// No direct access: it would hide time and traffic.
bool DdrController::get_direct_mem_ptr(int link, tlm::tlm_generic_payload& payload,
                                       tlm::tlm_dmi& dmi) {
    payload.set_dmi_allowed(false);
    return false;
}

/// Sets the response of an access that cannot be served.
bool DdrController::refuse(tlm::tlm_generic_payload& payload) const {
    const uint64_t length = payload.get_data_length();
    payload.set_dmi_allowed(false);
    if (!payload.is_read() && !payload.is_write())
        payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    else if (payload.get_byte_enable_ptr())
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    else if (length == 0 || payload.get_streaming_width() < length)
        payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    else if (payload.get_address() >= settings_.size_bytes ||
             length > settings_.size_bytes - payload.get_address())
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    else
        return false;
    return true;
}

/// BEGIN_REQ or END_RESP, at the time at which it takes effect.
void DdrController::phase_arrived(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase) {
    Transaction& t = *in_flight(payload);
    if (phase == tlm::BEGIN_REQ) {
        if (refuse(payload))
            answer(t);
        else
            submit(t);
        return;
    }
    const int link = t.link;
    std::erase(in_flight_, &t);
    give_back(t);
    if (payload.has_mm()) payload.release();
    links_[link].response_open = false;
    respond(link);
}

void DdrController::answer(Transaction& t) {
    links_[t.link].responses.push_back(&t);
    respond(t.link);
}

/// One response at a time on each link, in order of completion.
void DdrController::respond(int link) {
    Link& l = links_[link];
    if (l.is_responding) return;  // an END_RESP from inside the loop, which goes on
    l.is_responding = true;
    while (!l.response_open && !l.responses.empty()) {
        tlm::tlm_generic_payload& payload = *l.responses.front()->payload;
        l.responses.pop_front();
        l.response_open = true;
        tlm::tlm_phase phase = tlm::BEGIN_RESP;
        sc_core::sc_time delay;
        if (socket[link]->nb_transport_bw(payload, phase, delay) == tlm::TLM_ACCEPTED) continue;
        if (delay == sc_core::SC_ZERO_TIME)
            phase_arrived(payload, tlm::END_RESP);
        else
            phases_.notify(payload, tlm::END_RESP, delay);
    }
    l.is_responding = false;
}

// ---- Requests -------------------------------------------------------------------------------

DdrController::Transaction& DdrController::take(tlm::tlm_generic_payload& payload, int link) {
    if (free_.empty()) {
        transactions_.push_back(std::make_unique<Transaction>());
        free_.push_back(transactions_.back().get());
    }
    Transaction& t = *free_.back();
    free_.pop_back();
    t.payload = &payload;
    t.link = link;
    t.blocking = t.finished = false;
    t.address = payload.get_address();
    t.bytes = payload.get_data_length();
    t.write = payload.is_write();
    const TrafficExtension unnamed;
    const TrafficExtension* traffic = payload.get_extension<TrafficExtension>();
    if (!traffic) traffic = &unnamed;
    t.key = {traffic->master, traffic->kind, traffic->tag};
    t.urgent = traffic->master == Master::cpu || traffic->kind == TrafficKind::descriptors;
    t.priority = t.urgent ? 0 : traffic->kind == settings_.preferred ? 1 : 2;
    t.port = static_cast<uint32_t>(traffic->master) << 8 | traffic->channel;
    return t;
}

DdrController::Transaction* DdrController::in_flight(
    const tlm::tlm_generic_payload& payload) const {
    const auto found = std::find_if(in_flight_.begin(), in_flight_.end(),
                                    [&](const Transaction* t) { return t->payload == &payload; });
    return found == in_flight_.end() ? nullptr : *found;
}

void DdrController::give_back(Transaction& transaction) {
    free_.push_back(&transaction);
}

void DdrController::submit(Transaction& t) {
    core_.advance(now());
    activity_.set_tag(t.key.tag);
    const ddr::Clock arrival = edge_from(sc_core::sc_time_stamp());
    if (settings_.model == "ideal") {
        core_.serve_at_once(t, arrival);
        return;
    }
    activity_.set(State::busy);
    core_.submit(t, arrival);
    sleep();
}

void DdrController::accepted(ddr::Request& request, ddr::Clock clock) {
    Transaction& t = static_cast<Transaction&>(request);
    if (t.blocking) return;
    tlm::tlm_phase phase = tlm::END_REQ;
    sc_core::sc_time delay;
    socket[t.link]->nb_transport_bw(*t.payload, phase, delay);
}

void DdrController::transferred(ddr::Request& request, uint64_t offset, uint64_t bytes,
                                ddr::Clock clock) {
    uint8_t* const memory = storage().data() + request.address + offset;
    uint8_t* const data = static_cast<Transaction&>(request).payload->get_data_ptr() + offset;
    if (request.write)
        std::memcpy(memory, data, bytes);
    else
        std::memcpy(data, memory, bytes);
}

void DdrController::completed(ddr::Request& request, ddr::Clock clock) {
    Transaction& t = static_cast<Transaction&>(request);
    rest();
    t.finished = true;
    if (t.blocking) {
        t.done.notify(sc_core::SC_ZERO_TIME);
    } else {
        t.payload->set_response_status(tlm::TLM_OK_RESPONSE);
        answer(t);
    }
}

// ---- Time -----------------------------------------------------------------------------------

void DdrController::serve() {
    wake_clock_ = ddr::never;
    core_.advance(now());
    show_commands();
    rest();
    sleep();
}

/// Until the controller has something to do.
void DdrController::sleep() {
    read_fill_ = static_cast<uint8_t>(core_.entries(false));
    write_fill_ = static_cast<uint8_t>(core_.entries(true));
    // Waveforms show refreshes on time, also those of an idle memory, but for their sake no
    // simulation goes on.
    ddr::Clock next = core_.next(is_traced_ && sc_core::sc_pending_activity());
    if (!commands_.empty()) next = std::min(next, commands_.front().clock);
    if (loose_end_ > now()) next = std::min(next, loose_end_);
    if (next == wake_clock_) return;
    wake_clock_ = next;
    wake_.cancel();
    if (next != ddr::never) wake_.notify(time_of(next) - sc_core::sc_time_stamp());
}

void DdrController::rest() {
    if (core_.idle() && loose_end_ <= now()) activity_.set(State::idle);
}

void DdrController::on_command(ddr::CommandHook hook) {
    hook_ = std::move(hook);
    core_.on_command([this](const ddr::CommandRecord& record) { observe(record); });
}

void DdrController::observe(const ddr::CommandRecord& record) {
    if (hook_) hook_(record);
    if (!is_traced_) return;
    commands_.push_back(record);
    show_commands();
}

/// To the waveforms, up to now: loosely timed accesses issue commands ahead of time.
void DdrController::show_commands() {
    for (; !commands_.empty() && commands_.front().clock <= now(); commands_.pop_front()) {
        const ddr::CommandRecord& record = commands_.front();
        const bool all =
            record.command == ddr::Command::prea || record.command == ddr::Command::ref;
        for (uint32_t b = 0; b < bank_traces_.size(); ++b) {
            if (!all && b != record.bank) continue;
            bank_traces_[b].command = static_cast<uint8_t>(record.command);
            if (record.command == ddr::Command::act)
                bank_traces_[b].row = static_cast<uint16_t>(record.row);
        }
    }
}

void DdrController::trace(sc_core::sc_trace_file* file) {
    core_.on_command([this](const ddr::CommandRecord& record) { observe(record); });
    activity_.trace(file);
    constexpr int command_bits = 4;
    is_traced_ = true;
    wake_.notify(sc_core::SC_ZERO_TIME);
    const std::string prefix = std::string(name()) + '.';
    sc_core::sc_trace(file, read_fill_, prefix + "read_queue");
    sc_core::sc_trace(file, write_fill_, prefix + "write_queue");
    for (size_t b = 0; b < bank_traces_.size(); ++b) {
        const std::string bank = prefix + "bank" + std::to_string(b);
        sc_core::sc_trace(file, bank_traces_[b].command, bank + ".command", command_bits);
        sc_core::sc_trace(file, bank_traces_[b].row, bank + ".row");
    }
}

}  // namespace karhunen
