/* The layer scheduler: one feeder per block, each a cursor over layer, image, band and operation.
 *
 * A feeder hands its block the next job as soon as the block can take one (READY has come for the
 * job before, which is then running) and, if the job reads a stored map, as soon as that band is
 * stored. Nothing else is
 * ordered by software: buffers, FIFOs and chunk numbers hold back whoever is too early. So every
 * block runs ahead as far as the buffers allow, across bands, images and layers.
 *
 * Feeders are numbered like the DMA channels that they own. */
#ifndef KARHUNEN_FIRMWARE_SCHEDULER_H
#define KARHUNEN_FIRMWARE_SCHEDULER_H

#include <karhunen/dma.h>
#include <karhunen/loadable.h>
#include <karhunen/registers.h>
#include <stdbool.h>

#include "network.h"

enum feeder {
    FEED_WEIGHTS,        /* channel 0 */
    FEED_ENCODER_TABLE,  /* channel 1 */
    FEED_INPUT_TABLE,    /* channel 2 */
    FEED_RESIDUAL_TABLE, /* channel 3 */
    FEED_INPUT,          /* channel 4 and the input decoder */
    FEED_RESIDUAL,       /* channel 5 and the residual decoder */
    FEED_ENCODER,        /* channel 6 and the encoder */
    FEED_ARRAY,          /* the array and post-processing */
    FEEDERS
};
#define DMA_FEEDERS 7u

/* Events, and the room that they tell of: which channels and blocks can take another job. */
#define EVENT_CHANNEL(feeder) (1u << (feeder))
#define EVENT_BLOCK(source) (1u << (8 + (source))) /* number at the PLIC */
#define EVENT_STORED 0x80000000u                   /* a band was stored */
#define EVENTS_AT_START (~EVENT_STORED)

/* Where a feeder is. `position` is the place in the order of work, see variant_order. */
struct cursor {
    uint32_t layer, image, position, operation;
};

/* What a job was for; kept for the running and the shadow job of each feeder, for messages. */
struct job {
    uint16_t layer, image, band, operation;
};

struct layer_plan {
    uint32_t bands;         /* output bands that are made */
    uint32_t stores_before; /* bands stored by all layers before this one */
    /* bands that must be stored before the residual decoder may fill the residual buffer for this
     * layer: those of the last layer before it whose shortcut convolution needs that buffer */
    uint32_t residual_after;
    /* the same for the input decoder and the activation buffer, which sums are made in */
    uint32_t input_after;
    uint32_t residual_first,
        residual_rows;    /* in the residual buffer: row 0 of image 0, per image */
    bool streams_weights; /* some operation loads its weights for each image */
    bool loads_tables;    /* some input has a table */
    bool streams_tables;  /* the input tables do not fit together: load at each change */
};

/* Groups of input bands: what one operation needs in addition for one output band. */
struct input_walk {
    struct cursor at;
    uint32_t decoded[KRHN_MAX_OPERATIONS]; /* bands of each operation's input that are behind, in
                                              this image */
    uint32_t begin, end; /* of the group: decoded[operation] before and after it */
};

/* Sequence numbers of the input rows, allotted per (layer, image, operation). */
struct input_rows {
    uint32_t next[KRHN_BUFFER_REGIONS];
    uint32_t base[KRHN_MAX_OPERATIONS]; /* number of row 0 */
    uint32_t map;                       /* which (layer, image) base is for */
};

/* The blocks from the input decoder to the encoder, and their registers from 0x40 on. */
#define PARAMETER_BLOCKS 5u
#define PARAMETERS 20u

#define DECODER_PARAMETERS ((KRHN_DECODER_SKIP_ROWS - KRHN_DECODER_TAG) / 4)

struct scheduler {
    const struct network* network;
    uint32_t images;
    struct layer_plan plan[KRHN_MAX_LAYERS + 1];
    uint16_t producer[KRHN_MAX_TENSORS]; /* layer that stores the tensor, NO_LAYER: the host */
    uint32_t stored, stores;             /* bands: by now, in all */
    uint32_t chains_at_start;            /* CHAINS_DONE of channel 6 */

    struct cursor weights, encoder_table, residual_table, residual, array, encoder;
    struct input_walk table_walk, input_walk;
    struct input_rows input_rows, array_rows;

    /* input decoder */
    uint32_t input_map;    /* (layer, operation) that its registers are set for */
    uint32_t input_tables; /* tables loaded for the jobs so far */
    uint32_t input_table[KRHN_MAX_OPERATIONS]; /* number of each operation's table */
    /* residual decoder */
    uint32_t residual_layer, residual_tables;
    /* array and post-processing */
    uint32_t array_map;                  /* (layer, operation) that their registers are set for */
    uint32_t chunks;                     /* weight chunks of the jobs so far */
    uint32_t chunk[KRHN_MAX_OPERATIONS]; /* first one of each operation */
    uint32_t output_next;                /* row of the output buffer */
    /* encoder */
    uint32_t encoder_layer, encoder_tables, encoder_next;

    /* recovery */
    uint32_t decoder_jobs[2][2][DECODER_PARAMETERS]; /* of the input and the residual decoder */
    uint32_t chains_before[DMA_FEEDERS]; /* that were done when the channel was last reset */
    uint32_t recoveries, recovered_job[DMA_FEEDERS];
    bool again;             /* values were wrong before they were right: compute all once more */
    uint32_t residual_rows; /* of the runs until now */

    uint32_t variant[2]; /* for variant.h */
    uint32_t room;       /* events that have come since the jobs last started */
    uint32_t parameters[PARAMETER_BLOCKS][PARAMETERS]; /* as last written to the blocks */
    uint32_t started[FEEDERS];
    struct job jobs[FEEDERS][2];
    struct krhn_dma_descriptor descriptors[DMA_FEEDERS][2][2]; /* [feeder][job][in the chain] */
};
#define NO_LAYER 0xFFFFu

/* `s` is all zeros: it is large, and start-up code has cleared it. */
void scheduler_prepare(struct scheduler* s, const struct network* network, uint32_t images);

/* All images once more, when they are done; numbers of rows, chunks and tables run on. */
void scheduler_restart(struct scheduler* s);

/* Lets the feeders go on that wait for one of the events. */
void scheduler_feed(struct scheduler* s, uint32_t events);

static inline bool scheduler_done(const struct scheduler* s) {
    return s->stored == s->stores;
}

#endif
