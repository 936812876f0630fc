/* The timer's part: nothing that the hardware forgets to say may stop the run for ever. */
#ifndef KARHUNEN_FIRMWARE_WATCH_H
#define KARHUNEN_FIRMWARE_WATCH_H

#include <stdint.h>

/* patience: clocks without any interrupt after which to give up; 0: for ever. */
void watch_prepare(uint32_t patience);
/* An interrupt has come. */
extern uint32_t watch_quiet;
static inline void watch_rest(void) {
    watch_quiet = 0;
}
/* When the CPU woke without an interrupt of a block: it may have been the timer. */
void watch_tick(void);

#endif
