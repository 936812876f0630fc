/* Copies words from SRAM to DDR and back, three times, by a chain of two descriptors that it uses
 * again, and polls. */
#include "block.h"
#include "uart.h"

#define WORDS 24u
#define CHANNEL 7u
static struct krhn_dma_descriptor chain[2];
static uint32_t from[WORDS], back[WORDS];

static void describe(struct krhn_dma_descriptor* d, uint32_t source, uint32_t destination) {
    *d = (struct krhn_dma_descriptor){.kind = KRHN_DMA_COPY,
                                      .source = source,
                                      .destination = destination,
                                      .row_bytes = sizeof from / 2,
                                      .rows = 2,
                                      .source_stride = sizeof from / 2,
                                      .destination_stride = sizeof from / 2};
}

int main(void) {
    uart_prepare();
    for (uint32_t round = 0; round < 3; ++round) {
        const uint32_t there = KRHN_DDR_BASE + 0x1000 * (round + 1);
        for (uint32_t i = 0; i < WORDS; ++i) from[i] = 0x01010101u * round + i * i;
        describe(&chain[0], address_of(from), there);
        describe(&chain[1], there, address_of(back));
        chain[0].next = address_of(&chain[1]);
        dma_start(CHANNEL, chain);
        while (dma_busy(CHANNEL)) {
        }
        uint32_t wrong = 0;
        for (uint32_t i = 0; i < WORDS; ++i) wrong += ((volatile uint32_t*)back)[i] != from[i];
        write32(there + 0x800, wrong ? 0xBAD : 0x600D + round);
        print("round %u: %u wrong\n", round, wrong);
    }
    return read32(KRHN_DMA_BASE + KRHN_ERROR) == 0 ? 0 : 3;
}
