#include "tests/models/codec/naive_context.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace karhunen::naive {
namespace {

int limited(int64_t x, int low, int high) {
    return static_cast<int>(x < low ? low : x > high ? high : x);
}

/// floor(x / 2^shift + 1/2)
int64_t scaled(int64_t x, int shift) {
    if (shift > 0) x += int64_t{1} << (shift - 1);
    const int64_t unit = int64_t{1} << shift;
    return (x - ((x % unit) + unit) % unit) / unit;
}

int64_t floor_divided(int64_t x, int64_t by) {
    return (x - ((x % by) + by) % by) / by;
}

struct Position {
    uint32_t row, column, channel;
};

/// What is known of a value before it is.
struct Known {
    int prediction;
    const TokenFrequencies* table;
};

Known known(const ContextParameters& p, const BandShape& shape, const std::vector<int>& q,
            Position at) {
    const auto value = [&](int row, int column) {
        return q[(static_cast<size_t>(row) * shape.width + static_cast<size_t>(column)) *
                     shape.channels +
                 at.channel];
    };
    const int row = static_cast<int>(at.row), column = static_cast<int>(at.column);
    int w, n, ne, nw;
    if (row == 0) {
        w = column > 0 ? value(0, column - 1) : 0;
        n = ne = nw = w;
    } else {
        n = value(row - 1, column);
        w = column > 0 ? value(row, column - 1) : n;
        nw = column > 0 ? value(row - 1, column - 1) : n;
        ne = column + 1 < static_cast<int>(shape.width) ? value(row - 1, column + 1) : n;
    }
    const size_t first = p.shared_weights ? 0 : 4 * size_t{at.channel};
    const int mean = p.bias[at.channel] + p.weights[first] * w + p.weights[first + 1] * n +
                     p.weights[first + 2] * ne + p.weights[first + 3] * nw;
    const int s = p.deviation[at.channel];
    const auto r = static_cast<int64_t>(std::lround(64 * std::exp2(-(s - 5) / 2.0)));
    const int level = limited(floor_divided(mean * r, 2048) + 7, 0, 15);
    const auto e = (std::abs(w - nw) + std::abs(n - nw) + std::abs(n - ne)) * r / 16;
    const int activity = e < 3 ? 0 : e < 6 ? 1 : e < 11 ? 2 : 3;
    const int table = p.table_of[static_cast<size_t>(64 * level + 4 * s + activity)];
    return {limited(floor_divided(mean + 32, 64), 0, 255), &p.tables[static_cast<size_t>(table)]};
}

/// Values 1..255 in the order of their distance from the prediction, below before above.
std::vector<int> order_of(int prediction) {
    const int p = std::max(prediction, 1);
    std::vector<int> order = {0, p};
    for (int d = 1; d < 255; ++d)
        for (const int q : {p - d, p + d})
            if (q >= 1 && q <= 255) order.push_back(q);
    return order;
}

struct Code {
    uint32_t token, raw_bits, raw;
};

constexpr uint32_t first_of[21] = {0,  1,  2,  3,  4,  5,  6,   7,   8,   9,  13,
                                   17, 25, 33, 49, 65, 97, 129, 161, 193, 225};
constexpr uint32_t bits_of[21] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5, 5, 5};

Code code_of(uint32_t number) {
    for (uint32_t t = 0; t < 21; ++t)
        if (number >= first_of[t] && number < first_of[t] + (1u << bits_of[t]))
            return {t, bits_of[t], number - first_of[t]};
    throw std::logic_error("no token");
}

uint32_t sum_before(const TokenFrequencies& table, uint32_t token) {
    uint32_t sum = 0;
    for (uint32_t t = 0; t < token; ++t) sum += table[t];
    return sum;
}

template <typename Use>
void for_each_value(const BandShape& shape, uint32_t stream, uint32_t streams, Use&& use) {
    for (uint32_t row = 0; row < shape.rows; ++row)
        for (uint32_t column = 0; column < shape.width; ++column)
            for (uint32_t channel = stream; channel < shape.channels; channel += streams)
                use(Position{row, column, channel});
}

size_t index_of(const BandShape& shape, Position at) {
    return (size_t{at.row} * shape.width + at.column) * shape.channels + at.channel;
}

struct Item {
    Code code;
    const TokenFrequencies* table;
};

std::vector<Item> items_of(const ContextParameters& p, const BandShape& shape, uint32_t stream,
                           uint32_t streams, const std::vector<int>& q) {
    std::vector<Item> items;
    for_each_value(shape, stream, streams, [&](Position at) {
        const Known k = known(p, shape, q, at);
        const auto order = order_of(k.prediction);
        const auto found = std::find(order.begin(), order.end(), q[index_of(shape, at)]);
        items.push_back({code_of(static_cast<uint32_t>(found - order.begin())), k.table});
    });
    return items;
}

void append(std::vector<uint8_t>& bytes, uint64_t value, int count) {
    for (int i = 0; i < count; ++i) bytes.push_back(static_cast<uint8_t>(value >> 8 * i));
}

std::vector<uint8_t> block_of(const std::vector<Item>& items, size_t first, size_t count) {
    uint64_t states[2] = {65536, 65536};
    std::vector<uint64_t> words;
    for (size_t j = count; j-- > 0;) {
        uint64_t& x = states[j % 2];
        const Item& item = items[first + j];
        const uint64_t f = (*item.table)[item.code.token], k = item.code.raw_bits;
        if (x >= f * (uint64_t{1} << (21 - k))) {
            words.push_back(x % 65536);
            x /= 65536;
        }
        x = x / f * (2048u << k) + item.code.raw * 2048 + sum_before(*item.table, item.code.token) +
            x % f;
    }
    std::vector<uint8_t> bytes;
    append(bytes, states[0], 4);
    append(bytes, states[1], 4);
    for (auto word = words.rbegin(); word != words.rend(); ++word) append(bytes, *word, 2);
    return bytes;
}

}  // namespace

