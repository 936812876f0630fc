#include "jobs.h"

#include "cpu.h"
#include "crc32.h"
#include "fault.h"
#include "interrupts.h"

/* The DMA reads a job's descriptor when the job begins, and two jobs are in a channel. */
static struct krhn_dma_descriptor descriptors[KRHN_DMA_CHANNELS][2];
static uint32_t started[KRHN_DMA_CHANNELS];

uint32_t jobs_tag;

void jobs_prepare(void) {
    interrupts_prepare();
    external_interrupts_on();
}

void jobs_sleep(void) {
    wait_for_interrupt(); /* interrupts are off: a pending one ends it, and is served here */
    interrupts_service();
    if (faults) fault_block((uint32_t)__builtin_ctz(faults));
}

static struct krhn_dma_descriptor* next_descriptor(uint32_t channel) {
    while (dma_full(channel)) jobs_sleep();
    return &descriptors[channel][started[channel]++ & 1];
}

void start_load(uint32_t port, uint32_t offset, uint32_t bytes, uint32_t rows) {
    struct krhn_dma_descriptor* d = next_descriptor(port);
    *d = (struct krhn_dma_descriptor){.kind = KRHN_DMA_LOAD,
                                      .port = port,
                                      .tag = jobs_tag,
                                      .source = KRHN_DDR_BASE + offset,
                                      .source_stride = bytes,
                                      .row_bytes = bytes,
                                      .rows = rows};
    dma_start(port, d);
}

uint32_t start_weights(const struct krhn_operation* op) {
    const uint32_t full = op->chunks - 1, bytes = op->chunk_bytes; /* the last may be shorter */
    if (full) start_load(KRHN_PORT_WEIGHTS, op->weights_offset, bytes, full);
    start_load(KRHN_PORT_WEIGHTS, op->weights_offset + full * bytes, op->last_chunk_bytes, 1);
    return op->chunks;
}

static uint32_t decoder_of(uint32_t port) {
    return port == INPUT ? KRHN_INPUT_DECODER_BASE : KRHN_RESIDUAL_DECODER_BASE;
}
static uint32_t rows_of(const struct krhn_tensor* map, uint32_t band) {
    const uint32_t left = map->height - band * map->band_rows;
    return left < map->band_rows ? left : map->band_rows;
}
static volatile struct krhn_tile_entry* entry_of(const struct krhn_tensor* map, uint32_t band) {
    return (volatile struct krhn_tile_entry*)(KRHN_DDR_BASE + map->entries_offset) + band;
}

bool has_room(uint32_t port) {
    return !dma_full(port) && !block_full(decoder_of(port));
}

void start_decoding(uint32_t port, const struct krhn_tensor* map, uint32_t band, struct place to) {
    const uint32_t base = decoder_of(port), rows = rows_of(map, band);
    while (!has_room(port)) jobs_sleep();
    const volatile struct krhn_tile_entry* entry = entry_of(map, band);
    struct krhn_dma_descriptor* d = next_descriptor(port);
    *d = (struct krhn_dma_descriptor){
        .kind = KRHN_DMA_STREAM_IN,
        .port = port,
        .tag = jobs_tag,
        .source = KRHN_DDR_BASE + map->slots_offset + band * map->slot_stride,
        .source_stride = map->stream_stride,
        .values = rows * map->width * map->channels,
        .crc32 = entry->crc32,
        .n_streams = map->streams};
    for (uint32_t s = 0; s < map->streams; ++s) d->bytes[s] = entry->bytes[s];
    codec_set_map(base, map, map->decoded_format, jobs_tag);
    block_set(base, KRHN_DECODER_REGION, to.region);
    block_set(base, KRHN_DECODER_REGION_BYTES, to.region_bytes);
    codec_start(base, rows, to.row, 0);
    dma_start(port, d);
}

