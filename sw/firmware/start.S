# Reset and trap vector. The CPU starts at _start with interrupts off.
        .option arch, +zicsr
        .cfi_sections .debug_frame      # for debuggers; not for exceptions of C++

        .section .text.start, "ax"
        .globl  _start
_start:
        .cfi_startproc
        .cfi_undefined ra               # nobody called it
        .option push
        .option norelax
        la      gp, __global_pointer$
        .option pop
        la      sp, __stack_top
        la      t0, trap_entry
        csrw    mtvec, t0
        la      t0, __bss_start
        la      t1, __bss_end
1:      bgeu    t0, t1, 2f
        sw      zero, 0(t0)             # both ends are aligned to 16
        sw      zero, 4(t0)
        sw      zero, 8(t0)
        sw      zero, 12(t0)
        addi    t0, t0, 16
        j       1b
2:      call    main
        j       finish                  # with what main returned as the exit code
        .cfi_endproc

# Interrupts and exceptions: saves what a C function may change, and mepc, which the next trap would
# overwrite. The .cfi lines tell a debugger where, so that it finds what was interrupted. In the same
# section, as GDB takes all that lies between two parts of a file for the file.
# A stack pointer below gp, which points into the data, is that of a stack that has overflowed: what
# is saved there would fault here again, for ever, or destroy more of the program.
        .equ    FRAME, 80               # 20 words; trap_frame() finds them by mscratch
        .equ    SAVED_SP, 68            # TRAP_FRAME_SP in cpu.h

        .macro  save register, place
        sw      \register, \place(sp)
        .cfi_offset \register, \place - FRAME
        .endm

        .balign 4
trap_entry:
        .cfi_startproc
        .cfi_signal_frame               # entered between two instructions, not by a call
        .cfi_return_column mepc
        bltu    sp, gp, .Loverflowed
        sw      sp, SAVED_SP-FRAME(sp)
        addi    sp, sp, -FRAME
.Lsave:
        .cfi_def_cfa_offset FRAME
        .cfi_offset sp, SAVED_SP - FRAME
        save    ra, 0
        save    t0, 4
        save    t1, 8
        save    t2, 12
        save    t3, 16
        save    t4, 20
        save    t5, 24
        save    t6, 28
        save    a0, 32
        save    a1, 36
        save    a2, 40
        save    a3, 44
        save    a4, 48
        save    a5, 52
        save    a6, 56
        save    a7, 60
        csrr    a0, mcause
        csrr    a1, mepc
        csrr    a2, mtval
        sw      a1, 64(sp)
        .cfi_offset mepc, 64 - FRAME
        csrw    mscratch, sp
        call    trap
        lw      ra, 0(sp)
        lw      t0, 4(sp)
        lw      t1, 8(sp)
        lw      t2, 12(sp)
        lw      t3, 16(sp)
        lw      t4, 20(sp)
        lw      t5, 24(sp)
        lw      t6, 28(sp)
        lw      a0, 32(sp)
        lw      a1, 36(sp)
        lw      a2, 40(sp)
        lw      a3, 44(sp)
        lw      a4, 48(sp)
        lw      a5, 52(sp)
        lw      a6, 56(sp)
        lw      a7, 60(sp)
        lw      sp, SAVED_SP(sp)
        .cfi_def_cfa_offset 0
        .cfi_restore sp
        mret
.Loverflowed:
        csrw    mscratch, sp
        la      sp, __emergency_stack_top - FRAME
        sw      t0, 4(sp)
        csrr    t0, mscratch
        sw      t0, SAVED_SP(sp)
        lw      t0, 4(sp)
        j       .Lsave
        .cfi_endproc
