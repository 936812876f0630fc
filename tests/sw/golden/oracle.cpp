#include "tests/sw/golden/oracle.h"

#include <algorithm>

#include "models/codec/codec.h"

namespace karhunen {

namespace {

using Map = std::vector<int32_t>;

struct Bounds {
    int64_t low, high;
};
constexpr Bounds u8{0, 255}, s12{-2048, 2047};

/// floor(value / 2^24 + 1/2), clamped.
int32_t scaled(int64_t value, Bounds bounds) {
    const int64_t step = 1 << 24, shifted = value + step / 2;
    const int64_t floor = shifted >= 0 ? shifted / step : -((-shifted + step - 1) / step);
    return static_cast<int32_t>(std::clamp(floor, bounds.low, bounds.high));
}

/// Sums plus bias of a convolution of a square map, with padding kernel / 2.
Map sums_of(const TinyConvolution& c, const Map& input, int size, int stride) {
    const int kernel = static_cast<int>(c.kernel), pad = kernel / 2;
    const int channels = static_cast<int>(c.input_channels), result_size = (size - 1) / stride + 1;
    Map result;
    for (int y = 0; y < result_size; ++y)
        for (int x = 0; x < result_size; ++x)
            for (uint32_t o = 0; o < c.output_channels; ++o) {
                int32_t sum = c.bias[o];
                for (int i = 0; i < channels; ++i)
                    for (int dy = 0; dy < kernel; ++dy)
                        for (int dx = 0; dx < kernel; ++dx) {
                            const int row = y * stride + dy - pad, column = x * stride + dx - pad;
                            if (row < 0 || row >= size || column < 0 || column >= size) continue;
                            sum += input[(row * size + column) * channels + i] *
                                   c.weights[((o * channels + i) * kernel + dy) * kernel + dx];
                        }
                result.push_back(sum);
            }
    return result;
}

/// Requantises sums, adding `residual` times its multiplier where there is one.
Map requantised(const TinyConvolution& c, const Map& sums, Bounds bounds, const Map& residual = {},
                int64_t residual_multiplier = 0) {
    Map result;
    for (size_t i = 0; i < sums.size(); ++i) {
        int64_t value = int64_t{sums[i]} * c.multiplier[i % c.output_channels];
        if (!residual.empty()) value += residual[i] * residual_multiplier;
        result.push_back(scaled(value, bounds));
    }
    return result;
}

Map max_pooled(const Map& map, int size, int channels) {  // 3x3, stride 2, padding 1
    Map result;
    for (int y = 0; y < (size + 1) / 2; ++y)
        for (int x = 0; x < (size + 1) / 2; ++x)
            for (int c = 0; c < channels; ++c) {
                int32_t most = INT32_MIN;
                for (int row = std::max(0, 2 * y - 1); row <= std::min(size - 1, 2 * y + 1); ++row)
                    for (int column = std::max(0, 2 * x - 1);
                         column <= std::min(size - 1, 2 * x + 1); ++column)
                        most = std::max(most, map[(row * size + column) * channels + c]);
                result.push_back(most);
            }
    return result;
}

Map coded(const TinyNetwork& n, uint32_t tensor, const Map& map) {
    const krhn_tensor& t = n.tensors[tensor];
    const uint32_t tables = n.tables_offset();
    const auto codec = make_codec(
        t.codec, std::span(n.tables).subspan(t.table_offset - tables, t.table_bytes), Format::s12);
    Map result;
    for (uint32_t row = 0; row < t.height; row += t.band_rows) {
        const BandShape band{std::min(t.band_rows, t.height - row), t.width, t.channels};
        const auto begin = map.begin() + row * t.width * t.channels;
        const std::vector<int16_t> values(begin, begin + static_cast<int64_t>(band.values()));
        const auto decoded =
            decode_band(*codec, band, encode_band(*codec, band, t.streams, values));
        result.insert(result.end(), decoded.begin(), decoded.end());
    }
    return result;
}

}  // namespace

std::vector<std::vector<int32_t>> oracle(const TinyNetwork& n,
                                         const std::vector<int16_t>& picture) {
    const auto& c = n.convolutions;  // stem, one, shortcut, two, three, fc
    std::vector<Map> maps{{picture.begin(), picture.end()}};
    maps.push_back(max_pooled(requantised(c[0], sums_of(c[0], maps[0], 9, 1), u8), 9, 8));
    maps.push_back(requantised(c[1], sums_of(c[1], maps[1], 5, 2), u8));
    const Map shortcut = requantised(c[2], sums_of(c[2], maps[1], 5, 2), s12);
    const int64_t one_and_a_half = (int64_t{1} << 24) * 3 / 2, eight = int64_t{1} << 27;
    maps.push_back(coded(
        n, 3, requantised(c[3], sums_of(c[3], maps[2], 3, 1), s12, shortcut, one_and_a_half)));
    maps.push_back(
        coded(n, 4, requantised(c[4], sums_of(c[4], maps[3], 3, 1), s12, maps[3], eight)));
    Map average;
    for (int channel = 0; channel < 12; ++channel) {
        int64_t sum = 0;
        for (int pixel = 0; pixel < 9; ++pixel) sum += maps[4][pixel * 12 + channel];
        average.push_back(scaled(sum * ((1 << 24) / 9), u8));
    }
    maps.push_back(average);
    maps.push_back(sums_of(c[5], maps[5], 1, 1));
    return maps;
}

}  // namespace karhunen
