#include "models/codec/huffman.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>

#include "models/codec/codec.h"
#include "models/codec/huffman_lengths.h"

namespace karhunen {

// Loads and stores below are of little-endian machines; others would need a byte swap.
static_assert(std::endian::native == std::endian::little);

namespace {

/// Information minus code length in 1/8 bits, by bits 7:4 of a model byte. Fine where most symbols
/// lie; up to 4 bits beyond for the rest when one symbol is far more frequent than all others.
constexpr std::array<int, 16> beyond_length = {-8, -6, -4, -3, -2, -1, 0,  1,
                                               2,  3,  4,  6,  8,  12, 20, 32};

}  // namespace

std::vector<uint8_t> model_bytes(std::span<const uint64_t> counts) {
    std::vector<uint64_t> weights(counts.begin(), counts.end());
    for (uint64_t& w : weights) ++w;
    const auto lengths = huffman_lengths(weights, HuffmanCode::max_length);
    const auto total = static_cast<double>(std::accumulate(weights.begin(), weights.end(), 0ull));

    std::vector<uint32_t> order(counts.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t a, uint32_t b) { return weights[a] > weights[b]; });
    std::vector<uint8_t> bytes(counts.size());
    double carried = 0;  // error of the average so far
    for (const uint32_t s : order) {
        const double p = static_cast<double>(weights[s]) / total;
        const double exact = (-std::log2(p) - lengths[s]) * 8;
        const auto above = static_cast<size_t>(
            std::upper_bound(beyond_length.begin(), beyond_length.end(), exact) -
            beyond_length.begin());
        const auto error = [&](size_t choice) {
            return carried + p * (beyond_length[choice] - exact);
        };
        const size_t floor = std::max<size_t>(above, 1) - 1;
        const size_t ceiling = std::min(above, beyond_length.size() - 1);
        const size_t rounded = std::abs(error(floor)) < std::abs(error(ceiling)) ? floor : ceiling;
        carried = error(rounded);
        bytes[s] = static_cast<uint8_t>(lengths[s] | rounded << 4);
    }
    return bytes;
}

HuffmanCode::HuffmanCode(std::span<const uint8_t> model, int16_t low) : low_(low) {
    if (model.size() < 2 || model.size() > max_symbols)
        throw CodecError("Huffman table of " + std::to_string(model.size()) + " symbols");
    uint32_t of_length[max_length + 1] = {};
    uint32_t kraft = 0;
    for (const uint8_t byte : model) {
        const unsigned length = byte & 15;
        if (length == 0) throw CodecError("Huffman table: a symbol without a code");
        ++of_length[length];
        kraft += 1u << (max_length - length);
        longest_ = std::max(longest_, length);
    }
    if (kraft != 1u << max_length) throw CodecError("Huffman table: the code is not complete");

    uint32_t next[max_length + 2] = {};
    for (unsigned l = 1; l <= max_length; ++l) next[l + 1] = (next[l] + of_length[l]) << 1;
    encode_table_.reserve(model.size());
    for (const uint8_t byte : model) {
        const unsigned length = byte & 15;
        const uint32_t code = next[length]++;
        uint32_t reversed = 0;
        for (unsigned i = 0; i < length; ++i) reversed |= (code >> i & 1) << (length - 1 - i);
        const int information = static_cast<int>(length) * 8 + beyond_length[byte >> 4];
        encode_table_.push_back(reversed | length << 16 | static_cast<uint32_t>(information) << 24);
    }
    build_decode_tables();
}

void HuffmanCode::build_decode_tables() {
    single_.assign(1u << max_length, 0);
    for (uint32_t s = 0; s < symbols(); ++s) {
        const uint32_t length = model(s).length;
        for (uint32_t i = code(s); i < single_.size(); i += 1u << length)
            single_[i] = static_cast<uint16_t>(s | length << 11);
    }
    several_.assign(1u << window_bits, 0);
    for (uint32_t window = 0; window < several_.size(); ++window) {
        uint64_t entry = 0;
        unsigned used = 0, count = 0;
        while (count < 3) {
            const uint16_t hit = single_[window >> used];
            const unsigned length = hit >> 11;
            if (used + length > window_bits) break;
            const auto value = static_cast<uint16_t>(low_ + (hit & 2047));
            entry |= uint64_t{value} << 16 * count++;
            used += length;
        }
        several_[window] = entry | uint64_t{used} << 48 | uint64_t{count} << 56;
    }
}

