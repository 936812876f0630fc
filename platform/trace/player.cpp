#include "platform/trace/player.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <tlm_utils/simple_initiator_socket.h>

#include <karhunen/registers.h>

#include "models/interfaces/sanitizer.h"
#include "models/interfaces/time_text.h"
#include "models/interfaces/traffic.h"
#include "platform/fresh_context.h"

namespace karhunen {

namespace {

using Kind = TraceAction::Kind;
using sc_core::sc_time;

constexpr uint32_t plic_pending = KRHN_PLIC_BASE + KRHN_PLIC_PENDING,
                   plic_enable = KRHN_PLIC_BASE + KRHN_PLIC_ENABLE,
                   plic_claim = KRHN_PLIC_BASE + KRHN_PLIC_CLAIM;

std::string hex(uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%x", value);
    return text;
}

/// A bus master in the CPU's place. What cannot go on ends the simulation.
class Player : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<Player> socket{"socket"};

    Player(sc_core::sc_module_name name, const SymbolicTrace& trace, sc_time patience,
           TraceReport& report)
        : sc_module(name), trace_(trace), patience_(patience), report_(report) {
        auto* traffic = new TrafficExtension;  // the payload deletes it
        traffic->master = Master::cpu;
        payload_.set_extension(traffic);
        SC_HAS_PROCESS(Player);
        SC_THREAD(play);
        set_stack_size(1 << 20);
    }

    /// What is not over when the simulation is.
    const TraceAction* current() const {
        return report_.done < trace_.actions.size() ? &trace_.actions[report_.done] : nullptr;
    }
    void mismatch(const TraceAction& a, const std::string& what);

private:
    void play();
    bool perform(size_t index);
    bool holds(const TraceAction& poll);
    bool wait_for(const TraceAction& a, const std::function<bool()>& condition);
    bool wait_for_interrupt(size_t index);
    bool claim(const TraceAction& a);
    void load(const TraceAction& a);
    void check(const TraceAction& a);
    bool read(const TraceAction& a, uint32_t address, uint32_t bytes, uint32_t& value);
    bool write(const TraceAction& a, uint32_t address, uint32_t bytes, uint32_t value);
    bool access(const TraceAction& a, tlm::tlm_command command, uint32_t address, uint32_t bytes,
                uint32_t& value);
    uint32_t debug(tlm::tlm_command command, uint32_t address, uint8_t* data, uint32_t bytes);

