/* Drivers of the blocks: thin names over the register map. A block has one running job and one
 * shadow job; START captures the parameters, which may be rewritten at once. */
#ifndef KARHUNEN_FIRMWARE_BLOCK_H
#define KARHUNEN_FIRMWARE_BLOCK_H

#include <karhunen/dma.h>
#include <karhunen/loadable.h>
#include <karhunen/registers.h>
#include <stdbool.h>

#include "mmio.h"

/* ---- Any block: `base` is its KRHN_..._BASE, `offset` a KRHN_<BLOCK>_<REGISTER> -------------- */
static inline void block_set(uint32_t base, uint32_t offset, uint32_t value) {
    write32(base + offset, value);
}
static inline bool block_full(uint32_t base) {
    return (read32(base + KRHN_STATUS) & KRHN_STATUS_FULL) != 0;
}
static inline void block_start(uint32_t base) {
    write32(base + KRHN_CONTROL, KRHN_CONTROL_START);
}

static inline void block_reset(uint32_t base) { /* of a block in error */
    write32(base + KRHN_CONTROL, KRHN_CONTROL_RESET);
}

/* ---- DMA channels -------------------------------------------------------------------------- */
static inline uint32_t dma_register(uint32_t channel, uint32_t offset) {
    return KRHN_DMA_BASE + KRHN_DMA_CHANNEL(channel) + offset;
}
static inline bool dma_full(uint32_t channel) {
    return (read32(dma_register(channel, KRHN_DMA_CHANNEL_STATUS)) & KRHN_STATUS_FULL) != 0;
}
static inline bool dma_busy(uint32_t channel) {
    return (read32(dma_register(channel, KRHN_DMA_CHANNEL_STATUS)) & KRHN_STATUS_BUSY) != 0;
}
static inline uint32_t dma_chains_done(uint32_t channel) {
    return read32(dma_register(channel, KRHN_DMA_CHAINS_DONE));
}
static inline void dma_start(uint32_t channel, const struct krhn_dma_descriptor* first) {
    publish();
    write32(dma_register(channel, KRHN_DMA_DESCRIPTOR), address_of(first));
    write32(dma_register(channel, KRHN_DMA_CHANNEL_CONTROL), KRHN_CONTROL_START);
}

/* Polls until the channel has done `chains` chains since its reset. false: it is in error. */
static inline bool dma_wait(uint32_t channel, uint32_t chains) {
    while (dma_chains_done(channel) != chains)
        if (read32(dma_register(channel, KRHN_DMA_CHANNEL_ERROR))) return false;
    publish();
    return true;
}
static inline void dma_reset(uint32_t channel) {
    write32(dma_register(channel, KRHN_DMA_CHANNEL_CONTROL), KRHN_CONTROL_RESET);
}

/* ---- Encoder and decoders: the parameters that all bands of a map share ---------------------- */
static inline void codec_set_map(uint32_t base, const struct krhn_tensor* map, uint32_t format,
                                 uint32_t tag) {
    block_set(base, KRHN_ENCODER_TAG, tag);
    block_set(base, KRHN_ENCODER_CODEC, map->codec);
    block_set(base, KRHN_ENCODER_FORMAT, format);
    block_set(base, KRHN_ENCODER_WIDTH, map->width);
    block_set(base, KRHN_ENCODER_CHANNELS, map->channels);
    block_set(base, KRHN_ENCODER_STREAMS, map->streams);
}
/* Starts one band. */
static inline void codec_start(uint32_t base, uint32_t rows, uint32_t sequence, uint32_t flags) {
    block_set(base, KRHN_ENCODER_ROWS, rows);
    block_set(base, KRHN_ENCODER_ROW_SEQUENCE, sequence);
    block_set(base, KRHN_ENCODER_FLAGS, flags);
    block_start(base);
}

/* ---- Simulation control, CLINT, PLIC --------------------------------------------------------- */
static inline void watchdog_kick(void) {
    write32(KRHN_SIMULATION_CONTROL_BASE + KRHN_SIMULATION_WATCHDOG, 1);
}
static inline void simulation_exit(uint32_t code) {
    write32(KRHN_SIMULATION_CONTROL_BASE + KRHN_SIMULATION_EXIT, code);
}

static inline uint64_t clint_time(void) {
    for (;;) {
        const uint32_t high = read32(KRHN_CLINT_BASE + KRHN_CLINT_MTIME_HIGH);
        const uint32_t low = read32(KRHN_CLINT_BASE + KRHN_CLINT_MTIME);
        if (read32(KRHN_CLINT_BASE + KRHN_CLINT_MTIME_HIGH) == high)
            return (uint64_t)high << 32 | low;
    }
}

/* The timer interrupts from this time on, until it is given another. */
static inline void clint_set_alarm(uint64_t time) {
    const uint32_t compare = KRHN_CLINT_BASE + KRHN_CLINT_MTIMECMP;
    write32(compare + 4, 0xFFFFFFFF); /* never, while the halves do not go together */
    write32(compare, (uint32_t)time);
    write32(compare + 4, (uint32_t)(time >> 32));
}

static inline void plic_enable(uint32_t sources) { /* bit n: source n */
    for (uint32_t n = 1; n < KRHN_IRQ_SOURCES; ++n)
        write32(KRHN_PLIC_BASE + KRHN_PLIC_PRIORITY + 4 * n, sources >> n & 1);
    write32(KRHN_PLIC_BASE + KRHN_PLIC_THRESHOLD, 0);
    write32(KRHN_PLIC_BASE + KRHN_PLIC_ENABLE, sources);
}
static inline uint32_t plic_claim(void) {
    return read32(KRHN_PLIC_BASE + KRHN_PLIC_CLAIM);
}
static inline void plic_complete(uint32_t source) {
    write32(KRHN_PLIC_BASE + KRHN_PLIC_CLAIM, source);
}

#endif
