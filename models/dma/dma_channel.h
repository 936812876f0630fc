// One channel of the DMA: a running chain of descriptors and one shadow chain.
#pragma once

#include <karhunen/dma.h>
#include <karhunen/registers.h>

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include <systemc>

#include "models/dma/memory_port.h"
#include "models/interfaces/activity.h"
#include "models/interfaces/stream.h"
#include "models/interfaces/traffic.h"

namespace karhunen {

struct DmaParameters {
    uint32_t block_bytes =
        512;                   ///< a transaction is at most that long and crosses no multiple of it
    uint32_t outstanding = 4;  ///< transactions in flight per channel
};

/// What the platform may watch.
struct DmaObservers {
    /// A tile table entry was written at this address: the band is in memory.
    std::function<void(uint32_t entry_address, const krhn_tile_entry&)> on_band_stored;
    /// A STREAM_IN is about to read its band.
    std::function<void(uint32_t source, const krhn_dma_descriptor&)> on_band_load;
};

/// Who keeps what the transfers move.
class DmaObserver {
public:
    virtual ~DmaObserver() = default;
    /// The descriptor at this address was read and is sound.
    virtual void on_begin(uint32_t channel, uint32_t address, const krhn_dma_descriptor&) = 0;
    /// Bytes that the port of the transfer takes or gives.
    virtual void on_port(uint32_t channel, uint32_t stream, std::span<const uint8_t> bytes) = 0;
    /// Everything is in memory, or in the port.
    virtual void on_end(uint32_t channel) = 0;
};

/// What the channels share. Ports that are not connected are null.
struct DmaShared {
    DmaParameters parameters;
    DmaObservers observers;
    std::array<StreamSink*, KRHN_PORTS> sinks{};
    StreamSource* encoder = nullptr;
    /// Sets bits of IRQ_STATUS, and of ERROR.
    std::function<void(uint32_t irq_bits, uint32_t causes)> raise;
    DmaObserver* observer = nullptr;
};

/// Its activity: busy fetches descriptors, wait_input waits for the bytes to be moved (memory; for
/// STREAM_OUT the encoder), wait_output for the place where they go (a port; memory).
class DmaChannel : public sc_core::sc_module, private TransactionOwner {
public:
    DmaChannel(sc_core::sc_module_name name, uint32_t index, MemoryPort& memory, DmaShared& shared);

    void start(uint32_t descriptor);
    /// Drops the shadow chain and clears the error. A running chain ends at the next opportunity.
    void reset();
    uint32_t status() const;
    uint32_t error() const { return error_; }
    uint32_t error_address() const { return error_address_; }
    uint32_t chains_done() const { return chains_done_; }
    Activity& activity() { return activity_; }
    const Activity& activity() const { return activity_; }
    bool is_running() const { return running_; }
    /// While running: the present descriptor, null before it has been read, and its address.
    const krhn_dma_descriptor* descriptor() const {
        return has_descriptor_ ? &descriptor_ : nullptr;
    }
    uint32_t descriptor_address() const { return descriptor_address_; }
    /// Why the channel has stopped at this descriptor, if that was the cause: "row_bytes is 0".
    const std::string& defect() const { return defect_; }
    /// The first descriptor of the shadow chain.
    std::optional<uint32_t> shadow() const { return shadow_; }
    size_t transactions_in_flight() const { return in_flight_.size(); }
    void trace_activity(sc_core::sc_trace_file* file) const { activity_.trace(file); }

private:
    void run();
    void deliver();
    void completed(Transaction& transaction) override;
    void fail(uint32_t causes, uint64_t address);
    bool is_stopping() const { return aborting_ || error_ != 0; }

    void run_chain(uint32_t address);
    void refuse(uint32_t cause, const std::string& defect);
    bool fetch(uint32_t address, krhn_dma_descriptor& descriptor);
    bool is_connected(const krhn_dma_descriptor& descriptor) const;
    void transfer(const krhn_dma_descriptor& descriptor);
    void copy(const krhn_dma_descriptor& descriptor);
    void load(const krhn_dma_descriptor& descriptor);
    void stream_in(const krhn_dma_descriptor& descriptor);
    void stream_out(const krhn_dma_descriptor& descriptor);
    uint32_t reserve(uint32_t most);
    void feed(uint64_t address, uint32_t stride, std::span<const uint32_t> bytes);
    bool store_blocks(const krhn_dma_descriptor& descriptor, krhn_tile_entry& entry);
    void store(uint64_t address, std::span<const uint8_t> bytes, TrafficKind kind);

    uint32_t to_boundary(uint64_t address) const;
    Transaction& make(tlm::tlm_command command, uint64_t address, uint32_t bytes, TrafficKind kind);
    void issue(Transaction& transaction);
    void wait_for_slot(State state);
    void drain(State state);
    void wait_for_fewer(size_t transactions, State state);

    const uint32_t index_;
    MemoryPort& memory_;
    DmaShared& shared_;
    Activity activity_;

    std::optional<uint32_t> shadow_;
    bool running_ = false, aborting_ = false;
    bool has_stopped_ = false;  ///< after an error, until reset
    uint32_t error_ = 0, error_address_ = 0, chains_done_ = 0;
    sc_core::sc_event changed_;   ///< start or reset
    sc_core::sc_event response_;  ///< a response that was announced is due
    sc_core::sc_event progress_;  ///< fewer than `few_` transactions are in flight

    // The transfer that is going on.
    krhn_dma_descriptor descriptor_{};
    uint32_t descriptor_address_ = 0;
    bool has_descriptor_ = false;
    std::string defect_;
    std::deque<Transaction*> in_flight_;  ///< in order of issue, which is the order of delivery
    size_t few_ = 0;
    StreamSink* sink_ = nullptr;
    bool is_reserving_ = false;
    bool has_checksum_ = false;  ///< what is read
    TrafficKind kind_ = TrafficKind::other;
    std::array<uint32_t, KRHN_MAX_STREAMS> crc_{};  ///< of each substream
};

}  // namespace karhunen
