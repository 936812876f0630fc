/* Jobs of the accelerator's blocks, in the words of the loadable (karhunen/loadable.h): a map in
 * DDR is a krhn_tensor (streams of its codec, and a tile table entry per band), what the array and
 * post-processing do is a krhn_operation, their share of it for one output band a krhn_band.
 *
 * A start puts a job behind the one that runs; it may sleep until there is room. Rows in buffers,
 * weight chunks and codec tables have numbers, counted from 0 since reset, one count per region,
 * store and table memory; a block waits for the numbers that its job needs. So the order of starts
 * hardly matters. Of a batch, this is image 0. */
#ifndef KARHUNEN_EXAMPLES_JOBS_H
#define KARHUNEN_EXAMPLES_JOBS_H

#include "block.h"

/* DMA channels are used for the port of the same number. */
#define INPUT KRHN_PORT_INPUT_STREAM
#define RESIDUAL KRHN_PORT_RESIDUAL_STREAM
#define OUTPUT KRHN_PORT_ENCODER_STREAM

extern uint32_t jobs_tag; /* goes with each job into waveforms and reports: number of the layer */

void jobs_prepare(void); /* enables the interrupts by which jobs_sleep() wakes */
/* Until something has happened. A block in error ends the program, and says why. */
void jobs_sleep(void);

/* DDR to weight buffer or table memory: `rows` chunks of `bytes`, at `offset` in DDR. */
void start_load(uint32_t port, uint32_t offset, uint32_t bytes, uint32_t rows);
/* All weight chunks of an operation; returns how many. */
uint32_t start_weights(const struct krhn_operation* op);

/* DDR to decoder (INPUT, RESIDUAL) to buffer. `row` is the number of the band's first row. */
struct place {
    uint32_t region, region_bytes, row;
};
bool has_room(uint32_t port);
void start_decoding(uint32_t port, const struct krhn_tensor* map, uint32_t band, struct place to);

struct numbers {
    uint32_t input, residual; /* row 0 of the maps that come in */
    uint32_t result;          /* first row of the band that goes out, in its buffer */
    uint32_t chunk;           /* first weight chunk */
};
/* Buffer to array to post-processing to buffer. last: no later band needs the input rows. */
void start_operation(const struct krhn_operation* op, const struct krhn_tensor* input,
                     const struct krhn_tensor* output, const struct krhn_band* band,
                     const struct numbers* numbers, bool last);

/* Output buffer to encoder to DDR; `row` as above. */
void start_encoding(const struct krhn_tensor* map, uint32_t band, uint32_t row);
/* Sleeps until so many bands are stored in all. */
void wait_for_stored(uint32_t bands);
/* Of the streams of a map with one band. */
uint32_t stored_bytes(const struct krhn_tensor* map);

/* A map of one band and four streams, of at most 4 KiB each: 16 KiB and a table entry at `at`. */
#define ONE_BAND_MAP(rows, columns, n, format_in, format_out, codec_number, at)                   \
    {                                                                                             \
        .height = (rows), .width = (columns), .channels = (n), .bands = 1, .band_rows = (rows),   \
        .stored_format = (format_in), .decoded_format = (format_out), .codec = (codec_number),    \
        .streams = 4, .entries_offset = (at), .slots_offset = (at) + 64, .stream_stride = 0x1000, \
    }
/* Such a map of codec raw, written and read by the CPU; value (row, column, channel). Streams are
 * whole words. */
void write_raw_map(const struct krhn_tensor* map, const uint8_t* values);
void read_raw_map(const struct krhn_tensor* map, uint8_t* values);

#endif
