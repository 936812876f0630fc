/* The same exception at the same place many times is no double fault when the handler returns. */
#include "program.h"
    begin
    handle handler
    li s1, 0
    li s2, 10
1:  ecall
    bne s1, s2, 1b
    report s1
    finish
    .balign 4
handler:
    addi s1, s1, 1
    csrr t0, mepc
    addi t0, t0, 4
    csrw mepc, t0
    mret
