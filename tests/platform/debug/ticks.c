/* Five timer interrupts, counted by a handler that may be stepped through. */
#include <karhunen/registers.h>

#include "cpu.h"
#include "mmio.h"
#include "uart.h"

volatile uint32_t ticks, total;

static void set_alarm(uint32_t after) {
    const uint32_t now = read32(KRHN_CLINT_BASE + KRHN_CLINT_MTIME);
    write32(KRHN_CLINT_BASE + KRHN_CLINT_MTIMECMP + 4, 0);
    write32(KRHN_CLINT_BASE + KRHN_CLINT_MTIMECMP, now + after);
}

__attribute__((interrupt, aligned(4))) void on_tick(void) {
    ++ticks;
    set_alarm(3000);
}

__attribute__((noinline)) uint32_t square(uint32_t n) {
    const uint32_t result = n * n;
    return result;
}

int main(void) {
    uart_prepare();
    print("ticks\n");
    __asm__ volatile(CSR("csrw mtvec, %0")::"r"(on_tick));
    __asm__ volatile(CSR("csrs mie, %0")::"r"(0x80));
    write32(KRHN_INPUT_DECODER_BASE + KRHN_DECODER_WIDTH, 7);
    set_alarm(3000);
    interrupts_on();
    while (ticks < 5) {
        total += square(ticks);
        write32(KRHN_INPUT_DECODER_BASE + KRHN_DECODER_WIDTH, total);
        wait_for_interrupt();
    }
    print("total %u\n", total);
    return 0;
}
