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

void interrupts_prepare(void) {
    uint32_t sources = 1u << KRHN_IRQ_DMA | 1u << KRHN_IRQ_UART;
    for (uint32_t n = 0; n < KRHN_IRQ_SOURCES; ++n)
        if (blocks[n]) {
            block_set(blocks[n], KRHN_IRQ_ENABLE, KRHN_IRQ_READY | KRHN_IRQ_ERROR);
            sources |= 1u << n;
        }
    block_set(KRHN_DMA_BASE, KRHN_IRQ_ENABLE,
              DMA_READY | DMA_ERRORS | KRHN_DMA_IRQ_DONE(FEED_ENCODER));
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
    if (bits & DMA_ERRORS) record_fault(KRHN_IRQ_DMA, KRHN_DMA_BASE);
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

void interrupts_service(void) {
    const uint32_t source = plic_claim();
    if (source == KRHN_IRQ_DMA)
        service_dma();
    else if (source == KRHN_IRQ_UART)
        uart_service();
    else if (source < KRHN_IRQ_SOURCES && blocks[source])
        service_block(source);
    if (source) plic_complete(source);
}
