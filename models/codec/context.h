// `context`: no transform; each value is predicted from neighbours of its channel and coded with
// one of a few static tables, by rANS. Sizes in code, exactly:
//
// QUANTISER (clamping is the ReLU): q = clamp((x * forward + half) >> forward_shift, 0, 255),
//   x' = saturate_u8((q * inverse + half) >> inverse_shift); half = shift ? 1 << (shift - 1) : 0,
//   >> rounds down. With u8 maps and 1, 1, 0, 0 the codec is lossless.
// NEIGHBOURS W (left), N (above), NE, NW: quantised values of the same channel. In a band's first
//   row W = 0 at column 0, and N = NE = NW = W. In other rows W = NW = N at column 0, and NE = N at
//   the last column.
// PREDICTION of channel c, weights in 1/64: mu = bias + w0 W + w1 N + w2 NE + w3 NW,
//   p = clamp((mu + 32) >> 6, 0, 255).
// CONTEXT: s = deviation class of the channel, 0..15; r = context_reciprocals[s];
//   level t = clamp((mu * r >> 11) + 7, 0, 15); e = (|W - NW| + |N - NW| + |N - NE|) * r >> 4,
//   activity a = (e >= 3) + (e >= 6) + (e >= 11); table = table_of[64 t + 4 s + a].
// NUMBER v, 0..255: 0 for q = 0. Otherwise P = max(p, 1), m = min(P - 1, 255 - P), d = q - P:
//   |d| <= m ? 2 |d| + (d >= 0) : |d| + m + 1. Back: v <= 2 m + 1 is the former, |d| = v >> 1;
//   otherwise |d| = v - m - 1 with the sign of the longer side, + if P - 1 <= 255 - P; q = P + d
//   modulo 256. (32 bits hold every intermediate; mu * r takes 27.)
// TOKEN and raw bits of v: v <= 8 is token v without raw bits. Tokens from 9 on begin with v of
//   9, 13 (2 raw bits), 17, 25 (3), 33, 49 (4), 65, 97, 129, 161, 193, 225 (5).
//   v = (what the token begins with + raw) modulo 256.
// CODER (rans.h): substream s codes channels c = s modulo streams in (row, column, channel) order,
//   in blocks of 2^log2_block values, the last of a band shorter; no values, no block.
//
// BLOB, little-endian: u8 codec, u8 version, u16 channels (1..2048), i32 forward, i32 inverse, u8
//   forward_shift, u8 inverse_shift, u8 log2_block (6..16), u8 number of tables (1..32; bit 7:
//   weights are shared); i8[4] weights per channel, or once; i16 bias[channels]; u8
//   class[channels]; table_of: 1024 x 5 bits, each below the number of tables; tables: 21
//   frequencies of 11 bits each, none 0, sum 2048. Bits go from the least significant on; the last
//   byte is filled with zeros.
#pragma once

#include <array>

#include "models/codec/codec.h"
#include "models/codec/rans.h"

namespace karhunen {

inline constexpr uint32_t context_max_channels = 2048;
inline constexpr uint32_t context_count = 1024;  ///< level, class, activity
inline constexpr uint32_t context_max_tables = 32;
/// 64 / deviation of the classes, half octaves: round(64 * 2^(-(s - 5) / 2)).
inline constexpr int16_t context_reciprocals[16] = {362, 256, 181, 128, 91, 64, 45, 32,
                                                    23,  16,  11,  8,   6,  4,  3,  2};

struct ContextParameters {
    uint32_t channels = 0;
    int32_t forward = 1, inverse = 1;              ///< not negative
    uint8_t forward_shift = 0, inverse_shift = 0;  ///< up to 62
    uint8_t log2_block = 10;
    bool shared_weights = false;
    std::vector<int8_t> weights;     ///< W, N, NE, NW per channel, or once
    std::vector<int16_t> bias;       ///< per channel
    std::vector<uint8_t> deviation;  ///< class per channel
    std::array<uint8_t, context_count> table_of{};
    std::vector<TokenFrequencies> tables;
};

std::vector<uint8_t> context_blob(const ContextParameters& p);
/// `stored`: u8, or s12 or s8 from before the ReLU; u8 stands for s12 if the parameters quantise.
/// Throws CodecError.
std::unique_ptr<Codec> make_context_codec(const ContextParameters& p, Format stored);
std::unique_ptr<Codec> make_context_codec(std::span<const uint8_t> blob, Format stored);

}  // namespace karhunen
