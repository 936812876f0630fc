#include "network.h"

#include "block.h"
#include "crc32.h"

#define MAX_SECTIONS 16u
#define COPY_CHANNEL 7u

/* Layers, tensors and tiling, if they fit; else they are read where they lie. ResNet-18: 12 KiB. */
static uint32_t arena[64 * 1024 / 4] NOINIT;
static uint32_t arena_used; /* words */

static struct krhn_dma_descriptor copy_descriptor;

struct reader {
    struct krhn_header header;
    struct krhn_section sections[MAX_SECTIONS];
    struct refusal* why;
};

static bool refuse(struct refusal* why, const char* reason, uint32_t found, uint32_t expected) {
    *why = (struct refusal){reason, found, expected};
    return false;
}

static void read_words(void* to, uint32_t offset, uint32_t bytes) {
    uint32_t* words = to;
    for (uint32_t i = 0; i < bytes / 4; ++i) words[i] = read32(KRHN_DDR_BASE + offset + 4 * i);
}

/* The DMA copies a section in microseconds; word by word the CPU would wait for DRAM each time. */
static bool copy(uint32_t* to, uint32_t offset, uint32_t bytes) {
    copy_descriptor = (struct krhn_dma_descriptor){.kind = KRHN_DMA_COPY,
                                                   .tag = KRHN_NONE,
                                                   .source = KRHN_DDR_BASE + offset,
                                                   .destination = address_of(to),
                                                   .row_bytes = bytes,
                                                   .rows = 1,
                                                   .source_stride = bytes,
                                                   .destination_stride = bytes};
    const uint32_t before = dma_chains_done(COPY_CHANNEL);
    dma_start(COPY_CHANNEL, &copy_descriptor);
    return dma_wait(COPY_CHANNEL, before + 1);
}

const uint32_t* network_words(uint32_t offset, uint32_t bytes) {
    if (bytes / 4 > sizeof arena / 4 - arena_used) return memory_at(KRHN_DDR_BASE + offset);
    return copy(arena + arena_used, offset, bytes) ? arena + arena_used : 0;
}

static bool read_header(struct reader* r, uint32_t images) {
    struct krhn_header* h = &r->header;
    read_words(h, 0, sizeof *h);
    if (h->magic != KRHN_MAGIC)
        return refuse(r->why, "no loadable in DDR: magic number", h->magic, KRHN_MAGIC);
    if (h->major != KRHN_VERSION_MAJOR)
        return refuse(r->why, "version of the loadable", h->major, KRHN_VERSION_MAJOR);
    if (h->sections > MAX_SECTIONS)
        return refuse(r->why, "sections (at most)", h->sections, MAX_SECTIONS);
    read_words(r->sections, sizeof *h, h->sections * sizeof(struct krhn_section));

    struct krhn_header plain = *h;
    plain.crc32 = 0;
    uint32_t crc = crc32_words(0, (const uint32_t*)&plain, sizeof plain / 4);
    crc = crc32_words(crc, (const uint32_t*)r->sections,
                      h->sections * sizeof(struct krhn_section) / 4);
    if (crc != h->crc32) return refuse(r->why, "checksum of the header", crc, h->crc32);
    if (images == 0 || images > h->batch)
        return refuse(r->why, "images (at most)", images, h->batch);
    const uint32_t mib = read32(KRHN_DDR_CONTROLLER_BASE + KRHN_DDR_SIZE_MIB);
    if (h->memory_bytes < h->bytes || (h->memory_bytes - 1) >> 20 >= mib)
        return refuse(r->why, "MiB of memory (at most)", (h->memory_bytes >> 20) + 1, mib);
    return true;
}

static const struct krhn_section* find(const struct reader* r, uint32_t type) {
    for (uint32_t i = 0; i < r->header.sections; ++i)
        if (r->sections[i].type == type) return &r->sections[i];
    return 0;
}

/* Entries of `size` bytes in a section. Null: refused. */
static const void* open_section(struct reader* r, uint32_t type, uint32_t size, uint32_t* count) {
    const struct krhn_section* s = find(r, type);
    if (!s) {
        refuse(r->why, "missing section", 0, type);
        return 0;
    }
    if (s->offset % 4 || s->offset > r->header.bytes || s->bytes > r->header.bytes - s->offset ||
        s->bytes % size || s->bytes == 0) {
        refuse(r->why, "bytes of section", s->bytes, type);
        return 0;
    }
    const uint32_t words = s->bytes / 4;
    const uint32_t* from = network_words(s->offset, s->bytes);
    if (!from) {
        refuse(r->why, "DMA cannot read section", type, type);
        return 0;
    }
    if (from == arena + arena_used) arena_used += words;
    const uint32_t crc = crc32_words(0, from, words);
    if (crc != s->crc32) {
        refuse(r->why, "checksum of a section", crc, s->crc32);
        return 0;
    }
    *count = s->bytes / size;
    return from;
}

