#include "models/timer/clint.h"

#include <karhunen/registers.h>

namespace karhunen {
namespace {

void set_half(uint64_t& value, uint32_t word, bool high) {
    const unsigned shift = high ? 32 : 0;
    value = (value & ~(uint64_t{0xFFFFFFFF} << shift)) | uint64_t{word} << shift;
}

}  // namespace

Clint::Clint(sc_core::sc_module_name name, sc_core::sc_time tick, sc_core::sc_time access_time)
    : WordTarget(name, access_time), tick_(tick) {
    SC_HAS_PROCESS(Clint);
    SC_METHOD(drive);
    sensitive << changed_;
}

uint64_t Clint::mtime(sc_core::sc_time now) const {
    return now.value() / tick_.value() + offset_;
}

tlm::tlm_response_status Clint::read(uint64_t offset, uint32_t& word, Context context) {
    switch (offset) {
        case KRHN_CLINT_MSIP:
            word = msip_;
            break;
        case KRHN_CLINT_MTIMECMP:
            word = static_cast<uint32_t>(mtimecmp_);
            break;
        case KRHN_CLINT_MTIMECMP_HIGH:
            word = mtimecmp_ >> 32;
            break;
        case KRHN_CLINT_MTIME:
            word = static_cast<uint32_t>(mtime(context.now));
            break;
        case KRHN_CLINT_MTIME_HIGH:
            word = mtime(context.now) >> 32;
            break;
        default:
            return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    }
    return tlm::TLM_OK_RESPONSE;
}

tlm::tlm_response_status Clint::write(uint64_t offset, uint32_t word, Context context) {
    uint64_t time = mtime(context.now);
    switch (offset) {
        case KRHN_CLINT_MSIP:
            msip_ = word & 1;
            break;
        case KRHN_CLINT_MTIMECMP:
        case KRHN_CLINT_MTIMECMP_HIGH:
            set_half(mtimecmp_, word, offset & 4);
            break;
        case KRHN_CLINT_MTIME:
        case KRHN_CLINT_MTIME_HIGH:
            set_half(time, word, offset & 4);
            offset_ += time - mtime(context.now);
            break;
        default:
            return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    }
    changed_.notify(context.now - sc_core::sc_time_stamp());
    return tlm::TLM_OK_RESPONSE;
}

void Clint::drive() {
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    software_irq.write(msip_);
    timer_irq.write(mtime(now) >= mtimecmp_);
    if (mtime(now) >= mtimecmp_) return;
    // Sleep until MTIME gets there, if that is before the end of representable time.
    const uint64_t ticks = now.value() / tick_.value();
    const uint64_t left = mtimecmp_ - mtime(now);
    if (left < (sc_core::sc_max_time().value() - now.value()) / tick_.value())
        next_trigger(sc_core::sc_time::from_value((ticks + left) * tick_.value()) - now, changed_);
}

}  // namespace karhunen
