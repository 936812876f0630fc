#include "models/ddr/statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace karhunen::ddr {

namespace {

// 16 exact buckets, then 8 for each power of two.
unsigned bucket_of(uint64_t clocks) {
    if (clocks < 16) return static_cast<unsigned>(clocks);
    const unsigned exponent = std::bit_width(clocks) - 1;
    return 16 + (exponent - 4) * 8 + static_cast<unsigned>(clocks >> (exponent - 3) & 7);
}

uint64_t upper_edge(unsigned bucket) {
    if (bucket < 16) return bucket;
    const unsigned exponent = (bucket - 16) / 8 + 4;
    const uint64_t step = uint64_t{1} << (exponent - 3);
    return (uint64_t{1} << exponent) + ((bucket - 16) % 8 + 1) * step - 1;
}

}  // namespace

void LatencyHistogram::add(Clock clocks) {
    const unsigned bucket = bucket_of(clocks);
    if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
    ++buckets_[bucket];
    ++count_;
    sum_ += clocks;
    least_ = std::min(least_, clocks);
    most_ = std::max(most_, clocks);
}

void LatencyHistogram::add(const LatencyHistogram& other) {
    buckets_.resize(std::max(buckets_.size(), other.buckets_.size()));
    for (size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    least_ = std::min(least_, other.least_);
    most_ = std::max(most_, other.most_);
}

Clock LatencyHistogram::percentile(double share) const {
    const double wanted = std::ceil(share * static_cast<double>(count_));
    uint64_t seen = 0;
    for (unsigned i = 0; i < buckets_.size(); ++i) {
        seen += buckets_[i];
        if (buckets_[i] && static_cast<double>(seen) >= wanted)
            return std::min<Clock>(upper_edge(i), most_);
    }
    return most_;
}

Account& Account::operator+=(const Account& o) {
    requests += o.requests;
    bytes_read += o.bytes_read;
    bytes_written += o.bytes_written;
    read_bursts += o.read_bursts;
    write_bursts += o.write_bursts;
    hits += o.hits;
    misses += o.misses;
    conflicts += o.conflicts;
    activates += o.activates;
    precharges += o.precharges;
    latency.add(o.latency);
    return *this;
}

Energy& Energy::operator+=(const Energy& o) {
    activate += o.activate;
    precharge += o.precharge;
    read += o.read;
    write += o.write;
    refresh += o.refresh;
    background += o.background;
    return *this;
}

std::string Statistics::violation() const {
    const Account all = total();
    const uint64_t reads = count(Command::rd) + count(Command::rda);
    const uint64_t writes = count(Command::wr) + count(Command::wra);
    const struct {
        const char* name;
        uint64_t accounts, commands;
    } pairs[] = {
        {"read bursts", all.read_bursts, reads},
        {"write bursts", all.write_bursts, writes},
        {"hits + misses + conflicts", all.hits + all.misses + all.conflicts, reads + writes},
        {"activates", all.activates, count(Command::act)},
        {"precharges", all.precharges + banks_precharged_for_refresh, banks_precharged},
        {"answered requests", all.requests, all.latency.count()},
    };
    for (const auto& p : pairs)
        if (p.accounts != p.commands)
            return std::string(p.name) + ": " + std::to_string(p.accounts) + " by account, " +
                   std::to_string(p.commands) + " by command";
    if (all.bytes_read > reads * burst_bytes || all.bytes_written > writes * burst_bytes)
        return "more bytes moved than bursts carry";
    return "";
}

}  // namespace karhunen::ddr
