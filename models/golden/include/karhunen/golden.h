/* libkarhunen_golden: the blocks of Karhunen's accelerator as bit-exact functions, to check RTL
 * against. C11 and C++; no SystemC behind it.
 *
 * CALLS return a karhunen_status. Each takes a context, in which it leaves a message when it
 * fails; NULL: no message is wanted. There is no other state: contexts, encoders, decoders and
 * DRAM checkers are for one thread at a time, codecs may be shared by any number. Arguments are
 * checked: NULL, sizes, ranges, and whether a handle is of the right kind. Outputs are written
 * only if the call succeeds, but for buffers, which may then hold anything.
 *
 * HANDLES are made by ..._create() and go back by ..._destroy(), which takes NULL, too, and in any
 * order: what needs a codec keeps it.
 *
 * VALUES of maps are int32_t whatever their format. Maps lie as (row, column, channel), the channel
 * fastest. `count` counts values, `bytes` bytes.
 *
 * In SystemVerilog: karhunen_golden_pkg.sv. The formats: models/codec/README.md. */
#ifndef KARHUNEN_GOLDEN_H
#define KARHUNEN_GOLDEN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define KARHUNEN_API __attribute__((visibility("default")))
#else
#define KARHUNEN_API
#endif
/* Any number may come for an enum, and is checked: C++ has to be told. */
#ifdef __cplusplus
#define KARHUNEN_INT : int32_t
#else
#define KARHUNEN_INT
#endif

typedef enum karhunen_status KARHUNEN_INT {
    KARHUNEN_OK = 0,
    KARHUNEN_MORE = 1,         /* nothing to give yet: put more in, or finish */
    KARHUNEN_END = 2,          /* nothing to give any more */
    KARHUNEN_VIOLATION = 3,    /* the DRAM command is illegal */
    KARHUNEN_BAD_ARGUMENT = 4, /* NULL, a size, a range, a handle of another kind */
    KARHUNEN_BAD_DATA = 5,     /* parameters or a stream that no encoder makes */
    KARHUNEN_BAD_ORDER = 6,    /* after the end, or after an error of the same encoder or decoder */
    KARHUNEN_NO_MEMORY = 7,
    KARHUNEN_INTERNAL = 8 /* an error of the library */
} karhunen_status;

typedef enum karhunen_format KARHUNEN_INT {
    KARHUNEN_U8 = 0,  /* rectified map */
    KARHUNEN_S8 = 1,  /* signed map */
    KARHUNEN_S12 = 2, /* before ReLU */
    KARHUNEN_S32 = 3  /* logits */
} karhunen_format;

typedef struct karhunen_context karhunen_context;
typedef struct karhunen_codec karhunen_codec;
typedef struct karhunen_encoder karhunen_encoder;
typedef struct karhunen_decoder karhunen_decoder;
typedef struct karhunen_dram karhunen_dram;
typedef struct karhunen_buffer karhunen_buffer;

/* ---- Version, messages ---------------------------------------------------------------------- */

KARHUNEN_API const char* karhunen_version(void); /* "1.2.3", semantic versioning */
KARHUNEN_API const char* karhunen_status_name(karhunen_status status);

KARHUNEN_API karhunen_context* karhunen_context_create(void); /* NULL: no memory */
KARHUNEN_API void karhunen_context_destroy(karhunen_context* context);
/* Message of the last call that failed with this context: as much as there is room for, ended with
 * a zero. Returns the bytes of all of it, without the zero. */
KARHUNEN_API size_t karhunen_message(const karhunen_context* context, char* buffer, size_t bytes);
/* The same message, until the next call with this context. */
KARHUNEN_API const char* karhunen_message_text(const karhunen_context* context);

/* ---- Codecs --------------------------------------------------------------------------------- */

/* name: raw, vlc, transform, zvc, zrle, ebpc, dct-mask or context. parameters: the codec's blob, as
 * a loadable or `karhunen codec encode` has it; NULL and 0 where the codec has none. format: of
 * what is encoded. raw takes any, vlc and transform S12 or S8 (before the ReLU), zvc, zrle and ebpc
 * U8 or S8, dct-mask U8, context U8 where it is lossless, S12 or S8; others are BAD_ARGUMENT. */
