/* The network that lies in DDR: the loadable, checked, and the parts that the scheduler walks
 * brought into SRAM. */
#ifndef KARHUNEN_FIRMWARE_NETWORK_H
#define KARHUNEN_FIRMWARE_NETWORK_H

#include <karhunen/loadable.h>
#include <stdbool.h>

struct network {
    const struct krhn_tensor* tensors;
    const struct krhn_layer* layers;
    const struct krhn_operation* operations;
    const struct krhn_band* bands;
    const struct krhn_checksum* checksums; /* of operations, then of tensors; null: none */
    uint32_t tensor_count, layer_count, operation_count, band_count;
    uint32_t strings, strings_bytes; /* address of the names */
    uint32_t logits;                 /* tensor, or KRHN_NONE */
    uint32_t table_bytes;            /* of the machine's table memories */
    uint32_t activation_bytes;       /* of the machine's activation buffer */
};

static inline const struct krhn_operation* operations_of(const struct network* n,
                                                         const struct krhn_layer* layer) {
    return &n->operations[layer->first_operation];
}

/* Why a loadable is refused: a sentence and the numbers that go with it. */
struct refusal {
    const char* reason;
    uint32_t found, expected;
};

/* Checks magic, version, every checksum it relies on, the machine, every index that the scheduler
 * follows, and that `images` pictures have room. false: `why` is filled in. */
bool network_open(struct network* network, uint32_t images, struct refusal* why);

/* Words of DDR: copied behind the tables until the next call if they fit, else where they lie.
 * Null: the DMA cannot read them. */
const uint32_t* network_words(uint32_t offset, uint32_t bytes);

#endif