    const SymbolicTrace& trace_;
    sc_time patience_;
    TraceReport& report_;
    tlm::tlm_generic_payload payload_;
    uint32_t enabled_ = 0;  ///< as the trace wrote it to the PLIC
    bool is_lost_ = false;  ///< an access failed
};

void Player::mismatch(const TraceAction& a, const std::string& what) {
    ++report_.mismatch_count;
    if (report_.mismatches.size() < 16)
        report_.mismatches.push_back(trace_.name + ':' + std::to_string(a.line) + ": " + what +
                                     " (" + text_of(a) + ')');
}

void Player::play() {
    while (report_.done < trace_.actions.size() && perform(report_.done)) ++report_.done;
    sc_core::sc_stop();
}

/// false: there is no going on.
bool Player::perform(size_t index) {
    const TraceAction& a = trace_.actions[index];
    const RegisterPlace* place = a.register_place;
    uint32_t found = 0;
    switch (a.kind) {
        case Kind::reg_write:
            if (place->address == plic_enable) enabled_ = a.value;
            // The last one: it ends the simulation, and this process.
            if (place->name == "SIMULATION_CONTROL.EXIT") ++report_.done;
            if (!write(a, place->address, place->bytes, a.value)) return false;
            if (place->name == "SIMULATION_CONTROL.EXIT") --report_.done;
            return true;
        case Kind::reg_read:
            if (!read(a, place->address, place->bytes, found)) return false;
            if ((found ^ a.value) & a.mask) mismatch(a, "found " + hex(found));
            return true;
        case Kind::poll:
        case Kind::poll_least:
            return wait_for(a, [&] { return holds(a); });
        case Kind::wait_irq:
            return wait_for_interrupt(index);
        case Kind::mem_load:
            load(a);
            return true;
        case Kind::mem_check:
            check(a);
            return true;
    }
    return false;
}

bool Player::holds(const TraceAction& poll) {
    uint32_t found = 0;
    if (!read(poll, poll.register_place->address, poll.register_place->bytes, found)) return false;
    if (poll.kind == Kind::poll) return ((found ^ poll.value) & poll.mask) == 0;
    return static_cast<int32_t>(found - poll.value) >= 0;  // counters run modulo 2^32
}

/// Asks again and again, less and less often.
bool Player::wait_for(const TraceAction& a, const std::function<bool()>& condition) {
    const sc_time begin = sc_core::sc_time_stamp();
    sc_time pause(50, sc_core::SC_NS);
    const sc_time longest(2, sc_core::SC_US);
    while (!condition()) {
        if (is_lost_) return false;
        if (sc_core::sc_time_stamp() - begin > patience_) {
            mismatch(a, "waited in vain for " + time_text(patience_));
            return false;
        }
        wait(pause);
        pause = std::min(pause + pause, longest);
    }
    return true;
}

/// Interrupts that came one after the other may come as one now, if firmware was between them and
/// the trace is not. Then what the later one told is true already, and none is pending.
bool Player::wait_for_interrupt(size_t index) {
    const TraceAction& a = trace_.actions[index];
    const auto is_pending = [&] {
        uint32_t pending = 0;
        return read(a, plic_pending, 4, pending) && pending >> a.source & 1;
    };
    const auto is_told = [&] {
        if (a.conditions == 0) return false;
        for (uint32_t c = 1; c <= a.conditions; ++c)
            if (!holds(trace_.actions[index + c])) return false;
        return true;
    };
    bool pending = false;
    // Pending is looked at again behind the conditions: a line that rose with them is up by then.
    const bool came = wait_for(a, [&] {
        pending = is_pending();
        if (!pending && is_told()) return (pending = is_pending()), true;
        return pending;
    });
    if (!came) return false;
    if (pending) return claim(a);
    ++report_.told_together;
    return true;
}

/// The source of the trace, whichever others are pending.
bool Player::claim(const TraceAction& a) {
    uint32_t claimed = 0;
    if (!write(a, plic_enable, 4, enabled_ & 1u << a.source) || !read(a, plic_claim, 4, claimed) ||
        !write(a, plic_enable, 4, enabled_))
        return false;
    report_.claims.push_back(claimed);
    if (claimed != a.source)
        mismatch(a, "the PLIC gives source " + std::to_string(claimed) + " instead");
    return true;
}

void Player::load(const TraceAction& a) {
    const std::span<const uint8_t> data = trace_.data_of(a);
    std::vector<uint8_t> copy(data.begin(), data.end());
    if (debug(tlm::TLM_WRITE_COMMAND, a.address, copy.data(), a.bytes) != a.bytes)
        mismatch(a, "there is no memory of that size");
}

void Player::check(const TraceAction& a) {
    std::vector<uint8_t> found(a.bytes);
    ++report_.checks;
    if (debug(tlm::TLM_READ_COMMAND, a.address, found.data(), a.bytes) != a.bytes)
        mismatch(a, "there is no memory of that size");
    else if (trace_crc(found) != a.crc)
        mismatch(a, "found crc " + hex(trace_crc(found)));
}

bool Player::read(const TraceAction& a, uint32_t address, uint32_t bytes, uint32_t& value) {
    return access(a, tlm::TLM_READ_COMMAND, address, bytes, value);
}
bool Player::write(const TraceAction& a, uint32_t address, uint32_t bytes, uint32_t value) {
    return access(a, tlm::TLM_WRITE_COMMAND, address, bytes, value);
}

bool Player::access(const TraceAction& a, tlm::tlm_command command, uint32_t address,
                    uint32_t bytes, uint32_t& value) {
    sc_time delay;
    payload_.set_command(command);
    payload_.set_address(address);
    payload_.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload_.set_data_length(bytes);
    payload_.set_streaming_width(bytes);
    payload_.set_byte_enable_ptr(nullptr);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    socket->b_transport(payload_, delay);
    wait(delay);
    is_lost_ = is_lost_ || !payload_.is_response_ok();
    if (!payload_.is_response_ok()) mismatch(a, "the access was answered with an error");
    return !is_lost_;
}

uint32_t Player::debug(tlm::tlm_command command, uint32_t address, uint8_t* data, uint32_t bytes) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(data);
    payload.set_data_length(bytes);
    payload.set_streaming_width(bytes);
    return socket->transport_dbg(payload);
}

}  // namespace

TraceReport play_trace(const SymbolicTrace& trace, const PlatformConfiguration& configuration,
                       const std::function<void(Machine&)>& at_end) {
    start_fresh_context();
    TraceReport report;
    report.actions = trace.actions.size();
    DmaObservers observers;
    observers.on_band_stored = [&](uint32_t, const krhn_tile_entry&) { ++report.bands_stored; };
    // SystemC keeps pointers to modules of a simulation that is over, but does not follow them.
    const auto machine = std::make_unique<Machine>("machine", configuration, observers);
    const double patience_ms =
        configuration.cpu.watchdog_ms > 0 ? configuration.cpu.watchdog_ms : 1000;
    Player player("player", trace, sc_time(patience_ms, sc_core::SC_MS), report);
    machine->cpu.hold_in_reset();
    machine->uart.on_output([&](char c) { report.uart += c; });
    player.socket.bind(machine->bus.initiators);
    try {
        sc_core::sc_start();
    } catch (...) {
        restore_stack_bounds();
        throw;
    }
    restore_stack_bounds();
    report.simulated_ms = sc_core::sc_time_stamp().to_seconds() * 1e3;
    if (const TraceAction* stuck = player.current(); stuck && report.mismatch_count == 0)
        player.mismatch(*stuck, machine->simulation_control.report().empty()
                                    ? "the simulation ended before"
                                    : machine->simulation_control.report());
    if (at_end) at_end(*machine);
    return report;
}

}  // namespace karhunen
