/* The DMA cuts a window out of a picture in DDR into the SRAM, and puts it into another picture:
 * rows with strides, on channel 7, which interrupts when it is done. */
#include "block.h"
#include "cpu.h"
#include "fault.h"
#include "uart.h"

#define CHANNEL 7u
#define FROM (KRHN_DDR_BASE + 0x01000000u) /* pictures of WIDTH x HEIGHT bytes */
#define TO (KRHN_DDR_BASE + 0x02000000u)
#define WIDTH 96u
#define HEIGHT 32u
#define WINDOW_WIDTH 64u
#define WINDOW_HEIGHT 16u
#define LEFT 20u /* of the window, in either picture */
#define TOP 12u

static uint32_t window[WINDOW_HEIGHT][WINDOW_WIDTH / 4];
static volatile uint32_t done;

/* First acknowledge at the block, whose line then falls, then complete at the PLIC, which else
 * would never tell of this source again. */
void trap(uint32_t cause, uint32_t pc, uint32_t value) {
    if (cause != (TRAP_INTERRUPT | TRAP_EXTERNAL)) fault_trap(cause, pc, value);
    const uint32_t source = plic_claim();
    if (source == KRHN_IRQ_DMA) {
        block_set(KRHN_DMA_BASE, KRHN_IRQ_STATUS, KRHN_DMA_IRQ_DONE(CHANNEL));
        ++done;
    }
    plic_complete(source);
}

static void copy_window(uint32_t from, uint32_t from_stride, uint32_t to, uint32_t to_stride) {
    static struct krhn_dma_descriptor copy; /* read by the DMA when the job begins */
    copy = (struct krhn_dma_descriptor){.kind = KRHN_DMA_COPY,
                                        .source = from,
                                        .source_stride = from_stride, /* from row to row */
                                        .destination = to,
                                        .destination_stride = to_stride,
                                        .row_bytes = WINDOW_WIDTH,
                                        .rows = WINDOW_HEIGHT};
    const uint32_t before = done;
    dma_start(CHANNEL, &copy);
    while (done == before) { /* see timer_interrupt.c */
        wait_for_interrupt();
        interrupts_on();
        interrupts_off();
    }
}

int main(void) {
    uart_prepare();
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i += 4) {
        write32(FROM + i, i * i);
        write32(TO + i, 0);
    }
    block_set(KRHN_DMA_BASE, KRHN_IRQ_ENABLE, KRHN_DMA_IRQ_DONE(CHANNEL));
    plic_enable(1u << KRHN_IRQ_DMA);
    external_interrupts_on();
    copy_window(FROM + TOP * WIDTH + LEFT, WIDTH, (uint32_t)window, WINDOW_WIDTH);
    copy_window((uint32_t)window, WINDOW_WIDTH, TO + TOP * WIDTH + LEFT, WIDTH);

    uint32_t copied = 0, wrong = 0;
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i += 4) {
        const uint32_t x = i % WIDTH - LEFT, y = i / WIDTH - TOP;
        const bool inside = x < WINDOW_WIDTH && y < WINDOW_HEIGHT;
        copied += inside ? 4 : 0;
        wrong += read32(TO + i) != (inside ? i * i : 0);
    }
    print("%u interrupts, %u of %u bytes copied, %u words wrong\n", done, copied, WIDTH * HEIGHT,
          wrong);
    return wrong ? 1 : 0;
}
