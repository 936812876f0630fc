#include "models/codec/merge_contexts.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "models/codec/fixed_log2.h"

namespace karhunen {
namespace {

using Counts = TokenCounts::value_type;

/// n log2 n.
uint64_t weighted(uint64_t n) {
    return n == 0 ? 0 : n * fixed_log2(n);
}

/// Contexts that were seen, and what they are merged to.
class Merger {
public:
    explicit Merger(const TokenCounts& counts) {
        for (size_t c = 0; c < counts.size(); ++c)
            if (std::any_of(counts[c].begin(), counts[c].end(), [](uint64_t n) { return n > 0; })) {
                seen_.push_back(c);
                counts_.push_back(counts[c]);
                costs_.push_back(entropy(counts[c], Counts{}));
            }
        live_ = seen_.size();
        group_.resize(live_);
        std::iota(group_.begin(), group_.end(), size_t{0});
        alive_.assign(live_, true);
        loss_.resize(live_ * live_);
        nearest_.resize(live_);
        for (size_t a = 0; a < live_; ++a)
            for (size_t b = 0; b < a; ++b) set_loss(a, b);
        for (size_t a = 0; a < live_; ++a) find_nearest(a);
    }

    size_t live() const { return live_; }

    void merge_one() {
        size_t a = alive_.size();
        for (size_t i = 0; i < alive_.size(); ++i)
            if (alive_[i] && (a == alive_.size() || loss(i) < loss(a))) a = i;
        const size_t b = nearest_[a];
        for (uint32_t t = 0; t < rans_tokens; ++t) counts_[a][t] += counts_[b][t];
        costs_[a] = entropy(counts_[a], Counts{});
        alive_[b] = false;
        --live_;
        std::replace(group_.begin(), group_.end(), b, a);
        for (size_t i = 0; i < alive_.size(); ++i)
            if (alive_[i] && i != a) set_loss(a, i);
        for (size_t i = 0; i < alive_.size(); ++i) {
            if (!alive_[i]) continue;
            if (i == a || nearest_[i] == a || nearest_[i] == b)
                find_nearest(i);
            else if (loss_[i * alive_.size() + a] < loss(i))
                nearest_[i] = a;
        }
    }

    MergedContexts result() const;

private:
    /// Bits of both together with a table of their own.
    static uint64_t entropy(const Counts& a, const Counts& b) {
        uint64_t total = 0, sum = 0;
        for (uint32_t t = 0; t < rans_tokens; ++t) {
            total += a[t] + b[t];
            sum += weighted(a[t] + b[t]);
        }
        return weighted(total) - sum;
    }
    void set_loss(size_t a, size_t b) {
        const auto loss =
            static_cast<int64_t>(entropy(counts_[a], counts_[b]) - costs_[a] - costs_[b]);
        loss_[a * alive_.size() + b] = loss_[b * alive_.size() + a] = loss;
    }
    void find_nearest(size_t a) {
        nearest_[a] = a;
        for (size_t b = 0; b < alive_.size(); ++b)
            if (alive_[b] && b != a && (nearest_[a] == a || loss_[a * alive_.size() + b] < loss(a)))
                nearest_[a] = b;
    }
    int64_t loss(size_t a) const { return loss_[a * alive_.size() + nearest_[a]]; }

    std::vector<size_t> seen_;    ///< contexts
    std::vector<Counts> counts_;  ///< of what is merged there
    std::vector<uint64_t> costs_;
    std::vector<size_t> group_;  ///< which of the seen ones each is merged to
    std::vector<bool> alive_;
    std::vector<int64_t> loss_;  ///< of merging a with b
    std::vector<size_t> nearest_;
    size_t live_;
};

uint32_t distance(size_t a, size_t b) {
    const auto apart = [&](size_t unit, size_t of) {
        return static_cast<uint32_t>(
            std::abs(static_cast<int>(a / unit % of) - static_cast<int>(b / unit % of)));
    };
    return 4 * apart(64, 16) + 4 * apart(4, 16) + apart(1, 4);
}

/// round((n + 0.02) / (total + 0.42) * 2^11), at least 1; the largest takes what is left.
TokenFrequencies frequencies(const Counts& counts) {
    const uint64_t total = std::accumulate(counts.begin(), counts.end(), uint64_t{0});
    TokenFrequencies f{};
    uint32_t sum = 0;
    for (uint32_t t = 0; t < rans_tokens; ++t) {
        const uint64_t above = (100 * counts[t] + 2) << rans_precision, below = 100 * total + 42;
        f[t] = static_cast<uint16_t>(std::max<uint64_t>((2 * above + below) / (2 * below), 1));
        sum += f[t];
    }
    uint16_t& largest = *std::max_element(f.begin(), f.end());
    largest = static_cast<uint16_t>(largest + (1 << rans_precision) - sum);
    return f;
}

MergedContexts Merger::result() const {
    MergedContexts result;
    std::vector<size_t> number(alive_.size());
    uint64_t bits = 0;
    for (size_t i = 0; i < alive_.size(); ++i) {
        if (!alive_[i]) continue;
        number[i] = result.tables.size();
        const TokenFrequencies f = frequencies(counts_[i]);
        result.tables.push_back(f);
        for (uint32_t t = 0; t < rans_tokens; ++t) {
            const uint64_t each =
                (uint64_t{rans_precision + token_raw_bits[t]} << fixed_log2_bits) -
                fixed_log2(f[t]);
            bits += counts_[i][t] * (each >> 8);
        }
    }
    result.bits = static_cast<double>(bits) / (1 << (fixed_log2_bits - 8));
    for (size_t c = 0; c < context_count; ++c) {
        size_t best = 0;
        for (size_t i = 1; i < seen_.size(); ++i)
            if (distance(c, seen_[i]) < distance(c, seen_[best])) best = i;
        result.table_of[c] = static_cast<uint8_t>(number[group_[best]]);
    }
    return result;
}

}  // namespace

std::vector<MergedContexts> merge_contexts(const TokenCounts& counts,
                                           const std::vector<size_t>& numbers) {
    Merger merger(counts);
    std::vector<MergedContexts> results;
    for (const size_t number : numbers) {
        while (merger.live() > number) merger.merge_one();
        results.push_back(merger.result());
    }
    return results;
}

}  // namespace karhunen
