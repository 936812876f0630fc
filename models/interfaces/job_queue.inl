// JobQueue, see register_block.h.
#pragma once

#include <karhunen/registers.h>

namespace karhunen {

template <typename Job>
JobQueue<Job>::JobQueue(RegisterBlock& registers, sc_core::sc_out<bool>& irq, uint32_t id,
                        std::function<Job()> capture)
    : registers_(registers),
      irq_(irq),
      irq_status_(registers["IRQ_STATUS"]),
      irq_enable_(registers["IRQ_ENABLE"]),
      error_(registers["ERROR"]),
      capture_(std::move(capture)) {
    registers_["ID"].value = id;
    registers_["CONTROL"].on_write([this](uint32_t bits) {
        if (bits & KRHN_CONTROL_RESET) reset();
        if (bits & KRHN_CONTROL_START) start();
    });
    irq_status_.on_write([this](uint32_t) { update(); });
    irq_enable_.on_write([this](uint32_t) { update(); });
    error_.on_write([this](uint32_t) {
        update();
        changed_.notify(sc_core::SC_ZERO_TIME);
    });
    registers_["STATUS"].on_read([this] {
        return (running_ && !failed_ ? KRHN_STATUS_BUSY : 0) |
               (queued_.empty() ? 0 : KRHN_STATUS_FULL);
    });

    // Bus masters and the block's own threads change the line: a signal wants one writer.
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.set_sensitivity(&irq_changed_);
    sc_core::sc_spawn([this] { irq_.write((irq_status_ & irq_enable_) != 0); },
                      sc_core::sc_gen_unique_name("drive_irq"), &options);
}

template <typename Job>
void JobQueue<Job>::start() {
    if (!queued_.empty()) {
        error_.value |= KRHN_ERROR_START_WHEN_FULL;
        update();
        return;
    }
    queued_.push_back(capture_());
    queued_parameters_.emplace();
    for (const Register* r : registers_.in_order())
        if (r->description.offset >= 0x40) queued_parameters_->push_back(r->value);
    changed_.notify(sc_core::SC_ZERO_TIME);
}

template <typename Job>
void JobQueue<Job>::reset() {
    if (running_ && !failed_) return;
    drop();
    running_ = failed_ = false;
    error_.value = 0;
    reset_.notify(sc_core::SC_ZERO_TIME);
}

template <typename Job>
void JobQueue<Job>::drop() {
    queued_.clear();
    queued_parameters_.reset();
    parameters_.reset();
}

template <typename Job>
Job JobQueue<Job>::next() {
    while (queued_.empty() || in_error()) sc_core::wait(changed_ | reset_);
    Job job = std::move(queued_.front());
    parameters_ = std::move(queued_parameters_);
    queued_parameters_.reset();
    queued_.clear();
    running_ = true;
    irq_status_.value |= KRHN_IRQ_READY;
    update();
    return job;
}

template <typename Job>
void JobQueue<Job>::done() {
    running_ = false;
    parameters_.reset();
    ++registers_["JOBS_DONE"].value;
    irq_status_.value |= KRHN_IRQ_DONE;
    update();
}

template <typename Job>
void JobQueue<Job>::fail(uint32_t causes) {
    failed_ = true;
    error_.value |= causes;
    update();
}

template <typename Job>
bool JobQueue<Job>::in_error() const {
    return failed_ || error_.value != 0;
}

template <typename Job>
void JobQueue<Job>::wait_for_reset() {
    failed_ = in_error();
    while (failed_) sc_core::wait(reset_);
    running_ = false;
}

template <typename Job>
void JobQueue<Job>::update() {
    if (error_.value != 0) irq_status_.value |= KRHN_IRQ_ERROR;
    irq_changed_.notify(sc_core::SC_ZERO_TIME);
}

}  // namespace karhunen
