// What memory a trace brings and checks: the loadable, chains of descriptors, stored bands.
#include <algorithm>
#include <cstring>

#include <karhunen/registers.h>

#include "models/dma/descriptor.h"
#include "platform/registers/machine_registers.h"
#include "platform/trace/recorder.h"

namespace karhunen {

namespace {

using Kind = TraceAction::Kind;

constexpr uint32_t page_bytes = 4096;

bool is_zero(std::span<const uint8_t> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](uint8_t b) { return b == 0; });
}

bool is_in_sram(uint64_t address) {
    return address >= KRHN_SRAM_BASE && address < KRHN_SRAM_BASE + KRHN_SRAM_BYTES;
}

}  // namespace

std::span<const uint8_t> TraceRecorder::memory_at(uint64_t address, uint64_t bytes) {
    const auto within = [&](std::span<const uint8_t> memory,
                            uint64_t base) -> std::span<const uint8_t> {
        if (address < base || address - base > memory.size() ||
            bytes > memory.size() - (address - base))
            return {};
        return memory.subspan(address - base, bytes);
    };
    return is_in_sram(address) ? within(machine_->sram.bytes(), KRHN_SRAM_BASE)
                               : within(machine_->memory(), KRHN_DDR_BASE);
}

/// What the host has put into DDR, page by page but for those that are zero.
void TraceRecorder::load_memory(uint32_t memory_bytes) {
    const std::span<const uint8_t> all = machine_->memory().first(memory_bytes);
    for (uint32_t at = 0; at < memory_bytes;) {
        uint32_t end = at;
        while (end < memory_bytes) {
            const uint32_t bytes = std::min(page_bytes, memory_bytes - end);
            if (is_zero(all.subspan(end, bytes))) break;
            end += bytes;
        }
        if (end == at) {
            at += std::min(page_bytes, memory_bytes - at);
            continue;
        }
        const std::span<const uint8_t> run = all.subspan(at, end - at);
        TraceAction a;
        a.kind = Kind::mem_load;
        a.address = KRHN_DDR_BASE + at;
        a.bytes = end - at;
        a.crc = trace_crc(run);
        a.offset = memory_bytes_;
        memory_file_.write({reinterpret_cast<const char*>(run.data()), run.size()});
        memory_bytes_ += run.size();
        emit(a);
        at = end;
    }
}

void TraceRecorder::load(uint32_t address, std::span<const uint8_t> bytes) {
    TraceAction a;
    a.kind = Kind::mem_load;
    a.address = address;
    a.bytes = static_cast<uint32_t>(bytes.size());
    a.crc = trace_crc(bytes);
    a.data.assign(bytes.begin(), bytes.end());
    emit(a);
}

/// Firmware writes descriptors without the bus. They are what they are when the channel is started,
/// and stay so until it has read them: whoever changes them before that must wait for the channel,
/// and the trace waits with it.
void TraceRecorder::load_chain(uint32_t channel) {
    const RegisterPlace* place =
        find_register(KRHN_DMA_BASE + KRHN_DMA_CHANNEL(channel) + KRHN_DMA_DESCRIPTOR);
    uint32_t address = machine_register(*machine_, *place)->value;
    started_ |= 1u << channel;
    for (unsigned n = 0; address != 0 && n < max_chain_descriptors; ++n) {
        const std::span<const uint8_t> bytes = memory_at(address, sizeof(krhn_dma_descriptor));
        if (bytes.empty()) break;
        krhn_dma_descriptor d;
        std::memcpy(&d, bytes.data(), sizeof d);
        comment(std::string("channel ") + std::to_string(channel) + ": " +
                name_of_dma_kind(d.kind) + ", tag " + std::to_string(d.tag));
        load_sources(d);
        load(address, bytes);
        note_target(channel, d);
        address = d.next;
    }
}

/// Data in the SRAM that firmware has made. What the DMA itself brought there it will bring again.
void TraceRecorder::load_sources(const krhn_dma_descriptor& d) {
    if (!is_valid(d) || d.kind == KRHN_DMA_STREAM_OUT || !is_in_sram(d.source)) return;
    const bool is_stream = d.kind == KRHN_DMA_STREAM_IN;
    const uint32_t rows = is_stream ? d.n_streams : d.rows;
    for (uint32_t r = 0; r < rows; ++r) {
        const uint32_t first = d.source + r * d.source_stride,
                       bytes = is_stream ? d.bytes[r] : d.row_bytes;
        const bool is_copy = std::any_of(copied_.begin(), copied_.end(), [&](const auto& c) {
            return first < uint64_t{c.address} + c.bytes && c.address < uint64_t{first} + bytes;
        });
        if (!is_copy && bytes != 0 && !memory_at(first, bytes).empty())
            load(first, memory_at(first, bytes));
    }
}

void TraceRecorder::note_target(uint32_t channel, const krhn_dma_descriptor& d) {
    if (!is_valid(d)) return;
    if (d.kind == KRHN_DMA_STREAM_OUT) bands_[d.tile_entry] = {d.destination, d.destination_stride};
    if (d.kind != KRHN_DMA_COPY) return;
    for (uint32_t r = 0; r < d.rows; ++r) {
        const Copy copy{d.destination + r * d.destination_stride, d.row_bytes, channel};
        if (std::find(copied_.begin(), copied_.end(), copy) == copied_.end())
            copied_.push_back(copy);
    }
}

/// A program may know without asking that its transfers are over: by time, or by what they brought.
/// Returns the channels (bit n: channel n) that are not.
uint32_t TraceRecorder::await_channels() {
    uint32_t busy = 0;
    for (uint32_t c = 0; c < KRHN_DMA_CHANNELS; ++c) {
        if (!(started_ >> c & 1)) continue;
        TraceAction a;
        a.kind = Kind::poll;
        a.register_place =
            find_register(KRHN_DMA_BASE + KRHN_DMA_CHANNEL(c) + KRHN_DMA_CHANNEL_STATUS);
        a.mask = KRHN_STATUS_BUSY | KRHN_STATUS_FULL;
        if (machine_register(*machine_, *a.register_place)->read() & a.mask)
            busy |= 1u << c;
        else
            emit(a);
    }
    return busy;
}

/// Once, at the end: all bands with their entries, and copies to DDR.
void TraceRecorder::check_stored() {
    if (is_checked_) return;
    is_checked_ = true;
    flush();
    const uint32_t busy = await_channels();
    for (const auto& [address, entry] : stored_) {
        if (const auto place = layout_->of_entry(address - KRHN_DDR_BASE))
            comment(std::string(loadable_->name(loadable_->tensors()[place->tensor])) + " image " +
                    std::to_string(place->image) + " band " + std::to_string(place->band));
        const Band& band = bands_[address];
        for (uint32_t s = 0; s < entry.n_streams; ++s)
            check(band.destination + s * band.stride, entry.bytes[s]);
        check(address, sizeof entry);
    }
    for (const Copy& c : copied_)
        if (!is_in_sram(c.address) && !(busy >> c.channel & 1)) check(c.address, c.bytes);
}

void TraceRecorder::check(uint32_t address, uint32_t bytes) {
    const std::span<const uint8_t> memory = memory_at(address, bytes);
    if (bytes == 0 || memory.empty()) return;
    TraceAction a;
    a.kind = Kind::mem_check;
    a.address = address;
    a.bytes = bytes;
    a.crc = trace_crc(memory);
    emit(a);
}

}  // namespace karhunen
