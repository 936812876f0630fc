#include "models/encoder/stream_queue.h"

#include <algorithm>

namespace karhunen {

using namespace sc_core;

void StreamQueue::begin_band(uint32_t streams) {
    bands_.push_back({std::vector<Substream>(streams), false});
}

bool StreamQueue::takes_row() const {
    const size_t limit = std::max(capacity_, block_bytes_);
    std::vector<size_t> held;
    for (const Band& band : bands_) {
        held.resize(std::max(held.size(), band.streams.size()));
        for (size_t s = 0; s < band.streams.size(); ++s) held[s] += band.streams[s].left();
    }
    return std::all_of(held.begin(), held.end(), [limit](size_t h) { return h <= limit; });
}

void StreamQueue::put(const Streams& bytes) {
    for (size_t s = 0; s < bytes.size(); ++s) {
        std::vector<uint8_t>& all = bands_.back().streams[s].bytes;
        all.insert(all.end(), bytes[s].begin(), bytes[s].end());
        fill_ += static_cast<uint32_t>(bytes[s].size());
    }
    put_.notify(SC_ZERO_TIME);
}

void StreamQueue::end_band() {
    bands_.back().complete = true;
    put_.notify(SC_ZERO_TIME);
}

void StreamQueue::abandon(bool on) {
    abandoned_ = on;
    if (on && !bands_.empty()) bands_.back().complete = true;
    put_.notify(SC_ZERO_TIME);
}

StreamBlock StreamQueue::read(uint32_t most) {
    block_bytes_ = most;
    room_.notify(SC_ZERO_TIME);
    for (;;) {
        if (std::optional<StreamBlock> block = take(most)) return std::move(*block);
        wait(put_);
    }
}

/// A whole block of the fullest substream; what is left of it when the band is complete.
std::optional<StreamBlock> StreamQueue::take(uint32_t most) {
    if (bands_.empty()) {
        if (!abandoned_) return std::nullopt;
        return StreamBlock{0, {}, true};
    }
    Band& band = bands_.front();
    const auto fullest = std::max_element(
        band.streams.begin(), band.streams.end(),
        [](const Substream& a, const Substream& b) { return a.left() < b.left(); });
    if (fullest->left() < most && !band.complete) return std::nullopt;

    StreamBlock block;
    block.stream = static_cast<uint32_t>(fullest - band.streams.begin());
    const auto from = fullest->bytes.begin() + static_cast<ptrdiff_t>(fullest->read);
    const size_t bytes = std::min<size_t>(most, fullest->left());
    block.bytes.assign(from, from + static_cast<ptrdiff_t>(bytes));
    fullest->read += bytes;
    fill_ -= static_cast<uint32_t>(bytes);
    block.last = band.complete && std::all_of(band.streams.begin(), band.streams.end(),
                                              [](const Substream& s) { return s.left() == 0; });
    if (block.last) bands_.pop_front();
    room_.notify(SC_ZERO_TIME);
    return block;
}

}  // namespace karhunen
