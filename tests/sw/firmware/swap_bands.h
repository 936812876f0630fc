/* Another order of work with the same result: of one layer, output band 1 is made and stored before
 * band 0. */
#ifndef KARHUNEN_TEST_SWAP_BANDS_H
#define KARHUNEN_TEST_SWAP_BANDS_H

#include "independent_bands.h"

static inline void variant_prepare(struct scheduler* s) {
    s->variant[0] = KRHN_NONE;
    for (uint32_t i = 0; i < s->network->layer_count && s->variant[0] == KRHN_NONE; ++i)
        if (has_independent_bands(s, &s->network->layers[i])) s->variant[0] = i;
}

static inline void variant_announce(const struct scheduler* s) {
    if (s->variant[0] == KRHN_NONE)
        print("test: no layer has two independent bands\n");
    else
        print("test: layer %u makes band 1 before band 0\n", s->variant[0]);
}

static inline uint32_t variant_bands(const struct scheduler* s, uint32_t layer) {
    return s->network->layers[layer].bands;
}

static inline uint32_t variant_order(const struct scheduler* s, uint32_t layer, uint32_t position) {
    return layer == s->variant[0] && position < 2 ? 1 - position : position;
}

static inline uint32_t variant_position(const struct scheduler* s, uint32_t layer, uint32_t band) {
    return variant_order(s, layer, band);
}

static inline uint32_t variant_slot(const struct scheduler* s, uint32_t layer, uint32_t band) {
    (void)s, (void)layer;
    return band;
}

#endif
