/* What C cannot say: control registers and sleep. */
#ifndef KARHUNEN_FIRMWARE_CPU_H
#define KARHUNEN_FIRMWARE_CPU_H

#define CSR(instruction) ".option push\n.option arch, +zicsr\n" instruction "\n.option pop"

static inline void interrupts_on(void) {
    __asm__ volatile(CSR("csrsi mstatus, 8")::: "memory");
}
static inline void interrupts_off(void) {
    __asm__ volatile(CSR("csrci mstatus, 8")::: "memory");
}
/* Turns interrupts off and says what to give to interrupts_restore. */
static inline unsigned interrupts_save(void) {
    unsigned before;
    __asm__ volatile(CSR("csrrci %0, mstatus, 8") : "=r"(before)::"memory");
    return before & 8;
}
static inline void interrupts_restore(unsigned before) {
    __asm__ volatile(CSR("csrs mstatus, %0")::"r"(before) : "memory");
}
/* External interrupts may wake the CPU, and trap while interrupts are on. */
static inline void external_interrupts_on(void) {
    __asm__ volatile(CSR("csrs mie, %0")::"r"(0x800) : "memory");
}
static inline void timer_interrupts_on(void) {
    __asm__ volatile(CSR("csrs mie, %0")::"r"(0x80) : "memory");
}
/* In a trap: where the program goes on after it. */
static inline void return_to(unsigned pc) {
    __asm__ volatile(CSR("csrw mepc, %0")::"r"(pc) : "memory");
}
/* What start.S saved at the latest trap: words, of which these. Null before any. */
#define TRAP_FRAME_RA 0
#define TRAP_FRAME_SP 17
static inline const unsigned* trap_frame(void) {
    const unsigned* frame;
    __asm__ volatile(CSR("csrr %0, mscratch") : "=r"(frame));
    return frame;
}
static inline void wait_for_interrupt(void) {
    __asm__ volatile("wfi" ::: "memory");
}

#endif
