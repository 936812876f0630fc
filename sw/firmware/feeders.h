/* What the feeders share. Private to the scheduler. */
#ifndef KARHUNEN_FIRMWARE_FEEDERS_H
#define KARHUNEN_FIRMWARE_FEEDERS_H

#include "block.h"
#include "scheduler.h"

#ifdef KRHN_VARIANT
#include KRHN_VARIANT
#else
#include "variant.h"
#endif

static inline const struct krhn_layer* layer_at(const struct scheduler* s, const struct cursor* c) {
    return &s->network->layers[c->layer];
}
static inline const struct krhn_operation* operation_at(const struct scheduler* s,
                                                        const struct cursor* c) {
    return &operations_of(s->network, layer_at(s, c))[c->operation];
}
static inline bool at_end(const struct scheduler* s, const struct cursor* c) {
    return c->layer == s->network->layer_count;
}
static inline const struct krhn_band* band_of(const struct scheduler* s, const struct krhn_layer* l,
                                              uint32_t band, uint32_t operation) {
    return &s->network->bands[l->tiling + band * l->operations + operation];
}

static inline void next_layer(struct cursor* c) {
    *c = (struct cursor){.layer = c->layer + 1};
}
static inline void next_image(const struct scheduler* s, struct cursor* c) {
    const uint32_t image = c->image + 1;
    if (image == s->images)
        next_layer(c);
    else
        *c = (struct cursor){.layer = c->layer, .image = image};
}
/* bands: of the map that the feeder goes through. */
static inline void next_band(const struct scheduler* s, struct cursor* c, uint32_t bands) {
    c->operation = 0;
    if (++c->position == bands) next_image(s, c);
}
static inline void next_operation(const struct scheduler* s, struct cursor* c,
                                  const struct krhn_layer* l) {
    if (++c->operation == l->operations) next_band(s, c, s->plan[c->layer].bands);
}

static inline uint32_t rows_of_band(const struct krhn_tensor* t, uint32_t band) {
    const uint32_t left = t->height - band * t->band_rows;
    return left < t->band_rows ? left : t->band_rows;
}
/* Whether the input decoder delivers an operation's rows. */
static inline bool is_decoded(const struct krhn_operation* op) {
    return op->input != KRHN_NONE && !(op->flags & KRHN_OPERATION_SHARES_INPUT);
}
/* Rows of the map that an operation takes. */
static inline uint32_t input_height(const struct scheduler* s, const struct krhn_operation* op) {
    return op->input == KRHN_NONE ? op[-1].conv_height : s->network->tensors[op->input].height;
}
/* Which (layer, operation) a block is at. */
static inline uint32_t map_at(const struct cursor* c) {
    return c->layer * KRHN_MAX_OPERATIONS + c->operation;
}
/* Number of row 0 of the residual operand, in the residual buffer. */
static inline uint32_t residual_rows_of(const struct scheduler* s, const struct cursor* c) {
    const struct layer_plan* p = &s->plan[c->layer];
    return p->residual_first + c->image * p->residual_rows;
}
static inline uint32_t slot_of(const struct krhn_tensor* t, uint32_t image, uint32_t slot) {
    return t->slots_offset + image * t->slots_bytes + slot * t->slot_stride;
}
static inline uint32_t entry_of(const struct krhn_tensor* t, uint32_t image, uint32_t slot) {
    return KRHN_DDR_BASE + t->entries_offset +
           (image * t->bands + slot) * (uint32_t)sizeof(struct krhn_tile_entry);
}

/* The descriptors of a feeder's next job. The channel has room, so the job before last is over and
 * its descriptors are free. */
static inline struct krhn_dma_descriptor* descriptors_of(struct scheduler* s, enum feeder f) {
    return s->descriptors[f][s->started[f] & 1];
}
/* What must have room for a feeder's next job. */
static inline uint32_t room_for(enum feeder f) {
    static const uint32_t room[FEEDERS] = {
        [FEED_WEIGHTS] = EVENT_CHANNEL(FEED_WEIGHTS),
        [FEED_ENCODER_TABLE] = EVENT_CHANNEL(FEED_ENCODER_TABLE),
        [FEED_INPUT_TABLE] = EVENT_CHANNEL(FEED_INPUT_TABLE),
        [FEED_RESIDUAL_TABLE] = EVENT_CHANNEL(FEED_RESIDUAL_TABLE),
        [FEED_INPUT] = EVENT_CHANNEL(FEED_INPUT) | EVENT_BLOCK(KRHN_IRQ_INPUT_DECODER),
        [FEED_RESIDUAL] = EVENT_CHANNEL(FEED_RESIDUAL) | EVENT_BLOCK(KRHN_IRQ_RESIDUAL_DECODER),
        [FEED_ENCODER] = EVENT_CHANNEL(FEED_ENCODER) | EVENT_BLOCK(KRHN_IRQ_ENCODER),
        [FEED_ARRAY] = EVENT_BLOCK(KRHN_IRQ_COMPUTE_ARRAY) | EVENT_BLOCK(KRHN_IRQ_POST_PROCESSING),
    };
    return room[f];
}
static inline void note_job(struct scheduler* s, enum feeder f, const struct cursor* c,
                            uint32_t band) {
    s->room &= ~room_for(f);
    s->jobs[f][s->started[f]++ & 1] = (struct job){(uint16_t)c->layer, (uint16_t)c->image,
                                                   (uint16_t)band, (uint16_t)c->operation};
}

/* Whether an operation's weights are loaded anew for each output band, chunk by chunk; else once
 * per layer. */
static inline bool streams_weights(const struct krhn_operation* op) {
    return (op->array_flags & KRHN_ARRAY_CHUNK_OUTERMOST) != 0;
}

/* A register that its block keeps between jobs: written if it changes, and compared before. */
_Static_assert(KRHN_ARRAY_GROUPS == KRHN_ENCODER_TAG + 4 * (PARAMETERS - 1), "parameters");
void write_changed(struct scheduler* s, uint32_t* last, uint32_t address, uint32_t value);
static inline uint32_t* parameters_of(struct scheduler* s, uint32_t base) {
    return s->parameters[(base - KRHN_INPUT_DECODER_BASE) / KRHN_BLOCK_BYTES];
}
static inline void set_parameter(struct scheduler* s, uint32_t base, uint32_t offset,
                                 uint32_t value) {
    write_changed(s, &parameters_of(s, base)[(offset - KRHN_ENCODER_TAG) / 4], base + offset,
                  value);
}

/* ---- Input walk, for the input decoder and its tables ---------------------------------------- */
/* Finds the next group of bands to decode. false: none is left. */
bool walk_find(const struct scheduler* s, struct input_walk* w);
void walk_to_next_layer(struct input_walk* w);
/* Allots row numbers when the cursor has come to another layer or image. */
void rows_find(const struct scheduler* s, struct input_rows* r, const struct cursor* c);
/* Whether the next band is the first that uses its operation's input table after a load. */
static inline bool table_is_new(const struct scheduler* s, const struct input_walk* w) {
    const uint32_t band = w->decoded[w->at.operation];
    return s->plan[w->at.layer].streams_tables ? band == w->begin : w->at.image == 0 && band == 0;
}

/* ---- The feeders: each starts one job, if it is its turn ------------------------------------- */
void feed_weights(struct scheduler* s);
void feed_encoder_table(struct scheduler* s);
void feed_input_table(struct scheduler* s);
void feed_residual_table(struct scheduler* s);
void feed_input(struct scheduler* s);
void feed_residual(struct scheduler* s);
void feed_encoder(struct scheduler* s);
void feed_array(struct scheduler* s);

#endif
