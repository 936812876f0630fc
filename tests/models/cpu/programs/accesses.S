/* Every load and store of RV32IC on RAM and on the device: same code, same results. */
#include "program.h"
    begin
    la a0, buffer
    call exercise
    mv s2, a1
    addi a0, s0, 0x20
    call exercise
    report s2
    report a1
    finish

/* a0: 64 bytes. Returns a checksum in a1. Offsets on both sides of the pointer. */
exercise:
    mv s3, sp
    addi a0, a0, 32
    li a1, 0
    li a2, 0x8899AABB
    sw a2, -32(a0)
    li a3, 0xC1D2E3F4
    c.sw a3, 4(a0)
    c.sw a2, 28(a0)
    sh a3, -2(a0)
    sb a2, 9(a0)
    mv sp, a0
    c.swsp a3, 12(sp)
    c.swsp a2, 24(sp)
    .macro mix
    slli t1, a1, 5
    sub a1, t1, a1
    add a1, a1, a4
    .endm
    lw a4, -32(a0)
    mix
    c.lw a4, 4(a0)
    mix
    c.lw a4, 28(a0)
    mix
    lh a4, -32(a0)
    mix
    lhu a4, -2(a0)
    mix
    lb a4, 9(a0)
    mix
    lbu a4, 9(a0)
    mix
    lb a4, -31(a0)
    mix
    c.lwsp a4, 12(sp)
    mix
    c.lwsp t2, 24(sp)
    mv a4, t2
    mix
    lw zero, 4(a0)
    mv a4, zero
    mix
    mv sp, s3
    ret
    .bss
    .balign 4
buffer: .space 64
