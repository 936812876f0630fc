/* The loadable: one network, compiled for one machine. Written by sw/compiler, read by firmware,
 * the golden executor and the platform. Little-endian; 32-bit fields; sections aligned to 64 bytes.
 *
 * The image of the file lies at the start of DDR. Offsets called `offset` count from its first
 * byte, also those of the maps, which lie behind the file (from header.bytes to
 * header.memory_bytes).
 */
#ifndef KARHUNEN_LOADABLE_H
#define KARHUNEN_LOADABLE_H

/* Tables, aligned by hand. */
/* clang-format off */

#include <stdint.h>

#define KRHN_MAGIC 0x4E48524Bu /* "KRHN" */
#define KRHN_VERSION_MAJOR 3u  /* another major: refuse */
#define KRHN_VERSION_MINOR 3u  /* a higher minor: fields were added at the end. 1: weights of 4 bits; 2: krhn_tensor.bits; 3: CHECKSUMS */
#define KRHN_NONE 0xFFFFFFFFu
#define KRHN_ALIGNMENT 64u
#define KRHN_MAX_OPERATIONS 4u /* of a layer */
/* Of a network: what the firmware has room for. */
#define KRHN_MAX_LAYERS 512u
#define KRHN_MAX_TENSORS 1024u

enum krhn_section_type {
    KRHN_SECTION_MACHINE = 1, /* one krhn_machine */
    KRHN_SECTION_TENSORS = 2, /* krhn_tensor[] */
    KRHN_SECTION_LAYERS = 3,  /* krhn_layer[] */
    KRHN_SECTION_WEIGHTS = 4, /* weight chunks */
    KRHN_SECTION_TABLES = 5,  /* codec parameters, opaque */
    KRHN_SECTION_STRINGS = 6, /* zero-terminated names */
    KRHN_SECTION_INPUT = 7,   /* one krhn_input: how to make the first tensor from a picture */
    KRHN_SECTION_TILING = 8,  /* krhn_band[] */
    KRHN_SECTION_OPERATIONS = 9, /* krhn_operation[] */
    KRHN_SECTION_CHECKSUMS = 10 /* krhn_checksum[], or missing */
};

/* Values in buffers and maps. Maps lie as (row, column, channel). */
enum krhn_format {
    KRHN_FORMAT_U8 = 0,  /* rectified map */
    KRHN_FORMAT_S8 = 1,  /* signed map */
    KRHN_FORMAT_S12 = 2, /* requantised accumulator before ReLU; 2 bytes in buffers */
    KRHN_FORMAT_S32 = 3  /* logits; 4 bytes in buffers */
};

enum krhn_codec {
    KRHN_CODEC_RAW = 0,
    KRHN_CODEC_VLC = 1,
    KRHN_CODEC_TRANSFORM = 2,
    KRHN_CODEC_ZVC = 3,
    KRHN_CODEC_ZRLE = 4,
    KRHN_CODEC_EBPC = 5,
    KRHN_CODEC_DCT_MASK = 6,
    KRHN_CODEC_CONTEXT = 7
};

struct krhn_header {
    uint32_t magic;
    uint16_t major, minor;
    uint32_t bytes;        /* of the file */
    uint32_t memory_bytes; /* of file and maps together */
    uint32_t sections;     /* entries of the section table, which follows this header */
    uint32_t crc32;        /* of header (this field as 0) and section table */
    uint32_t batch;        /* images whose maps have room, at least 1 */
    uint32_t reserved[9];
};

struct krhn_section {
    uint32_t type; /* krhn_section_type */
    uint32_t flags;
    uint32_t offset;
    uint32_t bytes;
    uint32_t crc32;
};

/* What the loadable was made for. A machine whose buffers or streams differ refuses it; the shape
 * of the array and clocks may differ. */
struct krhn_machine {
    uint32_t weight_bytes, activation_bytes, output_bytes, residual_bytes, table_bytes;
    uint32_t streams;
    uint32_t reserved[2];
};

struct krhn_input {
    uint32_t resize, crop;    /* shorter side, then centre crop, pixels */
    float mean[3], std[3];    /* of the network's normalisation, for values in 0..1 */
    float scale;              /* real value of one step of the int8 input tensor */
    uint32_t classes;         /* logits */
    float logit_scale;        /* real value of one step of the int32 logits */
    uint32_t reserved[5];
};

/* One stored map. Image i of a batch, band b:
 *   streams: slots_offset + i*slots_bytes + b*slot_stride + s*stream_stride, s < streams
 *   entry:   entries_offset + (i*bands + b) * 64                                             */
struct krhn_tensor {
    uint32_t name; /* offset in STRINGS */
    uint32_t height, width, channels;
    uint32_t stored_format;  /* krhn_format of what the encoder takes */
    uint32_t decoded_format; /* krhn_format of what a decoder gives back */
    uint32_t codec;          /* krhn_codec */
    uint32_t streams;        /* substreams of a band; ebpc has two per coder */
    uint32_t bands, band_rows; /* every band has band_rows rows, the last may have fewer */
    uint32_t table_offset, table_bytes; /* codec parameters in the file; 0 bytes: none */
    uint32_t slots_offset, slot_stride, stream_stride, slots_bytes;
    uint32_t entries_offset;
    uint32_t flags;          /* KRHN_TENSOR_... */
    float scale;             /* real value of one step of the decoded map */
    float stored_scale;      /* real value of one step of what the encoder takes */
    uint32_t encoder_table_bytes; /* of table_bytes, the first ones: all that the encoder needs */
    float bits;              /* of the codec's quantiser, for reports; 0: it has none, or unknown */
    uint32_t reserved[2];
};
/* Bytes of codec parameters that the encoder loads. */
static inline uint32_t krhn_encoder_table_bytes(const struct krhn_tensor* t) {
    return t->encoder_table_bytes ? t->encoder_table_bytes : t->table_bytes;
}
#define KRHN_TENSOR_INPUT 0x1u  /* written by the host before the run */
#define KRHN_TENSOR_LOGITS 0x2u
#define KRHN_TENSOR_COUNTED 0x4u /* one of the maps that the rates are reported over */

