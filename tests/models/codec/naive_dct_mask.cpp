#include "tests/models/codec/naive_dct_mask.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string>

#include "tests/models/codec/samples.h"

namespace karhunen::naive {
namespace {

using Group = std::vector<int64_t>;

int64_t floor_shift(int64_t value, int bits) {
    return static_cast<int64_t>(std::floor(std::ldexp(static_cast<double>(value), -bits)));
}

int64_t matrix(uint32_t length, uint32_t k, uint32_t i) {
    const double angle = std::numbers::pi * (2 * i + 1) * k / (2.0 * length);
    return std::lround(32768 * std::sqrt((k == 0 ? 1.0 : 2.0) / length) * std::cos(angle));
}

int64_t reciprocal(const DctMaskParameters& p) {
    return std::lround(std::ldexp(1.0, 24) / p.step);
}

Group coefficients(const DctMaskParameters& p, const Group& x) {
    Group q;
    for (uint32_t k = 0; k < p.length; ++k) {
        int64_t sum = 1 << 10;
        for (uint32_t i = 0; i < p.length; ++i) sum += matrix(p.length, k, i) * x[i];
        q.push_back(floor_shift(floor_shift(sum, 11) * reciprocal(p) + (1 << 19), 20));
    }
    return q;
}

Group values_of(const DctMaskParameters& p, const Group& q) {
    Group x;
    for (uint32_t i = 0; i < p.length; ++i) {
        int64_t sum = 1 << 18;
        for (uint32_t k = 0; k < p.length; ++k)
            sum += matrix(p.length, k, i) * floor_shift(q[k] * p.step + 8, 4);
        x.push_back(floor_shift(sum, 19));
    }
    return x;
}

/// Codes by level. The first level of each table follows from how many there are.
struct Codes {
    explicit Codes(const DctMaskParameters& p) {
        const auto first_codes = samples::canonical_codes(p.first);
        for (size_t s = 0; s < first_codes.size(); ++s)
            first[static_cast<int64_t>(s) + (p.dct ? 0 : 1)] = first_codes[s];
        if (!p.dct) return;
        const auto rest_codes = samples::canonical_codes(p.rest);
        const auto middle = static_cast<int64_t>(rest_codes.size() / 2);
        for (size_t s = 0; s < rest_codes.size(); ++s)
            rest[static_cast<int64_t>(s) - middle] = rest_codes[s];
    }
    std::map<int64_t, std::string> first, rest;
};

std::string code_of_group(const DctMaskParameters& p, const Codes& codes, const Group& x,
                          uint32_t there, Group& decoded) {
    std::string bits;
    for (uint32_t i = 0; i < there; ++i) bits += x[i] != 0 ? '1' : '0';
    decoded.assign(p.length, 0);
    if (bits.find('1') == std::string::npos) return bits;
    if (p.dct) {
        const Group q = coefficients(p, x);
        for (uint32_t k = 0; k < p.length; ++k)
            bits += (k == 0 ? codes.first : codes.rest).at(q[k]);
        decoded = values_of(p, q);
    } else {
        for (uint32_t i = 0; i < there; ++i) {
            if (x[i] == 0) continue;
            const int64_t q =
                std::max<int64_t>(1, floor_shift(x[i] * reciprocal(p) + (1 << 15), 16));
            bits += codes.first.at(q);
            decoded[i] = floor_shift(q * p.step + 128, 8);
        }
    }
    for (uint32_t i = 0; i < p.length; ++i)
        decoded[i] = x[i] == 0 ? 0 : std::clamp<int64_t>(decoded[i], 1, 255);
    return bits;
}

/// Calls use(stream, first value of the group, its number of values) in order of the stream.
template <typename Use>
void for_each_group(const DctMaskParameters& p, const BandShape& shape, uint32_t streams,
                    Use&& use) {
    for (size_t pixel = 0; pixel < size_t{shape.rows} * shape.width; ++pixel)
        for (uint32_t c = 0; c < shape.channels; c += p.length)
            use(c / p.length % streams, pixel * shape.channels + c,
                std::min(p.length, shape.channels - c));
}

/// Characters of a stream, one after the other.
class Bits {
public:
    explicit Bits(const std::vector<uint8_t>& bytes) : bytes_(bytes) {}
    char next() {
        const char bit = (bytes_.at(at_ / 8) >> at_ % 8 & 1) != 0 ? '1' : '0';
        ++at_;
        return bit;
    }
    int64_t level(const std::map<int64_t, std::string>& codes) {
        for (std::string seen;;) {
            seen += next();
            for (const auto& [level, code] : codes)
                if (code == seen) return level;
        }
    }

private:
    const std::vector<uint8_t>& bytes_;
    size_t at_ = 0;
};

}  // namespace

DctMaskBand dct_mask(const DctMaskParameters& p, const BandShape& shape, uint32_t streams,
                     const std::vector<int16_t>& values) {
    const Codes codes(p);
    std::vector<std::string> bits(streams);
    DctMaskBand band;
    band.reconstruction.resize(values.size());
    for_each_group(p, shape, streams, [&](uint32_t s, size_t at, uint32_t there) {
        Group x(p.length), decoded;
        for (uint32_t i = 0; i < there; ++i) x[i] = values[at + i];
        bits[s] += code_of_group(p, codes, x, there, decoded);
        for (uint32_t i = 0; i < there; ++i)
            band.reconstruction[at + i] = static_cast<int16_t>(decoded[i]);
    });
    for (std::string& b : bits) {
        band.code_bits += b.size();
        b.resize((b.size() + 15) / 16 * 16, '0');
        std::vector<uint8_t> bytes(b.size() / 8);
        for (size_t i = 0; i < b.size(); ++i)
            bytes[i / 8] = static_cast<uint8_t>(bytes[i / 8] | (b[i] - '0') << i % 8);
        band.streams.push_back(bytes);
    }
    return band;
}

std::vector<int16_t> dct_mask_decoded(const DctMaskParameters& p, const BandShape& shape,
                                      const std::vector<std::vector<uint8_t>>& streams) {
    const Codes codes(p);
    std::vector<Bits> bits(streams.begin(), streams.end());
    std::vector<int16_t> values(shape.values());
    for_each_group(p, shape, static_cast<uint32_t>(streams.size()),
                   [&](uint32_t s, size_t at, uint32_t there) {
                       std::string mask;
                       for (uint32_t i = 0; i < there; ++i) mask += bits[s].next();
                       if (mask.find('1') == std::string::npos) return;
                       Group x(p.length), q;
                       if (p.dct) {
                           for (uint32_t k = 0; k < p.length; ++k)
                               q.push_back(bits[s].level(k == 0 ? codes.first : codes.rest));
                           x = values_of(p, q);
                       }
                       for (uint32_t i = 0; i < there; ++i) {
                           if (mask[i] == '0') continue;
                           if (!p.dct)
                               x[i] = floor_shift(bits[s].level(codes.first) * p.step + 128, 8);
                           values[at + i] = static_cast<int16_t>(std::clamp<int64_t>(x[i], 1, 255));
                       }
                   });
    return values;
}

}  // namespace karhunen::naive
