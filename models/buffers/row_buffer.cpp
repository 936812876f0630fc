#include "models/buffers/row_buffer.h"

#include <algorithm>
#include <stdexcept>

namespace karhunen {

using namespace sc_core;

namespace {

/// Numbers run modulo 2^32; those in use lie within half of that of each other.
bool is_before(uint32_t a, uint32_t b) {
    return static_cast<int32_t>(b - a) > 0;
}

}  // namespace

RowBuffer::RowBuffer(sc_module_name name, uint32_t capacity_bytes, Values values)
    : sc_module(name), values_(values), capacity_(capacity_bytes) {
    writer.bind(*this);
    reader.bind(*this);
}

void RowBuffer::trace(sc_trace_file* file) const {
    sc_trace(file, fill_, std::string(name()) + ".fill");
    for (uint32_t r = 0; r < regions; ++r)
        sc_trace(file, regions_[r].fill, std::string(name()) + ".fill_" + std::to_string(r));
}

Row& RowBuffer::open(uint32_t region, uint32_t region_bytes, uint32_t sequence, uint32_t width,
                     uint32_t channels, Format format) {
    if (region >= regions) throw std::length_error("no such region");
    Region& r = regions_[region];
    if (const auto found = r.rows.find(sequence); found != r.rows.end()) {
        Row& row = found->second;
        if (row.channels_missing == 0) throw std::length_error("the row is complete already");
        if (row.width != width || row.channels != channels || row.format != format)
            throw std::length_error("the row is open with another shape");
        return row;
    }
    const uint32_t limit = std::min(region_bytes, capacity_);
    if (width == 0 || channels == 0 || width > limit || channels > limit ||
        uint64_t{width} * channels > limit / bytes_of(format))
        throw std::length_error("the row never fits");

    const uint32_t bytes = width * channels * bytes_of(format);
    while (r.fill > region_bytes - bytes || fill_ > capacity_ - bytes) wait(released_);

    Row& row = r.rows[sequence];
    row.sequence = sequence;
    row.width = width;
    row.channels = row.channels_missing = channels;
    row.format = format;
    if (values_ == Values::computed) row.values.resize(size_t{width} * channels * words_of(format));
    r.fill += bytes;
    fill_ += bytes;
    peak_ = std::max(peak_, fill_);
    return row;
}

void RowBuffer::commit(uint32_t region, uint32_t sequence, uint32_t channels) {
    Region& r = regions_.at(region);
    Row& row = r.rows.at(sequence);
    if (channels > row.channels_missing)
        throw std::logic_error("more channels committed than the row has");
    row.channels_missing -= channels;
    if (row.channels_missing != 0) return;
    if (is_released(r, sequence))
        release_before(region, *r.released);
    else
        completed_.notify(SC_ZERO_TIME);
}

bool RowBuffer::is_released(const Region& r, uint32_t sequence) const {
    return r.released && is_before(sequence, *r.released);
}

const Row& RowBuffer::wait_for(uint32_t region, uint32_t sequence) {
    const Row* row = peek(region, sequence);
    for (; !row; row = peek(region, sequence)) wait(completed_);
    return *row;
}

const Row* RowBuffer::peek(uint32_t region, uint32_t sequence) const {
    if (region >= regions) return nullptr;
    const auto found = regions_[region].rows.find(sequence);
    const bool complete =
        found != regions_[region].rows.end() && found->second.channels_missing == 0;
    return complete ? &found->second : nullptr;
}

void RowBuffer::release_before(uint32_t region, uint32_t sequence) {
    if (region >= regions) return;
    Region& r = regions_[region];
    if (!r.released || is_before(*r.released, sequence)) r.released = sequence;
    const uint32_t held = r.fill;
    std::erase_if(r.rows, [&](const auto& entry) {
        const Row& row = entry.second;
        if (row.channels_missing != 0 || !is_before(row.sequence, sequence)) return false;
        r.fill -= row.bytes();
        return true;
    });
    if (r.fill == held) return;
    fill_ -= held - r.fill;
    released_.notify(SC_ZERO_TIME);
}

}  // namespace karhunen
