/* Interrupts of the blocks, turned into sets of feeders to try. */
#ifndef KARHUNEN_FIRMWARE_INTERRUPTS_H
#define KARHUNEN_FIRMWARE_INTERRUPTS_H

#include <stdint.h>

extern volatile uint32_t events; /* see scheduler.h */
extern volatile uint32_t faults; /* bit n: interrupt source n reported an error */

void interrupts_prepare(void);
/* Room that was told of and not yet heard of is forgotten. */
void interrupts_forget(void);
/* Asks every block, without the interrupt controller. Serves what it finds at two calls in a row:
 * that interrupt has got lost. */
void interrupts_search(void);
/* Claims and acknowledges one pending interrupt, if there is one, and says which. Called by the
 * trap handler, and by the main loop after WFI while interrupts are disabled. */
uint32_t interrupts_service(void);

/* Like `faults`, by looking at every block. For the end of a run: a block in error ends its band,
 * so the last store may be done before the CPU has been told. */
uint32_t interrupts_errors(void);

#endif
