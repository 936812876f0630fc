// Register objects behind a TLM-2.0 target socket.
//
//   class Dma : public sc_module {
//       RegisterBlock registers{"registers", KRHN_DMA_BASE, description, clock};
//       ...
//       registers["DESCRIPTOR"].on_write([this](uint32_t v) { ... });
//
// Rules: 32-bit aligned single-word accesses only. An unknown offset, another size, a write to a
// read-only register answers with a TLM error response; what the bus makes of it reaches the CPU as
// an access fault. b_transport adds `access_time` to the delay. transport_dbg has no effect but to
// store what it writes: it refuses to write where there is more to a register than its value.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

#include "models/interfaces/register_description.h"

namespace karhunen {

class Register {
public:
    explicit Register(const RegisterDescription& d) : description(d), value(d.reset) {}

    const RegisterDescription description;
    uint32_t value;

    /// Called when the register is read, also by debuggers: it must have no effect. Returns what is
    /// read; without it, `value`.
    Register& on_read(std::function<uint32_t()> f) { return read_ = std::move(f), *this; }
    /// Called after a bus write with the value written (W1C: after the bits were cleared).
    Register& on_write(std::function<void(uint32_t)> f) { return write_ = std::move(f), *this; }
    /// What a read on the bus would return now.
    uint32_t read() const { return read_ ? read_() : value; }
    operator uint32_t() const { return value; }

    /// Whether it keeps a value, rather than computing what is read or acting on what is written.
    bool is_stored() const { return !read_ && description.access != Access::WO; }
    /// A bit changes by itself; what depends on the register follows.
    void flip(unsigned bit) {
        value ^= 1u << bit;
        if (write_) write_(value);
    }

private:
    friend class RegisterBlock;
    std::function<uint32_t()> read_;
    std::function<void(uint32_t)> write_;
};

/// The registers of one block and their socket.
class RegisterBlock : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<RegisterBlock> socket;

    RegisterBlock(sc_core::sc_module_name name, std::span<const RegisterDescription> table,
                  sc_core::sc_time access_time);

    /// Throws std::out_of_range for a name that the description lacks.
    Register& operator[](std::string_view name);
    const std::vector<Register*>& in_order() const { return order_; }
    void reset();  ///< every register to its reset value, no callbacks

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    tlm::tlm_response_status access(tlm::tlm_generic_payload& payload);
    Register* find(const tlm::tlm_generic_payload& payload);

    std::map<uint32_t, Register> by_offset_;
    std::map<std::string_view, Register*> by_name_;
    std::vector<Register*> order_;
    sc_core::sc_time access_time_;
};

/// Value of a block's register ID: 'K', number of the block (KRHN_BLOCK), version.
constexpr uint32_t block_id(uint32_t number, uint32_t version = 1) {
    return uint32_t{'K'} << 24 | number << 8 | version;
}

/// What a job queue holds, for those who look on: the parameter registers (from 0x40 on, in the
/// order of the block) as they were when the job was started.
struct JobState {
    std::optional<std::vector<uint32_t>> running, shadow;
    bool has_failed = false;  ///< the running one; it waits for CONTROL.RESET
};

/// What every job-driven block has in common: CONTROL, STATUS, IRQ_*, ERROR, JOBS_DONE, one running
/// and one shadow job, an interrupt line. Job is a plain struct that the owner fills from the
/// parameter registers.
///
/// START when the shadow job is taken sets ERROR; the running job goes on, no other begins. A
/// failed job is not busy. RESET is ignored while a job runs; otherwise it drops the failed and the
/// shadow job and clears ERROR. Software may also clear ERROR bits; only RESET revives a failed
/// job's block. IRQ_STATUS.ERROR stays set while ERROR is not zero.
template <typename Job>
class JobQueue {
public:
    /// capture reads the parameter registers when CONTROL.START is written. To be constructed in
    /// the constructor of the owning sc_module.
    JobQueue(RegisterBlock& registers, sc_core::sc_out<bool>& irq, uint32_t id,
             std::function<Job()> capture);

    /// Blocks the calling SC_THREAD until a job is there; it is then the running one.
    Job next();
    void done();                 ///< the running job has finished
    void fail(uint32_t causes);  ///< sets ERROR bits; the running job stays unfinished
    bool in_error() const;
    JobState state() const { return {parameters_, queued_parameters_, failed_}; }
    /// Blocks until CONTROL.RESET if in error; jobs are dropped.
    void wait_for_reset();

private:
    void start();
    void reset();
    void update();
    void drop();

    RegisterBlock& registers_;
    sc_core::sc_out<bool>& irq_;
    Register &irq_status_, &irq_enable_, &error_;
    std::function<Job()> capture_;
    std::vector<Job> queued_;  ///< at most one: the shadow
    std::optional<std::vector<uint32_t>> parameters_, queued_parameters_;
    bool running_ = false, failed_ = false;
    sc_core::sc_event changed_, reset_, irq_changed_;
};

}  // namespace karhunen

#include "models/interfaces/job_queue.inl"
