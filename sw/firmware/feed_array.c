/* Feeder of the compute array and of post-processing, which work in pairs of jobs. */
#include "feeders.h"

#define ARRAY KRHN_COMPUTE_ARRAY_BASE
#define POST KRHN_POST_PROCESSING_BASE

/* Registers that all bands of an operation share. */
static void set_operation(struct scheduler* s, const struct krhn_operation* op) {
    const bool sum = op->input == KRHN_NONE;
    const struct krhn_tensor* t = sum ? 0 : &s->network->tensors[op->input];
    const uint32_t tag = s->array.layer;
    set_parameter(s, ARRAY, KRHN_ARRAY_TAG, tag);
    set_parameter(s, ARRAY, KRHN_ARRAY_KIND, op->kind);
    set_parameter(s, ARRAY, KRHN_ARRAY_REGION, op->region);
    set_parameter(s, ARRAY, KRHN_ARRAY_INPUT_HEIGHT, input_height(s, op));
    set_parameter(s, ARRAY, KRHN_ARRAY_INPUT_WIDTH, sum ? op[-1].conv_width : t->width);
    set_parameter(s, ARRAY, KRHN_ARRAY_INPUT_CHANNELS, sum ? op[-1].channels : t->channels);
    set_parameter(s, ARRAY, KRHN_ARRAY_OUTPUT_WIDTH, op->conv_width);
    set_parameter(s, ARRAY, KRHN_ARRAY_OUTPUT_CHANNELS, op->channels);
    set_parameter(s, ARRAY, KRHN_ARRAY_KERNEL, op->kernel);
    set_parameter(s, ARRAY, KRHN_ARRAY_STRIDE, op->stride);
    set_parameter(s, ARRAY, KRHN_ARRAY_PADDING, op->padding);
    set_parameter(s, ARRAY, KRHN_ARRAY_DILATION, op->dilation);
    set_parameter(s, ARRAY, KRHN_ARRAY_GROUPS, op->groups);
    set_parameter(s, ARRAY, KRHN_ARRAY_WEIGHT_CHUNKS, op->chunks);
    set_parameter(s, ARRAY, KRHN_ARRAY_CHUNK_CHANNELS, op->chunk_channels);

    uint32_t flags = op->post_flags;
    if (flags & KRHN_POST_RESIDUAL) flags |= KRHN_POST_RELEASE_RESIDUAL;
    if (streams_weights(op)) flags |= KRHN_POST_CHUNKED_ROWS;
    set_parameter(s, POST, KRHN_POST_TAG, tag);
    set_parameter(s, POST, KRHN_POST_FLAGS, flags);
    set_parameter(s, POST, KRHN_POST_WIDTH, op->conv_width);
    set_parameter(s, POST, KRHN_POST_CHANNELS, op->channels);
    set_parameter(s, POST, KRHN_POST_FORMAT, op->format);
    set_parameter(s, POST, KRHN_POST_SHIFT, op->shift);
    set_parameter(s, POST, KRHN_POST_MULTIPLIER, op->multiplier);
    set_parameter(s, POST, KRHN_POST_RESIDUAL_MULTIPLIER, op->residual_multiplier);
    set_parameter(s, POST, KRHN_POST_POOL, op->pool);
    set_parameter(s, POST, KRHN_POST_POOL_HEIGHT, op->conv_height);
    set_parameter(s, POST, KRHN_POST_RESIDUAL_REGION, op->residual_region);
    set_parameter(s, POST, KRHN_POST_RESULT_REGION, op->result_region);
    /* Operations that make a map together write parts of its rows. */
    const uint32_t output_channels = s->network->tensors[layer_at(s, &s->array)->output].channels;
    const bool part =
        !(flags & (KRHN_POST_TO_RESIDUAL | KRHN_POST_TO_INPUT)) && op->channels != output_channels;
    set_parameter(s, POST, KRHN_POST_ROW_CHANNELS, part ? output_channels : 0);
    set_parameter(s, POST, KRHN_POST_FIRST_CHANNEL, part ? op->first_channel : 0);
}

