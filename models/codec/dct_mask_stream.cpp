#include "models/codec/dct_mask_stream.h"

#include <algorithm>

namespace karhunen {

LevelTable::LevelTable(const std::vector<uint8_t>& model, int16_t low)
    : zero_(-std::min<int16_t>(low, 0)), low_(low) {
    const HuffmanCode code(model, low);
    longest_ = code.longest();
    if (low > 0) entries_.push_back(0);
    windows_.resize(size_t{1} << window_bits);
    all_.resize(size_t{1} << HuffmanCode::max_length);
    for (uint32_t s = 0; s < code.symbols(); ++s) {
        const uint32_t length = code.model(s).length, bits = code.code(s);
        entries_.push_back(bits | length << 16 | uint32_t{code.model(s).information} << 24);
        const auto hit = static_cast<uint16_t>(s | length << 11);
        for (uint32_t i = bits; i < all_.size(); i += 1u << length) all_[i] = hit;
        if (length > window_bits) continue;
        for (uint32_t i = bits; i < windows_.size(); i += 1u << length) windows_[i] = hit;
    }
}

DctMaskCode::DctMaskCode(const DctMaskParameters& p)
    : parameters(p), first(p.first, dct_mask_levels(p).first_low) {
    if (p.dct) rest.emplace(p.rest, static_cast<int16_t>(-dct_mask_levels(p).rest_high));
}

}  // namespace karhunen
