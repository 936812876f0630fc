// JobQueue, see register_block.h.
#pragma once

#include <karhunen/registers.h>

namespace karhunen {

template <typename Job>
JobQueue<Job>::JobQueue(RegisterBlock& registers, sc_core::sc_out<bool>& irq, uint32_t id,
                        std::function<Job()> capture)
    : registers_(registers), irq_(irq), capture_(std::move(capture)) {
    registers_["ID"].value = id;
    registers_["CONTROL"].on_write([this](uint32_t bits) {
        if (bits & KRHN_CONTROL_RESET && !running_) {
            queued_.clear();
            registers_["ERROR"].value = 0;
            reset_.notify(sc_core::SC_ZERO_TIME);
        } else if (bits & KRHN_CONTROL_RESET && in_error()) {
            queued_.clear();
            running_ = false;
            registers_["ERROR"].value = 0;
            reset_.notify(sc_core::SC_ZERO_TIME);
        }
        if (bits & KRHN_CONTROL_START) start();
        update();
    });
    for (const char* name : {"IRQ_STATUS", "IRQ_ENABLE", "ERROR"})
        registers_[name].on_write([this](uint32_t) { update(); });
    registers_["STATUS"].on_read([this] {
        return (running_ ? KRHN_STATUS_BUSY : 0) | (queued_.empty() ? 0 : KRHN_STATUS_FULL);
    });
}

template <typename Job>
void JobQueue<Job>::start() {
    if (!queued_.empty()) {
        fail(KRHN_ERROR_START_WHEN_FULL);
        return;
    }
    queued_.push_back(capture_());
    changed_.notify(sc_core::SC_ZERO_TIME);
}

template <typename Job>
Job JobQueue<Job>::next() {
    while (queued_.empty() || in_error()) sc_core::wait(changed_ | reset_);
    Job job = std::move(queued_.front());
    queued_.clear();
    running_ = true;
    registers_["IRQ_STATUS"].value |= KRHN_IRQ_READY;
    update();
    return job;
}

template <typename Job>
void JobQueue<Job>::done() {
    if (!running_) return;  // dropped by a reset after an error
    running_ = false;
    ++registers_["JOBS_DONE"].value;
    registers_["IRQ_STATUS"].value |= KRHN_IRQ_DONE;
    update();
}

template <typename Job>
void JobQueue<Job>::fail(uint32_t causes) {
    registers_["ERROR"].value |= causes;
    update();
}

template <typename Job>
bool JobQueue<Job>::in_error() const {
    return registers_["ERROR"].value != 0;
}

template <typename Job>
void JobQueue<Job>::wait_for_reset() {
    while (in_error()) sc_core::wait(reset_);
    running_ = false;
}

template <typename Job>
void JobQueue<Job>::update() {
    if (in_error()) registers_["IRQ_STATUS"].value |= KRHN_IRQ_ERROR;
    irq_.write(registers_["IRQ_STATUS"].value & registers_["IRQ_ENABLE"].value);
}

}  // namespace karhunen
