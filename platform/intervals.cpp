#include "platform/intervals.h"

#include <algorithm>

namespace karhunen {

Intervals Intervals::of(const Activity& activity, State state, uint64_t end) {
    Intervals result;
    const auto& history = activity.history();
    uint64_t since = 0;
    State now = State::idle;
    for (const Activity::Change& change : history) {
        const uint64_t time = std::min<uint64_t>(change.time.value(), end);
        if (now == state) result.add(since, time);
        since = time;
        now = change.state;
    }
    if (now == state) result.add(since, end);
    return result;
}

void Intervals::add(uint64_t begin, uint64_t end) {
    if (begin >= end) return;
    if (!parts_.empty() && begin <= parts_.back().end)
        parts_.back().end = std::max(parts_.back().end, end);
    else
        parts_.push_back({begin, end});
}

Intervals Intervals::operator&(const Intervals& other) const {
    Intervals result;
    size_t i = 0, j = 0;
    while (i < parts_.size() && j < other.parts_.size()) {
        const Interval &a = parts_[i], &b = other.parts_[j];
        result.add(std::max(a.begin, b.begin), std::min(a.end, b.end));
        a.end < b.end ? ++i : ++j;
    }
    return result;
}

Intervals Intervals::operator|(const Intervals& other) const {
    Intervals result;
    size_t i = 0, j = 0;
    while (i < parts_.size() || j < other.parts_.size()) {
        const bool mine = j == other.parts_.size() ||
                          (i < parts_.size() && parts_[i].begin <= other.parts_[j].begin);
        const Interval& next = mine ? parts_[i++] : other.parts_[j++];
        result.add(next.begin, next.end);
    }
    return result;
}

Intervals Intervals::complement(uint64_t end) const {
    Intervals result;
    uint64_t since = 0;
    for (const Interval& part : parts_) {
        result.add(since, std::min(part.begin, end));
        since = part.end;
    }
    result.add(since, end);
    return result;
}

uint64_t Intervals::length_within(uint64_t begin, uint64_t end) const {
    auto part = std::partition_point(parts_.begin(), parts_.end(),
                                     [&](const Interval& p) { return p.end <= begin; });
    uint64_t sum = 0;
    for (; part != parts_.end() && part->begin < end; ++part)
        sum += std::min(part->end, end) - std::max(part->begin, begin);
    return sum;
}

}  // namespace karhunen
