/* Vectored external interrupts interrupt a loop; the handler takes the line down. */
#include "program.h"
    begin
    la t0, vectors
    ori t0, t0, 1
    csrw mtvec, t0
    li t0, 0x800
    csrw mie, t0
    csrsi mstatus, 8
    li s1, 0
1:  beqz s1, 1b
    finish
handler:
    csrr t0, mcause
    report t0
    sw zero, 8(s0)
    li s1, 1
    mret
wrong:
    li t0, -1
    report t0
    finish
    .balign 256
vectors:
    .option norvc
    .rept 11
    j wrong
    .endr
    j handler
