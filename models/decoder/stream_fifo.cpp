#include "models/decoder/stream_fifo.h"

#include <algorithm>

namespace karhunen {

using namespace sc_core;

namespace {
/// A word. So that room depends on which bytes have come and where rows end, not on where the codes
/// within a row do.
constexpr uint32_t register_bytes = 4;
}  // namespace

void StreamFifo::begin(const StreamHeader& header) {
    while (bands_.size() == 2 || (!bands_.empty() && !bands_.back().ended)) wait(room_);
    const size_t streams = header.bytes.size();
    if (fill_.size() < streams) fill_.resize(streams);
    Band band;
    band.bytes = header.bytes;
    band.reserved.resize(streams);
    band.fed.resize(streams);
    band.used.resize(streams);
    band.arrived.resize(streams);
    band.swallowed = swallowing_;
    bands_.push_back(std::move(band));
    arrived_.notify(SC_ZERO_TIME);
}

uint32_t StreamFifo::reserve(uint32_t most) {
    for (;;) {
        Band& band = bands_.back();
        const auto left = [&](uint32_t s) { return band.bytes[s] - band.reserved[s]; };
        uint32_t next = 0;
        for (uint32_t s = 1; s < band.bytes.size(); ++s)
            if (left(s) != 0 && (left(next) == 0 || fill_[s] < fill_[next])) next = s;

        const uint32_t bytes = std::min(most, left(next));
        if (band.swallowed || fill_[next] + std::min(bytes, capacity_ / 2) <= capacity_) {
            band.reserved[next] += bytes;
            if (!band.swallowed) {
                fill_[next] += bytes;
                total_fill_ += bytes;
            }
            return next;
        }
        wait(room_);
    }
}

void StreamFifo::write(uint32_t stream, std::span<const uint8_t> bytes) {
    Band& band = bands_.back();
    if (band.swallowed) return;
    band.arrived[stream].insert(band.arrived[stream].end(), bytes.begin(), bytes.end());
    arrived_.notify(SC_ZERO_TIME);
}

void StreamFifo::end(bool error) {
    Band& band = bands_.back();
    band.ended = true;
    band.failed = error;
    if (band.swallowed) bands_.pop_back();
    arrived_.notify(SC_ZERO_TIME);
    room_.notify(SC_ZERO_TIME);
}

const std::vector<uint32_t>& StreamFifo::wait_for_band() {
    while (bands_.empty() || bands_.front().swallowed) wait(arrived_);
    return bands_.front().bytes;
}

void StreamFifo::feed(BandDecoder& decoder) {
    Band& band = bands_.front();
    for (uint32_t s = 0; s < band.arrived.size(); ++s) {
        if (band.arrived[s].empty()) continue;
        decoder.feed(s, band.arrived[s]);
        band.fed[s] += static_cast<uint32_t>(band.arrived[s].size());
        band.arrived[s].clear();
    }
}

uint64_t StreamFifo::settle(const BandDecoder& decoder) {
    Band& band = bands_.front();
    uint64_t used = 0;
    for (uint32_t s = 0; s < band.used.size(); ++s) {
        const auto consumed = static_cast<uint32_t>(decoder.consumed(s));
        const bool in_register = band.fed[s] - consumed < register_bytes;
        const uint32_t until_now = std::max(band.used[s], in_register ? band.fed[s] : consumed);
        used += until_now - band.used[s];
        give_back(band, s, until_now);
    }
    return used;
}

void StreamFifo::give_back(Band& band, uint32_t stream, uint32_t used) {
    const uint32_t bytes = used - band.used[stream];
    if (bytes == 0) return;
    band.used[stream] = used;
    fill_[stream] -= bytes;
    total_fill_ -= bytes;
    room_.notify(SC_ZERO_TIME);
}

void StreamFifo::drop(Band& band) {
    for (uint32_t s = 0; s < band.bytes.size(); ++s) give_back(band, s, band.reserved[s]);
}

void StreamFifo::finish_band() {
    drop(bands_.front());
    bands_.pop_front();
    room_.notify(SC_ZERO_TIME);
}

void StreamFifo::swallow(bool on) {
    swallowing_ = on;
    if (!on) return;
    for (Band& band : bands_) {
        if (!band.swallowed) drop(band);
        band.swallowed = true;
        for (auto& bytes : band.arrived) bytes.clear();
    }
    std::erase_if(bands_, [](const Band& band) { return band.ended; });
    room_.notify(SC_ZERO_TIME);
}

}  // namespace karhunen
