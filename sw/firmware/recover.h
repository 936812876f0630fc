/* Errors that firmware puts right while the network runs. Values may have been wrong for a while,
 * so all is computed once more at the end (scheduler_restart). */
#ifndef KARHUNEN_FIRMWARE_RECOVER_H
#define KARHUNEN_FIRMWARE_RECOVER_H

#include "scheduler.h"

/* Deals with the sources of `sources` that are in error. Says which events that have been taken are
 * void now. Does not return if one cannot be put right. */
uint32_t recover_from(struct scheduler* s, uint32_t sources);

/* A parameter of a block was found to hold something else than what was written: before it is
 * written again (write_changed), and at the end, when all are compared and put right. So a bit that
 * flips is always noticed, though jobs may have started with it. */
void recover_parameter(struct scheduler* s, uint32_t address, uint32_t found, uint32_t wanted);
void recover_parameters(struct scheduler* s);

#endif
