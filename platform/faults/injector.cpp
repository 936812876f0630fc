#include "platform/faults/injector.h"

#include <algorithm>
#include <utility>

#include <karhunen/registers.h>

#include "platform/faults/names.h"

namespace karhunen {

namespace {

/// The band that a fault waits for: the one named, or the one whose bytes are to flip.
std::optional<BandName> awaited(const Fault& fault) {
    if (fault.when.stored) return fault.when.stored;
    const auto* flip = std::get_if<MemoryFlip>(&fault.what);
    const bool is_band =
        flip && (flip->part == MemoryPart::band || flip->part == MemoryPart::entry);
    if (!is_band || fault.when.us > 0) return std::nullopt;
    return flip->band;
}

}  // namespace

FaultInjector::FaultInjector(FaultPlan plan) : plan_(std::move(plan)) {}

FaultInjector::~FaultInjector() = default;

template <typename Kind>
Kind& FaultInjector::keep(std::unique_ptr<Kind> fault) {
    Kind& kept = *fault;
    faults_.push_back(std::move(fault));
    return kept;
}

void FaultInjector::make(const Fault& fault, const FaultScene& scene) {
    if (std::holds_alternative<MemoryFlip>(fault.what)) {
        keep(make_memory_flip(fault, scene));
    } else if (std::holds_alternative<RegisterFlip>(fault.what)) {
        keep(make_register_flip(fault, scene));
    } else if (const auto* flip = std::get_if<StreamFlip>(&fault.what)) {
        if (flip->at_memory)
            bus_.add(keep(make_memory_side_flip(fault)));
        else
            ports_[flip->port].flips.push_back(&keep(std::make_unique<ActivePortFlip>(fault)));
    } else if (const auto* stuck = std::get_if<StuckPort>(&fault.what)) {
        ports_[stuck->port].stuck.push_back(&keep(std::make_unique<ActiveStuckPort>(fault)));
    } else if (std::holds_alternative<LateInterrupt>(fault.what)) {
        interrupts_.push_back(
            &keep(std::make_unique<ActiveInterruptFault>(fault, scene.machine.plic)));
    } else if (std::holds_alternative<BusFault>(fault.what)) {
        bus_.add(keep(make_bus_fault(fault, scene)));
    } else {
        bus_.add(keep(make_slow_dram(fault, scene)));
    }
}

/// Into the machine, where there are faults.
void FaultInjector::connect(Machine& machine) {
    if (!bus_.is_empty()) machine.bus.set_filter(&bus_);
    if (!interrupts_.empty())
        machine.plic.filter_lines([this](unsigned source, bool level) {
            for (ActiveInterruptFault* fault : interrupts_) level = fault->level(source, level);
            return level;
        });
    machine.dma.filter_sinks([this](uint32_t port, StreamSink* sink) -> StreamSink* {
        if (ports_[port].is_empty()) return sink;
        sinks_[port] = std::make_unique<FaultySink>(*sink, ports_[port]);
        return sinks_[port].get();
    });
    machine.dma.filter_source([this](StreamSource* source) -> StreamSource* {
        const PortFaults& faults = ports_[KRHN_PORT_ENCODER_STREAM];
        if (faults.is_empty()) return source;
        source_ = std::make_unique<FaultySource>(*source, faults);
        return source_.get();
    });
}

void FaultInjector::attach(const RunSubject& subject, Machine& machine) {
    const FaultScene scene{plan_.source, subject, machine};
    for (const Fault& fault : plan_.faults) {
        make(fault, scene);
        ActiveFault& active = *faults_.back();
        const std::optional<BandName> band = awaited(fault);
        if (!band) {
            arm_at(active, sc_core::sc_time(fault.when.us, sc_core::SC_US));
            continue;
        }
        const BandPlace place = find_band(scene, *band);
        const krhn_tensor& tensor = subject.loadable.tensors()[place.tensor];
        if (tensor.flags & KRHN_TENSOR_INPUT)  // by the host, before the start
            arm_at(active, sc_core::SC_ZERO_TIME);
        else
            after_store_.push_back(
                {static_cast<uint32_t>(KRHN_DDR_BASE +
                                       entry_offset(tensor, place.image, place.band)),
                 &active});
    }
    connect(machine);
}

/// A method of its own, as the time of an event can be only one.
void FaultInjector::arm_at(ActiveFault& fault, const sc_core::sc_time& time) {
    sc_core::sc_spawn_options options;
    options.spawn_method();
    sc_core::sc_spawn(
        [&fault, time, waited = false]() mutable {
            if (!std::exchange(waited, true) && time != sc_core::SC_ZERO_TIME)
                sc_core::next_trigger(time);
            else
                fault.arm();
        },
        sc_core::sc_gen_unique_name("arm_fault"), &options);
}

void FaultInjector::on_band_stored(uint32_t entry_address, const krhn_tile_entry&) {
    std::vector<ActiveFault*> due;
    std::erase_if(after_store_, [&](const AfterStore& a) {
        if (a.entry_address != entry_address) return false;
        due.push_back(a.fault);
        return true;
    });
    for (ActiveFault* fault : due) fault->arm();
}

void FaultInjector::finish(Machine&, RunReport& report) {
    for (const auto& fault : faults_) report.injected.push_back(fault->report());
}

}  // namespace karhunen
