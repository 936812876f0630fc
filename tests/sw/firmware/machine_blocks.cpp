// What the blocks do with a job.
#include <algorithm>
#include <cstring>
#include <string>

#include "tests/sw/firmware/machine.h"

namespace karhunen {
namespace {

[[noreturn]] void wrong(const std::string& what, uint32_t number) {
    throw MachineError(what + " " + std::to_string(number));
}

uint32_t bytes_of_format(uint32_t format) {
    return format == KRHN_FORMAT_S32 ? 4 : format == KRHN_FORMAT_S12 ? 2 : 1;
}

uint32_t stream_bytes(uint32_t crc32, uint32_t stream) {
    return static_cast<uint32_t>(mix({10, crc32, stream}) % 1000);
}

}  // namespace

Actor Machine::channel(uint32_t c) {
    ChannelModel& me = channels[c];
    BlockModel& block = blocks[KRHN_DMA_BASE];
    for (;;) {
        co_await until([&] { return me.shadow.has_value(); });
        uint32_t address = *me.shadow;
        me.shadow.reset();
        me.busy = true;
        block.irq_status |= KRHN_DMA_IRQ_READY(c);
        while (address) {
            co_await until([] { return true; });
            const auto d = *static_cast<const krhn_dma_descriptor*>(memory_at(address));
            if (d.kind == KRHN_DMA_COPY) {
                copy(d);
            } else if (d.kind == KRHN_DMA_LOAD) {
                ChunkModel& to = d.port == KRHN_PORT_WEIGHTS ? weights : tables[d.port - 1];
                if (d.port != c || d.rows == 0) wrong("load of channel", c);
                if (d.row_bytes == 0 || d.row_bytes > to.capacity) wrong("chunk of", d.row_bytes);
                for (uint32_t i = 0; i < d.rows; ++i) {
                    co_await until([&] { return to.fill + d.row_bytes <= to.capacity; });
                    to.fill += d.row_bytes;
                    const uint32_t offset = d.source - KRHN_DDR_BASE + i * d.source_stride;
                    to.chunks[to.loaded++] = {chunk_value(offset, d.row_bytes), d.row_bytes};
                }
            } else if (d.kind == KRHN_DMA_STREAM_IN) {
                if (d.port != c) wrong("stream of channel", c);
                Coder& coder = coders_[c];
                co_await until([&] { return !coder.arriving; });
                band_at(d);
                coder.arriving = d;
                co_await until([&] { return !coder.arriving; });
            } else {
                if (d.port != c) wrong("stream of channel", c);
                co_await until([&] { return coders_[c].leaving.has_value(); });
                store(d);
                coders_[c].leaving.reset();
            }
            address = d.next;
        }
        me.busy = false;
        ++me.chains_done;
        block.irq_status |= KRHN_DMA_IRQ_DONE(c);
    }
}

void Machine::copy(const krhn_dma_descriptor& d) {
    if (d.rows != 1) wrong("copy of rows", d.rows);
    std::memcpy(const_cast<void*>(memory_at(d.destination)), memory_at(d.source), d.row_bytes);
}

void Machine::store(const krhn_dma_descriptor& d) {
    const StoredBandModel& band = *coders_[KRHN_PORT_ENCODER_STREAM].leaving;
    if (d.n_streams != band.streams || d.values != band.values)
        wrong("store of another band, values", d.values);
    if (d.destination != KRHN_DDR_BASE + d.entry_offset) wrong("entry of", d.entry_offset);
    store_at(d.entry_offset, d.tile_entry - KRHN_DDR_BASE, band);
}

void Machine::store_at(uint32_t slot, uint32_t at, StoredBandModel band) {
    krhn_tile_entry entry{};
    entry.offset = slot;
    entry.values = band.values;
    entry.crc32 = band.crc32;
    entry.n_streams = band.streams;
    for (uint32_t s = 0; s < band.streams; ++s) entry.bytes[s] = stream_bytes(band.crc32, s);
    std::memcpy(&memory.at(at), &entry, sizeof entry);
    stored[KRHN_DDR_BASE + slot] = std::move(band);
}

/// The band that a STREAM_IN reads; everything in the descriptor must be right.
const StoredBandModel& Machine::band_at(const krhn_dma_descriptor& d) const {
    const auto found = stored.find(d.source);
    if (found == stored.end()) wrong("nothing is stored at", d.source);
    const StoredBandModel& band = found->second;
    bool good = d.n_streams == band.streams && d.values == band.values && d.crc32 == band.crc32;
    for (uint32_t s = 0; good && s < d.n_streams; ++s)
        good = d.bytes[s] == stream_bytes(band.crc32, s);
    if (!good) wrong("descriptor does not fit the band stored at", d.source);
    return band;
}

Actor Machine::decoder(uint32_t base, uint32_t c, ChunkModel& table, RowModel& rows) {
    BlockModel& me = blocks[base];
    Coder& coder = coders_[c];
    for (;;) {
        co_await until([&] { return me.shadow.has_value(); });
        Job job = take(me);
        const bool has_table = job[KRHN_DECODER_CODEC] != KRHN_CODEC_RAW;
        const uint32_t sequence = job[KRHN_DECODER_TABLE_SEQUENCE];
        Value parameters = 0;
        if (has_table) {
            co_await until([&] { return table.chunks.contains(sequence); });
            parameters = table.chunks[sequence].first;
        }
        co_await until([&] { return coder.arriving.has_value(); });
        const StoredBandModel band = band_at(*coder.arriving);
        if (band.rows.size() != job[KRHN_DECODER_ROWS] || band.streams != job[KRHN_DECODER_STREAMS])
            wrong("decoder: another band arrives, rows", job[KRHN_DECODER_ROWS]);
        const uint32_t region = job[KRHN_DECODER_REGION], limit = job[KRHN_DECODER_REGION_BYTES];
        const uint32_t bytes = job[KRHN_DECODER_WIDTH] * job[KRHN_DECODER_CHANNELS] *
                               bytes_of_format(job[KRHN_DECODER_FORMAT]);
        uint32_t row = job[KRHN_DECODER_ROW_SEQUENCE];
        for (Value value : band.rows) {
            co_await until([&] { return rows.has_room(region, limit, bytes); });
            rows.open(region, row, bytes);
            rows.complete(region, row++, decoded_row(value, parameters, job[KRHN_DECODER_CODEC]));
        }
        coder.arriving.reset();
        if (job[KRHN_DECODER_FLAGS] & KRHN_CODEC_RELEASE_TABLE) table.release(sequence);
        finish(me);
    }
}

Actor Machine::encoder() {
    BlockModel& me = blocks[KRHN_ENCODER_BASE];
    Coder& coder = coders_[KRHN_PORT_ENCODER_STREAM];
    for (;;) {
        co_await until([&] { return me.shadow.has_value() && !hold_encoder; });
        Job job = take(me);
        const bool has_table = job[KRHN_ENCODER_CODEC] != KRHN_CODEC_RAW;
        const uint32_t sequence = job[KRHN_ENCODER_TABLE_SEQUENCE];
        Value parameters = 0;
        if (has_table) {
            co_await until([&] { return tables[0].chunks.contains(sequence); });
            parameters = tables[0].chunks[sequence].first;
        }
        StoredBandModel band;
        Value all = 0;
        for (uint32_t i = 0; i < job[KRHN_ENCODER_ROWS]; ++i) {
            const uint32_t row = job[KRHN_ENCODER_ROW_SEQUENCE] + i;
            co_await until([&] { return output.has(0, row); });
            band.rows.push_back(
                stored_row(output.regions[0].rows[row].value, parameters, job[KRHN_ENCODER_CODEC]));
            all = mix({all, band.rows.back()});
            output.release_before(0, row + 1);
        }
        band.crc32 = static_cast<uint32_t>(all);
        band.streams = job[KRHN_ENCODER_STREAMS];
        band.values = job[KRHN_ENCODER_ROWS] * job[KRHN_ENCODER_WIDTH] * job[KRHN_ENCODER_CHANNELS];
        coder.leaving = std::move(band);
        co_await until([&] { return !coder.leaving; });
        if (job[KRHN_ENCODER_FLAGS] & KRHN_CODEC_RELEASE_TABLE) tables[0].release(sequence);
        finish(me);
    }
}

Actor Machine::array() {
    BlockModel& me = blocks[KRHN_COMPUTE_ARRAY_BASE];
    for (;;) {
        co_await until([&] { return me.shadow.has_value(); });
        Job job = take(me);
        const bool pass = job[KRHN_ARRAY_KIND] == KRHN_ARRAY_PASS;
        const uint32_t region = job[KRHN_ARRAY_REGION], base = job[KRHN_ARRAY_INPUT_SEQUENCE];
        const uint32_t height = job[KRHN_ARRAY_INPUT_HEIGHT], flags = job[KRHN_ARRAY_FLAGS];
        const uint32_t kernel = pass ? 1 : job[KRHN_ARRAY_KERNEL] >> 8;
        const uint32_t stride = pass ? 1 : job[KRHN_ARRAY_STRIDE] >> 8;
        const uint32_t padding = pass ? 0 : job[KRHN_ARRAY_PADDING] >> 8;
        const uint32_t first = job[KRHN_ARRAY_OUTPUT_ROW], rows = job[KRHN_ARRAY_OUTPUT_ROWS];
        const uint32_t chunks = pass ? 0 : job[KRHN_ARRAY_WEIGHT_CHUNKS];
        const uint32_t dilation = job[KRHN_ARRAY_DILATION], groups = job[KRHN_ARRAY_GROUPS];
        const bool chunk_outermost = flags & KRHN_ARRAY_CHUNK_OUTERMOST;
        if (!pass && chunks == 0) wrong("convolution without weights, row", first);
        const uint32_t steps = rows * std::max(chunks, 1u);
        for (uint32_t i = 0; i < steps; ++i) {
            const uint32_t r = chunk_outermost ? i % rows : i / std::max(chunks, 1u);
            const uint32_t c = chunk_outermost ? i / rows : i % std::max(chunks, 1u);
            Value window = 0;
            for (uint32_t k = 0; k < kernel; ++k) {
                const int64_t y = int64_t{first + r} * stride + k * (dilation >> 8) - padding;
                const uint32_t row = base + static_cast<uint32_t>(y);
                const bool inside = y >= 0 && y < height;
                if (inside) co_await until([&] { return activation.has(region, row); });
                window = window_of(
                    window, inside ? activation.regions[region].rows[row].value : padding_row);
            }
            Sums sums{first + r, c, chunks, window};
            if (!pass) {
                const uint32_t chunk = job[KRHN_ARRAY_WEIGHT_SEQUENCE] + c;
                co_await until([&] { return weights.chunks.contains(chunk); });
                sums.value = sums_of(window, weights.chunks[chunk].first, job[KRHN_ARRAY_KERNEL],
                                     job[KRHN_ARRAY_STRIDE], dilation, groups,
                                     KRHN_ARRAY_WEIGHT_BITS(flags));
                if (r + 1 == rows && flags & KRHN_ARRAY_RELEASE_WEIGHTS) weights.release(chunk);
            }
            co_await until([&] { return sums_.size() < 2; });
            sums_.push_back(sums);
            if (c + 1 >= chunks && flags & KRHN_ARRAY_RELEASE_SLIDING) {
                const int64_t needed = int64_t{first + r + 1} * stride - padding;
                activation.release_before(
                    region, base + static_cast<uint32_t>(std::clamp<int64_t>(needed, 0, height)));
            }
        }
        if (flags & KRHN_ARRAY_RELEASE_ALL) activation.release_before(region, base + height);
        finish(me);
    }
}

namespace {

struct PoolModel {
    uint32_t kernel, stride, padding, height;
    uint32_t outputs() const { return (height + 2 * padding - kernel) / stride + 1; }
    /// Output rows that `rows` rows from 0 complete.
    uint32_t outputs_of(uint32_t rows) const {
        if (rows == height) return outputs();
        return rows + padding < kernel ? 0 : (rows + padding - kernel) / stride + 1;
    }
};

}  // namespace

Actor Machine::post() {
    BlockModel& me = blocks[KRHN_POST_PROCESSING_BASE];
    std::map<uint32_t, std::vector<Value>> maps;  // by first channel: rows that jobs go on with
    for (;;) {
        co_await until([&] { return me.shadow.has_value(); });
        Job job = take(me);
        const uint32_t flags = job[KRHN_POST_FLAGS], rows = job[KRHN_POST_ROWS];
        const uint32_t pool = job[KRHN_POST_POOL], first = job[KRHN_POST_POOL_ROW];
        const PoolModel p = pool ? PoolModel{pool >> 16 & 255, pool >> 8 & 255, pool & 255,
                                             job[KRHN_POST_POOL_HEIGHT]}
                                 : PoolModel{1, 1, 0, job[KRHN_POST_POOL_HEIGHT]};
        const bool chunked = flags & KRHN_POST_CHUNKED_ROWS;
        RowModel& to = flags & KRHN_POST_TO_RESIDUAL ? residual
                       : flags & KRHN_POST_TO_INPUT  ? activation
                                                     : output;
        const uint32_t from = job[KRHN_POST_RESIDUAL_REGION], region = job[KRHN_POST_RESULT_REGION];
        if (rows == 0) wrong("a job without rows, at row", first);
        const uint32_t width = (job[KRHN_POST_WIDTH] + 2 * p.padding - p.kernel) / p.stride + 1;
        const uint32_t channels = job[KRHN_POST_CHANNELS];
        const uint32_t all = job[KRHN_POST_ROW_CHANNELS] ? job[KRHN_POST_ROW_CHANNELS] : channels;
        const uint32_t bytes = width * all * bytes_of_format(job[KRHN_POST_FORMAT]);
        std::vector<Value>& unpooled = maps[job[KRHN_POST_FIRST_CHANNEL]];
        if (first == 0 && pool) unpooled.clear();
        if (first != unpooled.size() && pool) wrong("pooling goes on at row", first);
        std::vector<Value> map = pool ? unpooled : std::vector<Value>();
        map.resize(first + rows);
        std::vector<Value> sums(rows, 0);
        uint32_t opened = 0, done = 0, chunks = 1;
        for (uint32_t i = 0; i < rows * chunks; ++i) {
            co_await until([&] { return !sums_.empty(); });
            const Sums s = sums_.front();
            sums_.pop_front();
            chunks = std::max(s.chunks, 1u);
            const uint32_t r = chunked ? i % rows : i / chunks, c = chunked ? i / rows : i % chunks;
            if (s.row != first + r || s.chunk != c) wrong("post-processing meets row", s.row);
            sums[r] = s.chunks ? mix({sums[r], s.value}) : s.value;
            Value addend = 0;
            if (flags & KRHN_POST_RESIDUAL) {
                const uint32_t row = job[KRHN_POST_RESIDUAL_SEQUENCE] + r;
                co_await until([&] { return residual.has(from, row); });
                addend = residual.regions[from].rows[row].value;
                if (flags & KRHN_POST_RELEASE_RESIDUAL && c + 1 == chunks)
                    residual.release_before(from, row + 1);
            }
            const uint32_t ready = p.outputs_of(first + r + 1) - p.outputs_of(first);
            const uint32_t sequence = job[KRHN_POST_OUTPUT_SEQUENCE];
            for (; opened < ready; ++opened) {
                if (all != channels && to.is_open(region, sequence + opened)) continue;
                co_await until([&] { return to.has_room(region, to.capacity, bytes); });
                to.open(region, sequence + opened, bytes);
            }
            if (c + 1 < chunks) continue;
            map[first + r] =
                result_of(sums[r], addend, job[KRHN_POST_SHIFT], job[KRHN_POST_FORMAT]);
            for (; done < ready; ++done) {
                Value value = pool ? 0 : map[first + r];
                const uint32_t top = (p.outputs_of(first) + done) * p.stride;
                for (uint32_t y = top; pool && y < top + p.kernel; ++y)
                    if (y >= p.padding && y - p.padding < map.size())
                        value = pooled(value, map[y - p.padding]);
                if (all == channels)
                    to.complete(region, sequence + done, value);
                else
                    to.complete_part(region, sequence + done,
                                     part_of_row(value, job[KRHN_POST_FIRST_CHANNEL], channels),
                                     channels, all);
            }
        }
        if (pool) unpooled = map;
        if (done != job[KRHN_POST_OUTPUT_ROWS]) wrong("post-processing makes rows", done);
        finish(me);
    }
}

}  // namespace karhunen
