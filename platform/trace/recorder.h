// Records a run as a symbolic trace: `karhunen run --symbolic-trace`.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/band_map.h"
#include "platform/files.h"
#include "platform/instrument.h"
#include "platform/trace/trace.h"

namespace karhunen {

/// Every access of the CPU to a register becomes an action; a read is written down as what firmware
/// may have concluded from it and what stays true (README.md). Memory that the DMA will read is
/// taken when its chain is started. The files appear when the run is over, however it ended.
class TraceRecorder : public Instrument {
public:
    /// The memory file is PATH.bin. Throws std::runtime_error when they cannot be written.
    explicit TraceRecorder(const std::filesystem::path& path);

    void attach(const RunSubject& subject, Machine& machine) override;
    void on_band_stored(uint32_t entry_address, const krhn_tile_entry& entry) override;
    void finish(Machine& machine, RunReport& report) override;

    /// Sources that firmware claimed, in order.
    const std::vector<uint32_t>& claims() const { return claims_; }

private:
    void on_access(const BusAccess& access);
    void note_alarm(sc_core::sc_time now);
    void set_alarm(const RegisterPlace& half, uint32_t value);
    void on_read(const RegisterPlace& place, uint32_t value);
    void on_write(const RegisterPlace& place, uint32_t value);
    void flush();
    void emit_wait(size_t conditions);
    void emit(const TraceAction& action);
    void comment(const std::string& text);

    void load_memory(uint32_t memory_bytes);
    void load_chain(uint32_t channel);
    void load_sources(const krhn_dma_descriptor& descriptor);
    void load(uint32_t address, std::span<const uint8_t> bytes);
    void note_target(uint32_t channel, const krhn_dma_descriptor& descriptor);
    uint32_t await_channels();
    void check_stored();
    void check(uint32_t address, uint32_t bytes);
    void name_layer(uint32_t tag);
    std::vector<TraceAction> told_by(const RegisterPlace& place, uint32_t value);
    /// Nothing where there is no memory.
    std::span<const uint8_t> memory_at(uint64_t address, uint64_t bytes);

    OutputFile text_, memory_file_;
    std::string memory_name_;
    bool has_read_uart_ = false;
    uint64_t text_bytes_ = 0, memory_bytes_ = 0, actions_ = 0;
    Machine* machine_ = nullptr;
    const Loadable* loadable_ = nullptr;
    std::optional<BandMap> layout_;

    struct Read {
        const RegisterPlace* place;
        uint32_t value;
        bool is_repeated;
    };
    void emit_read(const Read& read);
    std::vector<Read>
        reads_;             ///< since the last write: each register once, in the order of the last
    uint32_t claimed_ = 0;  ///< a source, of which the reason is not known yet
    uint64_t alarm_ = UINT64_MAX;  ///< MTIMECMP
    bool is_alarm_told_ = false;
    uint32_t layer_ = UINT32_MAX;
    bool is_checked_ = false;
    std::vector<uint32_t> claims_;

    struct Band {
        uint32_t destination, stride;
    };
    std::map<uint32_t, Band> bands_;  ///< that chains store, by tile entry
    std::vector<std::pair<uint32_t, krhn_tile_entry>> stored_;
    struct Copy {
        uint32_t address, bytes, channel;
        bool operator==(const Copy&) const = default;
    };
    std::vector<Copy> copied_;
    uint32_t started_ = 0;  ///< bit n: channel n has been
};

}  // namespace karhunen