/* One pass of the array: an input map, weights, post-processing, a destination. */
struct krhn_operation {
    uint32_t kind;   /* KRHN_ARRAY_CONVOLUTION or KRHN_ARRAY_PASS */
    uint32_t input;  /* tensor, or KRHN_NONE: the rows of the operation before (TO_INPUT) */
    uint32_t flags;  /* KRHN_OPERATION_... */
    uint32_t region, region_bytes;   /* of the activation buffer, that the input is in */
    uint32_t kernel, stride, padding, dilation; /* as in the registers of the array */
    uint32_t groups;                  /* of input and output channels */
    uint32_t conv_height, conv_width; /* rows and columns that the array makes, before pooling */
    uint32_t channels;                /* output channels */
    uint32_t first_channel;           /* of the output tensor, that they begin at */
    uint32_t weights_offset;          /* first chunk in the file */
    uint32_t chunk_bytes, last_chunk_bytes, chunks, chunk_channels;
    uint32_t array_flags;             /* KRHN_ARRAY_CHUNK_OUTERMOST, .._WEIGHTS_4_BIT */
    uint32_t post_flags;              /* KRHN_POST_..., without the RELEASE bits */
    uint32_t format;                  /* krhn_format of the result */
    uint32_t shift, multiplier, residual_multiplier;
    uint32_t pool;                    /* as in the register of post-processing */
    uint32_t residual_region, result_region; /* as in the registers of post-processing */
};
/* Takes the rows of the operation before, which has the same input and region and keeps them: the
 * input is decoded once for both. Same stride, and no less padding at the top. */
#define KRHN_OPERATION_SHARES_INPUT 0x1u

/* A layer makes one stored map. Its operations run band by band, in order. There are
 * - one that makes all of the map, or up to four that each make some of its channels, all in the
 *   output buffer;
 * - a shortcut convolution, which writes the residual buffer, and one that adds its rows;
 * - sums, up to three, and one that takes a sum of stored maps. Each sum passes a map
 *   through, adds the rows in the residual buffer (the first those of `residual`, later ones those
 *   of the operation before) and writes the residual buffer, the last sum the activation buffer.
 *
 * With KRHN_ARRAY_CHUNK_OUTERMOST an operation's weights are loaded again for each band, chunk by
 * chunk, and buffers hold whole bands; else once for all bands and images. */
struct krhn_layer {
    uint32_t name; /* offset in STRINGS */
    uint32_t output;   /* tensor */
    uint32_t residual; /* tensor that goes through the residual decoder, or KRHN_NONE */
    uint32_t residual_region_bytes;
    uint32_t operations;      /* 1 to KRHN_MAX_OPERATIONS */
    uint32_t first_operation; /* index in OPERATIONS */
    uint32_t bands;           /* bands of the output tensor */
    uint32_t tiling;          /* index of the first krhn_band: operations x bands, band by band */
};

/* What one operation does for one output band. */
struct krhn_band {
    uint32_t conv_row, conv_rows;     /* rows that the array makes */
    uint32_t output_row, output_rows; /* rows that post-processing makes of them */
    uint32_t input_rows;              /* rows of the input map that must be there, from 0 */
};

/* CRC-32 of what the DMA loads: one per operation, then one per tensor. 0 where there is nothing. */
struct krhn_checksum {
    uint32_t all;  /* chunks of the operation, but a last one that is shorter; table of the tensor */
    uint32_t part; /* that last chunk; what the encoder loads of the table */
};

/* A weight chunk, all output channels n of it:
 *   int32 bias[n], int32 multiplier[n], int8 weight[kernel_y][kernel_x][input_channel / groups][n],
 * then zeros up to a multiple of 64 bytes. The multiplier has at most 31 bits.
 * With KRHN_ARRAY_WEIGHTS_4_BIT weights have 4 bits, in the same order, two to a byte: -8 to 7 in
 * two's complement, the first of a pair in bits 3:0; an odd one out has a byte of its own. So they
 * lie in DRAM and in the weight buffer; the array widens them on their way to the multipliers. */

#ifdef __cplusplus
static_assert(sizeof(krhn_header) == 64, "layout is part of the interface");
static_assert(sizeof(krhn_section) == 20, "layout is part of the interface");
static_assert(sizeof(krhn_tensor) == 96, "layout is part of the interface");
static_assert(sizeof(krhn_operation) == 112, "layout is part of the interface");
static_assert(sizeof(krhn_layer) == 32, "layout is part of the interface");
static_assert(sizeof(krhn_checksum) == 8, "layout is part of the interface");
static_assert(sizeof(krhn_band) == 20, "layout is part of the interface");
static_assert(sizeof(krhn_input) == 64, "layout is part of the interface");
#endif

#endif
