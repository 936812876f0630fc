#include "platform/faults/bus_faults.h"

#include <karhunen/registers.h>

#include "models/interfaces/traffic.h"
#include "platform/faults/names.h"

namespace karhunen {

namespace {

using Payload = tlm::tlm_generic_payload;

TrafficExtension traffic_of(const Payload& payload) {
    const auto* traffic = payload.get_extension<TrafficExtension>();
    return traffic ? *traffic : TrafficExtension();
}

bool is_dram(uint64_t address) {
    return address >= KRHN_DDR_BASE;
}

std::string flip(Payload& payload, uint64_t byte, uint32_t bit) {
    uint8_t& value = payload.get_data_ptr()[byte];
    const uint8_t before = value;
    value ^= static_cast<uint8_t>(1u << bit);
    return change_text(before, value);
}

class AccessFault : public ActiveBusFault {
public:
    AccessFault(const Fault& fault, const FaultScene& scene)
        : ActiveBusFault(fault), fault_(std::get<BusFault>(fault.what)) {
        if (fault_.name.text.empty()) return;
        fault_.first = find_register(scene, fault_.name).address;
        fault_.last = fault_.first + 3;
    }

    bool request(Payload& payload, sc_core::sc_time&) override {
        // What is read can only change when it is there.
        if (fault_.byte && !payload.is_write()) return true;
        if (!concerns(payload, payload.get_address()) || !is_turn()) return true;
        const std::string text = describe(payload, payload.get_address());
        if (!fault_.byte) {
            fired(text + " refused");
            return false;
        }
        fired(text + ", byte " + std::to_string(*fault_.byte) + ": " +
              flip(payload, *fault_.byte, fault_.bit));
        return true;
    }
    void response(Payload& payload, uint64_t address) override {
        if (!fault_.byte || payload.is_write() || !concerns(payload, address) || !is_turn()) return;
        const std::string text = describe(payload, address);
        fired(text + ", byte " + std::to_string(*fault_.byte) + ": " +
              flip(payload, *fault_.byte, fault_.bit));
    }

private:
    bool concerns(const Payload& payload, uint64_t address) const {
        const Master master = traffic_of(payload).master;
        if (master == Master::host) return false;
        if (fault_.cpu && *fault_.cpu != (master == Master::cpu)) return false;
        if (fault_.write && *fault_.write != payload.is_write()) return false;
        if (fault_.byte && *fault_.byte >= payload.get_data_length()) return false;
        return address <= fault_.last && address + payload.get_data_length() > fault_.first;
    }
    static std::string describe(const Payload& payload, uint64_t address) {
        return std::string(payload.is_write() ? "write" : "read") + " of " +
               std::to_string(payload.get_data_length()) + " bytes at " + hex_text(address) +
               " by " + std::string(name_of(traffic_of(payload).master));
    }

    BusFault fault_;
};

class ActiveSlowDram : public ActiveBusFault {
public:
    ActiveSlowDram(const Fault& fault, const FaultScene& scene)
        : ActiveBusFault(fault),
          slow_(std::get<SlowDram>(fault.what)),
          period_(slow_.for_us),
          ns_per_byte_(1e9 / scene.machine.ddr.peak_bytes_per_s()) {}

    bool request(Payload& payload, sc_core::sc_time& delay) override {
        if (!is_armed() || !is_dram(payload.get_address()) || !period_.holds(armed_at()))
            return true;
        const double ns =
            slow_.latency_ns + (slow_.factor - 1) * ns_per_byte_ * payload.get_data_length();
        delay += sc_core::sc_time(ns, sc_core::SC_NS);
        fired("accesses take longer");
        return true;
    }

private:
    const SlowDram slow_;
    const Period period_;
    const double ns_per_byte_;
};

class MemorySideFlip : public ActiveBusFault {
public:
    explicit MemorySideFlip(const Fault& fault)
        : ActiveBusFault(fault), flip_(std::get<StreamFlip>(fault.what)) {}

    bool request(Payload& payload, sc_core::sc_time&) override {
        if (payload.is_write()) pass(payload, payload.get_address());
        return true;
    }
    void response(Payload& payload, uint64_t address) override {
        if (payload.is_read()) pass(payload, address);
    }

private:
    void pass(Payload& payload, uint64_t address) {
        const TrafficExtension traffic = traffic_of(payload);
        const bool is_stream = traffic.kind == TrafficKind::weights ||
                               traffic.kind == TrafficKind::tables ||
                               traffic.kind == TrafficKind::maps;
        if (!is_armed() || traffic.master != Master::dma || traffic.channel != flip_.port ||
            !is_stream)
            return;
        const uint64_t bytes = payload.get_data_length();
        if (flip_.byte >= passed_ && flip_.byte - passed_ < bytes) {
            const uint64_t byte = flip_.byte - passed_;
            fired("byte of " + hex_text(address + byte) +
                  " on its way: " + flip(payload, byte, flip_.bit));
        }
        passed_ += bytes;
    }

    const StreamFlip flip_;
    uint64_t passed_ = 0;
};

}  // namespace

std::unique_ptr<ActiveBusFault> make_bus_fault(const Fault& fault, const FaultScene& scene) {
    return std::make_unique<AccessFault>(fault, scene);
}

std::unique_ptr<ActiveBusFault> make_slow_dram(const Fault& fault, const FaultScene& scene) {
    return std::make_unique<ActiveSlowDram>(fault, scene);
}

std::unique_ptr<ActiveBusFault> make_memory_side_flip(const Fault& fault) {
    return std::make_unique<MemorySideFlip>(fault);
}

bool BusFaults::request(Payload& payload, sc_core::sc_time& delay) {
    for (ActiveBusFault* fault : faults_)
        if (!fault->request(payload, delay)) return false;
    return true;
}

void BusFaults::response(Payload& payload, uint64_t address) {
    for (ActiveBusFault* fault : faults_) fault->response(payload, address);
}

}  // namespace karhunen
