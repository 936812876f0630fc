/* Another order of work with the same result: of one layer, whose whole input fits into the
 * activation buffer, output band 1 is made and stored before band 0. */
#ifndef KARHUNEN_TEST_SWAP_BANDS_H
#define KARHUNEN_TEST_SWAP_BANDS_H

#include "block.h"
#include "scheduler.h"
#include "uart.h"

static inline uint32_t input_bytes(const struct scheduler* s, const struct krhn_operation* op) {
    const struct krhn_tensor* t = &s->network->tensors[op->input];
    return t->height * t->width * t->channels; /* a convolution reads 8-bit maps */
}

/* Bands are independent where neither pooling nor a residual goes from row to row. */
static inline void variant_prepare(struct scheduler* s) {
    const uint32_t room = read32(KRHN_BUFFERS_BASE + KRHN_BUFFERS_ACTIVATION_BYTES);
    s->variant[0] = KRHN_NONE;
    for (uint32_t i = 0; i < s->network->layer_count && s->variant[0] == KRHN_NONE; ++i) {
        const struct krhn_layer* l = &s->network->layers[i];
        const struct krhn_operation* op = &l->operation[0];
        const uint32_t chained = KRHN_POST_RESIDUAL | KRHN_POST_MAX_POOL | KRHN_POST_AVERAGE_POOL;
        if (l->operations == 1 && l->bands >= 2 && op->kind == KRHN_ARRAY_CONVOLUTION &&
            op->array_flags == 0 && (op->post_flags & chained) == 0 && input_bytes(s, op) <= room)
            s->variant[0] = i;
    }
}

static inline void variant_announce(const struct scheduler* s) {
    if (s->variant[0] == KRHN_NONE)
        print("test: no layer has two independent bands\n");
    else
        print("test: layer %u makes band 1 before band 0\n", s->variant[0]);
}

static inline uint32_t variant_order(const struct scheduler* s, uint32_t layer, uint32_t position) {
    return layer == s->variant[0] && position < 2 ? 1 - position : position;
}

static inline uint32_t variant_slot(const struct scheduler* s, uint32_t layer, uint32_t band) {
    (void)s, (void)layer;
    return band;
}

/* Band 1 needs rows before those that band 0 needs may go. */
static inline uint32_t variant_region_bytes(const struct scheduler* s, uint32_t layer,
                                            const struct krhn_operation* operation) {
    return layer == s->variant[0] ? input_bytes(s, operation) : operation->region_bytes;
}

#endif
