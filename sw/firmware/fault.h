/* The ends of a run that goes wrong: say on the UART what happened, then exit with code 3. */
#ifndef KARHUNEN_FIRMWARE_FAULT_H
#define KARHUNEN_FIRMWARE_FAULT_H

#include <stdint.h>

#include "scheduler.h"

extern const struct scheduler* fault_scheduler; /* names layer and band; may be null */

_Noreturn void finish(uint32_t exit_code); /* sends all text, ends the simulation */
_Noreturn void fault_block(uint32_t source);

/* Called by the trap vector with mcause, mepc and mtval. */
void trap(uint32_t cause, uint32_t pc, uint32_t value);

#endif
