/* The timer of the CLINT interrupts every 10,000 clocks of the CPU; the program sleeps meanwhile.
 * trap() here takes the place of the one in fault.c. */
#include "block.h"
#include "cpu.h"
#include "fault.h"
#include "uart.h"

#define PERIOD 10000u
#define TICKS 5u
#define MOST_LATENCY 100u /* clocks from the alarm to here: a register access or two, and entry */

static volatile uint32_t ticks;
static uint64_t alarm;

static void tick(void) {
    const uint32_t late = (uint32_t)(clint_time() - alarm);
    ++ticks;
    print("tick %u at clock %u, %s\n", ticks, (uint32_t)alarm,
          late <= MOST_LATENCY ? "in time" : "late");
    alarm += PERIOD;
    clint_set_alarm(ticks < TICKS ? alarm : UINT64_MAX); /* which also ends this interrupt */
}

void trap(uint32_t cause, uint32_t pc, uint32_t value) {
    if (cause != (TRAP_INTERRUPT | TRAP_TIMER)) fault_trap(cause, pc, value);
    tick();
}

int main(void) {
    uart_prepare();
    alarm = PERIOD;
    clint_set_alarm(alarm);
    timer_interrupts_on();
    /* Off while `ticks` is looked at: an interrupt between that and WFI would be slept through.
     * WFI ends when one is pending even so, and it is taken when they are on again. */
    while (ticks < TICKS) {
        wait_for_interrupt();
        interrupts_on();
        interrupts_off();
    }
    print("done\n");
    return 0;
}
