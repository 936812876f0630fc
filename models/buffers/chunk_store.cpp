#include "models/buffers/chunk_store.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace karhunen {

using namespace sc_core;

ChunkStore::ChunkStore(sc_module_name name, uint32_t capacity_bytes)
    : sc_module(name), capacity_(capacity_bytes), activity_(this->name()) {
    sink.bind(*this);
    reader.bind(*this);
}

void ChunkStore::trace(sc_trace_file* file) const {
    activity_.trace(file);
    sc_trace(file, fill_, std::string(name()) + ".fill");
}

void ChunkStore::begin(const StreamHeader& header) {
    const uint64_t ticket = asked_++;
    while (ticket != served_) wait(room_);

    const uint32_t bytes = header.bytes.at(0);
    activity_.set_tag(header.tag);
    loading_ = Chunk{};
    loading_.error = bytes > capacity_;
    loading_bytes_ = loading_.error ? 0 : bytes;
    while (fill_ > capacity_ - loading_bytes_) {
        activity_.set(State::wait_output);
        wait(room_);
    }
    activity_.set(State::busy);
    loading_.bytes.reserve(loading_bytes_);
    fill_ += loading_bytes_;
    peak_ = std::max(peak_, fill_);
}

uint32_t ChunkStore::reserve(uint32_t) {
    return 0;
}

void ChunkStore::write(uint32_t, std::span<const uint8_t> bytes) {
    const size_t room = loading_bytes_ - loading_.bytes.size();
    const auto taken = bytes.first(std::min(bytes.size(), room));
    loading_.bytes.insert(loading_.bytes.end(), taken.begin(), taken.end());
}

void ChunkStore::end(bool error) {
    // A load that broke off keeps its room, so that release() gives back what begin() took.
    loading_.error |= error || loading_.bytes.size() != loading_bytes_;
    loading_.bytes.resize(loading_bytes_);
    loading_.sequence = loaded_++;
    chunks_.insert_or_assign(loading_.sequence, std::move(loading_));
    ++served_;
    activity_.set(State::idle);
    loaded_event_.notify(SC_ZERO_TIME);
    room_.notify(SC_ZERO_TIME);
}

const Chunk& ChunkStore::wait_for(uint32_t sequence) {
    const Chunk* chunk = peek(sequence);
    for (; !chunk; chunk = peek(sequence)) wait(loaded_event_);
    return *chunk;
}

const Chunk* ChunkStore::peek(uint32_t sequence) const {
    const auto found = chunks_.find(sequence);
    return found == chunks_.end() ? nullptr : &found->second;
}

void ChunkStore::release(uint32_t sequence) {
    const auto found = chunks_.find(sequence);
    if (found == chunks_.end()) return;
    fill_ -= static_cast<uint32_t>(found->second.bytes.size());
    chunks_.erase(found);
    room_.notify(SC_ZERO_TIME);
}

}  // namespace karhunen
