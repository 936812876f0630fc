#include "models/resources/memory_path.h"

namespace karhunen::resources {

namespace {

constexpr uint32_t address_bits = 32, descriptor_words = 28, crc_bits = 32, coded_streams = 3,
                   loaded_ports = 4;

Inventory crc(uint32_t bus_bits) {
    return gates(crc_bits * (bus_bits + crc_bits) / 2.0) + registers(crc_bits);
}

}  // namespace

Inventory dma(const Dma& p) {
    const uint32_t bus_bytes = p.bus_bits / 8;
    Inventory channel;
    channel.memories.push_back(
        Memory::of_bytes(uint64_t{p.block_bytes} * p.outstanding, p.bus_bits));
    channel += counter(4 * address_bits) + adder(2 * address_bits) + gates(100) +
               memory(2 * descriptor_words, address_bits) +
               registers(double{16} * p.outstanding);  // what is in flight
    const Inventory stream = crc(p.bus_bits) + shifter(p.bus_bits, bus_bytes) +
                             registers(2.0 * p.bus_bits) + memory(12, 2 * address_bits);
    // One word comes per clock: loads take turns on the CRC units and keep what they have of
    // theirs.
    return channel * p.channels + stream * coded_streams + registers(crc_bits * loaded_ports) +
           mux(p.channels, p.bus_bits + address_bits) + registers(2.0 * p.bus_bits);
}

Inventory ddr_front_end(const DdrFrontEnd& p) {
    constexpr uint32_t place_bits = 20, entry_bits = 56, bank_counters = 6, counter_bits = 6;
    const uint64_t entries = uint64_t{p.read_entries} + p.write_entries;
    const Inventory entry = registers(entry_bits) + adder(2 * place_bits) + gates(20);
    const Inventory bank =
        counter(counter_bits) * bank_counters + registers(place_bits) + gates(30);
    Inventory front = entry * entries + mux(entries, entry_bits) + bank * p.banks;
    front += counter(counter_bits) * 8 + counter(16) + gates(300);  // rank, refresh, choice
    front.memories.push_back(Memory::of_bytes(2ull * p.write_bursts * p.burst_bytes, p.bus_bits));
    return front + registers(4.0 * p.bus_bits);
}

}  // namespace karhunen::resources