/* Weight chunks are numbered in the order of loading, see feed_weights. */
static void number_chunks(struct scheduler* s, const struct krhn_operation* op) {
    const struct cursor* c = &s->array;
    if (!streams_weights(op) && (c->image || c->position)) return;
    s->chunk[c->operation] = s->chunks;
    s->chunks += op->chunks;
}

static uint32_t array_flags(const struct scheduler* s, const struct krhn_operation* op,
                            uint32_t band) {
    const struct cursor* c = &s->array;
    const uint32_t bands = s->plan[c->layer].bands;
    const bool last = c->position + 1 == bands;
    uint32_t flags = op->array_flags;
    /* A band made before its turn leaves rows to the next, an operation to one that shares them. */
    const bool shared =
        c->operation + 1 < layer_at(s, c)->operations && op[1].flags & KRHN_OPERATION_SHARES_INPUT;
    const bool in_turn = variant_order(s, c->layer, c->position + 1) > band;
    const bool slides = !streams_weights(op) || bands > 1; /* else the whole map stays */
    if (last && !shared) flags |= KRHN_ARRAY_RELEASE_ALL;
    if (in_turn && slides && !shared) flags |= KRHN_ARRAY_RELEASE_SLIDING;
    if (streams_weights(op) || (last && c->image + 1 == s->images))
        flags |= KRHN_ARRAY_RELEASE_WEIGHTS;
    return flags;
}

void feed_array(struct scheduler* s) {
    struct cursor* c = &s->array;
    if (at_end(s, c)) return;
    const struct krhn_layer* l = layer_at(s, c);
    const struct krhn_operation* op = operation_at(s, c);
    const uint32_t band = variant_order(s, c->layer, c->position);
    const struct krhn_band* b = band_of(s, l, band, c->operation);
    const uint32_t residual_row = residual_rows_of(s, c);
    rows_find(s, &s->array_rows, c);
    number_chunks(s, op);
    if (map_at(c) != s->array_map) {
        s->array_map = map_at(c);
        set_operation(s, op);
    }
    set_parameter(s, ARRAY, KRHN_ARRAY_INPUT_SEQUENCE, s->array_rows.base[c->operation]);
    set_parameter(s, ARRAY, KRHN_ARRAY_OUTPUT_ROW, b->conv_row);
    set_parameter(s, ARRAY, KRHN_ARRAY_OUTPUT_ROWS, b->conv_rows);
    set_parameter(s, ARRAY, KRHN_ARRAY_WEIGHT_SEQUENCE, s->chunk[c->operation]);
    set_parameter(s, ARRAY, KRHN_ARRAY_FLAGS, array_flags(s, op, band));

    uint32_t result = s->output_next;
    if (op->post_flags & KRHN_POST_TO_RESIDUAL) result = residual_row + b->output_row;
    if (op->post_flags & KRHN_POST_TO_INPUT)
        result = s->array_rows.base[c->operation + 1] + b->output_row;
    set_parameter(s, POST, KRHN_POST_ROWS, b->conv_rows);
    set_parameter(s, POST, KRHN_POST_RESIDUAL_SEQUENCE, residual_row + b->conv_row);
    set_parameter(s, POST, KRHN_POST_OUTPUT_SEQUENCE, result);
    set_parameter(s, POST, KRHN_POST_POOL_ROW, b->conv_row);
    set_parameter(s, POST, KRHN_POST_OUTPUT_ROWS, b->output_rows);
    block_start(POST); /* first, so that it is there when the array hands out rows */
    block_start(ARRAY);

    if (c->operation + 1 == l->operations) s->output_next += b->output_rows;
    note_job(s, FEED_ARRAY, c, band);
    next_operation(s, c, l);
}