KARHUNEN_API karhunen_status karhunen_codec_create(karhunen_context* context, const char* name,
                                                   karhunen_format format,
                                                   const uint8_t* parameters, size_t bytes,
                                                   karhunen_codec** codec);
/* Makes the parameters from values. setting: name, or name:bits, as transform:8 or context:6.5.
 * count values of whole rows (columns x channels), s12 from before the ReLU for vlc, transform and
 * context below 8 bits; else u8. The scales are the real values of a step of what is encoded and of
 * what is decoded: values are multiplied by stored_scale / decoded_scale. */
KARHUNEN_API karhunen_status karhunen_codec_calibrate(karhunen_context* context,
                                                      const char* setting, uint32_t columns,
                                                      uint32_t channels, double stored_scale,
                                                      double decoded_scale, const int32_t* values,
                                                      size_t count, karhunen_codec** codec);
/* Codec vlc with a Huffman code of given lengths (1 to 15, complete: Kraft sum 1) for the symbols
 * low, low + 1, ..; its quantiser takes symbols as they are. */
KARHUNEN_API karhunen_status karhunen_codec_from_lengths(karhunen_context* context,
                                                         const uint8_t* lengths, size_t count,
                                                         int32_t low, karhunen_codec** codec);
KARHUNEN_API void karhunen_codec_destroy(karhunen_codec* codec);

/* What the encoder's and decoder's table memories are loaded with. *bytes becomes its size, also if
 * capacity is less (BAD_ARGUMENT); blob NULL, capacity 0: the size alone. */
KARHUNEN_API karhunen_status karhunen_codec_parameters(karhunen_context* context,
                                                       const karhunen_codec* codec, uint8_t* blob,
                                                       size_t capacity, size_t* bytes);
typedef enum karhunen_trait KARHUNEN_INT {
    KARHUNEN_STORED_FORMAT = 0,     /* karhunen_format of what is encoded */
    KARHUNEN_DECODED_FORMAT = 1,    /* .. and of what decoding gives */
    KARHUNEN_LOSSLESS = 2,          /* 1: decoding gives what was encoded */
    KARHUNEN_WORD_BYTES = 3,        /* of a stream: 1, 2 or 4 */
    KARHUNEN_STREAMS_PER_CODER = 4, /* 2 for ebpc: ZNZ, BPC */
    /* vlc and transform; 0 for others: */
    KARHUNEN_LOWEST_SYMBOL = 5,
    KARHUNEN_HIGHEST_SYMBOL = 6,
    KARHUNEN_LONGEST_CODE = 7, /* bits */
    KARHUNEN_CHANNELS = 8,     /* of a vector that becomes symbols: of the map, or 1 */
    KARHUNEN_COMPONENTS = 9    /* symbols that it becomes */
} karhunen_trait;
KARHUNEN_API karhunen_status karhunen_codec_trait(karhunen_context* context,
                                                  const karhunen_codec* codec, karhunen_trait trait,
                                                  int64_t* value);
/* Most bytes of one stream of a band of this shape, whatever its values. */
KARHUNEN_API karhunen_status karhunen_codec_worst_case(karhunen_context* context,
                                                       const karhunen_codec* codec, uint32_t rows,
                                                       uint32_t columns, uint32_t channels,
                                                       uint32_t streams, uint64_t* bytes);
/* Huffman code of a symbol (vlc, transform): reversed, so its first bit in a stream is bit 0. */
KARHUNEN_API karhunen_status karhunen_codec_code(karhunen_context* context,
                                                 const karhunen_codec* codec, int32_t symbol,
                                                 uint32_t* code, uint32_t* length);

/* A band at once, 1 to 12 streams, of ebpc an even number. Encoding writes the streams one behind
 * the other and their sizes to stream_bytes[streams]; values: rows x columns x channels. */
KARHUNEN_API karhunen_status karhunen_codec_encode(karhunen_context* context,
                                                   const karhunen_codec* codec, uint32_t rows,
                                                   uint32_t columns, uint32_t channels,
                                                   uint32_t streams, const int32_t* values,
                                                   size_t count, uint8_t* bytes, size_t capacity,
                                                   size_t* stream_bytes);
