/* A trap that nobody handles: an environment call, or a software interrupt. */
#include <karhunen/registers.h>

#include "cpu.h"
#include "mmio.h"
#include "uart.h"

int main(void) {
    uart_prepare();
#ifdef CALLS
    __asm__ volatile("ecall");
#else
    __asm__ volatile(CSR("csrs mie, %0")::"r"(8));
    write32(KRHN_CLINT_BASE + KRHN_CLINT_MSIP, 1);
    interrupts_on();
    for (;;) wait_for_interrupt();
#endif
    return 0;
}
