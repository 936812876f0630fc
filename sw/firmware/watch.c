#include "watch.h"

#include "block.h"
#include "cpu.h"
#include "fault.h"
#include "interrupts.h"

/* Lost interrupts are searched for when two of them have passed without any. */
#define TICK 65536u

uint32_t watch_quiet; /* clocks */
static uint32_t patience;
static uint64_t alarm;

static void set_alarm(uint64_t now) {
    alarm = now + TICK;
    clint_set_alarm(alarm);
}

void watch_prepare(uint32_t clocks) {
    patience = clocks;
    set_alarm(clint_time());
    timer_interrupts_on();
}

void watch_tick(void) {
    const uint64_t now = clint_time();
    if (now < alarm) return;
    set_alarm(now);
    watch_quiet += TICK;
    if (watch_quiet < 2 * TICK) return;
    interrupts_search();
    if (patience && watch_quiet >= patience) fault_silence(watch_quiet);
}