KARHUNEN_API karhunen_status karhunen_codec_decode(karhunen_context* context,
                                                   const karhunen_codec* codec, uint32_t rows,
                                                   uint32_t columns, uint32_t channels,
                                                   uint32_t streams, const uint8_t* bytes,
                                                   const size_t* stream_bytes, int32_t* values,
                                                   size_t count);

/* ---- Streams word by word ------------------------------------------------------------------- */

/* An encoder of a band: takes its values in order, in pieces of any size. */
KARHUNEN_API karhunen_status karhunen_encoder_create(karhunen_context* context,
                                                     const karhunen_codec* codec, uint32_t rows,
                                                     uint32_t columns, uint32_t channels,
                                                     uint32_t streams, karhunen_encoder** encoder);
/* One serial coder alone, as an RTL block is. vlc, transform: Huffman codes of symbols, one stream.
 * zvc, zrle: one stream of words of 8 bits (0 to 255), ebpc: two. As many values as come until
 * karhunen_encoder_finish(). */
KARHUNEN_API karhunen_status karhunen_encoder_create_serial(karhunen_context* context,
                                                            const karhunen_codec* codec,
                                                            karhunen_encoder** encoder);
KARHUNEN_API karhunen_status karhunen_encoder_put(karhunen_context* context,
                                                  karhunen_encoder* encoder, const int32_t* values,
                                                  size_t count);
KARHUNEN_API karhunen_status karhunen_encoder_put_value(karhunen_context* context,
                                                        karhunen_encoder* encoder, int32_t value);
/* After the last value: what is left goes out, filled up to whole words. */
KARHUNEN_API karhunen_status karhunen_encoder_finish(karhunen_context* context,
                                                     karhunen_encoder* encoder);
/* Next word of a stream, the first byte lowest; *last is 1 with its last one. MORE: there is none
 * yet, or it may be the last one; END: there is none any more. Streams may be empty. */
KARHUNEN_API karhunen_status karhunen_encoder_word(karhunen_context* context,
                                                   karhunen_encoder* encoder, uint32_t stream,
                                                   uint32_t* word, uint32_t* last);
KARHUNEN_API void karhunen_encoder_destroy(karhunen_encoder* encoder);

/* The same backwards: words in, values out. A serial decoder is told how many values there are. */
KARHUNEN_API karhunen_status karhunen_decoder_create(karhunen_context* context,
                                                     const karhunen_codec* codec, uint32_t rows,
                                                     uint32_t columns, uint32_t channels,
                                                     uint32_t streams, karhunen_decoder** decoder);
KARHUNEN_API karhunen_status karhunen_decoder_create_serial(karhunen_context* context,
                                                            const karhunen_codec* codec,
                                                            uint64_t count,
                                                            karhunen_decoder** decoder);
KARHUNEN_API karhunen_status karhunen_decoder_put(karhunen_context* context,
                                                  karhunen_decoder* decoder, uint32_t stream,
                                                  const uint8_t* stream_bytes, size_t bytes);
KARHUNEN_API karhunen_status karhunen_decoder_put_word(karhunen_context* context,
                                                       karhunen_decoder* decoder, uint32_t stream,
                                                       uint32_t word);
/* No more words come. From then on what lacks, or was too much, is BAD_DATA. */
KARHUNEN_API karhunen_status karhunen_decoder_finish(karhunen_context* context,
                                                     karhunen_decoder* decoder);
/* MORE: words must come first. END: all values are out. */
KARHUNEN_API karhunen_status karhunen_decoder_value(karhunen_context* context,
                                                    karhunen_decoder* decoder, int32_t* value);
KARHUNEN_API void karhunen_decoder_destroy(karhunen_decoder* decoder);

/* ---- Quantiser, PCA ------------------------------------------------------------------------- */

/* What the units around the coders of vlc and transform do: whole vectors of KARHUNEN_CHANNELS
 * values become KARHUNEN_COMPONENTS symbols each, and back, which rectifies. */
KARHUNEN_API karhunen_status karhunen_codec_quantise(karhunen_context* context,
                                                     const karhunen_codec* codec,
                                                     const int32_t* values, size_t vectors,
                                                     int32_t* symbols);
