/* Feeders of the decoders and of the encoder, each with its stream channel. */
#include <stddef.h>

#include "feeders.h"

/* ---- Stored maps ----------------------------------------------------------------------------- */

static uint32_t slot_of_band(const struct scheduler* s, uint32_t tensor, uint32_t band) {
    const uint32_t layer = s->producer[tensor];
    return layer == NO_LAYER ? band : variant_slot(s, layer, band);
}

/* Bands are stored in the order of the encoder feeder, one chain each. */
static bool is_stored(const struct scheduler* s, uint32_t tensor, uint32_t image, uint32_t slot) {
    const uint32_t layer = s->producer[tensor];
    if (layer == NO_LAYER) return true; /* by the host */
    const struct layer_plan* p = &s->plan[layer];
    return s->stored > p->stores_before + image * p->bands + variant_position(s, layer, slot);
}

/* Describes the streams of one stored band. Of its tile table entry only what is needed is read: a
 * read takes about a microsecond when DRAM is busy, and a wrong entry ends in an error anyway. */
static void describe_stored(struct scheduler* s, enum feeder f, const struct krhn_tensor* t,
                            const struct cursor* c, uint32_t slot) {
    struct krhn_dma_descriptor* d = descriptors_of(s, f);
    const uint32_t entry = entry_of(t, c->image, slot);
    d->crc32 = read32(entry + offsetof(struct krhn_tile_entry, crc32));
    for (uint32_t i = 0; i < t->streams; ++i)
        d->bytes[i] = read32(entry + offsetof(struct krhn_tile_entry, bytes) + 4 * i);
    d->tag = c->layer;
    d->source = KRHN_DDR_BASE + slot_of(t, c->image, slot);
    d->source_stride = t->stream_stride;
    d->n_streams = t->streams;
}

/* The parameters that all bands of a map share. */
static void set_map(struct scheduler* s, uint32_t base, const struct krhn_tensor* map,
                    uint32_t format, uint32_t tag) {
    set_parameter(s, base, KRHN_ENCODER_TAG, tag);
    set_parameter(s, base, KRHN_ENCODER_CODEC, map->codec);
    set_parameter(s, base, KRHN_ENCODER_FORMAT, format);
    set_parameter(s, base, KRHN_ENCODER_WIDTH, map->width);
    set_parameter(s, base, KRHN_ENCODER_CHANNELS, map->channels);
    set_parameter(s, base, KRHN_ENCODER_STREAMS, map->streams);
}

static void start_band(struct scheduler* s, uint32_t base, uint32_t rows, uint32_t sequence,
                       uint32_t flags) {
    set_parameter(s, base, KRHN_ENCODER_ROWS, rows);
    set_parameter(s, base, KRHN_ENCODER_ROW_SEQUENCE, sequence);
    set_parameter(s, base, KRHN_ENCODER_FLAGS, flags);
    block_start(base);
}

/* ---- Decoders -------------------------------------------------------------------------------- */

static void set_decoder(struct scheduler* s, uint32_t base, const struct krhn_tensor* t,
                        uint32_t tag, uint32_t region, uint32_t region_bytes, uint32_t table) {
    set_map(s, base, t, t->decoded_format, tag);
    set_parameter(s, base, KRHN_DECODER_REGION, region);
    set_parameter(s, base, KRHN_DECODER_REGION_BYTES, region_bytes);
    set_parameter(s, base, KRHN_DECODER_TABLE_SEQUENCE, table);
}

/* For recover.c. */
static void keep_parameters(struct scheduler* s, enum feeder f, uint32_t base) {
    const uint32_t* parameters = parameters_of(s, base);
    uint32_t* kept = s->decoder_jobs[f - FEED_INPUT][s->started[f] & 1];
    for (uint32_t i = 0; i < DECODER_PARAMETERS; ++i) kept[i] = parameters[i];
}

/* Starts a decoder and its channel on one band; the registers of the map are set. */
static void start_decoder(struct scheduler* s, enum feeder f, uint32_t base, const struct cursor* c,
                          uint32_t tensor, uint32_t band, uint32_t sequence, bool release_table) {
    const struct krhn_tensor* t = &s->network->tensors[tensor];
    const uint32_t rows = rows_of_band(t, band);
    describe_stored(s, f, t, c, slot_of_band(s, tensor, band));
    descriptors_of(s, f)->values = rows * t->width * t->channels;
    set_parameter(s, base, KRHN_DECODER_SKIP_ROWS, 0);
    start_band(s, base, rows, sequence, release_table ? KRHN_CODEC_RELEASE_TABLE : 0);
    dma_start(f, descriptors_of(s, f));
    keep_parameters(s, f, base);
    note_job(s, f, c, band);
}

