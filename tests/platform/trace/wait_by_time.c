/* A copy that is known to be over because time has passed, and one that nobody waits for. */
#include "block.h"
#include "uart.h"

static uint32_t from[4096];
static struct krhn_dma_descriptor copies[2];

int main(void) {
    uart_prepare();
    for (uint32_t i = 0; i < 4096; ++i) from[i] = i * i + 1;
    for (uint32_t c = 0; c < 2; ++c) {
        copies[c] = (struct krhn_dma_descriptor){.kind = KRHN_DMA_COPY,
                                                 .source = address_of(from),
                                                 .destination = KRHN_DDR_BASE + c * sizeof from,
                                                 .row_bytes = sizeof from,
                                                 .rows = 1};
        dma_start(6 + c, &copies[c]);
        const uint64_t start = clint_time();
        while (c == 0 && clint_time() - start < 50000) {
        }
    }
    return 0;
}