KARHUNEN_API karhunen_status karhunen_codec_reconstruct(karhunen_context* context,
                                                        const karhunen_codec* codec,
                                                        const int32_t* symbols, size_t vectors,
                                                        int32_t* values);

/* forward:  y[k] = sum over c of matrix[k][c] * (x[c] - mean[c])
 *           q[k] = clamp((y[k] * forward[k] + half) >> forward_shift, low, high)
 * inverse:  z[k] = clamp((q[k] * inverse[k] + half) >> inverse_shift, -16383, 16383)
 *           v[c] = sum over k of matrix[k][c] * z[k] + offset[c]
 *           x'[c] = clamp((v[c] * output_multiplier + half) >> output_shift, 0, 255)
 * half is 1 << (shift - 1), or 0 for shift 0. Arrays of another direction may be NULL. */
typedef struct karhunen_transform {
    uint32_t channels;                /* 1 to 512 */
    uint32_t components;              /* 1 to channels */
    const int8_t* matrix;             /* [component][channel] */
    const int16_t* mean;              /* [channel], 12 bits */
    const int32_t *forward, *inverse; /* [component], not negative */
    const int32_t* offset;            /* [channel], at most 2^30 either way */
    int32_t low, high;                /* low <= 0 <= high, at most 2047 symbols */
    int32_t output_multiplier;        /* not negative */
    uint32_t forward_shift, inverse_shift, output_shift; /* at most 62 */
} karhunen_transform;
KARHUNEN_API karhunen_status karhunen_transform_forward(karhunen_context* context,
                                                        const karhunen_transform* transform,
                                                        const int32_t* x, size_t vectors,
                                                        int32_t* q);
KARHUNEN_API karhunen_status karhunen_transform_inverse(karhunen_context* context,
                                                        const karhunen_transform* transform,
                                                        const int32_t* q, size_t vectors,
                                                        int32_t* x);
/* The parameters of codec transform, to load RTL with. They live as long as the codec. */
KARHUNEN_API karhunen_status karhunen_codec_transform(karhunen_context* context,
                                                      const karhunen_codec* codec,
                                                      karhunen_transform* transform);

/* ---- Array and post-processing -------------------------------------------------------------- */

/* Output (y, x) takes input rows y * stride_y - padding_top + ky * dilation_y; columns alike. What
 * lies outside the input counts as 0. Members in this order, 32 bits each. */
typedef struct karhunen_convolution {
    uint32_t rows, columns, channels; /* of the input */
    uint32_t kernel_y, kernel_x;
    uint32_t stride_y, stride_x;
    uint32_t dilation_y, dilation_x;
    uint32_t padding_top, padding_left;
    uint32_t groups;
    uint32_t output_rows, output_columns, output_channels;
} karhunen_convolution;
/* input: 12 bits at most; weights [kernel_y][kernel_x][channels / groups][output_channels];
 * sums [output row][output column][output channel], which wrap at 32 bits. */
KARHUNEN_API karhunen_status karhunen_convolve(karhunen_context* context,
                                               const karhunen_convolution* shape,
                                               const int32_t* input, const int8_t* weights,
                                               int32_t* sums);

/* result = saturate(((sum + bias) * multiplier + residual * residual_multiplier + half) >> shift),
 * bias and multiplier of the channel. KARHUNEN_S32: sum + bias as it is. With relu the least is 0.
 * Members in this order, 32 bits each. */
typedef struct karhunen_requantisation {
    uint32_t format;             /* karhunen_format of the result */
    uint32_t relu;               /* 0 or 1 */
    uint32_t shift;              /* at most 62 */
    int32_t residual_multiplier; /* not negative */
} karhunen_requantisation;
/* multiplier: not negative; residual: NULL, or 12 bits at most; bias: NULL for zeros. */
KARHUNEN_API karhunen_status karhunen_requantise(karhunen_context* context,
                                                 const karhunen_requantisation* how, size_t pixels,
                                                 uint32_t channels, const int32_t* sums,
                                                 const int32_t* bias, const int32_t* multiplier,
                                                 const int32_t* residual, int32_t* result);
/* saturate((a * multiplier + b * residual_multiplier + half) >> shift): the sum of two maps. */
KARHUNEN_API karhunen_status karhunen_add(karhunen_context* context,
                                          const karhunen_requantisation* how, size_t count,
                                          const int32_t* a, int32_t multiplier, const int32_t* b,
                                          int32_t* result);

