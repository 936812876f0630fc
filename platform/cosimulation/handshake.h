// A verilated block at the bench: clock and reset, streams with valid and ready that stall at
// random, and the rules of that handshake checked.
//
// An offered beat stays as it is until it is taken; valid and data do not depend on ready, and
// valid does not wait for it; nothing comes after the last beat; something moves all the time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <verilated.h>

#include "platform/cosimulation/protocol_error.h"

namespace karhunen::rtl {

/// How often a side of a stream makes the other one wait; shy: a sink is ready only where it sees
/// valid.
struct Stalls {
    unsigned in_percent = 0, out_percent = 0;
    bool shy = false;
    bool none() const { return in_percent + out_percent == 0; }
    static Stalls at_random(std::mt19937& random, unsigned below_percent = 90) {
        return {static_cast<unsigned>(random() % below_percent),
                static_cast<unsigned>(random() % below_percent), random() % 2 != 0};
    }
};

/// Bits of a port of any width.
template <typename Port>
void set_bits(Port& port, uint32_t from, uint32_t count, uint64_t value) {
    for (uint32_t i = from; i < from + count; ++i, value >>= 1) {
        if constexpr (std::is_integral_v<Port>)
            port = static_cast<Port>((port & ~(Port{1} << i)) | Port(value & 1) << i);
        else
            port[i / 32] = (port[i / 32] & ~(1u << i % 32)) | uint32_t(value & 1) << i % 32;
    }
}

inline int64_t sign_extended(uint64_t value, uint32_t bits) {
    return static_cast<int64_t>(value << (64 - bits)) >> (64 - bits);
}

/// A stream into the block: `put(i)` sets the ports of beat i.
struct Source {
    CData& valid;
    const CData& ready;
    size_t beats;
    std::function<void(size_t)> put;
    size_t sent = 0;
};

/// So many streams out of the block, each up to a beat with `last`; words without `keep` are left
/// out.
struct Sink {
    const CData& valid;
    CData& ready;
    std::function<uint64_t()> word;
    const CData& last;
    const CData* keep = nullptr;  ///< nullptr: each beat holds a word
    size_t wanted = 1;
    std::vector<std::vector<uint64_t>> streams{};
    bool inside = false;  ///< the latest of them has not ended
    bool done() const { return streams.size() == wanted && !inside; }
    struct Beat {
        bool valid = false, last = false, keep = true;
        uint64_t word = 0;
        bool operator==(const Beat& b) const {
            return valid == b.valid &&
                   (!valid || (last == b.last && keep == b.keep && word == b.word));
        }
    } held{}, seen{};  ///< offered, but not taken; in this clock, before ready

    Beat beat() const { return {valid != 0, last != 0, keep == nullptr || *keep, word()}; }
};

/// A block with clk and rst_n. Registers start with random bits, drawn by the seed.
template <typename Block>
class Bench {
public:
    /// So many clocks without a beat are a block that hangs.
    static constexpr uint64_t patience = 10'000;

    explicit Bench(uint32_t seed) : random_(seed) {
        context_.randReset(2);
        context_.randSeed(static_cast<int>(seed % 0x7FFFFFFF + 1));
        block_ = std::make_unique<Block>(&context_);
        reset();
    }
    ~Bench() { block_->final(); }
    Block& operator*() { return *block_; }
    Block* operator->() { return block_.get(); }

    void reset() {
        block_->in_valid = 0;
        if constexpr (requires { block_->load_valid; }) block_->load_valid = 0;
        block_->rst_n = 0;
        for (int i = 0; i < 3; ++i) tick();
        block_->rst_n = 1;
    }
    void tick() {
        block_->clk = 0;
        block_->eval();
        block_->clk = 1;
        block_->eval();
        ++clocks_;
    }
    uint64_t clocks() const { return clocks_; }

