/* Descriptors that the DMA cannot read, or does not take. */
#include "block.h"
#include "uart.h"

static uint32_t words[4];
static struct krhn_dma_descriptor next_from_nowhere = {.next = 0x1000,
                                                       .kind = KRHN_DMA_COPY,
                                                       .source = (uint32_t)words,
                                                       .destination = KRHN_DDR_BASE,
                                                       .row_bytes = 8,
                                                       .rows = 2,
                                                       .source_stride = 8,
                                                       .destination_stride = 16},
                                  unknown_kind = {.kind = 9, .source = KRHN_DDR_BASE},
                                  from_null = {.kind = KRHN_DMA_LOAD,
                                               .port = KRHN_PORT_WEIGHTS,
                                               .row_bytes = 64,
                                               .rows = 1};

int main(void) {
    uart_prepare();
    dma_start(7, &next_from_nowhere);
    dma_start(6, &unknown_kind);
    dma_start(5, 0);
    dma_start(4, &from_null);
    for (uint32_t c = 4; c < 8; ++c)
        while (!read32(dma_register(c, KRHN_DMA_CHANNEL_ERROR))) {
        }
    return 1;
}
