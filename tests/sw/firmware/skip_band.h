/* A faulty scheduler: it never stores one output band of a layer. The band's streams go into the
 * slot of the next band, which is stored after it, and are read back from there, so that the run
 * comes to its end with wrong maps. */
#ifndef KARHUNEN_TEST_SKIP_BAND_H
#define KARHUNEN_TEST_SKIP_BAND_H

#include "scheduler.h"
#include "uart.h"

static inline void variant_prepare(struct scheduler* s) {
    s->variant[0] = KRHN_NONE;
    for (uint32_t i = 0; i < s->network->layer_count && s->variant[0] == KRHN_NONE; ++i) {
        const uint32_t bands = s->network->layers[i].bands;
        if (bands < 3) continue; /* the next band must have as many rows */
        s->variant[0] = i;
        s->variant[1] = (bands - 2) / 2;
    }
}

static inline void variant_announce(const struct scheduler* s) {
    if (s->variant[0] == KRHN_NONE)
        print("test: no layer has three bands\n");
    else
        print("test: layer %u band %u is not stored\n", s->variant[0], s->variant[1]);
}

static inline uint32_t variant_order(const struct scheduler* s, uint32_t layer, uint32_t position) {
    (void)s, (void)layer;
    return position;
}

static inline uint32_t variant_slot(const struct scheduler* s, uint32_t layer, uint32_t band) {
    return layer == s->variant[0] && band == s->variant[1] ? band + 1 : band;
}

static inline uint32_t variant_region_bytes(const struct scheduler* s, uint32_t layer,
                                            const struct krhn_operation* operation) {
    (void)s, (void)layer;
    return operation->region_bytes;
}

#endif
