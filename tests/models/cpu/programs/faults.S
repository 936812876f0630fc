/* Every exception, precise: reports the address of the instruction, then mepc, mcause, mtval and
 * the destination register, which must not change. The handler returns to s1. */
#include "program.h"
    .macro expect instruction:vararg
    la t0, 1f
    report t0
    la s1, 2f
    li a0, 0x5A5A
1:  \instruction
2:
    .endm
    begin
    handle handler
    li a1, UNMAPPED
    li a2, 77
    expect lw a0, 8(a1)
    expect lbu a0, 1(a1)
    expect sw a2, -4(a1)
    expect c.lw a0, 4(a1)
    expect sw a2, 0x80(s0)
    expect lw a0, 0x42(s0)
    expect amoadd.w a0, a2, (s0)
    expect lr.w a0, (a1)
    expect jr a1
    expect lw a0, 16(a1)
    expect .word 0xFFFFFFFF
    expect .half 0
    expect csrr a0, 0x7C0
    expect ebreak
    expect c.ebreak
    expect ecall
    finish
    .balign 4
handler:
    csrr t0, mepc
    report t0
    csrr t0, mcause
    report t0
    csrr t0, mtval
    report t0
    report a0
    csrw mepc, s1
    mret
