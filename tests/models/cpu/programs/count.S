/* A known number of instructions between two reports: 2 of li, 2 * 10000, 1 of the report. */
#include "program.h"
    begin
    report zero
    li t0, 10000
1:  addi t0, t0, -1
    bnez t0, 1b
    report zero
    finish
