/* Layers whose output bands may be made in any order: nothing goes from row to row, and the whole
 * input fits into the activation buffer. */
#ifndef KARHUNEN_TEST_INDEPENDENT_BANDS_H
#define KARHUNEN_TEST_INDEPENDENT_BANDS_H

#include "block.h"
#include "scheduler.h"
#include "uart.h"

static inline uint32_t input_bytes(const struct scheduler* s, const struct krhn_operation* op) {
    const struct krhn_tensor* t = &s->network->tensors[op->input];
    return t->height * t->width * t->channels; /* a convolution reads 8-bit maps */
}

static inline bool has_independent_bands(const struct scheduler* s, const struct krhn_layer* l) {
    const struct krhn_operation* op = operations_of(s->network, l);
    const uint32_t chained = KRHN_POST_RESIDUAL | KRHN_POST_MAX_POOL | KRHN_POST_AVERAGE_POOL;
    const uint32_t room = read32(KRHN_BUFFERS_BASE + KRHN_BUFFERS_ACTIVATION_BYTES);
    return l->operations == 1 && l->bands >= 2 && op->kind == KRHN_ARRAY_CONVOLUTION &&
           (op->array_flags & KRHN_ARRAY_CHUNK_OUTERMOST) == 0 && (op->post_flags & chained) == 0 &&
           input_bytes(s, op) <= room;
}

/* A band may need rows while those of another are still there. */
static inline uint32_t variant_region_bytes(const struct scheduler* s, uint32_t layer,
                                            const struct krhn_operation* operation) {
    return layer == s->variant[0] ? input_bytes(s, operation) : operation->region_bytes;
}

#endif