/* Square windows. Padding never wins a maximum and counts as 0 in a sum. partial: windows may end
 * behind the padding (ceil_mode). Members in this order, 32 bits each. */
typedef struct karhunen_pooling {
    uint32_t rows, columns, channels; /* of the input, 12 bits at most */
    uint32_t kernel, stride, padding; /* padding below the kernel */
    uint32_t partial;                 /* 0 or 1 */
} karhunen_pooling;
KARHUNEN_API karhunen_status karhunen_pooled_size(karhunen_context* context,
                                                  const karhunen_pooling* shape, uint32_t* rows,
                                                  uint32_t* columns);
KARHUNEN_API karhunen_status karhunen_max_pool(karhunen_context* context,
                                               const karhunen_pooling* shape, const int32_t* input,
                                               int32_t* result);
/* saturate((sum of the window * multiplier + half) >> shift) */
KARHUNEN_API karhunen_status karhunen_average_pool(karhunen_context* context,
                                                   const karhunen_pooling* shape,
                                                   const karhunen_requantisation* how,
                                                   int32_t multiplier, const int32_t* input,
                                                   int32_t* result);

/* ---- DRAM ----------------------------------------------------------------------------------- */

typedef enum karhunen_dram_operation KARHUNEN_INT {
    KARHUNEN_ACT = 0,
    KARHUNEN_RD = 1,
    KARHUNEN_RDA = 2,
    KARHUNEN_WR = 3,
    KARHUNEN_WRA = 4,
    KARHUNEN_PRE = 5,
    KARHUNEN_PREA = 6,
    KARHUNEN_REF = 7
} karhunen_dram_operation;

/* A checker of the commands of one DRAM from its power-up on. device: a name (ddr3-1600-4gb-x16 ..)
 * or the text of a device file, which has line ends. postponed: refreshes that may be postponed or
 * pulled in, 0 to 8; -1: refreshes may be missing. */
KARHUNEN_API karhunen_status karhunen_dram_create(karhunen_context* context, const char* device,
                                                  int32_t postponed, karhunen_dram** dram);
#define KARHUNEN_ANY_ROW 0xFFFFFFFFu
/* In order of clocks. VIOLATION: the message says which rules the command breaks, one per line; the
 * checker goes on as if it had been legal. What a command does not have is not looked at (PREA and
 * REF: no bank; only ACT, RD, RDA, WR and WRA: a row). row of a read or write: the one that is
 * meant, or KARHUNEN_ANY_ROW. The bank group is in the lowest bits of the bank. */
KARHUNEN_API karhunen_status karhunen_dram_command(karhunen_context* context, karhunen_dram* dram,
                                                   int64_t clock, karhunen_dram_operation operation,
                                                   uint32_t bank, uint32_t row, uint32_t column);
KARHUNEN_API karhunen_status karhunen_dram_violations(karhunen_context* context,
                                                      const karhunen_dram* dram, uint64_t* count);
KARHUNEN_API void karhunen_dram_destroy(karhunen_dram* dram);

/* ---- Memory for languages without pointers -------------------------------------------------- */

/* Bytes, first zeros. Elements of 1, 2 or 4 bytes, the first at 0, are read with their sign. */
KARHUNEN_API karhunen_status karhunen_buffer_create(karhunen_context* context, size_t bytes,
                                                    karhunen_buffer** buffer);
KARHUNEN_API karhunen_status karhunen_buffer_set(karhunen_context* context, karhunen_buffer* buffer,
                                                 uint32_t element_bytes, uint64_t index,
                                                 int32_t value);
KARHUNEN_API karhunen_status karhunen_buffer_get(karhunen_context* context,
                                                 const karhunen_buffer* buffer,
                                                 uint32_t element_bytes, uint64_t index,
                                                 int32_t* value);
/* Where a function takes a pointer; NULL for what is no buffer. */
KARHUNEN_API void* karhunen_buffer_data(karhunen_buffer* buffer);
KARHUNEN_API void karhunen_buffer_destroy(karhunen_buffer* buffer);

#ifdef __cplusplus
}
#endif

#endif
