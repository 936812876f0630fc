#include "tests/rtl/naive_ebpc.h"

#include <algorithm>
#include <bit>

namespace karhunen::rtl {
namespace {

std::string binary(uint32_t value, uint32_t digits) {
    std::string text;
    while (digits-- > 0) text += value >> digits & 1 ? '1' : '0';
    return text;
}

uint32_t index_bits(uint32_t n) {
    return static_cast<uint32_t>(std::bit_width(n - 1));
}

std::string zero_runs(const std::vector<uint32_t>& words, uint32_t run_bits) {
    std::string bits;
    uint32_t zeros = 0;
    const auto flush = [&] {
        if (zeros > 0) bits += "0" + binary(zeros - 1, run_bits);
        zeros = 0;
    };
    for (const uint32_t word : words) {
        if (word != 0) {
            flush();
            bits += "1";
        } else if (++zeros == 1u << run_bits) {
            flush();
        }
    }
    flush();
    return bits;
}

std::string plane_code(const std::string& dbx, const std::string& dbp) {
    const auto ones = static_cast<size_t>(std::count(dbx.begin(), dbx.end(), '1'));
    const std::string place =
        binary(static_cast<uint32_t>(dbx.find('1')), index_bits(static_cast<uint32_t>(dbx.size())));
    if (ones == dbx.size()) return "00000";
    if (dbp.find('1') == std::string::npos) return "00001";
    if (ones == 1) return "00011" + place;
    if (ones == 2 && dbx.find("11") != std::string::npos) return "00010" + place;
    return "1" + dbx;
}

/// Appends a block; returns its runs of zero planes that another plane follows.
uint64_t block(const uint32_t* x, const EbpcShape& shape, std::string& bits) {
    bits += binary(x[0], shape.word_bits);
    const std::string none(shape.block_words - 1, '0');
    std::string above = none;
    uint64_t stalls = 0;
    uint32_t run = 0;
    const auto flush = [&] {
        if (run == 1) bits += "01";
        if (run > 1) bits += "001" + binary(run - 2, index_bits(shape.word_bits));
        run = 0;
    };
    const auto number = [&](uint32_t word) {
        return static_cast<int32_t>(word << (32 - shape.word_bits)) >> (32 - shape.word_bits);
    };
    for (uint32_t k = 0; k <= shape.word_bits; ++k) {
        std::string dbp, dbx;
        for (uint32_t i = 1; i < shape.block_words; ++i) {
            dbp += (number(x[i]) - number(x[i - 1])) >> k & 1 ? '1' : '0';
            dbx += dbp.back() != above[i - 1] ? '1' : '0';
        }
        above = dbp;
        if (dbx == none) {
            ++run;
            continue;
        }
        stalls += run > 0;
        flush();
        bits += plane_code(dbx, dbp);
    }
    flush();
    return stalls;
}

}  // namespace

NaiveEbpc naive_ebpc(const std::vector<uint32_t>& words, const EbpcShape& shape) {
    NaiveEbpc coded{zero_runs(words, shape.run_bits), {}};
    std::vector<uint32_t> nonzero;
    for (const uint32_t word : words)
        if (word != 0) nonzero.push_back(word);
    while (nonzero.size() % shape.block_words != 0) nonzero.push_back(0);
    for (size_t i = 0; i < nonzero.size(); i += shape.block_words)
        coded.block_clocks += shape.word_bits + 2 + block(nonzero.data() + i, shape, coded.bpc);
    return coded;
}

std::vector<uint8_t> packed(std::string bits) {
    while (bits.size() % 8 != 0) bits += '0';
    std::vector<uint8_t> bytes(bits.size() / 8);
    for (size_t i = 0; i < bits.size(); ++i)
        bytes[i / 8] = static_cast<uint8_t>(bytes[i / 8] | (bits[i] == '1') << (7 - i % 8));
    return bytes;
}

}  // namespace karhunen::rtl
