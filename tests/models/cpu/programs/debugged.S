/* What a debugger may disturb: timer interrupts at times that do not fit the quantum, within bus
 * accesses, memory accesses and long code without a jump. Reports MTIME at each interrupt. */
#include "program.h"
    begin
    handle handler
    li s1, CLINT
    li s2, 0              /* interrupts */
    li s3, 0xBFF8
    add s3, s3, s1
    li s4, 0x4000
    add s4, s4, s1
    sw zero, 4(s4)
    sw zero, 0(s4)
    li t0, 0x80
    csrw mie, t0
    csrsi mstatus, 8
    la a1, variable
    li a2, 20
main:
    addi a3, a3, 1
store_variable:
    sw a3, 0(a1)
store_register:
    sw a3, 0x20(s0)
load_register:
    lhu a4, 0x22(s0)
atomic:
    amoadd.w a5, a3, (a1)
    .rept 400
    addi a6, a6, 1
    addi a7, a7, 100
    .endr
    lbu a4, 1(a1)
    blt s2, a2, main
    wfi
    csrw mie, zero
finish:
    report a6
    finish
    .balign 4
handler:
    addi sp, sp, -8
    sw t0, 0(sp)
    sw t1, 4(sp)
    addi s2, s2, 1
    lw t0, 0(s3)
    report t0
    addi t0, t0, 777
    sw t0, 0(s4)
    lw t0, 0(sp)
    lw t1, 4(sp)
    addi sp, sp, 8
handled:
    mret
    .bss
    .balign 4
variable: .space 8
