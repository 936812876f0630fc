/* A timer interrupt wakes WFI, is handled, and MRET goes on behind the WFI. */
#include "program.h"
    begin
    handle handler
    li s1, CLINT
    li t0, 0
    li t1, 0x4004
    add t1, t1, s1
    sw t0, 0(t1)
    li t0, 2000
    sw t0, -4(t1)
    li t0, 0x80
    csrw mie, t0
    csrsi mstatus, 8
    wfi
behind:
    la t0, behind
    report t0
    csrr t0, mstatus
    report t0
    finish
    .balign 4
handler:
    li t2, 0xBFF8
    add t2, t2, s1
    lw t3, 0(t2)
    li t0, -1
    sw t0, -4(t1)
    report t3
    csrr t0, mcause
    report t0
    csrr t0, mepc
    report t0
    csrr t0, mstatus
    report t0
    mret
