#include "tests/models/codec/samples.h"

#include <algorithm>
#include <numeric>

#include <boost/test/unit_test.hpp>

#include "models/codec/huffman.h"

namespace karhunen::samples {

std::vector<uint8_t> model(uint32_t symbols, std::mt19937& random) {
    std::vector<uint64_t> counts(symbols);
    for (auto& n : counts) n = uint64_t{1} << random() % 24;
    return model_bytes(counts);
}

TransformParameters transform(uint32_t channels, int32_t low, int32_t high, std::mt19937& random,
                              uint32_t components) {
    TransformParameters p;
    p.channels = channels;
    p.components = components == 0 ? channels : components;
    p.low = low;
    p.high = high;
    p.forward_shift = 36;
    p.inverse_shift = 10;
    p.out_shift = 22;
    p.out_multiplier = 100 + static_cast<int32_t>(random() % 1000);
    for (uint32_t i = 0; i < p.components * channels; ++i)
        p.matrix.push_back(static_cast<int8_t>(static_cast<int>(random() % 255) - 127));
    for (uint32_t c = 0; c < channels; ++c) {
        p.mean.push_back(static_cast<int16_t>(static_cast<int>(random() % 200) - 100));
        p.offset.push_back(static_cast<int32_t>(random() % 400000) - 200000);
    }
    for (uint32_t k = 0; k < p.components; ++k) {
        p.forward.push_back(static_cast<int32_t>(1000000 + random() % 1000000));
        p.inverse.push_back(static_cast<int32_t>(10000 + random() % 10000));
    }
    return p;
}

VlcParameters vlc(int16_t low, int16_t high, std::mt19937& random) {
    VlcParameters p;
    p.low = low;
    p.high = high;
    p.forward = 1000 + static_cast<int32_t>(random() % 1000);
    p.forward_shift = 14;
    p.inverse = 3000 + static_cast<int32_t>(random() % 1000);
    p.inverse_shift = 11;
    p.model = model(static_cast<uint32_t>(high - low) + 1, random);
    return p;
}

DctMaskParameters dct_mask(bool dct, uint32_t length, uint32_t step, std::mt19937& random) {
    DctMaskParameters p{dct, length, step, {}, {}};
    const DctMaskLevels levels = dct_mask_levels(p);
    p.first = model(static_cast<uint32_t>(levels.first_high - levels.first_low) + 1, random);
    if (dct) p.rest = model(2 * static_cast<uint32_t>(levels.rest_high) + 1, random);
    return p;
}

std::vector<int16_t> map(size_t values, Values kind, std::mt19937& random) {
    std::vector<int16_t> result(values);
    for (int16_t& v : result) switch (kind) {
            case Values::zero:
                v = 0;
                break;
            case Values::lowest:
                v = -2048;
                break;
            case Values::highest:
                v = 2047;
                break;
            case Values::random:
                v = static_cast<int16_t>(static_cast<int>(random() % 4096) - 2048);
                break;
            case Values::small:
                v = static_cast<int16_t>(static_cast<int>(random() % 64) - 32);
                break;
        }
    return result;
}

std::vector<int16_t> rectified(size_t values, unsigned percent_nonzero, std::mt19937& random) {
    std::vector<int16_t> result(values);
    for (int16_t& v : result)
        if (random() % 100 < percent_nonzero) v = static_cast<int16_t>(1 + random() % 255);
    return result;
}

std::vector<std::string> canonical_codes(const std::vector<uint8_t>& model) {
    std::vector<size_t> order(model.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return (model[a] & 15) < (model[b] & 15); });
    std::vector<std::string> codes(model.size());
    std::string code;
    for (const size_t s : order) {
        if (!code.empty()) {  // the next number in binary
            const size_t zero = code.rfind('0');
            BOOST_REQUIRE(zero != std::string::npos);
            code[zero] = '1';
            std::fill(code.begin() + static_cast<ptrdiff_t>(zero) + 1, code.end(), '0');
        }
        code.resize(model[s] & 15, '0');
        codes[s] = code;
    }
    return codes;
}

std::vector<std::vector<uint8_t>> packed(const std::vector<std::string>& codes,
                                         const std::vector<uint32_t>& symbols, uint32_t channels,
                                         uint32_t streams) {
    std::vector<std::string> bits(streams);
    for (size_t i = 0; i < symbols.size(); ++i) bits[i % channels % streams] += codes[symbols[i]];
    std::vector<std::vector<uint8_t>> result;
    for (std::string& b : bits) {
        b.resize((b.size() + 15) / 16 * 16, '0');
        result.emplace_back(b.size() / 8);
        for (size_t i = 0; i < b.size(); ++i)
            result.back()[i / 8] =
                static_cast<uint8_t>(result.back()[i / 8] | (b[i] - '0') << i % 8);
    }
    return result;
}

std::vector<int16_t> decode_in_pieces(const Codec& codec, const BandShape& shape,
                                      const std::vector<std::vector<uint8_t>>& streams,
                                      uint32_t most, std::mt19937& random) {
    const auto n = static_cast<uint32_t>(streams.size());
    const auto decoder = codec.decoder(shape, n);
    const size_t row = size_t{shape.width} * shape.channels * words_of(codec.decoded_format());
    std::vector<int16_t> values(row * shape.rows);
    std::vector<size_t> fed(n);
    uint32_t rows = 0;
    for (bool left = true; left;) {
        left = false;
        for (uint32_t s = 0; s < n; ++s) {
            const size_t now = std::min<size_t>(1 + random() % most, streams[s].size() - fed[s]);
            decoder->feed(s, std::span(streams[s]).subspan(fed[s], now));
            fed[s] += now;
            left = left || fed[s] < streams[s].size();
        }
        if (!left) decoder->end();
        while (rows < shape.rows && decoder->decode_row(std::span(values).subspan(rows * row, row)))
            ++rows;
        for (uint32_t s = 0; s < n; ++s) BOOST_REQUIRE(decoder->consumed(s) <= fed[s]);
    }
    BOOST_REQUIRE_EQUAL(rows, shape.rows);
    decoder->finish();
    for (uint32_t s = 0; s < n; ++s) BOOST_CHECK_EQUAL(decoder->consumed(s), streams[s].size());
    return values;
}

}  // namespace karhunen::samples
