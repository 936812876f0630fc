// `run --check`: every band that the platform stores, and every band that it loads again, is
// compared with the golden executor's, byte for byte, at the moment it happens. The hardware knows
// addresses only; the loadable says which tensor, image and band lie there.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <karhunen/dma.h>

#include "platform/band_map.h"
#include "sw/golden/executor.h"

namespace karhunen {

class Checker {
public:
    /// golden: one result of GoldenExecutor::run per image. memory: DDR, where the loadable begins.
    /// All three must outlive the checker.
    Checker(const Loadable& loadable, std::span<const std::vector<StoredTensor>> golden,
            std::span<const uint8_t> memory);

    /// A tile table entry was written at this offset of the DDR: its band is complete. A band that
    /// is stored again, and rightly, differs no longer.
    void on_stored(uint64_t entry_offset, const krhn_tile_entry& entry);
    /// The band whose first substream lies at this offset is about to be read.
    void on_load(uint64_t slot_offset);
    /// At the end: every band of every tensor must have been stored. What was done where there is
    /// no band is forgotten if all of them were stored again since.
    void finish();

    uint64_t bands_checked() const { return checked_; }
    /// "" while all are equal; else one sentence naming tensor, image, band, row, column, channel,
    /// expected and actual value of the first difference.
    const std::string& first_difference() const {
        return differences_.empty() ? none_ : differences_.front().text;
    }

private:
    using Place = BandPlace;
    std::string name(const Place& place) const;
    const StoredBand& expected(const Place& place) const;
    bool compare(const Place& place, const char* when);
    std::string explain(const Place& place) const;
    void report(const Place& place, const std::string& what);
    void report_nowhere(const std::string& what, uint64_t offset);
    void forget_what_was_made_again();

    const Loadable& loadable_;
    std::span<const std::vector<StoredTensor>> golden_;
    std::span<const uint8_t> memory_;
    BandMap bands_;
    uint64_t stores_ = 0;
    /// Offsets of the entries that were written; which of the stores was the last one that wrote it
    /// again, or 0.
    std::map<uint64_t, uint64_t> stored_;
    uint64_t checked_ = 0;

    struct Difference {
        std::optional<Place> place;  ///< none: where there should be no band
        std::string text;
        uint64_t stores;  ///< before it
    };
    std::vector<Difference> differences_;  ///< in order of time, one per band
    const std::string none_;
};

}  // namespace karhunen
