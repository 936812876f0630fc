#include "platform/band_map.h"

#include <algorithm>

#include <karhunen/dma.h>

namespace karhunen {

uint64_t slot_offset(const krhn_tensor& t, uint32_t image, uint32_t band) {
    return t.slots_offset + uint64_t{image} * t.slots_bytes + uint64_t{band} * t.slot_stride;
}

uint64_t entry_offset(const krhn_tensor& t, uint32_t image, uint32_t band) {
    return t.entries_offset + (uint64_t{image} * t.bands + band) * sizeof(krhn_tile_entry);
}

BandShape band_shape(const krhn_tensor& t, uint32_t band) {
    return {std::min(t.band_rows, t.height - band * t.band_rows), t.width, t.channels};
}

BandMap::BandMap(const Loadable& loadable, uint32_t images) {
    for (uint32_t t = 0; t < loadable.tensors().size(); ++t) {
        const krhn_tensor& tensor = loadable.tensors()[t];
        for (uint32_t image = 0; image < images; ++image) {
            for (uint32_t band = 0; band < tensor.bands; ++band) {
                const BandPlace place{t, image, band};
                by_slot_[slot_offset(tensor, image, band)] = place;
                if (!(tensor.flags & KRHN_TENSOR_INPUT))
                    by_entry_[entry_offset(tensor, image, band)] = place;
            }
        }
    }
    for (const auto& [offset, place] : by_entry_) produced_.push_back(place);
}

std::optional<BandPlace> BandMap::find(const Places& places, uint64_t offset) {
    const auto found = places.find(offset);
    if (found == places.end()) return std::nullopt;
    return found->second;
}

}  // namespace karhunen
