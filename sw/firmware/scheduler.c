#include "scheduler.h"

#include "feeders.h"
#include "recover.h"

/* Rows of a sum are put into the activation buffer, which the input decoder fills at the same time,
 * perhaps for later layers. It waits at the first of these with which the regions, each as full as
 * the layers from the sum's on let it be, would not leave the sum the room that it was promised. */
static void plan_input(struct scheduler* s, uint32_t sum) {
    const struct krhn_layer* layers = s->network->layers;
    uint32_t decoded[KRHN_BUFFER_REGIONS] = {0}, all = 0;
    const struct krhn_operation* last =
        &operations_of(s->network, &layers[sum])[layers[sum].operations - 1];
    for (uint32_t i = sum; i < s->network->layer_count; ++i) {
        for (uint32_t o = 0; o < layers[i].operations; ++o) {
            const struct krhn_operation* op = &operations_of(s->network, &layers[i])[o];
            const uint32_t bytes = is_decoded(op) ? variant_region_bytes(s, i, op) : 0;
            if (bytes <= decoded[op->region]) continue;
            all += bytes - decoded[op->region];
            decoded[op->region] = bytes;
        }
        if (i == sum || all + last->region_bytes <= s->network->activation_bytes) continue;
        s->plan[i].input_after = s->plan[sum + 1].stores_before;
        return;
    }
}

static void plan_layers(struct scheduler* s) {
    uint32_t stores = 0, shortcut_end = 0, residual_rows = s->residual_rows;
    for (uint32_t i = 0; i < s->network->layer_count; ++i) {
        const struct krhn_layer* l = &s->network->layers[i];
        struct layer_plan* p = &s->plan[i];
        p->bands = variant_bands(s, i);
        p->stores_before = stores;
        p->residual_after = shortcut_end;
        stores += s->images * p->bands;
        s->producer[l->output] = (uint16_t)i;

        p->residual_first = residual_rows;
        p->residual_rows = 0;
        p->streams_weights = false;
        uint32_t table_bytes = 0;
        for (uint32_t o = 0; o < l->operations; ++o) {
            const struct krhn_operation* op = &operations_of(s->network, l)[o];
            if (op->post_flags & KRHN_POST_TO_RESIDUAL) shortcut_end = stores;
            if (op->post_flags & KRHN_POST_RESIDUAL) p->residual_rows = op->conv_height;
            if (streams_weights(op)) p->streams_weights = true;
            if (is_decoded(op)) table_bytes += s->network->tensors[op->input].table_bytes;
        }
        residual_rows += s->images * p->residual_rows;
        p->loads_tables = table_bytes > 0;
        p->streams_tables = table_bytes > s->network->table_bytes;
    }
    s->plan[s->network->layer_count].stores_before = stores;
    s->stores = stores;
    s->residual_rows = residual_rows;
    for (uint32_t i = 0; i < s->network->layer_count; ++i) {
        const struct krhn_layer* l = &s->network->layers[i];
        if (operations_of(s->network, l)[l->operations - 1].input == KRHN_NONE) plan_input(s, i);
    }
}

/* The cursors are at the start. */
static void begin(struct scheduler* s) {
    s->input_map = s->residual_layer = s->array_map = s->encoder_layer = KRHN_NONE;
    s->input_rows.map = s->array_rows.map = KRHN_NONE;
    plan_layers(s);
    s->chains_at_start = dma_chains_done(FEED_ENCODER);
    s->stored = 0;
}

void scheduler_restart(struct scheduler* s) {
    const struct cursor start = {0};
    s->weights = s->encoder_table = s->residual_table = s->residual = s->array = s->encoder = start;
    s->table_walk = s->input_walk = (struct input_walk){0};
    s->room = 0;
    s->again = false;
    begin(s);
}

void scheduler_prepare(struct scheduler* s, const struct network* network, uint32_t images) {
    s->network = network;
    s->images = images;
    for (uint32_t i = 0; i < network->tensor_count; ++i) s->producer[i] = NO_LAYER;
    /* What they are after reset, where that is not 0. */
    parameters_of(s, KRHN_COMPUTE_ARRAY_BASE)[(KRHN_ARRAY_DILATION - KRHN_ARRAY_TAG) / 4] = 0x0101;
    parameters_of(s, KRHN_COMPUTE_ARRAY_BASE)[(KRHN_ARRAY_GROUPS - KRHN_ARRAY_TAG) / 4] = 1;
    variant_prepare(s);
    begin(s);

    static const uint32_t kind[DMA_FEEDERS] = {
        KRHN_DMA_LOAD,      KRHN_DMA_LOAD,      KRHN_DMA_LOAD,      KRHN_DMA_LOAD,
        KRHN_DMA_STREAM_IN, KRHN_DMA_STREAM_IN, KRHN_DMA_STREAM_OUT};
    static const uint32_t port[DMA_FEEDERS] = {KRHN_PORT_WEIGHTS,       KRHN_PORT_ENCODER_TABLE,
                                               KRHN_PORT_INPUT_TABLE,   KRHN_PORT_RESIDUAL_TABLE,
                                               KRHN_PORT_INPUT_STREAM,  KRHN_PORT_RESIDUAL_STREAM,
                                               KRHN_PORT_ENCODER_STREAM};
    for (uint32_t f = 0; f < DMA_FEEDERS; ++f)
        for (uint32_t i = 0; i < 4; ++i) {
            s->descriptors[f][i / 2][i % 2].kind = kind[f];
            s->descriptors[f][i / 2][i % 2].port = port[f];
        }
}

void write_changed(struct scheduler* s, uint32_t* last, uint32_t address, uint32_t value) {
    if (*last == value) return;
    const uint32_t found = read32(address);
    if (found != *last) recover_parameter(s, address, found, *last);
    *last = value;
    write32(address, value);
}

/* Lets a feeder go on if its channel and blocks have room and one of the events concerns it. */
static inline void offer(struct scheduler* s, uint32_t events, enum feeder f, uint32_t others,
                         void (*feed)(struct scheduler*)) {
    const uint32_t room = room_for(f);
    if (events & (room | others) && (s->room & room) == room) feed(s);
}

void scheduler_feed(struct scheduler* s, uint32_t events) {
    s->room |= events;
    if (events & EVENT_STORED) s->stored = dma_chains_done(FEED_ENCODER) - s->chains_at_start;
    /* What the others wait for comes first. */
    offer(s, events, FEED_INPUT_TABLE, 0, feed_input_table);
    offer(s, events, FEED_INPUT, EVENT_STORED, feed_input);
    offer(s, events, FEED_WEIGHTS, 0, feed_weights);
    offer(s, events, FEED_ARRAY, 0, feed_array);
    offer(s, events, FEED_RESIDUAL_TABLE, 0, feed_residual_table);
    offer(s, events, FEED_RESIDUAL, EVENT_STORED, feed_residual);
    offer(s, events, FEED_ENCODER_TABLE, 0, feed_encoder_table);
    offer(s, events, FEED_ENCODER, 0, feed_encoder);
}
