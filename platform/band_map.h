// Which tensor, image and band lie at an address: the loadable's layout of the maps, inverted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "models/codec/codec.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

struct BandPlace {
    uint32_t tensor = 0, image = 0, band = 0;
};

/// Offsets count from the start of DDR, where the loadable lies.
uint64_t slot_offset(const krhn_tensor& tensor, uint32_t image, uint32_t band);
uint64_t entry_offset(const krhn_tensor& tensor, uint32_t image, uint32_t band);
BandShape band_shape(const krhn_tensor& tensor, uint32_t band);

class BandMap {
public:
    BandMap(const Loadable& loadable, uint32_t images);

    std::optional<BandPlace> of_slot(uint64_t offset) const { return find(by_slot_, offset); }
    std::optional<BandPlace> of_entry(uint64_t offset) const { return find(by_entry_, offset); }
    /// Bands that the machine makes (all but those of the input), in order of their addresses.
    const std::vector<BandPlace>& produced() const { return produced_; }

private:
    using Places = std::map<uint64_t, BandPlace>;
    static std::optional<BandPlace> find(const Places& places, uint64_t offset);

    Places by_slot_, by_entry_;
    std::vector<BandPlace> produced_;
};

}  // namespace karhunen