std::vector<int> context_quantised(const ContextParameters& p, const std::vector<int16_t>& stored) {
    std::vector<int> q;
    for (const int64_t x : stored)
        q.push_back(limited(scaled(x * p.forward, p.forward_shift), 0, 255));
    return q;
}

std::vector<int16_t> context_decoded(const ContextParameters& p,
                                     const std::vector<int>& quantised) {
    std::vector<int16_t> values;
    for (const int64_t q : quantised)
        values.push_back(
            static_cast<int16_t>(limited(scaled(q * p.inverse, p.inverse_shift), 0, 255)));
    return values;
}

std::vector<std::vector<uint8_t>> context_encode(const ContextParameters& p, const BandShape& shape,
                                                 uint32_t streams,
                                                 const std::vector<int>& quantised) {
    std::vector<std::vector<uint8_t>> result;
    const size_t block = size_t{1} << p.log2_block;
    for (uint32_t s = 0; s < streams; ++s) {
        const auto items = items_of(p, shape, s, streams, quantised);
        std::vector<uint8_t> bytes;
        for (size_t at = 0; at < items.size(); at += block) {
            const auto more = block_of(items, at, std::min(block, items.size() - at));
            bytes.insert(bytes.end(), more.begin(), more.end());
        }
        result.push_back(bytes);
    }
    return result;
}

std::vector<int> context_decode(const ContextParameters& p, const BandShape& shape,
                                const std::vector<std::vector<uint8_t>>& streams) {
    std::vector<int> q(shape.values());
    for (uint32_t s = 0; s < streams.size(); ++s) {
        size_t at = 0, in_block = 0;
        const auto read = [&](size_t bytes) {
            uint64_t value = 0;
            for (size_t i = 0; i < bytes; ++i) value += uint64_t{streams[s].at(at++)} << 8 * i;
            return value;
        };
        uint64_t states[2] = {};
        for_each_value(shape, s, static_cast<uint32_t>(streams.size()), [&](Position where) {
            if (in_block == 0) {
                states[0] = read(4);
                states[1] = read(4);
            }
            const Known k = known(p, shape, q, where);
            uint64_t& x = states[in_block % 2];
            const uint64_t slot = x % 2048;
            uint32_t token = 20;
            while (sum_before(*k.table, token) > slot) --token;
            const uint64_t raw = x / 2048 % (1u << bits_of[token]);
            x = (*k.table)[token] * (x / (2048u << bits_of[token])) + slot -
                sum_before(*k.table, token);
            if (x < 65536) x = x * 65536 + read(2);
            q[index_of(shape, where)] = order_of(k.prediction).at(first_of[token] + raw);
            in_block = (in_block + 1) % (size_t{1} << p.log2_block);
        });
        if (at != streams[s].size()) throw std::logic_error("bytes are left");
    }
    return q;
}

double context_information(const ContextParameters& p, const BandShape& shape,
                           const std::vector<int>& quantised) {
    double bits = 0;
    for (const Item& item : items_of(p, shape, 0, 1, quantised))
        bits += 11 - std::log2((*item.table)[item.code.token]) + item.code.raw_bits;
    return bits;
}

}  // namespace karhunen::naive

namespace karhunen::samples {
namespace {

TokenFrequencies frequencies(std::mt19937& random) {
    TokenFrequencies f;
    f.fill(1);
    uint32_t left = 2048 - 21;
    const uint32_t most = 1 + random() % left;
    while (left > 0) {
        const uint32_t more = 1 + random() % std::min(most, left);
        uint16_t& one = f[random() % (random() % 2 ? 21 : 5)];
        one = static_cast<uint16_t>(one + more);
        left -= more;
    }
    return f;
}

}  // namespace

ContextParameters context(uint32_t channels, bool lossless, std::mt19937& random) {
    ContextParameters p;
    p.channels = channels;
    if (!lossless) {
        p.forward = static_cast<int32_t>(1000 + random() % 9000);
        p.forward_shift = 15;
        p.inverse = static_cast<int32_t>(1000 + random() % 9000);
        p.inverse_shift = 10;
    }
    p.log2_block = static_cast<uint8_t>(6 + random() % 8);
    p.shared_weights = random() % 2 != 0;
    const bool wild = random() % 4 == 0;
    for (uint32_t i = 0; i < (p.shared_weights ? 4 : 4 * channels); ++i)
        p.weights.push_back(static_cast<int8_t>(static_cast<int>(random() % (wild ? 256 : 40)) -
                                                (wild ? 128 : 10)));
    for (uint32_t c = 0; c < channels; ++c) {
        p.bias.push_back(static_cast<int16_t>(static_cast<int>(random() % (wild ? 65536 : 400)) -
                                              (wild ? 32768 : 200)));
        p.deviation.push_back(static_cast<uint8_t>(random() % 16));
    }
    const uint32_t tables = 1 + random() % 32;
    for (uint8_t& t : p.table_of) t = static_cast<uint8_t>(random() % tables);
    for (uint32_t i = 0; i < tables; ++i) p.tables.push_back(frequencies(random));
    return p;
}

}  // namespace karhunen::samples
