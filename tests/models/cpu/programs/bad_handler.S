/* The handler's own second instruction faults. */
#include "program.h"
    begin
    handle handler
    li a1, UNMAPPED
    ecall
    finish
    .balign 4
handler:
    addi t0, t0, 1
    sw t0, 0(a1)
    mret
