#include "platform/vectors/dma_stimulus.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include <zlib.h>

#include "platform/internal_error.h"
#include "platform/vectors/dma_bench.h"

namespace karhunen::vectors {

namespace {

/// A memory of noise in which chains are laid out one behind the other.
class Layout {
public:
    explicit Layout(uint32_t block_bytes) : block_bytes_(block_bytes), memory_(bench_bytes) {
        RandomSource noise(1);
        for (uint8_t& byte : memory_) byte = static_cast<uint8_t>(noise.number(0, 255));
    }

    /// Room for so many bytes, `before` bytes before the border of a block; 0: anywhere.
    uint32_t room(uint64_t bytes, uint32_t before = 0) {
        if (before) next_ = (next_ + before) / block_bytes_ * block_bytes_ + block_bytes_ - before;
        const uint32_t address = bench_base + next_;
        next_ += static_cast<uint32_t>(bytes + 7) / 4 * 4;
        if (next_ > bench_bytes) throw InternalError("the bench of the DMA has too little memory");
        return address;
    }
    std::span<uint8_t> at(uint32_t address, size_t bytes) {
        return std::span(memory_).subspan(address - bench_base, bytes);
    }
    /// Puts descriptors into memory, each with the address of the next.
    void add(const std::string& name, uint32_t channel, std::vector<krhn_dma_descriptor> chain,
             std::vector<std::vector<std::vector<uint8_t>>> bands = {}) {
        std::vector<uint32_t> places;
        for (size_t i = 0; i < chain.size(); ++i) places.push_back(room(sizeof chain[i]));
        for (size_t i = 0; i < chain.size(); ++i) {
            if (i + 1 < chain.size()) chain[i].next = places[i + 1];
            std::memcpy(at(places[i], sizeof chain[i]).data(), &chain[i], sizeof chain[i]);
        }
        scripts_.push_back({channel, places.front(), std::move(bands)});
        names_.push_back(name);
    }
    std::vector<VectorCase> run(const DmaParameters& parameters) const {
        const std::vector<DmaChain> chains = run_chains(parameters, memory_, scripts_);
        std::vector<VectorCase> cases;
        for (const DmaChain& chain : chains) {
            cases.push_back(dma_case(chain));
            cases.back().name = names_[cases.size() - 1];
        }
        return cases;
    }

private:
    const uint32_t block_bytes_;
    uint32_t next_ = 0;
    std::vector<uint8_t> memory_;
    std::vector<DmaScript> scripts_;
    std::vector<std::string> names_;
};

constexpr uint32_t aligned(uint32_t bytes) {
    return (bytes + 3) / 4 * 4;
}

/// gap: bytes between rows; before: see Layout::room().
krhn_dma_descriptor copy(Layout& layout, uint32_t row_bytes, uint32_t rows, uint32_t gap,
                         uint32_t before = 0) {
    krhn_dma_descriptor d{};
    d.kind = KRHN_DMA_COPY;
    d.row_bytes = row_bytes;
    d.rows = rows;
    d.source_stride = aligned(row_bytes) + gap;
    d.destination_stride = aligned(row_bytes + gap);
    d.source = layout.room(uint64_t{rows} * d.source_stride, before);
    d.destination = layout.room(uint64_t{rows} * d.destination_stride, before);
    return d;
}

krhn_dma_descriptor load(Layout& layout, uint32_t port, uint32_t row_bytes, uint32_t rows,
                         uint32_t gap) {
    krhn_dma_descriptor d = copy(layout, row_bytes, rows, gap);
    d.kind = KRHN_DMA_LOAD;
    d.port = port;
    d.destination = d.destination_stride = 0;
    return d;
}

krhn_dma_descriptor stream_in(Layout& layout, uint32_t port, const std::vector<uint32_t>& bytes,
                              uint32_t before = 0) {
    krhn_dma_descriptor d{};
    d.kind = KRHN_DMA_STREAM_IN;
    d.port = port;
    d.n_streams = static_cast<uint32_t>(bytes.size());
    d.source_stride = aligned(*std::max_element(bytes.begin(), bytes.end())) + 4;
    d.source = layout.room(uint64_t{d.n_streams} * d.source_stride, before);
    d.values = 17;
    for (uint32_t s = 0; s < d.n_streams; ++s) {
        d.bytes[s] = bytes[s];
        const auto stream = layout.at(d.source + s * d.source_stride, bytes[s]);
        if (!stream.empty())
            d.crc32 = static_cast<uint32_t>(crc32_z(d.crc32, stream.data(), stream.size()));
    }
    return d;
}

/// slack: bytes of each slot that the longest substream leaves.
krhn_dma_descriptor stream_out(Layout& layout, const std::vector<uint32_t>& bytes, uint32_t slack,
                               uint32_t before = 0) {
    krhn_dma_descriptor d{};
    d.kind = KRHN_DMA_STREAM_OUT;
    d.port = KRHN_PORT_ENCODER_STREAM;
    d.n_streams = static_cast<uint32_t>(bytes.size());
    d.destination_stride = aligned(*std::max_element(bytes.begin(), bytes.end())) + slack;
    d.destination = layout.room(uint64_t{d.n_streams} * d.destination_stride, before);
    d.tile_entry = layout.room(sizeof(krhn_tile_entry));
    d.entry_offset = d.destination - bench_base;
    d.values = 4711;
    return d;
}

std::vector<std::vector<uint8_t>> band_of(const std::vector<uint32_t>& bytes,
                                          RandomSource& random) {
    std::vector<std::vector<uint8_t>> band;
    for (const uint32_t n : bytes) band.push_back(random.values<uint8_t>(n, 0, 255));
    return band;
}

void add_copies(Layout& layout, uint32_t block) {
    layout.add("copy_one_byte", 0, {copy(layout, 1, 1, 0)});
    layout.add("copy_odd_rows", 1, {copy(layout, 13, 5, 8)});
    layout.add("copy_over_a_border", 2, {copy(layout, 8, 1, 0, 4)});
    layout.add("copy_of_blocks", 3, {copy(layout, 3 * block + 1, 1, 0, 8)});
    krhn_dma_descriptor d = copy(layout, 12, 4, 0);
    d.source_stride = 0;
    layout.add("copy_one_row_four_times", 7, {d});
}

void add_loads(Layout& layout, uint32_t block) {
    layout.add("load_one_byte", 0, {load(layout, KRHN_PORT_WEIGHTS, 1, 1, 0)});
    layout.add("load_chunks", 0, {load(layout, KRHN_PORT_WEIGHTS, 64, 7, 0)});
    layout.add("load_with_gaps", 1, {load(layout, KRHN_PORT_ENCODER_TABLE, 33, 3, 20)});
    layout.add("load_of_blocks", 2, {load(layout, KRHN_PORT_INPUT_TABLE, 2 * block + 3, 2, 4)});
    layout.add(
        "load_chain", 3,
        {load(layout, KRHN_PORT_WEIGHTS, 64, 2, 0), load(layout, KRHN_PORT_WEIGHTS, 10, 1, 0),
         load(layout, KRHN_PORT_RESIDUAL_TABLE, 5, 1, 0)});
}

void add_streams(Layout& layout, uint32_t block) {
    RandomSource random(2);
    const std::vector<std::pair<const char*, std::vector<uint32_t>>> all = {
        {"one_byte", {1}},
        {"empty_ones", {0, 2, 0, 0}},
        {"about_a_word", {15, 16, 17, 1}},
        {"about_a_block", {block - 1, block, block + 1, 2}},
        {"twelve", {2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24}}};
    for (const auto& [name, bytes] : all) {
        layout.add(std::string("stream_in_") + name, 4,
                   {stream_in(layout, KRHN_PORT_INPUT_STREAM, bytes)});
        layout.add(std::string("stream_out_") + name, 6, {stream_out(layout, bytes, 8)},
                   {band_of(bytes, random)});
    }
    layout.add("stream_in_over_a_border", 5,
               {stream_in(layout, KRHN_PORT_RESIDUAL_STREAM, {40, 40}, 20)});
    const std::vector<uint32_t> full = {40, 20, 40};
    layout.add("stream_out_full_slots", 6, {stream_out(layout, full, 0, 20)},
               {band_of(full, random)});
    const std::vector<uint32_t> first = {7, 7}, second = {9};
    layout.add("stream_out_chain", 6, {stream_out(layout, first, 4), stream_out(layout, second, 4)},
               {band_of(first, random), band_of(second, random)});
}

std::vector<uint32_t> random_lengths(RandomSource& random) {
    std::vector<uint32_t> bytes(random.number(1, KRHN_MAX_STREAMS));
    for (uint32_t& n : bytes) n = random.chance(10) ? 0 : random.number(1, 300);
    bytes[random.number(0, static_cast<uint32_t>(bytes.size()) - 1)] = random.number(1, 300);
    return bytes;
}

void add_random(Layout& layout, RandomSource& random) {
    std::vector<krhn_dma_descriptor> chain;
    std::vector<std::vector<std::vector<uint8_t>>> bands;
    for (uint32_t n = random.number(1, 3); n > 0; --n) {
        const uint32_t gap = 4 * random.number(0, 5);
        const uint32_t bytes = random.number(1, 200), rows = random.number(1, 5);
        switch (random.number(0, 3)) {
            case KRHN_DMA_COPY:
                chain.push_back(copy(layout, bytes, rows, gap));
                break;
            case KRHN_DMA_LOAD:
                chain.push_back(load(layout, random.number(0, 3), bytes, rows, gap));
                break;
            case KRHN_DMA_STREAM_IN:
                chain.push_back(stream_in(
                    layout, random.one_of({KRHN_PORT_INPUT_STREAM, KRHN_PORT_RESIDUAL_STREAM}),
                    random_lengths(random)));
                break;
            default: {
                const std::vector<uint32_t> lengths = random_lengths(random);
                chain.push_back(stream_out(layout, lengths, gap));
                bands.push_back(band_of(lengths, random));
            }
        }
    }
    layout.add("chain", random.number(0, KRHN_DMA_CHANNELS - 1), chain, bands);
}

}  // namespace

std::vector<VectorCase> dma_corners(const DmaParameters& parameters) {
    Layout layout(parameters.block_bytes);
    const uint32_t block = std::min(parameters.block_bytes, 4096u);  // the memory is small
    add_copies(layout, block);
    add_loads(layout, block);
    add_streams(layout, block);
    return layout.run(parameters);
}

std::vector<VectorCase> random_chains(const DmaParameters& parameters, uint32_t count,
                                      RandomSource& random) {
    std::vector<VectorCase> cases;
    // Some chains at a time: the bench's memory has room for these.
    for (uint32_t left = count; left > 0;) {
        const uint32_t now = std::min(left, 16u);
        Layout layout(parameters.block_bytes);
        for (uint32_t i = 0; i < now; ++i) add_random(layout, random);
        std::vector<VectorCase> more = layout.run(parameters);
        std::move(more.begin(), more.end(), std::back_inserter(cases));
        left -= now;
    }
    return cases;
}

}  // namespace karhunen::vectors
