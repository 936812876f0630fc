/* A scheduler of one's own: runs the network that lies in DDR layer by layer, band by band, and
 * starts nothing before the band before is stored. That is easy to follow, and slower than
 * sw/firmware/scheduler.h, which keeps every block one job ahead; the results are the same. */
#include "fault.h"
#include "jobs.h"
#include "network.h"
#include "result.h"
#include "uart.h"

static struct network network;
/* Numbers of the next row of each buffer, of the next weight chunk, of the next band to store. */
static uint32_t input_rows[KRHN_BUFFER_REGIONS], residual_rows, output_rows, chunks, stored;

/* What a layer keeps from band to band, for each of its operations. */
struct progress {
    struct numbers numbers[KRHN_MAX_OPERATIONS];
    uint32_t decoded[KRHN_MAX_OPERATIONS], residual_decoded; /* bands */
};

/* Starts what decoders must deliver for an output band, whichever has room first. */
static void start_inputs(const struct krhn_layer* l, uint32_t o, const struct krhn_band* b,
                         struct progress* p) {
    const struct krhn_operation* op = &operations_of(&network, l)[o];
    const struct krhn_tensor* input = &network.tensors[op->input];
    const struct krhn_tensor* residual =
        l->residual == KRHN_NONE ? 0 : &network.tensors[l->residual];
    for (;;) {
        const uint32_t row = p->decoded[o] * input->band_rows;
        const uint32_t residual_row = residual ? p->residual_decoded * residual->band_rows : 0;
        const bool wants_input = row < b->input_rows;
        const bool wants_residual = residual && residual_row < b->conv_row + b->conv_rows;
        if (!wants_input && !wants_residual) return;
        if (wants_input && has_room(INPUT))
            start_decoding(INPUT, input, p->decoded[o]++,
                           (struct place){op->region, op->region_bytes, p->numbers[o].input + row});
        else if (wants_residual && has_room(RESIDUAL))
            start_decoding(
                RESIDUAL, residual, p->residual_decoded++,
                (struct place){0, l->residual_region_bytes, p->numbers[o].residual + residual_row});
        else
            jobs_sleep();
    }
}

static void run_band(const struct krhn_layer* l, uint32_t band, struct progress* p) {
    const struct krhn_tensor* output = &network.tensors[l->output];
    start_encoding(output, band, output_rows);
    for (uint32_t o = 0; o < l->operations; ++o) {
        const struct krhn_operation* op = &operations_of(&network, l)[o];
        const struct krhn_band* b = &network.bands[l->tiling + band * l->operations + o];
        struct numbers* n = &p->numbers[o];
        const bool to_residual = (op->post_flags & KRHN_POST_TO_RESIDUAL) != 0;
        const bool loads = band == 0 || op->array_flags & KRHN_ARRAY_CHUNK_OUTERMOST;
        n->result = to_residual ? n->residual + b->output_row : output_rows;
        if (loads) n->chunk = chunks;
        start_operation(op, &network.tensors[op->input], output, b, n, band + 1 == l->bands);
        if (loads && op->chunks) chunks += start_weights(op);
        start_inputs(l, o, b, p);
        if (o + 1 == l->operations) output_rows += b->output_rows;
    }
    wait_for_stored(++stored);
    watchdog_kick();
}

static void run_layer(const struct krhn_layer* l) {
    struct progress p = {0};
    uint32_t rows = 0; /* that the residual buffer gets */
    for (uint32_t o = 0; o < l->operations; ++o) {
        const struct krhn_operation* op = &operations_of(&network, l)[o];
        p.numbers[o].input = input_rows[op->region];
        p.numbers[o].residual = residual_rows;
        input_rows[op->region] += network.tensors[op->input].height;
        if (op->post_flags & KRHN_POST_RESIDUAL) rows = op->conv_height;
    }
    for (uint32_t band = 0; band < l->bands; ++band) run_band(l, band, &p);
    residual_rows += rows;
}

/* Sums of stored maps, inputs that operations share and codecs with tables are left out here. */
static bool is_simple(void) {
    for (uint32_t i = 0; i < network.operation_count; ++i)
        if (network.operations[i].input == KRHN_NONE ||
            network.operations[i].flags & KRHN_OPERATION_SHARES_INPUT)
            return false;
    for (uint32_t i = 0; i < network.tensor_count; ++i)
        if (network.tensors[i].table_bytes) return false;
    return true;
}

int main(void) {
    struct refusal why = {0};
    uart_prepare();
    if (!network_open(&network, 1, &why) || !is_simple()) {
        print("refused: %s\n", why.reason ? why.reason : "not a simple network");
        return 2;
    }
    jobs_prepare();
    print("%u layers\n", network.layer_count);
    for (; jobs_tag < network.layer_count; ++jobs_tag) run_layer(&network.layers[jobs_tag]);
    print_result(&network, 0);
    return 0;
}
