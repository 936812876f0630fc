/* Feeders of the loads: weights and codec tables. A load waits in hardware until there is room. */
#include "feeders.h"

static void load(struct scheduler* s, enum feeder f, const struct cursor* c) {
    dma_start(f, descriptors_of(s, f));
    note_job(s, f, c, c->position);
}

/* checksum: of all rows; null: unknown. */
static void describe(struct krhn_dma_descriptor* d, uint32_t tag, uint32_t offset, uint32_t bytes,
                     uint32_t rows, const uint32_t* checksum) {
    d->next = 0;
    d->tag = tag;
    d->source = KRHN_DDR_BASE + offset;
    d->row_bytes = bytes;
    d->rows = rows;
    d->source_stride = bytes;
    d->flags = checksum ? KRHN_DMA_CHECK : 0;
    if (checksum) d->crc32 = *checksum;
}

/* The chunks of an operation: a row each, the last one in a descriptor of its own if shorter. */
static void load_weights(struct scheduler* s, const struct krhn_operation* op) {
    struct krhn_dma_descriptor* d = descriptors_of(s, FEED_WEIGHTS);
    const uint32_t tag = s->weights.layer;
    const struct network* n = s->network;
    const struct krhn_checksum* c = n->checksums ? &n->checksums[op - n->operations] : 0;
    if (op->chunks == 1 || op->last_chunk_bytes == op->chunk_bytes) {
        describe(d, tag, op->weights_offset, op->last_chunk_bytes, op->chunks, c ? &c->all : 0);
    } else {
        const uint32_t full = op->chunks - 1;
        describe(d, tag, op->weights_offset, op->chunk_bytes, full, c ? &c->all : 0);
        describe(d + 1, tag, op->weights_offset + full * op->chunk_bytes, op->last_chunk_bytes, 1,
                 c ? &c->part : 0);
        d->next = address_of(d + 1);
    }
    load(s, FEED_WEIGHTS, &s->weights);
}

void feed_weights(struct scheduler* s) {
    struct cursor* c = &s->weights;
    while (!at_end(s, c)) {
        const struct krhn_layer* l = layer_at(s, c);
        const bool first = c->image == 0 && c->position == 0;
        if (!first && !s->plan[c->layer].streams_weights) {
            next_layer(c);
            continue;
        }
        const struct krhn_operation* op = operation_at(s, c);
        const bool wanted = op->chunks && (first || streams_weights(op));
        if (wanted) load_weights(s, op);
        next_operation(s, c, l);
        if (wanted) return;
    }
}

static void load_table(struct scheduler* s, enum feeder f, const struct cursor* c,
                       const struct krhn_tensor* t) {
    const struct network* n = s->network;
    const struct krhn_checksum* checksum =
        n->checksums ? &n->checksums[n->operation_count + (uint32_t)(t - n->tensors)] : 0;
    const bool part = f == FEED_ENCODER_TABLE;
    describe(descriptors_of(s, f), c->layer, t->table_offset,
             part ? krhn_encoder_table_bytes(t) : t->table_bytes, 1,
             !checksum ? 0
             : part    ? &checksum->part
                       : &checksum->all);
    load(s, f, c);
}

/* One table per layer, that of `output` or `residual`. */
static void feed_layer_table(struct scheduler* s, enum feeder f, struct cursor* c) {
    for (; !at_end(s, c); ++c->layer) {
        const struct krhn_layer* l = layer_at(s, c);
        const uint32_t tensor = f == FEED_ENCODER_TABLE ? l->output : l->residual;
        if (tensor == KRHN_NONE || s->network->tensors[tensor].table_bytes == 0) continue;
        load_table(s, f, c, &s->network->tensors[tensor]);
        ++c->layer;
        return;
    }
}
void feed_encoder_table(struct scheduler* s) {
    feed_layer_table(s, FEED_ENCODER_TABLE, &s->encoder_table);
}
void feed_residual_table(struct scheduler* s) {
    feed_layer_table(s, FEED_RESIDUAL_TABLE, &s->residual_table);
}

/* The input decoder's tables, in the order in which feed_input begins to use them. */
void feed_input_table(struct scheduler* s) {
    struct input_walk* w = &s->table_walk;
    while (!at_end(s, &w->at)) {
        const struct layer_plan* p = &s->plan[w->at.layer];
        if (!p->loads_tables || (w->at.image && !p->streams_tables)) {
            walk_to_next_layer(w);
            continue;
        }
        if (!walk_find(s, w)) return;
        const struct krhn_operation* op = operation_at(s, &w->at);
        const struct krhn_tensor* t = &s->network->tensors[op->input];
        const bool wanted = t->table_bytes && table_is_new(s, w);
        if (wanted) load_table(s, FEED_INPUT_TABLE, &w->at, t);
        w->decoded[w->at.operation] = w->end;
        if (wanted) return;
    }
}
