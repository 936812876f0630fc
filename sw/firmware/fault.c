#include "fault.h"

#include <karhunen/boot.h>

#include "block.h"
#include "cpu.h"
#include "interrupts.h"
#include "uart.h"

const struct scheduler* fault_scheduler;

void finish(uint32_t exit_code) {
    interrupts_off();
    uart_flush();
    simulation_exit(exit_code);
    for (;;) wait_for_interrupt();
}

/* The job that a feeder's block is at: jobs end in order, and there are two at most. */
void print_job(const struct scheduler* s, enum feeder f, uint32_t jobs_done) {
    if (!s || s->started[f] == 0) return;
    const struct job* j = &s->jobs[f][jobs_done & 1];
    print(", layer %u image %u band %u", (uint32_t)j->layer, (uint32_t)j->image, (uint32_t)j->band);
}

void print_causes(uint32_t error) {
    static const char* const causes[] = {"start when full",     "bad parameter", "malformed stream",
                                         "bus error",           "checksum",      "malformed table",
                                         "malformed descriptor"};
    print("error %x", error);
    for (uint32_t i = 0; i < sizeof causes / sizeof *causes; ++i)
        if (error >> i & 1) print(", %s", causes[i]);
}

static void print_job_of_channel(uint32_t c) {
    const struct scheduler* s = fault_scheduler;
    if (s && c < DMA_FEEDERS)
        print_job(s, (enum feeder)c, s->chains_before[c] + dma_chains_done(c));
}

static void print_dma(void) {
    for (uint32_t c = 0; c < KRHN_DMA_CHANNELS; ++c) {
        const uint32_t error = read32(dma_register(c, KRHN_DMA_CHANNEL_ERROR));
        if (!error) continue;
        print("\nfault: DMA channel %u: ", c);
        print_causes(error);
        print(" at %x", read32(dma_register(c, KRHN_DMA_ERROR_ADDRESS)));
        print_job_of_channel(c);
    }
    print("\n");
}

/* The blocks that have jobs, in the order of the PLIC. */
static const struct {
    uint32_t base;
    enum feeder feeder;
    const char* name;
} blocks[KRHN_IRQ_SOURCES] = {
    [KRHN_IRQ_INPUT_DECODER] = {KRHN_INPUT_DECODER_BASE, FEED_INPUT, "input decoder"},
    [KRHN_IRQ_RESIDUAL_DECODER] = {KRHN_RESIDUAL_DECODER_BASE, FEED_RESIDUAL, "residual decoder"},
    [KRHN_IRQ_COMPUTE_ARRAY] = {KRHN_COMPUTE_ARRAY_BASE, FEED_ARRAY, "compute array"},
    [KRHN_IRQ_POST_PROCESSING] = {KRHN_POST_PROCESSING_BASE, FEED_ARRAY, "post-processing"},
    [KRHN_IRQ_ENCODER] = {KRHN_ENCODER_BASE, FEED_ENCODER, "encoder"},
};

static void print_job_of_block(uint32_t source) {
    print_job(fault_scheduler, blocks[source].feeder, read32(blocks[source].base + KRHN_JOBS_DONE));
}

void fault_block(uint32_t source) {
    interrupts_off();
    if (source == KRHN_IRQ_DMA) {
        print_dma();
    } else {
        print("\nfault: %s: ", blocks[source].name);
        print_causes(read32(blocks[source].base + KRHN_ERROR));
        print_job_of_block(source);
        print("\n");
    }
    finish(KRHN_EXIT_FAULT);
}

void fault_silence(uint32_t clocks) {
    interrupts_off();
    print("\nfault: no interrupt for %u clocks", clocks);
    for (uint32_t c = 0; c < DMA_FEEDERS; ++c) {
        if (!dma_busy(c)) continue;
        print("\nfault: DMA channel %u is busy", c);
        print_job_of_channel(c);
    }
    for (uint32_t n = 0; n < KRHN_IRQ_SOURCES; ++n) {
        if (!blocks[n].name || !(read32(blocks[n].base + KRHN_STATUS) & KRHN_STATUS_BUSY)) continue;
        print("\nfault: %s is busy", blocks[n].name);
        print_job_of_block(n);
    }
    print("\n");
    finish(KRHN_EXIT_FAULT);
}

void fault_parameter(uint32_t address, uint32_t found, uint32_t expected) {
    interrupts_off();
    print("\nfault: register at %x holds %x, %x was written\n", address, found, expected);
    finish(KRHN_EXIT_FAULT);
}

/* Of RISC-V privileged ISA 20211203, table 3.6, without those for which this CPU has no modes,
 * pages. */
static const char* name_of_exception(uint32_t cause) {
    static const char* const names[] = {"instruction address misaligned",
                                        "instruction access fault",
                                        "illegal instruction",
                                        "breakpoint",
                                        "load address misaligned",
                                        "load access fault",
                                        "store address misaligned",
                                        "store access fault"};
    if (cause == CAUSE_ENVIRONMENT_CALL) return "environment call";
    return cause < sizeof names / sizeof *names ? names[cause] : "exception";
}

static const char* name_of_interrupt(uint32_t number) {
    return number == TRAP_EXTERNAL   ? "external"
           : number == TRAP_TIMER    ? "timer"
           : number == TRAP_SOFTWARE ? "software"
                                     : "unknown";
}

void fault_trap(uint32_t cause, uint32_t pc, uint32_t value) {
    const uint32_t number = cause & ~TRAP_INTERRUPT;
    if (cause & TRAP_INTERRUPT)
        print("\nfault: interrupt %u (%s) that nobody handles", number, name_of_interrupt(number));
    else
        print("\nfault: trap %u: %s", cause, name_of_exception(cause));
    if (cause == CAUSE_ILLEGAL)
        print(" %x", value);
    else if (cause < 8 && cause != CAUSE_BREAKPOINT)
        print(" at address %x", value);
    print(", pc %x", pc);
    const unsigned* frame = trap_frame();
    if (frame) print(", ra %x, sp %x", frame[TRAP_FRAME_RA], frame[TRAP_FRAME_SP]);
    if (fault_scheduler) print_job_of_block(KRHN_IRQ_COMPUTE_ARRAY);
    print("\n");
    finish(KRHN_EXIT_FAULT);
}

__attribute__((weak)) void trap(uint32_t cause, uint32_t pc, uint32_t value) {
    if (cause == (TRAP_INTERRUPT | TRAP_EXTERNAL))
        interrupts_service();
    else
        fault_trap(cause, pc, value);
}
