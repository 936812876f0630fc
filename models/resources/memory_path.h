// DMA and the front end of the DRAM controller. No PHY: on these devices it is a hard block, or the
// maker's (Artix-7).
#pragma once

#include "models/resources/inventory.h"

namespace karhunen::resources {

/// models/dma.
struct Dma {
    uint32_t channels = 8;
    uint32_t block_bytes = 2048, outstanding = 4;
    uint32_t bus_bits = 256;
};

/// Per channel a store for the transactions in flight, counters for addresses and lengths, two
/// descriptors; a rotator of bytes and a CRC-32 of a bus word for each of the three streams. Each
/// bit of a CRC is the XOR of half of the bits that go in.
Inventory dma(const Dma& p);

/// models/ddr: queues, banks, data to be written.
struct DdrFrontEnd {
    uint32_t read_entries = 32, write_entries = 32;
    uint32_t banks = 8;
    uint32_t write_bursts = 64;  ///< that start a drain; the buffer has twice as many
    uint32_t burst_bytes = 16;
    uint32_t bus_bits = 256;
};

/// Each entry of a queue compares bank and row with the one that is open and with those that come;
/// each bank has counters for its constraints.
Inventory ddr_front_end(const DdrFrontEnd& p);

}  // namespace karhunen::resources
