#include "tests/sw/firmware/run_scheduler.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace {

karhunen::Machine* machine_at_work = nullptr;
network net;

}  // namespace

// What the firmware calls instead of the hardware.
extern "C" {
uint32_t read32(uint32_t address) {
    return machine_at_work->read(address);
}
void write32(uint32_t address, uint32_t value) {
    machine_at_work->write(address, value);
}
uint32_t address_of(const void* pointer) {
    return machine_at_work->address_of(pointer);
}
const void* memory_at(uint32_t address) {
    return machine_at_work->memory_at(address);
}
void uart_service() {}
void print(const char*, ...) {}
void fault_block(uint32_t source) {
    throw karhunen::MachineError("source " + std::to_string(source) + " is in error");
}
void fault_parameter(uint32_t address, uint32_t found, uint32_t expected) {
    throw karhunen::MachineError("register " + std::to_string(address) + " holds " +
                                 std::to_string(found) + ", not " + std::to_string(expected));
}
void print_causes(uint32_t) {}
void print_job(const scheduler*, feeder, uint32_t) {}
}

namespace karhunen {
namespace {

/// Where everything stands, for the message of a deadlock.
std::string state_of(Machine& m, const scheduler& s) {
    static constexpr const char* names[FEEDERS] = {"weights",        "encoder table", "input table",
                                                   "residual table", "input",         "residual",
                                                   "encoder",        "array"};
    std::string text = "; jobs started:";
    for (uint32_t f = 0; f < FEEDERS; ++f) {
        const job& j = s.jobs[f][(s.started[f] - 1) & 1];
        text += std::string(f ? ", " : " ") + names[f] + " " + std::to_string(s.started[f]) +
                " (last: layer " + std::to_string(j.layer) + " image " + std::to_string(j.image) +
                " band " + std::to_string(j.band) + " operation " + std::to_string(j.operation) +
                ")";
        if (f < DMA_FEEDERS) text += " done " + std::to_string(m.channels[f].chains_done);
    }
    text += "; array done " + std::to_string(m.blocks[KRHN_COMPUTE_ARRAY_BASE].jobs_done);
    text += ", post done " + std::to_string(m.blocks[KRHN_POST_PROCESSING_BASE].jobs_done);
    for (const auto& [name, rows] :
         {std::pair{"activation", &m.activation}, {"output", &m.output}, {"residual", &m.residual}})
        text += std::string("; ") + name + " " + std::to_string(rows->regions[0].fill) + " + " +
                std::to_string(rows->regions[1].fill) + " of " + std::to_string(rows->capacity);
    return text;
}

}  // namespace

void store_input(Machine& machine, const Loadable& loadable, uint32_t images) {
    const krhn_tensor& t = loadable.tensors()[loadable.input_tensor()];
    for (uint32_t i = 0; i < images; ++i)
        for (uint32_t b = 0; b < t.bands; ++b) {
            StoredBandModel band;
            Value all = 0;
            for (uint32_t y = b * t.band_rows; y < std::min(t.height, (b + 1) * t.band_rows); ++y) {
                band.rows.push_back(input_row(i, y));
                all = mix({all, band.rows.back()});
            }
            band.crc32 = static_cast<uint32_t>(all);
            band.streams = t.streams;
            band.values = static_cast<uint32_t>(band.rows.size()) * t.width * t.channels;
            machine.store_at(t.slots_offset + i * t.slots_bytes + b * t.slot_stride,
                             t.entries_offset + (i * t.bands + b) * sizeof(krhn_tile_entry), band);
        }
}

bool open_network(Machine& machine, uint32_t images, refusal& why) {
    machine_at_work = &machine;
    return network_open(&net, images, &why);
}

namespace {

void run_layers(Machine& machine, scheduler& s) {
    scheduler_feed(&s, EVENTS_AT_START);
    while (!scheduler_done(&s)) {
        if (!machine.run_to_interrupt())
            throw MachineError("nothing can go on; stored " + std::to_string(s.stored) + " of " +
                               std::to_string(s.stores) + " bands" + state_of(machine, s));
        interrupts_service();
        const uint32_t taken = events;
        events = 0;
        scheduler_feed(&s, taken);
    }
}

}  // namespace

scheduler run_scheduler(Machine& machine, uint32_t images, uint32_t runs) {
    refusal why;
    if (!open_network(machine, images, why))
        throw MachineError(std::string("refused: ") + why.reason + ", found " +
                           std::to_string(why.found));
    scheduler s{};
    scheduler_prepare(&s, &net, images);
    events = 0;
    faults = 0;
    interrupts_prepare();
    for (uint32_t run = 0; run < runs; ++run) {
        if (run > 0) {
            interrupts_forget();
            scheduler_restart(&s);
        }
        run_layers(machine, s);
    }
    while (machine.run_to_interrupt()) interrupts_service();
    return s;
}

StoredRows rows_in(const Machine& machine, const Loadable& loadable, uint32_t images) {
    StoredRows result;
    for (const krhn_tensor& t : loadable.tensors()) {
        auto& maps = result.emplace_back(images);
        for (uint32_t i = 0; i < images; ++i)
            for (uint32_t b = 0; b < t.bands; ++b) {
                const auto found = machine.stored.find(KRHN_DDR_BASE + t.slots_offset +
                                                       i * t.slots_bytes + b * t.slot_stride);
                if (found != machine.stored.end())
                    maps[i].insert(maps[i].end(), found->second.rows.begin(),
                                   found->second.rows.end());
            }
    }
    return result;
}

}  // namespace karhunen
