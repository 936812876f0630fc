/* Every access outside the SRAM goes through these functions, so that the scheduler runs unchanged
 * against a model of the blocks on the host (KRHN_HOST; tests/sw/firmware). */
#ifndef KARHUNEN_FIRMWARE_MMIO_H
#define KARHUNEN_FIRMWARE_MMIO_H

#include <stdint.h>

/* Memory that start-up code need not clear. */
#define NOINIT __attribute__((section(".noinit")))

#ifdef KRHN_HOST

uint32_t read32(uint32_t address);
void write32(uint32_t address, uint32_t value);
uint32_t address_of(const void* pointer); /* what the DMA must be told */
const void* memory_at(uint32_t address);
static inline void publish(void) {
    __asm__ volatile("" ::: "memory");
}

#else

static inline uint32_t read32(uint32_t address) {
    return *(volatile uint32_t*)address;
}
static inline void write32(uint32_t address, uint32_t value) {
    *(volatile uint32_t*)address = value;
}
static inline uint32_t address_of(const void* pointer) {
    return (uint32_t)pointer;
}
static inline const void* memory_at(uint32_t address) {
    return (const void*)address;
}
/* What was written to memory is there before the next register write. */
static inline void publish(void) {
    __asm__ volatile("fence rw, rw" ::: "memory");
}

#endif

#endif
