#include "tests/models/codec/naive_coders.h"

#include <algorithm>

namespace karhunen::naive {
namespace {

std::string binary(unsigned value, unsigned digits) {
    std::string text;
    while (digits-- > 0) text += value >> digits & 1 ? '1' : '0';
    return text;
}

/// `literal(word)` for words other than zero, the code of runs for zeros.
template <typename Literal>
std::string with_runs(const Words& words, Literal&& literal) {
    std::string bits;
    unsigned zeros = 0;
    const auto flush = [&] {
        if (zeros > 0) bits += "0" + binary(zeros - 1, 4);
        zeros = 0;
    };
    for (const uint8_t word : words) {
        if (word == 0) {
            if (++zeros == 16) flush();
        } else {
            flush();
            bits += literal(word);
        }
    }
    flush();
    return bits;
}

std::string plane(const std::string& dbx, const std::string& dbp) {
    const auto ones = std::count(dbx.begin(), dbx.end(), '1');
    const auto first = static_cast<unsigned>(dbx.find('1'));
    if (ones == 7) return "00000";
    if (dbp == "0000000") return "00001";
    if (ones == 2 && dbx.find("11") != std::string::npos) return "00010" + binary(first, 3);
    if (ones == 1) return "00011" + binary(first, 3);
    return "1" + dbx;
}

std::string block(const std::vector<int>& x, uint64_t& stalls) {
    std::string bits = binary(static_cast<unsigned>(x[0]) & 0xFF, 8);
    std::string before(7, '0');
    unsigned run = 0;
    const auto flush = [&] {
        if (run == 1) bits += "01";
        if (run > 1) bits += "001" + binary(run - 2, 3);
        run = 0;
    };
    for (unsigned k = 0; k <= 8; ++k) {
        std::string dbp, dbx;
        for (unsigned i = 1; i < 8; ++i) {
            const auto d = static_cast<unsigned>(x[i] - x[i - 1]);
            dbp += d >> k & 1 ? '1' : '0';
            dbx += dbp.back() != before[i - 1] ? '1' : '0';
        }
        before = dbp;
        if (dbx == "0000000") {
            ++run;
            continue;
        }
        stalls += run > 0;
        flush();
        bits += plane(dbx, dbp);
    }
    flush();
    return bits;
}

}  // namespace

std::string zvc(const Words& words) {
    std::string bits;
    for (size_t start = 0; start < words.size(); start += 32) {
        std::string values;
        for (size_t i = start; i < start + 32; ++i) {
            const unsigned word = i < words.size() ? words[i] : 0u;
            bits += word ? '1' : '0';
            if (word == 0) continue;
            std::string value = binary(word, 8);
            std::reverse(value.begin(), value.end());
            values += value;
        }
        bits += values;
    }
    return bits;
}

std::string zrle(const Words& words) {
    return with_runs(words, [](uint8_t word) { return "1" + binary(word, 8); });
}

std::string znz(const Words& words) {
    return with_runs(words, [](uint8_t) { return "1"; });
}

std::string bpc(const Words& words, uint64_t* stalls) {
    std::vector<int> nonzero;
    for (const uint8_t word : words)
        if (word != 0) nonzero.push_back(static_cast<int8_t>(word));
    while (nonzero.size() % 8 != 0) nonzero.push_back(0);
    std::string bits;
    uint64_t sum = 0;
    for (auto from = nonzero.begin(); from != nonzero.end(); from += 8)
        bits += block(std::vector<int>(from, from + 8), sum);
    if (stalls) *stalls = sum;
    return bits;
}

Words packed(std::string bits) {
    while (bits.size() % 8 != 0) bits += '0';
    Words bytes(bits.size() / 8);
    for (size_t i = 0; i < bits.size(); ++i)
        bytes[i / 8] = static_cast<uint8_t>(bytes[i / 8] | (bits[i] == '1') << (7 - i % 8));
    return bytes;
}

Words packed_low_first(std::string bits) {
    Words bytes = packed(std::move(bits));
    for (uint8_t& byte : bytes) {
        unsigned turned = 0;
        for (unsigned i = 0; i < 8; ++i) turned |= (byte >> i & 1u) << (7 - i);
        byte = static_cast<uint8_t>(turned);
    }
    return bytes;
}

}  // namespace karhunen::naive
