// The blocks as the firmware sees them, at the level of jobs, rows and chunks, without time: which
// block goes on next is drawn at random. Register behaviour: sw/include/karhunen/registers.h.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "tests/sw/firmware/actor.h"
#include "tests/sw/firmware/firmware.h"
#include "tests/sw/firmware/values.h"

namespace karhunen {

/// The firmware did what the hardware forbids, or asked for what it cannot do.
class MachineError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Registers, one running and one shadow job, interrupt bits.
struct BlockModel {
    std::map<uint32_t, uint32_t> registers;
    std::optional<std::map<uint32_t, uint32_t>> shadow;
    bool busy = false;
    uint32_t irq_status = 0, irq_enable = 0, error = 0, jobs_done = 0, register_writes = 0;

    bool irq() const { return (irq_status & irq_enable) != 0; }
};

struct ChannelModel {
    uint32_t descriptor = 0, chains_done = 0;
    std::optional<uint32_t> shadow;
    bool busy = false;
};

/// Weight buffer or table memory.
struct ChunkModel {
    uint32_t capacity = 0, fill = 0, loaded = 0;
    std::map<uint32_t, std::pair<Value, uint32_t>> chunks;  ///< by number: value, bytes

    void release(uint32_t sequence);
};

struct RowModel {
    uint32_t capacity = 0;
    struct Entry {
        Value value = 0;
        uint32_t bytes = 0;
        bool complete = false;
        uint32_t missing = 0;  ///< channels, if operations make it together
    };
    struct Region {
        uint32_t fill = 0, released = 0;
        std::map<uint32_t, Entry> rows;
    };
    std::array<Region, KRHN_BUFFER_REGIONS> regions;

    uint32_t fill() const;

    bool has_room(uint32_t region, uint32_t limit, uint32_t bytes) const;
    void open(uint32_t region, uint32_t sequence, uint32_t bytes);
    bool has(uint32_t region, uint32_t sequence) const;
    void release_before(uint32_t region, uint32_t sequence);
    /// A row that comes after its release goes at once.
    void complete(uint32_t region, uint32_t sequence, Value value);
    /// Some more channels of a row of `all`, that an operation before may have opened.
    bool is_open(uint32_t region, uint32_t sequence) const;
    void complete_part(uint32_t region, uint32_t sequence, Value part, uint32_t channels,
                       uint32_t all);
};

struct StoredBandModel {
    std::vector<Value> rows;
    uint32_t streams = 0, values = 0, crc32 = 0;
};

class Machine {
public:
    /// loadable: the memory, which begins with the loadable.
    Machine(const krhn_machine& sizes, std::vector<uint8_t> loadable);
    void seed(uint32_t seed) { random_.seed(seed); }
    Machine(const Machine&) = delete;  // the actors refer to it

    /// Lets random blocks act until the CPU is drawn and has an interrupt to take. false: nothing
    /// can act and no interrupt is pending.
    bool run_to_interrupt();

    /// Writes a band's streams and its tile table entry; offsets in DDR.
    void store_at(uint32_t slot, uint32_t entry, StoredBandModel band);

    uint32_t read(uint32_t address);
    void write(uint32_t address, uint32_t value);
    uint32_t address_of(const void* pointer);
    const void* memory_at(uint32_t address) const;

    /// Stored bands by the address of their slot.
    std::map<uint32_t, StoredBandModel> stored;
    std::vector<uint8_t> memory;  ///< DDR
    krhn_machine sizes;
    ChunkModel weights;
    std::array<ChunkModel, 3> tables;  ///< of encoder, input decoder, residual decoder
    RowModel activation, output, residual;
    std::map<uint32_t, BlockModel> blocks;  ///< by base address
    std::array<ChannelModel, KRHN_DMA_CHANNELS> channels;
    uint64_t accesses = 0;      ///< register and DDR accesses of the firmware
    bool hold_encoder = false;  ///< it takes no job

private:
    using Job = std::map<uint32_t, uint32_t>;
    struct Sums {
        uint32_t row, chunk, chunks;
        Value value;
    };
    struct Coder {
        std::optional<krhn_dma_descriptor> arriving;  ///< decoder: a band from the DMA
        std::optional<StoredBandModel> leaving;       ///< encoder: a band for the DMA
    };

    Actor channel(uint32_t c);
    Actor decoder(uint32_t base, uint32_t c, ChunkModel& table, RowModel& rows);
    Actor encoder();
    Actor array();
    Actor post();

    void start(BlockModel& block);
    Job take(BlockModel& block);
    void finish(BlockModel& block);
    uint32_t read_channel(uint32_t offset) const;
    void write_channel(uint32_t offset, uint32_t value);
    uint32_t claim();
    void copy(const krhn_dma_descriptor& d);
    void store(const krhn_dma_descriptor& d);
    const StoredBandModel& band_at(const krhn_dma_descriptor& d) const;

    std::mt19937 random_;
    std::vector<Actor> actors_;
    std::map<uint32_t, Coder> coders_;
    std::deque<Sums> sums_;
    std::unordered_map<const void*, uint32_t> addresses_;
    std::map<uint32_t, const void*> pointers_;
};

}  // namespace karhunen
