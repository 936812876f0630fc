#include "tests/platform/cosimulation/golden_tile.h"

#include <stdexcept>

#include "models/codec/ebpc.h"
#include "models/codec/symbol_codec.h"

namespace karhunen {

namespace {

void read_symbols(const SymbolCodec& codec, const std::vector<std::vector<uint8_t>>& streams,
                  GoldenTile& tile) {
    tile.shape = codec.symbol_shape(tile.shape);
    tile.coders = static_cast<uint32_t>(streams.size());
    for (uint32_t s = 0; s < tile.coders; ++s) {
        const size_t count = size_t{tile.shape.rows} * tile.shape.width *
                             channels_of(s, tile.shape.channels, tile.coders);
        std::vector<int16_t> symbols(count + HuffmanCode::slack);
        HuffmanCode::Reader reader;
        reader.next = streams[s].data();
        reader.end = reader.next + streams[s].size();
        if (codec.code().decode(reader, symbols.data(), count) != count)
            throw std::runtime_error("a golden stream is too short");
        tile.values.emplace_back(symbols.begin(), symbols.begin() + static_cast<ptrdiff_t>(count));
        tile.code_bits.emplace_back();
        for (const int symbol : tile.values.back())
            tile.code_bits.back().push_back(
                codec.code().model(static_cast<uint32_t>(symbol - codec.code().low())).length);
    }
}

void read_words(const std::vector<std::vector<uint8_t>>& streams, GoldenTile& tile) {
    tile.by_channel = true;
    tile.coders = static_cast<uint32_t>(streams.size() / 2);
    for (uint32_t g = 0; g < tile.coders; ++g) {
        const uint64_t count = uint64_t{tile.shape.rows} * tile.shape.width *
                               channels_of(g, tile.shape.channels, tile.coders);
        const std::vector<uint8_t> words = ebpc_decode({streams[2 * g], streams[2 * g + 1], count});
        tile.values.emplace_back(words.begin(), words.end());
    }
}

}  // namespace

size_t GoldenTile::index(uint32_t channel, uint32_t row, uint32_t column) const {
    const size_t mine = channels_of(channel % coders, shape.channels, coders);
    const size_t of_row = row - first_row, of_channel = channel / coders;
    return by_channel ? (of_row * mine + of_channel) * shape.width + column
                      : (of_row * shape.width + column) * mine + of_channel;
}

uint64_t GoldenTile::bits_before(uint32_t coder, size_t index) const {
    uint64_t bits = 0;
    for (size_t i = 0; i < index; ++i) bits += code_bits[coder][i];
    return bits;
}

std::vector<GoldenTile> golden_tiles(const Loadable& loadable, const std::string& name,
                                     const std::vector<int16_t>& input) {
    const std::vector<StoredTensor> tensors = GoldenExecutor(loadable).run(input);
    uint32_t number = 0;
    while (loadable.name(loadable.tensors()[number]) != name) ++number;
    const krhn_tensor& tensor = loadable.tensors()[number];
    const auto codec =
        make_codec(tensor.codec, loadable.table(tensor), static_cast<Format>(tensor.stored_format));
    std::vector<GoldenTile> tiles;
    for (uint32_t b = 0; b < tensor.bands; ++b) {
        GoldenTile& tile = tiles.emplace_back();
        tile.first_row = b * tensor.band_rows;
        tile.shape = {std::min(tensor.band_rows, tensor.height - tile.first_row), tensor.width,
                      tensor.channels};
        const auto& streams = tensors[number].bands[b].streams;
        if (const auto* symbols = dynamic_cast<const SymbolCodec*>(codec.get()))
            read_symbols(*symbols, streams, tile);
        else
            read_words(streams, tile);
    }
    return tiles;
}

}  // namespace karhunen