static bool check_machine(struct reader* r, struct network* n) {
    static const struct {
        uint32_t offset;
        const char* reason;
    } sizes[] = {
        {KRHN_BUFFERS_WEIGHT_BYTES, "made for a larger machine: bytes of the weight buffer"},
        {KRHN_BUFFERS_ACTIVATION_BYTES,
         "made for a larger machine: bytes of the activation buffer"},
        {KRHN_BUFFERS_OUTPUT_BYTES, "made for a larger machine: bytes of the output buffer"},
        {KRHN_BUFFERS_RESIDUAL_BYTES, "made for a larger machine: bytes of the residual buffer"},
        {KRHN_BUFFERS_TABLE_BYTES, "made for a larger machine: bytes of the table memory"},
    };
    uint32_t count;
    const uint32_t* machine =
        open_section(r, KRHN_SECTION_MACHINE, sizeof(struct krhn_machine), &count);
    if (!machine) return false;
    for (uint32_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
        const uint32_t here = read32(KRHN_BUFFERS_BASE + sizes[i].offset);
        if (machine[i] > here) return refuse(r->why, sizes[i].reason, machine[i], here);
    }
    n->table_bytes = ((const struct krhn_machine*)machine)->table_bytes;
    n->activation_bytes = ((const struct krhn_machine*)machine)->activation_bytes;
    return true;
}

static bool check_tensors(struct reader* r, const struct network* n) {
    for (uint32_t i = 0; i < n->tensor_count; ++i) {
        const struct krhn_tensor* t = &n->tensors[i];
        if (t->streams == 0 || t->streams > KRHN_MAX_STREAMS)
            return refuse(r->why, "substreams of tensor", t->streams, i);
        if (t->band_rows == 0 || t->bands == 0 || t->bands > t->height ||
            (t->bands - 1) * t->band_rows >= t->height || t->bands * t->band_rows < t->height)
            return refuse(r->why, "bands of tensor", t->bands, i);
    }
    return true;
}

/* Sums: operation o adds what is in region o of the residual buffer and writes region o + 1. */
static bool check_sums(const struct network* n, const struct krhn_layer* l) {
    const uint32_t last = l->operations - 1;
    if (last == 0 || l->residual == KRHN_NONE) return false;
    const uint32_t height = n->tensors[l->residual].height;
    for (uint32_t o = 0; o < last; ++o) {
        const struct krhn_operation* op = &operations_of(n, l)[o];
        const uint32_t to = o + 1 == last ? KRHN_POST_TO_INPUT : KRHN_POST_TO_RESIDUAL;
        if ((op->post_flags & ~KRHN_POST_RELU) != (KRHN_POST_RESIDUAL | to)) return false;
        if (op->input == KRHN_NONE || op->conv_height != height) return false;
        if (op->region != o || op->residual_region != o || op->result_region != o + 1) return false;
        if (n->tensors[op->input].height != height) return false;
    }
    return operations_of(n, l)[last].region == last &&
           (operations_of(n, l)[last].post_flags & KRHN_POST_RESIDUAL) == 0;
}

/* The residual operand comes from a decoder, or from the operation before, or there is none. */
static bool check_residual(const struct network* n, const struct krhn_layer* l) {
    const struct krhn_operation* op = operations_of(n, l);
    const struct krhn_operation* last = &op[l->operations - 1];
    if (last->input == KRHN_NONE) return check_sums(n, l);
    const uint32_t elsewhere = KRHN_POST_TO_RESIDUAL | KRHN_POST_TO_INPUT;
    const bool shortcut = l->operations == 2 && (op->post_flags & KRHN_POST_TO_RESIDUAL) != 0;
    for (op += shortcut; op < last; ++op) /* makes some of the map's channels */
        if (op->post_flags & (KRHN_POST_RESIDUAL | elsewhere)) return false;
    const bool adds = (last->post_flags & KRHN_POST_RESIDUAL) != 0;
    if (last->post_flags & elsewhere) return false;
    if (l->residual != KRHN_NONE)
        return adds && l->operations == 1 && n->tensors[l->residual].height == last->conv_height;
    return adds == shortcut;
}

