#include "watch.h"

#include "block.h"
#include "cpu.h"
#include "fault.h"
#include "interrupts.h"

/* Lost interrupts are searched for when two of them have passed without any. */
#define TICK 65536u
/* Without a limit to its patience the CPU sleeps for good after that: a machine without anything
 * left to happen is to come to rest. */
#define LONG_TIME (1024 * TICK)

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
    if (!patience && watch_quiet >= LONG_TIME) clint_set_alarm(UINT64_MAX);
}
