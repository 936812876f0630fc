/* Calls a function that another master changes between the calls. */
#include "program.h"
    begin
    la t0, changed
    report t0
    call changed
    report a0
    li t0, 0x800
    csrw mie, t0
    wfi
    sw zero, 8(s0)
    call changed
    report a0
    finish
    .balign 4
    .globl changed
changed:
    .option norvc
    li a0, 1
    ret
