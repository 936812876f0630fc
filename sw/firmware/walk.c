/* In which order the input decoder gets the bands of the operations' input maps. */
#include "feeders.h"

static void reset_walk(struct input_walk* w) {
    for (uint32_t o = 0; o < KRHN_MAX_OPERATIONS; ++o) w->decoded[o] = 0;
    w->begin = w->end = 0;
}

void walk_to_next_layer(struct input_walk* w) {
    next_layer(&w->at);
    reset_walk(w);
}

bool walk_find(const struct scheduler* s, struct input_walk* w) {
    struct cursor* c = &w->at;
    if (w->decoded[c->operation] < w->end) return true; /* still in the group */
    while (!at_end(s, c)) {
        const struct krhn_layer* l = layer_at(s, c);
        const uint32_t o = c->operation, band = variant_order(s, c->layer, c->position);
        const struct krhn_operation* op = operation_at(s, c);
        if (is_decoded(op)) {
            const uint32_t rows = band_of(s, l, band, o)->input_rows;
            const uint32_t band_rows = s->network->tensors[op->input].band_rows;
            if (rows > w->decoded[o] * band_rows) {
                w->begin = w->decoded[o];
                w->end = (rows + band_rows - 1) / band_rows;
                return true;
            }
        }
        next_operation(s, c, l);
        if (c->position == 0 && c->operation == 0) reset_walk(w);
        w->end = 0;
    }
    return false;
}

void rows_find(const struct scheduler* s, struct input_rows* r, const struct cursor* c) {
    const uint32_t map = c->layer * s->images + c->image;
    if (r->map == map) return;
    r->map = map;
    const struct krhn_layer* l = layer_at(s, c);
    for (uint32_t o = 0; o < l->operations; ++o) {
        const struct krhn_operation* op = &operations_of(s->network, l)[o];
        if (op->flags & KRHN_OPERATION_SHARES_INPUT) {
            r->base[o] = r->base[o - 1];
            continue;
        }
        r->base[o] = r->next[op->region];
        r->next[op->region] += input_height(s, op);
    }
}
