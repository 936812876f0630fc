/* A pending interrupt is taken in the shortest window in which it is unmasked, and only there. */
#include "program.h"
    begin
    handle handler
    li s1, 0
    li t0, 8
    csrw mie, t0
    li t1, CLINT
    li t0, 1
    sw t0, 0(t1)
    li t2, 100
1:  addi t2, t2, -1
    bnez t2, 1b
    report s1
    csrsi mstatus, 8
    csrci mstatus, 8
    report s1
    csrw mie, zero
    sw t0, 0(t1)
    csrsi mstatus, 8
    nop
    report s1
    li t0, 8
    csrw mie, t0
    nop
    report s1
    finish
    .balign 4
handler:
    addi s1, s1, 1
    sw zero, 0(t1)
    csrr s2, mcause
    mret
