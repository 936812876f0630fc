/* The ends of a run that goes wrong: say on the UART what happened, then exit with code 3. */
#ifndef KARHUNEN_FIRMWARE_FAULT_H
#define KARHUNEN_FIRMWARE_FAULT_H

#include <stdint.h>

#include "scheduler.h"

extern const struct scheduler* fault_scheduler; /* names layer and band; may be null */

_Noreturn void finish(uint32_t exit_code); /* sends all text, ends the simulation */
_Noreturn void fault_block(uint32_t source);
_Noreturn void fault_silence(uint32_t clocks); /* no interrupt for so long */
_Noreturn void fault_parameter(uint32_t address, uint32_t found, uint32_t expected);

/* The bits of a register ERROR in words; which job of a feeder it is that comes after so many. */
void print_causes(uint32_t error);
void print_job(const struct scheduler* s, enum feeder f, uint32_t jobs_done);

/* Says which exception it was, and where. */
_Noreturn void fault_trap(uint32_t cause, uint32_t pc, uint32_t value);

/* Called by the trap vector with mcause, mepc and mtval: serves external interrupts, and lets
 * anything else be a fault. A program may have one of its own in place of it. */
void trap(uint32_t cause, uint32_t pc, uint32_t value);
#define TRAP_INTERRUPT 0x80000000u /* in `cause`; bits below: */
#define TRAP_SOFTWARE 3u
#define TRAP_TIMER 7u
#define TRAP_EXTERNAL 11u
#define CAUSE_ILLEGAL 2u /* `cause` without that bit, some of them */
#define CAUSE_BREAKPOINT 3u
#define CAUSE_ENVIRONMENT_CALL 11u

#endif