void start_encoding(const struct krhn_tensor* map, uint32_t band, uint32_t row) {
    const uint32_t rows = rows_of(map, band), slot = map->slots_offset + band * map->slot_stride;
    while (block_full(KRHN_ENCODER_BASE)) jobs_sleep();
    struct krhn_dma_descriptor* d = next_descriptor(OUTPUT);
    *d = (struct krhn_dma_descriptor){.kind = KRHN_DMA_STREAM_OUT,
                                      .port = OUTPUT,
                                      .tag = jobs_tag,
                                      .destination = KRHN_DDR_BASE + slot,
                                      .destination_stride = map->stream_stride,
                                      .tile_entry = (uint32_t)entry_of(map, band),
                                      .entry_offset = slot,
                                      .values = rows * map->width * map->channels,
                                      .n_streams = map->streams};
    codec_set_map(KRHN_ENCODER_BASE, map, map->stored_format, jobs_tag);
    codec_start(KRHN_ENCODER_BASE, rows, row, 0);
    dma_start(OUTPUT, d);
}

void wait_for_stored(uint32_t bands) {
    while (dma_chains_done(OUTPUT) != bands) jobs_sleep();
    const uint32_t errors = interrupts_errors();
    if (errors) fault_block((uint32_t)__builtin_ctz(errors));
    publish();
}

uint32_t stored_bytes(const struct krhn_tensor* map) {
    uint32_t sum = 0;
    for (uint32_t s = 0; s < map->streams; ++s) sum += entry_of(map, 0)->bytes[s];
    return sum;
}

/* ---- Array and post-processing --------------------------------------------------------------- */

static void set_array(const struct krhn_operation* op, const struct krhn_tensor* input) {
    const uint32_t base = KRHN_COMPUTE_ARRAY_BASE;
    block_set(base, KRHN_ARRAY_TAG, jobs_tag);
    block_set(base, KRHN_ARRAY_KIND, op->kind);
    block_set(base, KRHN_ARRAY_REGION, op->region);
    block_set(base, KRHN_ARRAY_INPUT_HEIGHT, input->height);
    block_set(base, KRHN_ARRAY_INPUT_WIDTH, input->width);
    block_set(base, KRHN_ARRAY_INPUT_CHANNELS, input->channels);
    block_set(base, KRHN_ARRAY_OUTPUT_WIDTH, op->conv_width);
    block_set(base, KRHN_ARRAY_OUTPUT_CHANNELS, op->channels);
    block_set(base, KRHN_ARRAY_KERNEL, op->kernel);
    block_set(base, KRHN_ARRAY_STRIDE, op->stride);
    block_set(base, KRHN_ARRAY_PADDING, op->padding);
    block_set(base, KRHN_ARRAY_DILATION, op->dilation);
    block_set(base, KRHN_ARRAY_GROUPS, op->groups);
    block_set(base, KRHN_ARRAY_WEIGHT_CHUNKS, op->chunks);
    block_set(base, KRHN_ARRAY_CHUNK_CHANNELS, op->chunk_channels);
}

static void set_post(const struct krhn_operation* op, const struct krhn_tensor* output) {
    const uint32_t base = KRHN_POST_PROCESSING_BASE;
    uint32_t flags = op->post_flags;
    if (flags & KRHN_POST_RESIDUAL) flags |= KRHN_POST_RELEASE_RESIDUAL;
    if (op->array_flags & KRHN_ARRAY_CHUNK_OUTERMOST) flags |= KRHN_POST_CHUNKED_ROWS;
    block_set(base, KRHN_POST_TAG, jobs_tag);
    block_set(base, KRHN_POST_FLAGS, flags);
    block_set(base, KRHN_POST_WIDTH, op->conv_width);
    block_set(base, KRHN_POST_CHANNELS, op->channels);
    block_set(base, KRHN_POST_FORMAT, op->format);
    block_set(base, KRHN_POST_SHIFT, op->shift);
    block_set(base, KRHN_POST_MULTIPLIER, op->multiplier);
    block_set(base, KRHN_POST_RESIDUAL_MULTIPLIER, op->residual_multiplier);
    block_set(base, KRHN_POST_POOL, op->pool);
    block_set(base, KRHN_POST_POOL_HEIGHT, op->conv_height);
    block_set(base, KRHN_POST_RESIDUAL_REGION, op->residual_region);
    block_set(base, KRHN_POST_RESULT_REGION, op->result_region);
    /* Operations that make a map together write parts of its rows. */
    const bool part = !(flags & KRHN_POST_TO_RESIDUAL) && op->channels != output->channels;
    block_set(base, KRHN_POST_ROW_CHANNELS, part ? output->channels : 0);
    block_set(base, KRHN_POST_FIRST_CHANNEL, part ? op->first_channel : 0);
}

