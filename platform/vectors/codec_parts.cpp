#include "platform/vectors/codec_parts.h"

#include <karhunen/loadable.h>

#include "models/codec/symbol_codec.h"

namespace karhunen::vectors {

namespace {

constexpr const char* role = "inside";

std::string numbered(const char* name, uint32_t number) {
    return name + std::to_string(number);
}

/// Words of the port load_... of a Huffman encoder: symbol, length, code from the top.
VectorFile huffman_codes(const HuffmanCode& code) {
    std::vector<uint32_t> words;
    for (uint32_t i = 0; i < code.symbols(); ++i) {
        const auto symbol = static_cast<uint32_t>(code.low() + static_cast<int32_t>(i)) & 0x7FF;
        words.push_back(symbol << 19 | uint32_t{code.model(i).length} << 15 | code.code(i));
    }
    return array_file<uint32_t>("huffman_codes", role, {words.size()},
                                "symbol << 19 | length << 15 | reversed code", words);
}

/// The symbols that a stream holds.
std::vector<int16_t> symbols_in(std::span<const uint8_t> stream, const HuffmanCode& code,
                                size_t count) {
    std::vector<int16_t> symbols(count + HuffmanCode::slack);
    HuffmanCode::Reader reader;
    reader.next = stream.data();
    reader.end = stream.data() + stream.size();
    if (code.decode(reader, symbols.data(), count) != count)
        throw CodecError("the stream ends before its band is complete");
    symbols.resize(count);
    return symbols;
}

void add_transform(const TransformParameters& p, bool decoded, std::vector<VectorFile>& files) {
    if (!p.matrix.empty())
        files.push_back(array_file<int8_t>("pca_matrix", role, {p.components, p.channels},
                                           "component, channel", p.matrix));
    const uint32_t ranges[] = {p.forward_shift,
                               p.inverse_shift,
                               p.out_shift,
                               static_cast<uint32_t>(p.out_multiplier),
                               static_cast<uint32_t>(p.low),
                               static_cast<uint32_t>(p.high),
                               p.rectified,
                               p.folded};
    files.push_back(array_file<uint32_t>(
        "pca_parameters", role, {std::size(ranges)},
        "forward shift, inverse shift, output shift, output multiplier, low, high, rectified, "
        "folded",
        ranges));
    const std::vector<int32_t>& multipliers = decoded ? p.inverse : p.forward;
    if (!multipliers.empty())
        files.push_back(array_file<int32_t>(decoded ? "pca_inverse" : "pca_forward", role,
                                            {p.components}, "component", multipliers));
    if (decoded)
        files.push_back(array_file<int32_t>("pca_offset", role, {p.channels}, "channel", p.offset));
    else if (!p.mean.empty())
        files.push_back(array_file<int16_t>("pca_mean", role, {p.channels}, "channel", p.mean));
}

/// Symbols of all components, as they pass between the PCA unit and the coders.
VectorFile pca_symbols(const BandShape& shape, uint32_t components,
                       const std::vector<std::vector<int16_t>>& by_stream) {
    std::vector<int16_t> all;
    std::vector<size_t> used(by_stream.size());
    for (uint64_t pixel = 0; pixel < uint64_t{shape.rows} * shape.width; ++pixel)
        for (uint32_t k = 0; k < components; ++k) {
            const size_t s = k % by_stream.size();
            all.push_back(by_stream[s][used[s]++]);
        }
    return array_file<int16_t>("pca_symbols", role, {shape.rows, shape.width, components},
                               "row, column, component", all);
}

std::vector<VectorFile> symbol_parts(const SymbolCodec& codec, const BandShape& shape,
                                     std::span<const std::vector<uint8_t>> streams, bool decoded) {
    std::vector<VectorFile> files;
    std::vector<std::vector<int16_t>> by_stream;
    const auto symbols = static_cast<uint32_t>(codec.symbols_of(shape.channels));
    const auto count = static_cast<uint32_t>(streams.size());
    for (uint32_t s = 0; s < count; ++s) {
        const uint64_t n = uint64_t{shape.rows} * shape.width * channels_of(s, symbols, count);
        by_stream.push_back(symbols_in(streams[s], codec.code(), n));
        files.push_back(
            array_file<int16_t>(numbered("symbols", s), role, {n}, "symbol", by_stream.back()));
    }
    files.push_back(huffman_codes(codec.code()));
    if (const TransformParameters* p = codec.transform()) {
        add_transform(*p, decoded, files);
        files.push_back(pca_symbols(shape, symbols, by_stream));
    }
    return files;
}

/// The sequence that each coder of ebpc takes or gives.
std::vector<VectorFile> word_parts(const BandShape& shape, std::span<const int16_t> rows,
                                   uint32_t coders) {
    std::vector<VectorFile> files;
    for (uint32_t g = 0; g < coders; ++g) {
        std::vector<uint8_t> words;
        for (uint32_t y = 0; y < shape.rows; ++y)
            for (uint32_t c = g; c < shape.channels; c += coders)
                for (uint32_t x = 0; x < shape.width; ++x)
                    words.push_back(static_cast<uint8_t>(
                        rows[(size_t{y} * shape.width + x) * shape.channels + c]));
        files.push_back(
            array_file<uint8_t>(numbered("words", g), role, {words.size()}, "word", words));
    }
    return files;
}

}  // namespace

std::vector<VectorFile> inside_of(const Codec& codec, const BandShape& shape,
                                  std::span<const int16_t> rows,
                                  std::span<const std::vector<uint8_t>> streams, bool decoded,
                                  uint32_t codec_number) {
    if (const auto* symbols = dynamic_cast<const SymbolCodec*>(&codec))
        return symbol_parts(*symbols, shape, streams, decoded);
    if (codec_number == KRHN_CODEC_EBPC)
        return word_parts(shape, rows, static_cast<uint32_t>(streams.size()) / 2);
    return {};
}

}  // namespace karhunen::vectors
