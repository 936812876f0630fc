// Trap entry (RISC-V privileged ISA 20211203, sections 3.1.6 to 3.1.16).
#include <sstream>

#include "models/cpu/cpu.h"
#include "models/interfaces/time_text.h"

namespace karhunen {
namespace {

constexpr uint32_t mie_bit = 1u << 3, mpie_bit = 1u << 7, mpp_bits = 3u << 11;  // of mstatus
constexpr uint32_t interrupt_bit = 1u << 31;                                    // of mcause
constexpr unsigned stack_pointer = 2;
constexpr unsigned software = 3, timer = 7, external = 11;  // of mip, mcause

std::string hex(uint32_t value) {
    std::ostringstream out;
    out << "0x" << std::hex << value;
    return out.str();
}

}  // namespace

uint32_t Cpu::interrupt_lines() const {
    return external_irq.read() << external | timer_irq.read() << timer |
           software_irq.read() << software;
}

void Cpu::take_interrupt() {
    const auto pending = [this] {
        return hart_.csr(Csr::mstatus) & mie_bit ? interrupt_lines() & hart_.csr(Csr::mie) : 0;
    };
    if (pending() == 0) return;
    // The lines are those of simulated time, which is behind.
    synchronise();
    const uint32_t now = pending();
    for (const unsigned number : {external, software, timer})
        if (now >> number & 1) {
            triggers_.on_interrupt(hart_.pc(), hart_.reg(stack_pointer));
            enter_trap(interrupt_bit | number, 0, "interrupt " + std::to_string(number));
            return;
        }
}

void Cpu::raise(Exception exception, uint32_t value) {
    const uint32_t pc = hart_.pc();
    std::ostringstream what;
    what << name_of(exception) << " (mcause " << static_cast<uint32_t>(exception) << ")";
    if (exception == Exception::load_fault || exception == Exception::store_fault)
        what << ", address " << hex(value) << ",";
    // MRET leaves MPP = 0: no MRET since the last trap means that this happens in its handler.
    const bool in_handler = has_trapped_ && (hart_.csr(Csr::mstatus) & mpp_bits) == mpp_bits;
    if (in_handler && exception == last_exception_ && pc == last_exception_pc_)
        return halt(what.str(), "the trap handler itself raises it, again and again");
    last_exception_ = exception;
    last_exception_pc_ = pc;
    enter_trap(static_cast<uint32_t>(exception), value, what.str());
}

void Cpu::enter_trap(uint32_t cause, uint32_t value, const std::string& what) {
    if (!hart_.in_machine_mode())
        return halt(what, "the program left machine mode (MRET with mstatus.MPP = 0)");
    const uint32_t vector = hart_.csr(Csr::mtvec), base = vector & ~3u;
    if (base == 0) return halt(what, "there is no trap handler (mtvec is 0)");
    const uint32_t status = hart_.csr(Csr::mstatus);
    hart_.set_csr(Csr::mepc, hart_.pc());
    hart_.set_csr(Csr::mcause, cause);
    hart_.set_csr(Csr::mtval, value);
    hart_.set_csr(Csr::mstatus,
                  (status & ~(mie_bit | mpie_bit)) | mpp_bits | (status & mie_bit ? mpie_bit : 0));
    const bool is_vectored = (vector & 3) == 1 && cause & interrupt_bit;
    hart_.set_pc(base + (is_vectored ? 4 * (cause & ~interrupt_bit) : 0));
    has_trapped_ = true;
}

void Cpu::halt(const std::string& what, const std::string& why) {
    std::ostringstream out;
    out << "cpu stopped: " << what << " at pc " << hex(hart_.pc()) << ", "
        << time_text(sc_core::sc_time_stamp() + local_time()) << ": " << why;
    halt_report_ = out.str();
    sc_core::sc_stop();
}

}  // namespace karhunen