void start_operation(const struct krhn_operation* op, const struct krhn_tensor* input,
                     const struct krhn_tensor* output, const struct krhn_band* band,
                     const struct numbers* n, bool last) {
    const uint32_t array = KRHN_COMPUTE_ARRAY_BASE, post = KRHN_POST_PROCESSING_BASE;
    while (block_full(array) || block_full(post)) jobs_sleep();
    set_array(op, input);
    set_post(op, output);

    /* Rows are freed when no later one of the output needs them, weights after their last use. */
    const bool streams = (op->array_flags & KRHN_ARRAY_CHUNK_OUTERMOST) != 0;
    uint32_t flags = op->array_flags | KRHN_ARRAY_RELEASE_SLIDING;
    if (last) flags |= KRHN_ARRAY_RELEASE_ALL;
    if (last || streams) flags |= KRHN_ARRAY_RELEASE_WEIGHTS;
    block_set(array, KRHN_ARRAY_FLAGS, flags);
    block_set(array, KRHN_ARRAY_INPUT_SEQUENCE, n->input);
    block_set(array, KRHN_ARRAY_OUTPUT_ROW, band->conv_row);
    block_set(array, KRHN_ARRAY_OUTPUT_ROWS, band->conv_rows);
    block_set(array, KRHN_ARRAY_WEIGHT_SEQUENCE, n->chunk);

    block_set(post, KRHN_POST_ROWS, band->conv_rows);
    block_set(post, KRHN_POST_RESIDUAL_SEQUENCE, n->residual + band->conv_row);
    block_set(post, KRHN_POST_OUTPUT_SEQUENCE, n->result);
    block_set(post, KRHN_POST_POOL_ROW, band->conv_row);
    block_set(post, KRHN_POST_OUTPUT_ROWS, band->output_rows);
    block_start(post); /* before the array hands it rows */
    block_start(array);
}

/* ---- Maps of codec raw ----------------------------------------------------------------------- */

/* Channel c goes to stream c modulo the streams, in the order row, column, channel. */
static uint8_t* stream_of(const struct krhn_tensor* map, uint32_t s) {
    return (uint8_t*)(KRHN_DDR_BASE + map->slots_offset + s * map->stream_stride);
}

void write_raw_map(const struct krhn_tensor* map, const uint8_t* values) {
    volatile struct krhn_tile_entry* entry = entry_of(map, 0);
    const uint32_t pixels = map->height * map->width;
    uint32_t crc = 0;
    entry->offset = map->slots_offset;
    entry->values = pixels * map->channels;
    entry->n_streams = map->streams;
    for (uint32_t s = 0; s < map->streams; ++s) {
        uint8_t* to = stream_of(map, s);
        for (uint32_t p = 0; p < pixels; ++p)
            for (uint32_t c = s; c < map->channels; c += map->streams)
                *to++ = values[p * map->channels + c];
        entry->bytes[s] = (uint32_t)(to - stream_of(map, s));
        crc = crc32_words(crc, (const uint32_t*)stream_of(map, s), entry->bytes[s] / 4);
    }
    entry->crc32 = crc;
    publish();
}

void read_raw_map(const struct krhn_tensor* map, uint8_t* values) {
    const uint32_t pixels = map->height * map->width;
    for (uint32_t s = 0; s < map->streams; ++s) {
        const uint8_t* from = stream_of(map, s);
        for (uint32_t p = 0; p < pixels; ++p)
            for (uint32_t c = s; c < map->channels; c += map->streams)
                values[p * map->channels + c] = *from++;
    }
}
