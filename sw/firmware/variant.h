/* The decisions that test firmwares change (tests/sw/firmware); here as they should be. */
#ifndef KARHUNEN_FIRMWARE_VARIANT_H
#define KARHUNEN_FIRMWARE_VARIANT_H

#include "scheduler.h"

/* Once, before the first job. */
static inline void variant_prepare(struct scheduler* s) {
    (void)s;
}

/* Says on the UART what is different. */
static inline void variant_announce(const struct scheduler* s) {
    (void)s;
}

/* How many output bands of a layer are made. */
static inline uint32_t variant_bands(const struct scheduler* s, uint32_t layer) {
    return s->network->layers[layer].bands;
}

/* Which output band of a layer is made at a position of the order of work, and the reverse. */
static inline uint32_t variant_order(const struct scheduler* s, uint32_t layer, uint32_t position) {
    (void)s, (void)layer;
    return position;
}

static inline uint32_t variant_position(const struct scheduler* s, uint32_t layer, uint32_t band) {
    (void)s, (void)layer;
    return band;
}

/* In which band's slot the streams of a layer's output band lie. */
static inline uint32_t variant_slot(const struct scheduler* s, uint32_t layer, uint32_t band) {
    (void)s, (void)layer;
    return band;
}

/* Most bytes of input rows that an operation may hold. */
static inline uint32_t variant_region_bytes(const struct scheduler* s, uint32_t layer,
                                            const struct krhn_operation* operation) {
    (void)s, (void)layer;
    return operation->region_bytes;
}

#endif
