/* A faulty scheduler: it forgets one output band of a layer. Where the band is read, the next one
 * is read in its place, so that the run comes to its end with wrong maps. */
#ifndef KARHUNEN_TEST_SKIP_BAND_H
#define KARHUNEN_TEST_SKIP_BAND_H

#include "independent_bands.h"

static inline void variant_prepare(struct scheduler* s) {
    s->variant[0] = KRHN_NONE;
    for (uint32_t i = 0; i < s->network->layer_count && s->variant[0] == KRHN_NONE; ++i) {
        const struct krhn_layer* l = &s->network->layers[i];
        const struct krhn_tensor* t = &s->network->tensors[l->output];
        const uint32_t band = (l->bands - 2) / 2;
        if (!has_independent_bands(s, l) || t->height < (band + 2) * t->band_rows) continue;
        s->variant[0] = i; /* and the next band has as many rows */
        s->variant[1] = band;
    }
}

static inline void variant_announce(const struct scheduler* s) {
    if (s->variant[0] == KRHN_NONE)
        print("test: no layer has two independent bands of a size\n");
    else
        print("test: layer %u band %u is forgotten\n", s->variant[0], s->variant[1]);
}

static inline uint32_t variant_bands(const struct scheduler* s, uint32_t layer) {
    return s->network->layers[layer].bands - (layer == s->variant[0]);
}

static inline uint32_t variant_order(const struct scheduler* s, uint32_t layer, uint32_t position) {
    return position + (layer == s->variant[0] && position >= s->variant[1]);
}

static inline uint32_t variant_position(const struct scheduler* s, uint32_t layer, uint32_t band) {
    return band - (layer == s->variant[0] && band > s->variant[1]);
}

static inline uint32_t variant_slot(const struct scheduler* s, uint32_t layer, uint32_t band) {
    return layer == s->variant[0] && band == s->variant[1] ? band + 1 : band;
}

#endif
