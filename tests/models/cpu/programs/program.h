/* What the test programs share: the addresses of the bench and how they report. */
#define PROBE 0x10000000
#define CLINT 0x02000000
#define UNMAPPED 0x30000000

/* At the start of every program: s0 is the probe; a word stored to it is a report. */
.macro begin
.option arch, +zicsr, +zifencei
.section .text.start
.globl _start
_start:
    la sp, stack_end
    li s0, PROBE
.endm

.macro report register
    sw \register, 0(s0)
.endm

/* The end of every program: stops the simulation. */
.macro finish
    sw zero, 4(s0)
1:  wfi
    j 1b
.endm

.macro handle label
    la t0, \label
    csrw mtvec, t0
.endm
