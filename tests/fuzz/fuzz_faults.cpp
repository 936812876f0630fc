// The reader of plans of faults takes any text: it returns faults within their limits, or throws
// ConfigurationError.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "platform/configuration.h"
#include "platform/faults/plan.h"

using namespace karhunen;

namespace {

void check(const Fault& fault) {
    if (fault.text.empty() || fault.when.nth == 0 || fault.when.times == 0) std::abort();
    if (!(fault.when.us >= 0)) std::abort();
    if (const auto* flip = std::get_if<MemoryFlip>(&fault.what))
        if (flip->bit > 7 || (flip->part == MemoryPart::address && flip->address < 0x80000000))
            std::abort();
    if (const auto* flip = std::get_if<RegisterFlip>(&fault.what))
        if (flip->bit > 31 || flip->name.text.empty()) std::abort();
    if (const auto* flip = std::get_if<StreamFlip>(&fault.what))
        if (flip->bit > 7 || flip->port >= std::size(port_names)) std::abort();
    if (const auto* bus = std::get_if<BusFault>(&fault.what))
        if (bus->first > bus->last || bus->last > UINT32_MAX) std::abort();
    if (const auto* slow = std::get_if<SlowDram>(&fault.what))
        if (!(slow->factor >= 1) || !(slow->latency_ns >= 0)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    try {
        const FaultPlan plan = FaultPlan::parse(std::string(data, data + size), "fuzz");
        if (plan.faults.empty()) std::abort();
        for (const Fault& fault : plan.faults) check(fault);
    } catch (const ConfigurationError&) {
    }
    return 0;
}
