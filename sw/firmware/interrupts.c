#include "interrupts.h"

#include "block.h"
#include "scheduler.h"
#include "uart.h"

volatile uint32_t events, faults;

static const uint32_t blocks[KRHN_IRQ_SOURCES] = {
    [KRHN_IRQ_INPUT_DECODER] = KRHN_INPUT_DECODER_BASE,
    [KRHN_IRQ_RESIDUAL_DECODER] = KRHN_RESIDUAL_DECODER_BASE,
    [KRHN_IRQ_COMPUTE_ARRAY] = KRHN_COMPUTE_ARRAY_BASE,
    [KRHN_IRQ_POST_PROCESSING] = KRHN_POST_PROCESSING_BASE,
    [KRHN_IRQ_ENCODER] = KRHN_ENCODER_BASE,
};
#define DMA_ERRORS 0x00FF0000u
#define DMA_READY (((1u << DMA_FEEDERS) - 1) << 8)

/* What each source may interrupt for. */
static uint32_t base_of(uint32_t source) {
    return source == KRHN_IRQ_DMA ? KRHN_DMA_BASE : blocks[source];
}
static uint32_t enabled_of(uint32_t source) {
    return source == KRHN_IRQ_DMA ? DMA_READY | DMA_ERRORS | KRHN_DMA_IRQ_DONE(FEED_ENCODER)
                                  : KRHN_IRQ_READY | KRHN_IRQ_ERROR;
}

void interrupts_prepare(void) {
    uint32_t sources = 1u << KRHN_IRQ_UART;
    for (uint32_t n = 0; n < KRHN_IRQ_SOURCES; ++n)
        if (base_of(n)) {
            block_set(base_of(n), KRHN_IRQ_ENABLE, enabled_of(n));
            sources |= 1u << n;
        }
    plic_enable(sources);
}

/* A block in error would interrupt for ever. */
static void record_fault(uint32_t source, uint32_t base) {
    block_set(base, KRHN_IRQ_ENABLE, 0);
    faults |= 1u << source;
}

static void service_dma(void) {
    const uint32_t bits = read32(KRHN_DMA_BASE + KRHN_IRQ_STATUS);
    block_set(KRHN_DMA_BASE, KRHN_IRQ_STATUS, bits);
    if (bits & DMA_ERRORS) faults |= 1u << KRHN_IRQ_DMA; /* acknowledged, unlike a block's */
    events |= (bits & DMA_READY) >> 8;
    if (bits & KRHN_DMA_IRQ_DONE(FEED_ENCODER)) events |= EVENT_STORED;
}

static void service_block(uint32_t source) {
    const uint32_t base = blocks[source], bits = read32(base + KRHN_IRQ_STATUS);
    block_set(base, KRHN_IRQ_STATUS, bits);
    if (bits & KRHN_IRQ_ERROR) record_fault(source, base);
    if (bits & KRHN_IRQ_READY) events |= EVENT_BLOCK(source);
}

uint32_t interrupts_errors(void) {
    uint32_t sources = read32(KRHN_DMA_BASE + KRHN_ERROR) ? 1u << KRHN_IRQ_DMA : 0;
    for (uint32_t n = 0; n < KRHN_IRQ_SOURCES; ++n)
        if (blocks[n] && read32(blocks[n] + KRHN_ERROR)) sources |= 1u << n;
    return sources;
}

static void service(uint32_t source) {
    if (source == KRHN_IRQ_DMA)
        service_dma();
    else if (source == KRHN_IRQ_UART)
        uart_service();
    else if (source < KRHN_IRQ_SOURCES && blocks[source])
        service_block(source);
}

uint32_t interrupts_service(void) {
    const uint32_t source = plic_claim();
    service(source);
    if (source) plic_complete(source);
    return source;
}

void interrupts_forget(void) {
    for (uint32_t n = 0; n < KRHN_IRQ_SOURCES; ++n)
        if (base_of(n)) block_set(base_of(n), KRHN_IRQ_STATUS, ~0u);
    events = 0;
}

void interrupts_search(void) {
    static uint32_t seen;
    uint32_t now = 0;
    for (uint32_t n = 0; n < KRHN_IRQ_SOURCES; ++n)
        if (base_of(n) && read32(base_of(n) + KRHN_IRQ_STATUS) & enabled_of(n)) now |= 1u << n;
    const uint32_t lost = seen & now;
    seen = now;
    for (uint32_t n = 0; n < KRHN_IRQ_SOURCES; ++n) {
        if (!(lost >> n & 1)) continue;
        print("noticed: interrupt %u got lost, found by asking the block\n", n);
        block_set(base_of(n), KRHN_IRQ_ENABLE, enabled_of(n));
        service(n);
        plic_complete(n); /* or the controller may think that it is still being served */
    }
}
