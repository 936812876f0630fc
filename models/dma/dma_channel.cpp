#include "models/dma/dma_channel.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "models/dma/descriptor.h"

namespace karhunen {

static_assert(std::endian::native == std::endian::little, "descriptors are copied as they lie");

using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;
using sc_core::wait;

namespace {

// crc32_z throughout: the Unicorn library has a slow crc32 of its own, which may be found first.

/// CRC-32 of the substreams one after the other, from the CRC-32 of each.
uint32_t combine(std::span<const uint32_t> crc, const uint32_t* bytes) {
    uLong all = crc32_z(0, nullptr, 0);
    for (size_t s = 0; s < crc.size(); ++s) all = crc32_combine(all, crc[s], bytes[s]);
    return static_cast<uint32_t>(all);
}

uint32_t crc_of(uint32_t crc, std::span<const uint8_t> bytes) {
    return static_cast<uint32_t>(crc32_z(crc, bytes.data(), bytes.size()));
}

}  // namespace

DmaChannel::DmaChannel(sc_core::sc_module_name name, uint32_t index, MemoryPort& memory,
                       DmaShared& shared)
    : sc_module(name), index_(index), memory_(memory), shared_(shared), activity_(this->name()) {
    SC_HAS_PROCESS(DmaChannel);
    SC_THREAD(run);
    set_stack_size(1 << 20);
    SC_METHOD(deliver);
    sensitive << response_;
    dont_initialize();
}

void DmaChannel::start(uint32_t descriptor) {
    if (shadow_) {
        fail(KRHN_ERROR_START_WHEN_FULL, descriptor);
        return;
    }
    shadow_ = descriptor;
    changed_.notify(SC_ZERO_TIME);
}

void DmaChannel::reset() {
    shadow_.reset();
    error_ = error_address_ = chains_done_ = 0;
    defect_.clear();
    aborting_ = running_;
    changed_.notify(SC_ZERO_TIME);
}

uint32_t DmaChannel::status() const {
    return (running_ && !has_stopped_ ? KRHN_STATUS_BUSY : 0) | (shadow_ ? KRHN_STATUS_FULL : 0);
}

void DmaChannel::fail(uint32_t causes, uint64_t address) {
    if (error_ == 0) error_address_ = static_cast<uint32_t>(address);
    error_ |= causes;
    shared_.raise(KRHN_DMA_IRQ_ERROR(index_), causes);
}

void DmaChannel::run() {
    while (true) {
        while (!shadow_ || error_) wait(changed_);
        const uint32_t first = *shadow_;
        shadow_.reset();
        running_ = true;
        shared_.raise(KRHN_DMA_IRQ_READY(index_), 0);
        run_chain(first);
        activity_.set(State::idle);
        has_stopped_ = true;
        while (error_ && !aborting_) wait(changed_);
        running_ = has_stopped_ = false;
        if (!aborting_) {
            ++chains_done_;
            shared_.raise(KRHN_DMA_IRQ_DONE(index_), 0);
        }
        aborting_ = false;
    }
}

void DmaChannel::run_chain(uint32_t address) {
    krhn_dma_descriptor& descriptor = descriptor_;
    unsigned count = 0;
    do {
        activity_.set(State::busy);
        descriptor_address_ = address;
        has_descriptor_ = false;
        if (count++ == max_chain_descriptors)
            return refuse(KRHN_ERROR_DESCRIPTOR, "the chain does not end");
        if (address % 4 != 0)
            return refuse(KRHN_ERROR_DESCRIPTOR, "its address is no multiple of 4");
        if (!fetch(address, descriptor)) return refuse(KRHN_ERROR_BUS, "it could not be read");
        has_descriptor_ = true;
        if (const std::string defect = defect_of(descriptor); !defect.empty())
            return refuse(KRHN_ERROR_DESCRIPTOR, defect);
        if (!is_connected(descriptor))
            return refuse(KRHN_ERROR_DESCRIPTOR,
                          "port " + std::to_string(descriptor.port) + " is not connected");
        activity_.set_tag(descriptor.tag);
        if (shared_.observer) shared_.observer->on_begin(index_, address, descriptor);
        transfer(descriptor);
        if (shared_.observer) shared_.observer->on_end(index_);
        address = descriptor.next;
    } while (address != 0 && !is_stopping());
}

void DmaChannel::refuse(uint32_t cause, const std::string& defect) {
    defect_ = defect;
    fail(cause, descriptor_address_);
}

bool DmaChannel::fetch(uint32_t address, krhn_dma_descriptor& descriptor) {
    Transaction& t =
        memory_.make(*this, tlm::TLM_READ_COMMAND, address, sizeof(krhn_dma_descriptor));
    t.traffic->kind = TrafficKind::descriptors;
    t.traffic->channel = static_cast<uint8_t>(index_);
    t.traffic->tag = no_tag;
    memory_.transport(t);
    const bool is_good = t.is_response_ok();
    if (is_good) std::memcpy(&descriptor, t.data.data(), sizeof descriptor);
    t.release();
    return is_good;
}

bool DmaChannel::is_connected(const krhn_dma_descriptor& d) const {
    if (d.kind == KRHN_DMA_COPY) return true;
    return d.kind == KRHN_DMA_STREAM_OUT ? shared_.encoder != nullptr
                                         : shared_.sinks[d.port] != nullptr;
}

void DmaChannel::transfer(const krhn_dma_descriptor& d) {
    kind_ = traffic_of(d);
    crc_.fill(static_cast<uint32_t>(crc32_z(0, nullptr, 0)));
    has_checksum_ =
        d.kind == KRHN_DMA_STREAM_IN || (d.kind == KRHN_DMA_LOAD && d.flags & KRHN_DMA_CHECK);
    switch (d.kind) {
        case KRHN_DMA_COPY:
            return copy(d);
        case KRHN_DMA_LOAD:
            return load(d);
        case KRHN_DMA_STREAM_IN:
            return stream_in(d);
        default:
            return stream_out(d);
    }
}

void DmaChannel::copy(const krhn_dma_descriptor& d) {
    sink_ = nullptr;
    for (uint32_t row = 0; row < d.rows; ++row) {
        const uint64_t from = d.source + uint64_t{row} * d.source_stride;
        const uint64_t to = d.destination + uint64_t{row} * d.destination_stride;
        for (uint32_t done = 0; done < d.row_bytes && !is_stopping();) {
            const uint32_t n =
                std::min({d.row_bytes - done, to_boundary(from + done), to_boundary(to + done)});
            wait_for_slot(State::wait_input);
            Transaction& t = make(tlm::TLM_READ_COMMAND, from + done, n, kind_);
            t.copy_to = to + done;
            issue(t);
            done += n;
        }
    }
    drain(State::wait_output);
}

void DmaChannel::load(const krhn_dma_descriptor& d) {
    sink_ = shared_.sinks[d.port];
    for (uint32_t row = 0; row < d.rows && !is_stopping(); ++row) {
        activity_.set(State::wait_output);
        sink_->begin({{d.row_bytes}, d.tag});
        feed(d.source + uint64_t{row} * d.source_stride, 0, {&d.row_bytes, 1});
        if (has_checksum_ && row + 1 == d.rows && !is_stopping() && crc_[0] != d.crc32)
            fail(KRHN_ERROR_CHECKSUM, d.source);
        sink_->end(is_stopping());
    }
}

void DmaChannel::stream_in(const krhn_dma_descriptor& d) {
    sink_ = shared_.sinks[d.port];
    activity_.set(State::wait_output);
    const std::span<const uint32_t> bytes(d.bytes, d.n_streams);
    sink_->begin({{bytes.begin(), bytes.end()}, d.tag});
    if (shared_.observers.on_band_load) shared_.observers.on_band_load(d.source, d);
    feed(d.source, d.source_stride, bytes);
    if (!is_stopping() && combine({crc_.data(), d.n_streams}, d.bytes) != d.crc32)
        fail(KRHN_ERROR_CHECKSUM, d.source);
    sink_->end(is_stopping());
}

/// Reads substreams that lie `stride` apart, in the order in which the sink has room for them.
void DmaChannel::feed(uint64_t address, uint32_t stride, std::span<const uint32_t> bytes) {
    std::array<uint32_t, KRHN_MAX_STREAMS> asked{};
    uint64_t left = 0;
    for (uint32_t b : bytes) left += b;
    while (left > 0 && !is_stopping()) {
        // A lone stream comes in whole blocks; of several, the sink chooses one after `most`.
        const uint32_t most =
            bytes.size() == 1 ? to_boundary(address + asked[0]) : shared_.parameters.block_bytes;
        const uint32_t s = reserve(most);
        uint32_t room = std::min(most, bytes[s] - asked[s]);
        left -= room;
        while (room > 0) {
            const uint64_t from = address + uint64_t{s} * stride + asked[s];
            const uint32_t n = std::min(room, to_boundary(from));
            wait_for_slot(State::wait_input);
            Transaction& t = make(tlm::TLM_READ_COMMAND, from, n, kind_);
            t.stream = s;
            issue(t);
            asked[s] += n;
            room -= n;
        }
    }
    drain(State::wait_input);
}

uint32_t DmaChannel::reserve(uint32_t most) {
    // Bytes that are still on their way may be the reason why the sink has no room.
    is_reserving_ = true;
    activity_.set(in_flight_.empty() ? State::wait_output : State::wait_input);
    const uint32_t stream = sink_->reserve(most);
    is_reserving_ = false;
    return stream;
}

void DmaChannel::stream_out(const krhn_dma_descriptor& d) {
    sink_ = nullptr;
    krhn_tile_entry entry{};
    entry.offset = d.entry_offset;
    entry.values = d.values;
    entry.n_streams = d.n_streams;
    const bool is_whole = store_blocks(d, entry);
    drain(State::wait_output);
    if (!is_whole || is_stopping()) return;
    entry.crc32 = combine({crc_.data(), d.n_streams}, entry.bytes);
    store(d.tile_entry, {reinterpret_cast<const uint8_t*>(&entry), sizeof entry},
          TrafficKind::tile_table);
    drain(State::wait_output);
    if (!is_stopping() && shared_.observers.on_band_stored)
        shared_.observers.on_band_stored(d.tile_entry, entry);
}

/// Takes the blocks of one band. After an error the rest of the band is thrown away, so that the
/// encoder comes to its end.
bool DmaChannel::store_blocks(const krhn_dma_descriptor& d, krhn_tile_entry& entry) {
    for (bool is_last = false; !is_last;) {
        activity_.set(State::wait_input);
        const StreamBlock block = shared_.encoder->read(shared_.parameters.block_bytes);
        is_last = block.last;
        if (is_stopping() || block.bytes.empty()) continue;
        const uint32_t s = block.stream;
        const auto n = static_cast<uint32_t>(block.bytes.size());
        // A longer substream would run into its neighbour.
        if (s >= d.n_streams || (d.n_streams > 1 && n > d.destination_stride - entry.bytes[s])) {
            fail(KRHN_ERROR_STREAM, d.destination);
            continue;
        }
        if (shared_.observer) shared_.observer->on_port(index_, s, block.bytes);
        crc_[s] = crc_of(crc_[s], block.bytes);
        store(d.destination + uint64_t{s} * d.destination_stride + entry.bytes[s], block.bytes,
              kind_);
        entry.bytes[s] += n;
    }
    return !is_stopping();
}

void DmaChannel::store(uint64_t address, std::span<const uint8_t> bytes, TrafficKind kind) {
    while (!bytes.empty()) {
        const auto n = static_cast<uint32_t>(std::min<size_t>(bytes.size(), to_boundary(address)));
        wait_for_slot(State::wait_output);
        Transaction& t = make(tlm::TLM_WRITE_COMMAND, address, n, kind);
        std::copy_n(bytes.begin(), n, t.data.begin());
        issue(t);
        bytes = bytes.subspan(n);
        address += n;
    }
}

uint32_t DmaChannel::to_boundary(uint64_t address) const {
    const uint32_t block = shared_.parameters.block_bytes;
    return block - static_cast<uint32_t>(address % block);
}

Transaction& DmaChannel::make(tlm::tlm_command command, uint64_t address, uint32_t bytes,
                              TrafficKind kind) {
    Transaction& t = memory_.make(*this, command, address, bytes);
    t.traffic->kind = kind;
    t.traffic->channel = static_cast<uint8_t>(index_);
    t.traffic->tag = activity_.tag();
    return t;
}

void DmaChannel::issue(Transaction& t) {
    in_flight_.push_back(&t);
    memory_.submit(t);
}

void DmaChannel::wait_for_slot(State state) {
    wait_for_fewer(shared_.parameters.outstanding, state);
}

void DmaChannel::drain(State state) {
    wait_for_fewer(1, state);
}

void DmaChannel::wait_for_fewer(size_t transactions, State state) {
    activity_.set(state);
    few_ = transactions;
    while (in_flight_.size() >= few_) wait(progress_);
}

void DmaChannel::completed(Transaction& t) {
    if (t.ready > sc_time_stamp())
        response_.notify(t.ready - sc_time_stamp());
    else
        deliver();
}

/// Hands on what has been read, in order. Not in the channel's thread, which may be waiting for
/// room in a sink that makes none before it gets these very bytes.
void DmaChannel::deliver() {
    while (!in_flight_.empty() && in_flight_.front()->is_complete) {
        Transaction& t = *in_flight_.front();
        if (t.ready > sc_time_stamp()) {
            response_.notify(t.ready - sc_time_stamp());
            break;
        }
        in_flight_.pop_front();
        const bool is_good = t.is_response_ok();
        if (!is_good) fail(KRHN_ERROR_BUS, t.address);
        if (t.is_read() && sink_) {
            // Also after an error: a decoder that waits for these bytes must not wait for ever.
            const std::vector<uint8_t> zeros(is_good ? 0 : t.data.size());
            const std::vector<uint8_t>& bytes = is_good ? t.data : zeros;
            if (has_checksum_) crc_[t.stream] = crc_of(crc_[t.stream], bytes);
            if (shared_.observer) shared_.observer->on_port(index_, t.stream, bytes);
            sink_->write(t.stream, bytes);
        } else if (t.is_read() && !is_stopping()) {
            Transaction& write = make(tlm::TLM_WRITE_COMMAND, t.copy_to,
                                      static_cast<uint32_t>(t.data.size()), kind_);
            std::copy(t.data.begin(), t.data.end(), write.data.begin());
            issue(write);
        }
        t.release();
    }
    if (in_flight_.size() < few_) progress_.notify(SC_ZERO_TIME);
    if (is_reserving_ && in_flight_.empty()) activity_.set(State::wait_output);
}

}  // namespace karhunen
