/* With mstatus.MIE = 0 an enabled interrupt ends WFI without a trap; a disabled one does not. */
#include "program.h"
    begin
    handle handler
    li t0, 0x800
    csrw mie, t0
    wfi
    li t0, 1
    report t0
    sw zero, 8(s0)
    finish
    .balign 4
handler:
    li t0, -1
    report t0
    finish
