// What a test of a verilated block needs: clock and reset, streams with valid and ready that
// stall at random, and the rules of that handshake checked.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include <verilated.h>
#include <boost/test/unit_test.hpp>

namespace karhunen::rtl {

/// How often a side of a stream makes the other one wait.
struct Stalls {
    unsigned in_percent = 0, out_percent = 0;
    static Stalls at_random(std::mt19937& random) {
        return {static_cast<unsigned>(random() % 90), static_cast<unsigned>(random() % 90)};
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
        bool operator==(const Beat&) const = default;
    } held{};  ///< offered, but not taken

    Beat beat() const { return {valid != 0, last != 0, keep == nullptr || *keep, word()}; }
};

/// A block with clk and rst_n. Registers start with random bits, drawn by the seed.
template <typename Block>
class Bench {
public:
    explicit Bench(uint32_t seed) : random_(seed) {
        context_.randReset(2);
        context_.randSeed(static_cast<int>(seed % 0x7FFFFFFF + 1));
        block_ = std::make_unique<Block>(&context_);
        block_->in_valid = 0;
        if constexpr (requires { block_->load_valid; }) block_->load_valid = 0;
        block_->rst_n = 0;
        for (int i = 0; i < 3; ++i) tick();
        block_->rst_n = 1;
    }
    ~Bench() { block_->final(); }
    Block& operator*() { return *block_; }
    Block* operator->() { return block_.get(); }

    void tick() {
        block_->clk = 0;
        block_->eval();
        block_->clk = 1;
        block_->eval();
    }

    /// Until all sinks are done; returns the clocks that it took. A block that hangs, or changes
    /// what it offers before that is taken, fails the test.
    uint64_t run(Source source, std::vector<Sink*> sinks, Stalls stalls) {
        const uint64_t most = 1000 + 400 * (source.beats + 1) * (stalls.in_percent ? 10 : 1);
        uint64_t clocks = 0;
        source.valid = 0;
        for (bool done = false; !done; ++clocks) {
            if (clocks == most) BOOST_FAIL("the block hangs after " << source.sent << " beats");
            done = clock(source, sinks, stalls);
        }
        source.valid = 0;
        for (Sink* s : sinks) s->ready = 0;
        BOOST_TEST(source.sent == source.beats);
        for (Sink* s : sinks) s->streams.resize(s->wanted);
        return clocks;
    }

private:
    bool chance(unsigned percent) { return random_() % 100 < percent; }

    bool clock(Source& source, std::vector<Sink*>& sinks, Stalls stalls) {
        block_->clk = 0;
        if (!source.valid && source.sent < source.beats && !chance(stalls.in_percent)) {
            source.put(source.sent);
            source.valid = 1;
        }
        for (Sink* s : sinks) s->ready = !chance(stalls.out_percent);
        block_->eval();
        const bool sent = source.valid && source.ready;
        for (Sink* s : sinks) collect(*s);
        block_->clk = 1;
        block_->eval();
        if (sent) {
            source.valid = 0;
            ++source.sent;
        }
        for (const Sink* s : sinks)
            if (!s->done()) return false;
        return true;
    }

    static void collect(Sink& s) {
        const Sink::Beat now = s.beat();
        if (s.held.valid && now != s.held) BOOST_FAIL("a beat was changed before it was taken");
        s.held = now;
        if (!now.valid || !s.ready) return;
        if (s.done()) BOOST_FAIL("a beat after the last one");
        if (!s.inside) s.streams.emplace_back();
        if (now.keep) s.streams.back().push_back(now.word);
        s.inside = !now.last;
        s.held.valid = false;
    }

    VerilatedContext context_;
    std::unique_ptr<Block> block_;
    std::mt19937 random_;
};

/// The seed of a test case, printed; KARHUNEN_RTL_SEED repeats one.
uint32_t seed_of_test();

/// Words of `bits` each as bytes, least significant or most significant one first.
std::vector<uint8_t> bytes_low_first(const std::vector<uint64_t>& words, uint32_t bits);
std::vector<uint8_t> bytes_high_first(const std::vector<uint64_t>& words, uint32_t bits);

/// Filled up with zeros to whole words of `bits`.
std::vector<uint8_t> filled_up(std::vector<uint8_t> bytes, uint32_t bits);

}  // namespace karhunen::rtl