    /// Until all sinks are done; returns the clocks that it took. Throws ProtocolError.
    uint64_t run(Source source, const std::vector<Sink*>& sinks, Stalls stalls) {
        const uint64_t before = clocks_;
        const auto done = [&](uint64_t) { return std::ranges::all_of(sinks, &Sink::done); };
        run_until(source, sinks, stalls, done);
        const uint64_t clocks = clocks_ - before;
        if (source.sent != source.beats)
            throw ProtocolError("the stream ends after " + std::to_string(source.sent) + " of " +
                                std::to_string(source.beats) + " beats");
        run_for(4, source, sinks);
        return clocks;
    }

    /// Until `done`, which is told for how many clocks nothing has moved. Throws ProtocolError.
    template <typename Done>
    void run_until(Source& source, std::span<Sink* const> sinks, Stalls stalls, Done done) {
        for (uint64_t quiet = 0; !done(quiet);) {
            if (quiet == patience)
                throw ProtocolError(
                    "hangs: " + awaited(source, sinks) +
                    (stalls.shy ? ", and no output is ready before it is valid" : ""));
            quiet = clock(source, sinks, stalls) ? 0 : quiet + 1;
        }
        rest(source, sinks);
    }
    /// So many clocks more, in which no beat may come that is not wanted.
    void run_for(uint64_t clocks, Source& source, std::span<Sink* const> sinks) {
        for (; clocks > 0; --clocks) clock(source, sinks, {});
        rest(source, sinks);
    }

private:
    bool chance(unsigned percent) { return percent != 0 && random_() % 100 < percent; }

    static void rest(Source& source, std::span<Sink* const> sinks) {
        source.valid = 0;
        for (Sink* s : sinks) s->ready = 0;
    }

    /// Returns whether a beat moved.
    bool clock(Source& source, std::span<Sink* const> sinks, Stalls stalls) {
        block_->clk = 0;
        if (!source.valid && source.sent < source.beats && !chance(stalls.in_percent)) {
            source.put(source.sent);
            source.valid = 1;
        }
        for (Sink* s : sinks) s->ready = 0;
        block_->eval();
        for (Sink* s : sinks) {
            s->seen = s->beat();
            s->ready = (s->seen.valid || !stalls.shy) && !chance(stalls.out_percent);
        }
        block_->eval();
        bool moved = source.valid && source.ready;
        if (moved) ++source.sent;
        const bool sent = moved;
        for (Sink* s : sinks) moved = collect(*s) || moved;
        block_->clk = 1;
        block_->eval();
        ++clocks_;
        if (sent) source.valid = 0;
        return moved;
    }

    /// Returns whether a beat was taken.
    static bool collect(Sink& s) {
        const Sink::Beat now = s.beat();
        if (now != s.seen) throw ProtocolError("valid or data depend on ready");
        if (s.held.valid && now != s.held)
            throw ProtocolError(now.valid ? "a beat was changed before it was taken"
                                          : "a beat vanished before it was taken");
        s.held = now;
        if (!now.valid || !s.ready) return false;
        if (s.done()) throw ProtocolError("a beat after the last one");
        if (!s.inside) s.streams.emplace_back();
        if (now.keep) s.streams.back().push_back(now.word);
        s.inside = !now.last;
        s.held.valid = false;
        return true;
    }

    static std::string awaited(const Source& source, std::span<Sink* const> sinks) {
        if (source.sent < source.beats)
            return "ready for beat " + std::to_string(source.sent) + " of " +
                   std::to_string(source.beats) + " is awaited";
        for (size_t i = 0; i < sinks.size(); ++i) {
            const Sink& s = *sinks[i];
            if (s.done()) continue;
            return "valid of output " + std::to_string(i) + " is awaited, word " +
                   std::to_string(s.streams.empty() ? 0 : s.streams.back().size()) + " or the end";
        }
        return "nothing moves";
    }

    VerilatedContext context_;
    std::unique_ptr<Block> block_;
    std::mt19937 random_;
    uint64_t clocks_ = 0;
};

}  // namespace karhunen::rtl
