/* What the DMA reads from memory and writes to it: descriptors and tile table entries.
 * Little-endian, 32-bit fields, shared by firmware and models. */
#ifndef KARHUNEN_DMA_H
#define KARHUNEN_DMA_H

/* Tables, aligned by hand. */
/* clang-format off */

#include <stdint.h>

#define KRHN_MAX_STREAMS 12u

/* Kinds of transfer */
#define KRHN_DMA_COPY 0u       /* memory to memory, 2-D; source and destination must not overlap */
#define KRHN_DMA_LOAD 1u       /* memory to a port: each row is one chunk */
#define KRHN_DMA_STREAM_IN 2u  /* memory to a decoder: the substreams of one band */
#define KRHN_DMA_STREAM_OUT 3u /* encoder to memory: one band, and its tile table entry */

/* Ports: the far end of a transfer that does not end in memory */
#define KRHN_PORT_WEIGHTS 0u
#define KRHN_PORT_ENCODER_TABLE 1u
#define KRHN_PORT_INPUT_TABLE 2u
#define KRHN_PORT_RESIDUAL_TABLE 3u
#define KRHN_PORT_INPUT_STREAM 4u
#define KRHN_PORT_RESIDUAL_STREAM 5u
#define KRHN_PORT_ENCODER_STREAM 6u
#define KRHN_PORTS 7u

/* 112 bytes. Fields that a kind does not use are ignored. Every transfer of a chain is done in
 * order; the channel is done after the last. */
struct krhn_dma_descriptor {
    uint32_t next;               /* address of the next descriptor, 0 for none */
    uint32_t kind;               /* KRHN_DMA_... */
    uint32_t port;               /* KRHN_PORT_...; LOAD, STREAM_IN, STREAM_OUT */
    uint32_t tag;                /* free for software; copied to statistics (layer number) */
    uint32_t source;             /* COPY, LOAD, STREAM_IN: address */
    uint32_t destination;        /* COPY, STREAM_OUT: address */
    uint32_t row_bytes;          /* COPY, LOAD */
    uint32_t rows;               /* COPY, LOAD */
    uint32_t source_stride;      /* COPY, LOAD: from row to row. STREAM_IN: from substream to substream */
    uint32_t destination_stride; /* COPY: from row to row. STREAM_OUT: from substream to substream */
    uint32_t tile_entry;         /* STREAM_OUT: address of the tile table entry to write */
    uint32_t entry_offset;       /* STREAM_OUT: copied to the entry's field `offset` */
    uint32_t values;             /* STREAM_OUT: copied to the entry; STREAM_IN: number of values */
    uint32_t crc32;              /* STREAM_IN: what the band's CRC-32 must be; LOAD: see flags */
    uint32_t n_streams;          /* STREAM_IN, STREAM_OUT: 1 to 12 */
    uint32_t bytes[KRHN_MAX_STREAMS]; /* STREAM_IN: length of each substream */
    uint32_t flags;              /* KRHN_DMA_CHECK */
};
#define KRHN_DMA_CHECK 0x1u /* LOAD: the CRC-32 of all rows, one after the other, must be crc32 */

/* One per band, 64 bytes, written by the DMA when the band's streams have ended and read by
 * firmware. crc32 is zlib's, over the substreams one after the other. */
struct krhn_tile_entry {
    uint32_t offset;    /* of the band's slot from the start of the loadable */
    uint32_t values;    /* values in the band */
    uint32_t crc32;
    uint32_t n_streams;
    uint32_t bytes[KRHN_MAX_STREAMS];
};

#ifdef __cplusplus
static_assert(sizeof(krhn_dma_descriptor) == 112, "layout is part of the interface");
static_assert(sizeof(krhn_tile_entry) == 64, "layout is part of the interface");
#endif

#endif