/* Whether `band` is the last that needs the table of its operation's input. */
static bool ends_table(const struct scheduler* s, const struct input_walk* w,
                       const struct krhn_tensor* t, uint32_t band) {
    if (s->plan[w->at.layer].streams_tables) return band + 1 == w->end;
    const struct krhn_layer* l = layer_at(s, &w->at);
    const uint32_t rows = band_of(s, l, l->bands - 1, w->at.operation)->input_rows;
    return w->at.image + 1 == s->images && (band + 1) * t->band_rows >= rows;
}

void feed_input(struct scheduler* s) {
    struct input_walk* w = &s->input_walk;
    if (!walk_find(s, w)) return;
    const struct cursor* c = &w->at;
    const uint32_t o = c->operation, band = w->decoded[o];
    const struct krhn_operation* op = operation_at(s, c);
    const struct krhn_tensor* t = &s->network->tensors[op->input];
    if (s->stored < s->plan[c->layer].input_after ||
        !is_stored(s, op->input, c->image, slot_of_band(s, op->input, band)))
        return;

    rows_find(s, &s->input_rows, c);
    const bool new_table = t->table_bytes && table_is_new(s, w);
    if (new_table) s->input_table[o] = s->input_tables++;
    if (map_at(c) != s->input_map || new_table) {
        s->input_map = map_at(c);
        set_decoder(s, KRHN_INPUT_DECODER_BASE, t, c->layer, op->region,
                    variant_region_bytes(s, c->layer, op), s->input_table[o]);
    }
    start_decoder(s, FEED_INPUT, KRHN_INPUT_DECODER_BASE, c, op->input, band,
                  s->input_rows.base[o] + band * t->band_rows,
                  t->table_bytes && ends_table(s, w, t, band));
    ++w->decoded[o];
}

void feed_residual(struct scheduler* s) {
    struct cursor* c = &s->residual;
    while (!at_end(s, c) && layer_at(s, c)->residual == KRHN_NONE) {
        next_layer(c);
    }
    if (at_end(s, c)) return;
    const struct krhn_layer* l = layer_at(s, c);
    const struct krhn_tensor* t = &s->network->tensors[l->residual];
    const uint32_t band = c->position;
    if (s->stored < s->plan[c->layer].residual_after ||
        !is_stored(s, l->residual, c->image, slot_of_band(s, l->residual, band)))
        return;

    if (c->layer != s->residual_layer) {
        s->residual_layer = c->layer;
        set_decoder(s, KRHN_RESIDUAL_DECODER_BASE, t, c->layer, 0, l->residual_region_bytes,
                    s->residual_tables);
        if (t->table_bytes) ++s->residual_tables;
    }
    const bool last = band + 1 == t->bands && c->image + 1 == s->images;
    start_decoder(s, FEED_RESIDUAL, KRHN_RESIDUAL_DECODER_BASE, c, l->residual, band,
                  residual_rows_of(s, c) + band * t->band_rows, t->table_bytes && last);
    next_band(s, c, t->bands);
}

/* ---- Encoder --------------------------------------------------------------------------------- */

static void describe_store(struct scheduler* s, const struct krhn_tensor* t, uint32_t slot,
                           uint32_t values) {
    struct krhn_dma_descriptor* d = descriptors_of(s, FEED_ENCODER);
    const uint32_t offset = slot_of(t, s->encoder.image, slot);
    d->tag = s->encoder.layer;
    d->destination = KRHN_DDR_BASE + offset;
    d->destination_stride = t->stream_stride;
    d->tile_entry = entry_of(t, s->encoder.image, slot);
    d->entry_offset = offset;
    d->values = values;
    d->n_streams = t->streams;
}

void feed_encoder(struct scheduler* s) {
    struct cursor* c = &s->encoder;
    if (at_end(s, c)) return;
    const struct krhn_layer* l = layer_at(s, c);
    const struct krhn_tensor* t = &s->network->tensors[l->output];
    if (c->layer != s->encoder_layer) {
        s->encoder_layer = c->layer;
        set_map(s, KRHN_ENCODER_BASE, t, t->stored_format, c->layer);
        set_parameter(s, KRHN_ENCODER_BASE, KRHN_ENCODER_TABLE_SEQUENCE, s->encoder_tables);
        if (t->table_bytes) ++s->encoder_tables;
    }
    const uint32_t band = variant_order(s, c->layer, c->position), rows = rows_of_band(t, band);
    const bool last = c->position + 1 == s->plan[c->layer].bands && c->image + 1 == s->images;
    describe_store(s, t, variant_slot(s, c->layer, band), rows * t->width * t->channels);
    start_band(s, KRHN_ENCODER_BASE, rows, s->encoder_next,
               t->table_bytes && last ? KRHN_CODEC_RELEASE_TABLE : 0);
    dma_start(FEED_ENCODER, descriptors_of(s, FEED_ENCODER));
    note_job(s, FEED_ENCODER, c, band);
    s->encoder_next += rows;
    next_band(s, c, s->plan[c->layer].bands);
}
