// Faults between the DMA and a port: bits that flip, bytes that stay where they are.
#pragma once

#include <deque>
#include <vector>

#include "models/interfaces/stream.h"
#include "platform/faults/active_fault.h"

namespace karhunen {

class ActivePortFlip : public ActiveFault {
public:
    explicit ActivePortFlip(const Fault& fault)
        : ActiveFault(fault), flip_(std::get<StreamFlip>(fault.what)) {}
    uint32_t port() const { return flip_.port; }
    void pass(std::span<uint8_t> bytes);

private:
    const StreamFlip flip_;
    uint64_t passed_ = 0;
};

class ActiveStuckPort : public ActiveFault {
public:
    explicit ActiveStuckPort(const Fault& fault)
        : ActiveFault(fault), stuck_(std::get<StuckPort>(fault.what)), period_(stuck_.for_us) {}
    uint32_t port() const { return stuck_.port; }
    bool gives() const { return stuck_.gives; }
    /// Whether it holds now; if so, it has fired.
    bool holds();
    /// In an SC_THREAD: until it does not.
    void wait_for_end();
    const sc_core::sc_event& ended() const { return ended_; }

private:
    void on_armed() override;

    const StuckPort stuck_;
    const Period period_;
    sc_core::sc_event ended_;
};

/// The faults of one port.
struct PortFaults {
    std::vector<ActivePortFlip*> flips;
    std::vector<ActiveStuckPort*> stuck;

    bool is_empty() const { return flips.empty() && stuck.empty(); }
    void pass(std::span<uint8_t> bytes) const;
    bool holds(bool gives) const;
    void wait_for_end(bool gives) const;
};

class FaultySink : public StreamSink {
public:
    FaultySink(StreamSink& sink, PortFaults faults);
    void begin(const StreamHeader& header) override;
    uint32_t reserve(uint32_t most) override;
    void write(uint32_t stream, std::span<const uint8_t> bytes) override;
    void end(bool error) override;

private:
    struct Held {
        uint32_t stream;
        std::vector<uint8_t> bytes;
        bool is_end, error;
    };
    void hand_on(Held item);
    void give(const Held& item);
    void release();

    StreamSink& sink_;
    const PortFaults faults_;
    std::deque<Held> held_;  ///< by a port that gives nothing
    sc_core::sc_event released_;
};

class FaultySource : public StreamSource {
public:
    FaultySource(StreamSource& source, PortFaults faults)
        : source_(source), faults_(std::move(faults)) {}
    StreamBlock read(uint32_t most) override;

private:
    StreamSource& source_;
    const PortFaults faults_;
};

}  // namespace karhunen
