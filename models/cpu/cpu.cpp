#include "models/cpu/cpu.h"

#include <algorithm>
#include <utility>

#include "models/interfaces/traffic.h"

namespace karhunen {

Cpu::Cpu(sc_core::sc_module_name name, sc_core::sc_time clock, uint32_t quantum, uint32_t reset_pc)
    : sc_module(name), clock_(clock), quantum_(std::max(quantum, 1u)), activity_(this->name()) {
    socket.register_invalidate_direct_mem_ptr(this, &Cpu::revoke);
    auto* traffic = new TrafficExtension;  // the payload deletes it
    traffic->master = Master::cpu;
    payload_.set_extension(traffic);
    hart_.set_pc(reset_pc);
    SC_HAS_PROCESS(Cpu);
    SC_THREAD(execute);
    set_stack_size(1 << 20);
}

void Cpu::execute() {
    wait(clock_.period());  // in reset: the host loads the program at time zero
    if (is_held_) return;
    activity_.set(State::busy);
    while (halt_report_.empty()) step();
    activity_.set(State::idle);
}

/// Executes until something happens that SystemC has to know of.
void Cpu::step() {
    if (!std::exchange(is_interrupted_, false)) begin_run();
    if (!halt_report_.empty()) return;
    if (is_revoked_) renew();
    const StopReason reason = hart_.run(quantum_ - std::min(ahead_, quantum_), watches_masks_);
    instructions_ += reason.instructions;
    ahead_ += static_cast<uint32_t>(reason.instructions);
    switch (reason.stop) {
        case Stop::budget:
        case Stop::unmasked:
            break;
        case Stop::wait:
            wait_for_interrupt();
            break;
        case Stop::load:
        case Stop::store:
            access(reason);
            break;
        case Stop::fetch:
            if (!map_directly(reason.address)) raise(Exception::fetch_fault, reason.address);
            break;
        case Stop::exception:
            raise(reason.exception, reason.value);
            break;
        case Stop::refused:
            is_interrupted_ = true;
            stop(debug_stop_);
            break;
    }
}

void Cpu::begin_run() {
    if (ahead_ >= quantum_) synchronise();
    if (interrupt_lines() != 0) take_interrupt();
    // A line that is masked now may be unmasked by any CSR instruction.
    watches_masks_ = interrupt_lines() != 0;
}

void Cpu::synchronise() {
    if (ahead_ == 0 && delay_ == sc_core::SC_ZERO_TIME) return;
    wait(local_time());
    ahead_ = 0;
    delay_ = sc_core::SC_ZERO_TIME;
}

/// An enabled line ends WFI also when mstatus.MIE masks it (privileged ISA, section 3.3.3).
void Cpu::wait_for_interrupt() {
    synchronise();
    activity_.set(State::idle);
    is_asleep_ = true;
    if (triggers_.is_breaking_in()) stop({});  // time has passed in synchronise()
    while (is_asleep_ && !(interrupt_lines() & hart_.csr(Csr::mie)))
        wait(external_irq.value_changed_event() | timer_irq.value_changed_event() |
             software_irq.value_changed_event() | woken_);
    is_asleep_ = false;
    activity_.set(State::busy);
}

void Cpu::access(const StopReason& reason) {
    const Exception fault =
        reason.stop == Stop::load ? Exception::load_fault : Exception::store_fault;
    // Atomics need memory that the hart reaches directly (privileged ISA, section 3.6.3).
    if (reason.is_atomic && !map_directly(reason.address)) return raise(fault, reason.address);
    if (reason.is_atomic) return;  // executed again
    synchronise();
    uint32_t data = reason.data;
    if (transport(reason, data) != tlm::TLM_OK_RESPONSE) return raise(fault, reason.address);
    hart_.finish_access(data);
    if (payload_.is_dmi_allowed()) map_directly(reason.address);
}

tlm::tlm_response_status Cpu::transport(const StopReason& reason, uint32_t& data) {
    payload_.set_command(reason.stop == Stop::load ? tlm::TLM_READ_COMMAND
                                                   : tlm::TLM_WRITE_COMMAND);
    payload_.set_address(reason.address);
    payload_.set_data_ptr(reinterpret_cast<unsigned char*>(&data));
    payload_.set_data_length(reason.bytes);
    payload_.set_streaming_width(reason.bytes);
    payload_.set_byte_enable_ptr(nullptr);
    payload_.set_dmi_allowed(false);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    socket->b_transport(payload_, delay_);
    // Also without delay: a write may stop the simulation, or change interrupt lines, which takes
    // delta cycles. What a read changes is seen in time too: no interrupt is taken out of date.
    if (reason.stop == Stop::store) {
        wait(delay_);
        delay_ = sc_core::SC_ZERO_TIME;
    }
    return payload_.get_response_status();
}

/// The whole pages of memory around an address that may be read and written without the bus.
std::optional<Cpu::Range> Cpu::ask_for_memory(uint32_t address) {
    constexpr uint64_t page = 4096;
    tlm::tlm_dmi dmi;
    payload_.set_command(tlm::TLM_READ_COMMAND);
    payload_.set_address(address);
    if (!socket->get_direct_mem_ptr(payload_, dmi) || !dmi.is_read_write_allowed()) return {};
    const uint64_t first = (dmi.get_start_address() + page - 1) / page * page;
    const uint64_t end = std::min<uint64_t>(dmi.get_end_address(), UINT32_MAX) + 1;
    const uint64_t last = end / page * page - 1;
    if (end < page || address < first || address > last) return {};
    return Range{static_cast<uint32_t>(first), static_cast<uint32_t>(last),
                 dmi.get_dmi_ptr() + (first - dmi.get_start_address())};
}

bool Cpu::map_directly(uint32_t address) {
    const auto range = ask_for_memory(address);
    if (!range || mapped_.size() == InstructionSetSimulator::most_ranges) return false;
    for (const Range& r : mapped_)
        if (range->first <= r.last && r.first <= range->last) return false;
    hart_.map(range->first, range->last - range->first + 1, range->memory);
    mapped_.push_back(*range);
    return true;
}

/// Never while the hart executes: that takes no simulated time. Memory does that when another
/// master writes to it, and will mostly lend the same again: see renew().
void Cpu::revoke(sc_dt::uint64 start, sc_dt::uint64 end) {
    for (Range& r : mapped_) {
        if (start > r.last || end < r.first) continue;
        const auto first = static_cast<uint32_t>(std::max<uint64_t>(start, r.first));
        const auto last = static_cast<uint32_t>(std::min<uint64_t>(end, r.last));
        hart_.forget(first, last - first + 1);
        r.is_revoked = is_revoked_ = true;
    }
}

/// Asks for revoked memory again, before it is used.
void Cpu::renew() {
    is_revoked_ = false;
    std::erase_if(mapped_, [this](Range& r) {
        if (!std::exchange(r.is_revoked, false) || ask_for_memory(r.first) == r) return false;
        hart_.unmap(r.first);
        return true;
    });
}

}  // namespace karhunen
