/* A null pointer in the handler of an interrupt. */
#include <karhunen/registers.h>

#include "cpu.h"
#include "fault.h"
#include "interrupts.h"
#include "mmio.h"
#include "uart.h"

struct node {
    struct node* volatile before, * volatile next;
};
struct node* volatile list; /* it is empty */

void trap(uint32_t cause, uint32_t pc, uint32_t value) {
    if (!(cause & TRAP_INTERRUPT)) fault_trap(cause, pc, value);
    list = list->next;
}

__attribute__((noinline)) uint32_t work(uint32_t rounds) {
    uint32_t done = 0;
    while (done < rounds) __asm__ volatile("addi %0, %0, 1" : "+r"(done));
    return done;
}

int main(void) {
    uart_prepare();
    __asm__ volatile(CSR("csrs mie, %0")::"r"(8));
    write32(KRHN_CLINT_BASE + KRHN_CLINT_MSIP, 1);
    interrupts_on();
    return work(1000000) == 0; /* not its last act, so that it is on the stack */
}
