#include "models/resources/codec_unit.h"

#include <algorithm>

#include <karhunen/loadable.h>

#include "models/codec/codec.h"
#include "models/resources/ebpc_coder.h"
#include "models/resources/huffman_coder.h"
#include "models/resources/model_coders.h"
#include "models/resources/pca_unit.h"
#include "models/resources/small_coders.h"

namespace karhunen::resources {

namespace {

constexpr uint32_t stored_bits = 12, symbol_bits = 11, coefficient_bits = 15, value_bits = 8;

PcaUnit pca_of(const CodecUnit& u) {
    return {.multipliers = u.transform_multipliers};
}

HuffmanCoder huffman_of(const CodecUnit& u) {
    return {.symbol_bits = symbol_bits, .streams = u.streams};
}

}  // namespace

std::vector<Part> encoder_parts(uint32_t codec, const CodecUnit& u) {
    const double serial = 1.0 / u.streams;
    const Part huffman{"Huffman coders", huffman_encoder(huffman_of(u)), serial};
    switch (codec) {
        case KRHN_CODEC_VLC:
            return {{"quantisers", quantiser(stored_bits, symbol_bits, u.streams), serial},
                    huffman};
        case KRHN_CODEC_TRANSFORM:
            return {{"PCA unit", pca_unit(pca_of(u)), 0, 1.0 / u.transform_multipliers},
                    {"PCA quantisers",
                     quantiser(pca_of(u).accumulator_bits, symbol_bits, u.streams), serial},
                    huffman};
        case KRHN_CODEC_ZVC:
            return {{"zvc coders", zvc_encoder(u.streams), serial}};
        case KRHN_CODEC_ZRLE:
            return {{"zrle coders", zrle_encoder(u.streams), serial}};
        case KRHN_CODEC_EBPC:
            return {{"ebpc coders", ebpc_encoder({}) * u.streams, serial}};
        case KRHN_CODEC_DCT_MASK:
            return {{"dct-mask coders", dct_mask_encoder({.streams = u.streams}), serial}};
        case KRHN_CODEC_CONTEXT:
            return {{"context coders", context_encoder({.streams = u.streams}), serial}};
    }
    return {};
}

std::vector<Part> decoder_parts(uint32_t codec, const CodecUnit& u) {
    const double serial = 1.0 / u.streams;
    const Part huffman{"Huffman coders", huffman_decoder(huffman_of(u)), serial};
    switch (codec) {
        case KRHN_CODEC_VLC:
            return {huffman,
                    {"dequantisers", quantiser(stored_bits, value_bits, u.streams), serial}};
        case KRHN_CODEC_TRANSFORM:
            return {huffman,
                    {"PCA dequantisers",
                     quantiser(stored_bits, coefficient_bits, u.streams) +
                         quantiser(32, value_bits, u.streams),
                     serial},
                    {"inverse PCA unit", inverse_pca_unit(pca_of(u)), 0,
                     1.0 / u.transform_multipliers}};
        case KRHN_CODEC_ZVC:
            return {{"zvc coders", zvc_decoder(u.streams), serial}};
        case KRHN_CODEC_ZRLE:
            return {{"zrle coders", zrle_decoder(u.streams), serial}};
        case KRHN_CODEC_EBPC:
            return {{"ebpc coders", ebpc_decoder({}) * u.streams, serial}};
        case KRHN_CODEC_DCT_MASK:
            return {{"dct-mask coders", dct_mask_decoder({.streams = u.streams}), serial}};
        case KRHN_CODEC_CONTEXT:
            return {{"context coders", context_decoder({.streams = u.streams}), serial}};
    }
    return {};
}

std::vector<Part> shared_parts(const std::vector<uint32_t>& codecs, const CodecUnit& u) {
    constexpr uint32_t fifo_word_bits = 32;
    uint64_t table_width = 0;
    uint32_t substreams = 1;
    for (const uint32_t codec : codecs) {
        const CodecTraits traits = codec_traits(codec);
        substreams = std::max(substreams, traits.streams_per_coder);
        if (codec == KRHN_CODEC_TRANSFORM)
            table_width = std::max<uint64_t>(table_width, 8ull * u.transform_multipliers);
        else if (traits.has_table)
            table_width = std::max<uint64_t>(table_width, fifo_word_bits);
    }
    Inventory fifo;
    fifo.memories.push_back(Memory::of_bytes(u.fifo_bytes, fifo_word_bits));
    fifo += counter(2 * index_bits(u.fifo_bytes)) + gates(10);
    std::vector<Part> parts = {{"raw path", raw_path(u.raw_values_per_clock)},
                               {"stream FIFOs", fifo * (uint64_t{substreams} * u.streams)}};
    if (table_width > 0) {
        Part table{"table memory", {}};
        table.inventory.memories.push_back(Memory::of_bytes(u.table_bytes, table_width));
        parts.push_back(table);
    }
    return parts;
}

}  // namespace karhunen::resources