static bool check_layer(struct reader* r, const struct network* n, uint32_t i) {
    const struct krhn_layer* l = &n->layers[i];
    if (l->operations < 1 || l->operations > KRHN_MAX_OPERATIONS)
        return refuse(r->why, "operations of layer", l->operations, i);
    if (l->first_operation > n->operation_count ||
        l->operations > n->operation_count - l->first_operation)
        return refuse(r->why, "first operation of layer", l->first_operation, i);
    if (l->output >= n->tensor_count) return refuse(r->why, "output of layer", l->output, i);
    if (l->residual >= n->tensor_count && l->residual != KRHN_NONE)
        return refuse(r->why, "residual of layer", l->residual, i);
    if (l->bands != n->tensors[l->output].bands)
        return refuse(r->why, "bands of layer", l->bands, i);
    if (l->tiling > n->band_count || l->bands > (n->band_count - l->tiling) / l->operations)
        return refuse(r->why, "tiling of layer", l->tiling, i);
    for (uint32_t o = 0; o < l->operations; ++o) {
        const struct krhn_operation* op = &operations_of(n, l)[o];
        const bool sum = op->input == KRHN_NONE && o && o + 1 == l->operations;
        if (op->input >= n->tensor_count && !sum)
            return refuse(r->why, "input of layer", op->input, i);
        if (op->flags & KRHN_OPERATION_SHARES_INPUT &&
            (o == 0 || sum || op[-1].input != op->input || op[-1].region != op->region))
            return refuse(r->why, "shared input of layer", op->input, i);
        if (op->region >= KRHN_BUFFER_REGIONS)
            return refuse(r->why, "region of layer", op->region, i);
        for (uint32_t b = 0; b < l->bands; ++b) {
            const uint32_t rows = n->bands[l->tiling + b * l->operations + o].input_rows;
            if (rows > (sum ? op[-1].conv_height : n->tensors[op->input].height))
                return refuse(r->why, "input rows of layer", rows, i);
        }
    }
    if (!check_residual(n, l)) return refuse(r->why, "residual rows of layer", l->residual, i);
    return true;
}

/* A map is made before it is read; the input tensor is made by the host. */
static bool check_order(struct reader* r, const struct network* n) {
    bool made[KRHN_MAX_TENSORS];
    for (uint32_t i = 0; i < n->tensor_count; ++i)
        made[i] = (n->tensors[i].flags & KRHN_TENSOR_INPUT) != 0;
    for (uint32_t i = 0; i < n->layer_count; ++i) {
        const struct krhn_layer* l = &n->layers[i];
        for (uint32_t o = 0; o < l->operations; ++o)
            if (operations_of(n, l)[o].input != KRHN_NONE && !made[operations_of(n, l)[o].input])
                return refuse(r->why, "tensor read before it is made", operations_of(n, l)[o].input,
                              i);
        if (l->residual != KRHN_NONE && !made[l->residual])
            return refuse(r->why, "tensor read before it is made", l->residual, i);
        if (made[l->output]) return refuse(r->why, "tensor made twice", l->output, i);
        made[l->output] = true;
    }
    return true;
}

bool network_open(struct network* n, uint32_t images, struct refusal* why) {
    static struct reader r NOINIT;
    r.why = why;
    arena_used = 0;
    if (!read_header(&r, images) || !check_machine(&r, n)) return false;
    n->tensors =
        open_section(&r, KRHN_SECTION_TENSORS, sizeof(struct krhn_tensor), &n->tensor_count);
    if (!n->tensors) return false;
    n->layers = open_section(&r, KRHN_SECTION_LAYERS, sizeof(struct krhn_layer), &n->layer_count);
    if (!n->layers) return false;
    n->operations = open_section(&r, KRHN_SECTION_OPERATIONS, sizeof(struct krhn_operation),
                                 &n->operation_count);
    if (!n->operations) return false;
    n->bands = open_section(&r, KRHN_SECTION_TILING, sizeof(struct krhn_band), &n->band_count);
    if (!n->bands) return false;
    n->checksums = 0;
    if (find(&r, KRHN_SECTION_CHECKSUMS)) {
        uint32_t count;
        n->checksums =
            open_section(&r, KRHN_SECTION_CHECKSUMS, sizeof(struct krhn_checksum), &count);
        if (!n->checksums) return false;
        if (count != n->operation_count + n->tensor_count)
            return refuse(why, "checksums", count, n->operation_count + n->tensor_count);
    }
    if (n->layer_count > KRHN_MAX_LAYERS)
        return refuse(why, "layers (at most)", n->layer_count, KRHN_MAX_LAYERS);
    if (n->tensor_count > KRHN_MAX_TENSORS)
        return refuse(why, "tensors (at most)", n->tensor_count, KRHN_MAX_TENSORS);
    if (!check_tensors(&r, n)) return false;
    for (uint32_t i = 0; i < n->layer_count; ++i)
        if (!check_layer(&r, n, i)) return false;
    if (!check_order(&r, n)) return false;

    const struct krhn_section* strings = find(&r, KRHN_SECTION_STRINGS);
    if (!strings || strings->offset > r.header.bytes ||
        strings->bytes > r.header.bytes - strings->offset)
        return refuse(why, "missing section", 0, KRHN_SECTION_STRINGS);
    n->strings = KRHN_DDR_BASE + strings->offset;
    n->strings_bytes = strings->bytes;
    n->logits = KRHN_NONE;
    for (uint32_t i = 0; i < n->tensor_count; ++i)
        if (n->tensors[i].flags & KRHN_TENSOR_LOGITS) n->logits = i;
    return true;
}
