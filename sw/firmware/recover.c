#include "recover.h"

#include "fault.h"
#include "feeders.h"
#include "uart.h"

/* More than that is no accident. */
#define MOST_RECOVERIES 8u
#define PASSING_ERRORS (KRHN_ERROR_STREAM | KRHN_ERROR_BUS)

static bool may_recover(struct scheduler* s) {
    s->again = true;
    return s->recoveries++ < MOST_RECOVERIES;
}

static void start_again(struct scheduler* s, enum feeder f, uint32_t base, uint32_t skip_rows) {
    const uint32_t at = s->started[f] & 1;
    for (uint32_t i = 0; i < DECODER_PARAMETERS; ++i)
        set_parameter(s, base, KRHN_DECODER_TAG + 4 * i, s->decoder_jobs[f - FEED_INPUT][at][i]);
    set_parameter(s, base, KRHN_DECODER_SKIP_ROWS, skip_rows);
    block_start(base);
    dma_start(f, s->descriptors[f][at]);
    s->room &= ~room_for(f);
    ++s->started[f];
}

/* A decoder in error was at one band or had a second one waiting. Rows of the first that were
 * handed on are dropped when it is decoded again: they may be used already, and be wrong. */
static bool load_again(struct scheduler* s, enum feeder f, uint32_t base) {
    const uint32_t done = read32(base + KRHN_JOBS_DONE), jobs = s->started[f] - done;
    const uint32_t rows = read32(base + KRHN_DECODER_ROWS_DONE);
    const uint32_t causes = read32(base + KRHN_ERROR);
    if (causes & ~PASSING_ERRORS || s->recovered_job[f] == done + 1 || !may_recover(s))
        return false;
    s->recovered_job[f] = done + 1;
    const uint32_t of_channel = read32(dma_register(f, KRHN_DMA_CHANNEL_ERROR));
    print("noticed: ");
    print_causes(of_channel ? of_channel : causes); /* the channel knows better */
    print_job(s, f, done);
    print(": loaded again\n");

    /* The channel first: the decoder swallows what is on its way while it is in error. */
    dma_reset(f);
    while (dma_busy(f)) {
    }
    block_reset(base);
    block_set(KRHN_DMA_BASE, KRHN_ERROR, of_channel);
    s->chains_before[f] = s->started[f] = done;
    start_again(s, f, base, rows);
    if (jobs == 2) {
        while (block_full(base) || dma_full(f)) {
        }
        block_set(base, KRHN_IRQ_STATUS, KRHN_IRQ_READY);
        block_set(KRHN_DMA_BASE, KRHN_IRQ_STATUS, KRHN_DMA_IRQ_READY(f));
        start_again(s, f, base, 0);
    }
    block_set(base, KRHN_IRQ_STATUS, KRHN_IRQ_ERROR);
    block_set(base, KRHN_IRQ_ENABLE, KRHN_IRQ_READY | KRHN_IRQ_ERROR);
    return true;
}

/* Channels that failed while they fed a decoder, which will come to the end of the band. */
static bool decoders_will_tell(void) {
    for (uint32_t c = 0; c < KRHN_DMA_CHANNELS; ++c) {
        const uint32_t error = read32(dma_register(c, KRHN_DMA_CHANNEL_ERROR));
        if (!error) continue;
        if (c != FEED_INPUT && c != FEED_RESIDUAL) return false;
        if (error & ~(KRHN_ERROR_CHECKSUM | KRHN_ERROR_BUS)) return false;
        /* At its descriptor: the decoder knows of no band. */
        if (read32(dma_register(c, KRHN_DMA_ERROR_ADDRESS)) < KRHN_DDR_BASE) return false;
    }
    return true;
}

uint32_t recover_from(struct scheduler* s, uint32_t sources) {
    static const struct {
        uint32_t source, base;
        enum feeder feeder;
    } decoders[] = {{KRHN_IRQ_INPUT_DECODER, KRHN_INPUT_DECODER_BASE, FEED_INPUT},
                    {KRHN_IRQ_RESIDUAL_DECODER, KRHN_RESIDUAL_DECODER_BASE, FEED_RESIDUAL}};
    uint32_t events = 0;
    for (uint32_t i = 0; i < 2; ++i) {
        const uint32_t bit = 1u << decoders[i].source;
        if (!(sources & bit)) continue;
        const enum feeder f = decoders[i].feeder;
        if (!load_again(s, f, decoders[i].base))
            fault_block(read32(dma_register(f, KRHN_DMA_CHANNEL_ERROR)) ? KRHN_IRQ_DMA
                                                                        : decoders[i].source);
        sources &= ~bit;
        events |= room_for(f);
    }
    if (sources & 1u << KRHN_IRQ_DMA && decoders_will_tell()) sources &= ~(1u << KRHN_IRQ_DMA);
    if (sources) fault_block((uint32_t)__builtin_ctz(sources));
    return events;
}

void recover_parameter(struct scheduler* s, uint32_t address, uint32_t found, uint32_t wanted) {
    if (!may_recover(s)) fault_parameter(address, found, wanted);
    print("noticed: register at %x holds %x instead of %x\n", address, found, wanted);
}

void recover_parameters(struct scheduler* s) {
    static const uint32_t last[PARAMETER_BLOCKS] = {KRHN_DECODER_SKIP_ROWS, KRHN_DECODER_SKIP_ROWS,
                                                    KRHN_ARRAY_GROUPS, KRHN_POST_FIRST_CHANNEL,
                                                    KRHN_ENCODER_FLAGS};
    for (uint32_t block = 0; block < PARAMETER_BLOCKS; ++block)
        for (uint32_t offset = KRHN_ENCODER_TAG; offset <= last[block]; offset += 4) {
            const uint32_t address = KRHN_INPUT_DECODER_BASE + block * KRHN_BLOCK_BYTES + offset;
            const uint32_t wanted = s->parameters[block][(offset - KRHN_ENCODER_TAG) / 4];
            const uint32_t found = read32(address);
            if (found == wanted) continue;
            recover_parameter(s, address, found, wanted);
            write32(address, wanted);
        }
}
