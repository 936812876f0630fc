/* Interrupts of the blocks, turned into sets of feeders to try. */
#ifndef KARHUNEN_FIRMWARE_INTERRUPTS_H
#define KARHUNEN_FIRMWARE_INTERRUPTS_H

#include <stdint.h>

#define EVENT_STORED 0x80000000u /* a band was stored */

extern volatile uint32_t events; /* EVENT_STORED, and bit n: feeder n may go on */
extern volatile uint32_t faults; /* bit n: interrupt source n reported an error */

void interrupts_prepare(void);
/* Claims and acknowledges every pending interrupt. Called by the trap handler, and by the main loop
 * after WFI while interrupts are disabled. */
void interrupts_service(void);

#endif
