#include "models/interrupt/plic.h"

#include <karhunen/registers.h>

#include <stdexcept>

namespace karhunen {
namespace {

constexpr uint32_t priority_mask = 7;

}  // namespace

Plic::Plic(sc_core::sc_module_name name, unsigned sources, sc_core::sc_time access_time)
    : WordTarget(name, access_time), lines_("lines", sources - 1), priority_(sources) {
    if (sources < 2 || sources > 32) throw std::invalid_argument("plic: 1 to 31 sources");
    SC_HAS_PROCESS(Plic);
    SC_METHOD(sample);
    sensitive << changed_;
    for (auto& line : lines_) sensitive << line;
}

/// The gateways, and then the line to the hart.
void Plic::sample() {
    for (unsigned i = 1; i < priority_.size(); ++i) {
        bool level = lines_[i - 1].read();
        if (filter_) level = filter_(i, level);
        if (level && !(in_service_ >> i & 1)) pending_ |= 1u << i;
    }
    irq.write(best(threshold_) != 0);
}

unsigned Plic::best(uint32_t threshold) const {
    unsigned found = 0;
    uint32_t highest = threshold;
    for (unsigned i = 1; i < priority_.size(); ++i)
        if ((pending_ & enabled_) >> i & 1 && priority_[i] > highest)
            highest = priority_[i], found = i;
    return found;
}

tlm::tlm_response_status Plic::read(uint64_t offset, uint32_t& word, Context context) {
    const uint64_t source = (offset - KRHN_PLIC_PRIORITY) / 4;
    if (source > 0 && source < priority_.size()) {
        word = priority_[source];
    } else if (offset == KRHN_PLIC_PENDING) {
        word = pending_;
    } else if (offset == KRHN_PLIC_ENABLE) {
        word = enabled_;
    } else if (offset == KRHN_PLIC_THRESHOLD) {
        word = threshold_;
    } else if (offset == KRHN_PLIC_CLAIM) {
        // The threshold masks the line, not the claim.
        word = best(0);
        if (word == 0 || context.debug) return tlm::TLM_OK_RESPONSE;
        pending_ &= ~(1u << word);
        in_service_ |= 1u << word;
        changed_.notify(sc_core::SC_ZERO_TIME);
    } else {
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    }
    return tlm::TLM_OK_RESPONSE;
}

tlm::tlm_response_status Plic::write(uint64_t offset, uint32_t word, Context) {
    const uint64_t source = (offset - KRHN_PLIC_PRIORITY) / 4;
    if (source > 0 && source < priority_.size()) {
        priority_[source] = word & priority_mask;
    } else if (offset == KRHN_PLIC_PENDING) {
        return tlm::TLM_COMMAND_ERROR_RESPONSE;
    } else if (offset == KRHN_PLIC_ENABLE) {
        enabled_ = word & ((uint64_t{1} << priority_.size()) - 2);
    } else if (offset == KRHN_PLIC_THRESHOLD) {
        threshold_ = word & priority_mask;
    } else if (offset == KRHN_PLIC_CLAIM) {
        // Completion of a source that is not enabled is ignored.
        if (word < 32 && enabled_ >> word & 1) in_service_ &= ~(1u << word);
    } else {
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    }
    changed_.notify(sc_core::SC_ZERO_TIME);
    return tlm::TLM_OK_RESPONSE;
}

}  // namespace karhunen