// Four codes at most 60 bits long are joined first: only that join depends on the bits before it.
void HuffmanCode::encode(Writer& writer, std::vector<uint8_t>& bytes, const int16_t* values,
                         size_t count, size_t stride) const {
    const uint32_t* const table = encode_table_.data();
    const ptrdiff_t first = low_;
    const size_t before = bytes.size();
    bytes.resize(before + (count * max_length + writer.pending_bits) / 8 + 8);
    uint8_t* out = bytes.data() + before;
    uint64_t pending = writer.pending;
    uint32_t pending_bits = writer.pending_bits;
    const auto append = [&](uint64_t codes, uint32_t length) {
        pending |= codes << pending_bits;
        std::memcpy(out, &pending, 8);
        if (const uint32_t sum = pending_bits + length; sum >= 64) {
            out += 8;
            pending = codes >> (64 - pending_bits);  // length <= 60, so pending_bits > 0
            pending_bits = sum - 64;
        } else {
            pending_bits = sum;
        }
    };
    size_t i = 0;
    for (; i + 4 <= count; i += 4, values += 4 * stride) {
        const uint64_t a = table[values[0] - first], b = table[values[stride] - first];
        const uint64_t c = table[values[2 * stride] - first], d = table[values[3 * stride] - first];
        const uint32_t ab = static_cast<uint32_t>((a >> 16) + (b >> 16));
        const uint32_t cd = static_cast<uint32_t>((c >> 16) + (d >> 16));
        const uint64_t low = (a & 0xFFFF) | (b & 0xFFFF) << (a >> 16 & 0xFF);
        const uint64_t high = (c & 0xFFFF) | (d & 0xFFFF) << (c >> 16 & 0xFF);
        append(low | high << (ab & 0xFF), (ab + cd) & 0xFF);
        writer.code_bits += (ab + cd) & 0xFF;
        writer.information += (ab + cd) >> 8;
    }
    for (; i < count; ++i, values += stride) {
        const uint32_t e = table[*values - first];
        append(e & 0xFFFF, e >> 16 & 0xFF);
        writer.code_bits += e >> 16 & 0xFF;
        writer.information += e >> 24;
    }
    std::memcpy(out, &pending, 8);
    const uint32_t whole = pending_bits & ~15u;
    bytes.resize(static_cast<size_t>(out - bytes.data()) + whole / 8);
    writer.pending = pending >> whole;
    writer.pending_bits = pending_bits - whole;
}

void HuffmanCode::flush(Writer& writer, std::vector<uint8_t>& bytes) {
    for (; writer.pending_bits > 0; writer.pending_bits -= std::min(writer.pending_bits, 16u)) {
        bytes.push_back(static_cast<uint8_t>(writer.pending));
        bytes.push_back(static_cast<uint8_t>(writer.pending >> 8));
        writer.pending >>= 16;
    }
}

size_t HuffmanCode::decode(Reader& reader, int16_t* values, size_t count) const {
    const uint64_t* const several = several_.data();
    const uint16_t* const single = single_.data();
    Reader r = reader;
    int16_t* out = values;
    int16_t* const out_end = values + count;
    const auto one = [&](uint16_t hit) {
        *out++ = static_cast<int16_t>(low_ + (hit & 2047));
        r.ahead >>= hit >> 11;
        r.ahead_bits -= hit >> 11;
    };
    // Five windows of 11 bits fit the 56 bits that a refill guarantees, and give 15 values at most.
    while (out_end - out >= 15 && r.end - r.next >= 8) {
        uint64_t word;
        std::memcpy(&word, r.next, 8);
        r.ahead |= word << r.ahead_bits;
        r.next += (63 - r.ahead_bits) >> 3;
        r.ahead_bits |= 56;
        uint64_t entry = several[r.ahead & ((1u << window_bits) - 1)];
        if (entry >> 56 == 0) {
            one(single[r.ahead & ((1u << max_length) - 1)]);
            continue;
        }
        for (int i = 0; i < 5 && entry >> 56 != 0; ++i) {
            std::memcpy(out, &entry, 8);  // the fourth is overwritten by the next
            out += entry >> 56;
            const uint32_t used = entry >> 48 & 0xFF;
            r.ahead >>= used;
            r.ahead_bits -= used;
            entry = several[r.ahead & ((1u << window_bits) - 1)];
        }
    }
    while (out < out_end) {
        for (; r.ahead_bits < 56 && r.next < r.end; r.ahead_bits += 8)
            r.ahead |= uint64_t{*r.next++} << r.ahead_bits;
        const uint16_t hit = single[r.ahead & ((1u << max_length) - 1)];
        if (hit >> 11 > r.ahead_bits) break;
        one(hit);
    }
    reader = r;
    return static_cast<size_t>(out - values);
}

}  // namespace karhunen
