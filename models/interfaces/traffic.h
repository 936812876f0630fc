// Who moves bytes and what they are: carried by every TLM transaction to memory.
#pragma once

#include <tlm>

#include "models/interfaces/traffic_kind.h"

namespace karhunen {

/// A transaction without this extension counts as {host, other, no_tag}.
struct TrafficExtension : tlm::tlm_extension<TrafficExtension> {
    Master master = Master::host;
    TrafficKind kind = TrafficKind::other;
    uint8_t channel = 0;    ///< of the master: responses stay in order within (master, channel)
    uint32_t tag = no_tag;  ///< of the job (layer number), set by software

    tlm::tlm_extension_base* clone() const override { return new TrafficExtension(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override {
        *this = static_cast<const TrafficExtension&>(other);
    }
};

}  // namespace karhunen
