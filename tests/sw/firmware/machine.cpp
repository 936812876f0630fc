#include "tests/sw/firmware/machine.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <string>

namespace karhunen {
namespace {

constexpr uint32_t fifo_rows = 2;  // of sums, between array and post-processing

struct Source {
    uint32_t number, base;
};
constexpr Source sources[] = {
    {KRHN_IRQ_DMA, KRHN_DMA_BASE},
    {KRHN_IRQ_INPUT_DECODER, KRHN_INPUT_DECODER_BASE},
    {KRHN_IRQ_RESIDUAL_DECODER, KRHN_RESIDUAL_DECODER_BASE},
    {KRHN_IRQ_COMPUTE_ARRAY, KRHN_COMPUTE_ARRAY_BASE},
    {KRHN_IRQ_POST_PROCESSING, KRHN_POST_PROCESSING_BASE},
    {KRHN_IRQ_ENCODER, KRHN_ENCODER_BASE},
};

/// Parameters that a block has.
std::set<uint32_t> parameters_of(uint32_t base) {
#define KARHUNEN_OFFSET(name, offset, access, reset, text) offset,
    switch (base) {
        case KRHN_ENCODER_BASE:
            return {KRHN_ENCODER_REGISTERS(KARHUNEN_OFFSET)};
        case KRHN_INPUT_DECODER_BASE:
        case KRHN_RESIDUAL_DECODER_BASE:
            return {KRHN_DECODER_REGISTERS(KARHUNEN_OFFSET)};
        case KRHN_COMPUTE_ARRAY_BASE:
            return {KRHN_COMPUTE_ARRAY_REGISTERS(KARHUNEN_OFFSET)};
        case KRHN_POST_PROCESSING_BASE:
            return {KRHN_POST_PROCESSING_REGISTERS(KARHUNEN_OFFSET)};
        default:
            return {};
    }
#undef KARHUNEN_OFFSET
}

[[noreturn]] void wrong(const std::string& what, uint32_t number) {
    throw MachineError(what + " " + std::to_string(number));
}

}  // namespace

void ChunkModel::release(uint32_t sequence) {
    const auto found = chunks.find(sequence);
    if (found == chunks.end()) wrong("release of absent chunk", sequence);
    fill -= found->second.second;
    chunks.erase(found);
}

uint32_t RowModel::fill() const {
    uint32_t sum = 0;
    for (const Region& r : regions) sum += r.fill;
    return sum;
}

bool RowModel::has_room(uint32_t region, uint32_t limit, uint32_t bytes) const {
    if (bytes > limit || bytes > capacity) wrong("row never fits, bytes", bytes);
    return regions[region].fill <= limit - bytes && fill() <= capacity - bytes;
}

void RowModel::open(uint32_t region, uint32_t sequence, uint32_t bytes) {
    if (!regions[region].rows.emplace(sequence, Entry{0, bytes, false}).second)
        wrong("row number used twice", sequence);
    regions[region].fill += bytes;
}

bool RowModel::has(uint32_t region, uint32_t sequence) const {
    const auto found = regions[region].rows.find(sequence);
    return found != regions[region].rows.end() && found->second.complete;
}

void RowModel::release_before(uint32_t region, uint32_t sequence) {
    Region& r = regions[region];
    r.released = std::max(r.released, sequence);
    while (!r.rows.empty() && r.rows.begin()->first < sequence) {
        if (!r.rows.begin()->second.complete) wrong("release of open row", r.rows.begin()->first);
        r.fill -= r.rows.begin()->second.bytes;
        r.rows.erase(r.rows.begin());
    }
}

void RowModel::complete(uint32_t region, uint32_t sequence, Value value) {
    Entry& row = regions[region].rows.at(sequence);
    row.value = value;
    row.complete = true;
    release_before(region, regions[region].released);
}

bool RowModel::is_open(uint32_t region, uint32_t sequence) const {
    const auto found = regions[region].rows.find(sequence);
    return found != regions[region].rows.end() && !found->second.complete;
}

void RowModel::complete_part(uint32_t region, uint32_t sequence, Value part, uint32_t channels,
                             uint32_t all) {
    Entry& row = regions[region].rows.at(sequence);
    if (row.missing == 0) row.missing = all;
    if (row.missing < channels) wrong("more channels than the row has", sequence);
    row.missing -= channels;
    const Value value = row.value + part;
    if (row.missing == 0)
        complete(region, sequence, value);
    else
        row.value = value;
}

Machine::Machine(const krhn_machine& sizes_, std::vector<uint8_t> loadable)
    : memory(std::move(loadable)), sizes(sizes_) {
    weights.capacity = sizes.weight_bytes;
    for (ChunkModel& t : tables) t.capacity = sizes.table_bytes;
    activation.capacity = sizes.activation_bytes;
    output.capacity = sizes.output_bytes;
    residual.capacity = sizes.residual_bytes;
    for (const Source& s : sources)
        for (uint32_t offset : parameters_of(s.base)) blocks[s.base].registers[offset] = 0;
    blocks[KRHN_COMPUTE_ARRAY_BASE].registers[KRHN_ARRAY_DILATION] = 0x0101;
    blocks[KRHN_COMPUTE_ARRAY_BASE].registers[KRHN_ARRAY_GROUPS] = 1;
    for (uint32_t c = 0; c < KRHN_DMA_CHANNELS; ++c) actors_.push_back(channel(c));
    actors_.push_back(
        decoder(KRHN_INPUT_DECODER_BASE, KRHN_PORT_INPUT_STREAM, tables[1], activation));
    actors_.push_back(
        decoder(KRHN_RESIDUAL_DECODER_BASE, KRHN_PORT_RESIDUAL_STREAM, tables[2], residual));
    actors_.push_back(encoder());
    actors_.push_back(array());
    actors_.push_back(post());
}

bool Machine::run_to_interrupt() {
    for (;;) {
        std::vector<Actor*> ready;
        for (Actor& a : actors_)
            if (a.can_act()) ready.push_back(&a);
        const bool pending = std::any_of(std::begin(sources), std::end(sources),
                                         [&](const Source& s) { return blocks[s.base].irq(); });
        if (ready.empty() && !pending) return false;
        const size_t drawn = random_() % (ready.size() + pending);
        if (drawn == ready.size()) return true;
        ready[drawn]->act();
    }
}

// ---- Registers
// -----------------------------------------------------------------------------------

void Machine::start(BlockModel& block) {
    if (block.shadow) wrong("start when full, offset", 0);
    block.shadow = block.registers;
}

Machine::Job Machine::take(BlockModel& block) {
    Job job = std::move(*block.shadow);
    block.shadow.reset();
    block.busy = true;
    block.irq_status |= KRHN_IRQ_READY;
    return job;
}

void Machine::finish(BlockModel& block) {
    block.busy = false;
    ++block.jobs_done;
    block.irq_status |= KRHN_IRQ_DONE;
}

uint32_t Machine::claim() {
    for (const Source& s : sources)
        if (blocks[s.base].irq()) return s.number;
    return 0;
}

uint32_t Machine::read(uint32_t address) {
    ++accesses;
    if (address >= KRHN_DDR_BASE && address - KRHN_DDR_BASE + 4 <= memory.size()) {
        uint32_t value;
        std::memcpy(&value, &memory[address - KRHN_DDR_BASE], 4);
        return value;
    }
    if (address == KRHN_PLIC_BASE + KRHN_PLIC_CLAIM) return claim();
    if (address == KRHN_DDR_CONTROLLER_BASE + KRHN_DDR_SIZE_MIB) return 64;
    const uint32_t base = address & ~0xFFFu, offset = address & 0xFFFu;
    if (base == KRHN_BUFFERS_BASE && offset >= KRHN_BUFFERS_WEIGHT_BYTES &&
        offset <= KRHN_BUFFERS_TABLE_BYTES) {
        uint32_t words[5];
        std::memcpy(words, &sizes, sizeof words);
        return words[(offset - KRHN_BUFFERS_WEIGHT_BYTES) / 4];
    }
    if (base == KRHN_DMA_BASE && offset >= KRHN_DMA_CHANNEL(0)) return read_channel(offset);
    if (!blocks.contains(base)) wrong("read of an unmapped address", address);
    const BlockModel& b = blocks[base];
    switch (offset) {
        case KRHN_STATUS:
            return (b.busy ? KRHN_STATUS_BUSY : 0) | (b.shadow ? KRHN_STATUS_FULL : 0);
        case KRHN_IRQ_STATUS:
            return b.irq_status;
        case KRHN_JOBS_DONE:
            return b.jobs_done;
        default:
            if (const auto found = b.registers.find(offset); found != b.registers.end())
                return found->second;
            wrong("read of an unexpected register", address);
    }
}

void Machine::write(uint32_t address, uint32_t value) {
    ++accesses;
    if (address >> 24 == KRHN_PLIC_BASE >> 24) return;
    const uint32_t base = address & ~0xFFFu, offset = address & 0xFFFu;
    if (base == KRHN_DMA_BASE && offset >= KRHN_DMA_CHANNEL(0)) return write_channel(offset, value);
    if (!blocks.contains(base)) wrong("write to an unmapped address", address);
    BlockModel& b = blocks[base];
    ++b.register_writes;
    if (offset == KRHN_CONTROL && value == KRHN_CONTROL_START)
        start(b);
    else if (offset == KRHN_IRQ_STATUS)
        b.irq_status &= ~value;
    else if (offset == KRHN_IRQ_ENABLE)
        b.irq_enable = value;
    else if (b.registers.contains(offset))
        b.registers[offset] = value;
    else
        wrong("write to an unexpected register", address);
}

uint32_t Machine::read_channel(uint32_t offset) const {
    const ChannelModel& c = channels[(offset - KRHN_DMA_CHANNEL(0)) / 0x20];
    switch (offset & 0x1F) {
        case KRHN_DMA_CHANNEL_STATUS:
            return (c.busy ? KRHN_STATUS_BUSY : 0) | (c.shadow ? KRHN_STATUS_FULL : 0);
        case KRHN_DMA_CHANNEL_ERROR:
            return 0;
        case KRHN_DMA_CHAINS_DONE:
            return c.chains_done;
        default:
            wrong("read of an unexpected channel register", offset);
    }
}

void Machine::write_channel(uint32_t offset, uint32_t value) {
    const uint32_t index = (offset - KRHN_DMA_CHANNEL(0)) / 0x20;
    ChannelModel& c = channels[index];
    switch (offset & 0x1F) {
        case KRHN_DMA_DESCRIPTOR:
            c.descriptor = value;
            return;
        case KRHN_DMA_CHANNEL_CONTROL:
            if (c.shadow) wrong("start of a full channel", index);
            c.shadow = c.descriptor;
            // Software waits for this channel without looking at anything else.
            while (index == 7 && actors_[7].can_act()) actors_[7].act();
            return;
        default:
            wrong("write to an unexpected channel register", offset);
    }
}

uint32_t Machine::address_of(const void* pointer) {
    const auto next = static_cast<uint32_t>(KRHN_SRAM_BASE + 0x10 * addresses_.size());
    const uint32_t address = addresses_.try_emplace(pointer, next).first->second;
    pointers_[address] = pointer;
    return address;
}

const void* Machine::memory_at(uint32_t address) const {
    if (address >= KRHN_DDR_BASE) return &memory.at(address - KRHN_DDR_BASE);
    const auto found = pointers_.find(address);
    if (found == pointers_.end()) wrong("nothing lies at", address);
    return found->second;
}

}  // namespace karhunen
