#include "crc32.h"

/* table[k][b]: what byte b contributes after k more bytes ("slicing by 4"). The CRC is linear: an
 * entry is the sum of the entries of its bits, which are the powers of x modulo the polynomial. */
#define BIT(i, bit, power) ((i) >> (bit)&1 ? (power) : 0)
#define K0(i)                                                                      \
    BIT(i, 0, 0x77073096u) ^ BIT(i, 1, 0xEE0E612Cu) ^ BIT(i, 2, 0x076DC419u) ^     \
        BIT(i, 3, 0x0EDB8832u) ^ BIT(i, 4, 0x1DB71064u) ^ BIT(i, 5, 0x3B6E20C8u) ^ \
        BIT(i, 6, 0x76DC4190u) ^ BIT(i, 7, 0xEDB88320u)
#define K1(i)                                                                      \
    BIT(i, 0, 0x191B3141u) ^ BIT(i, 1, 0x32366282u) ^ BIT(i, 2, 0x646CC504u) ^     \
        BIT(i, 3, 0xC8D98A08u) ^ BIT(i, 4, 0x4AC21251u) ^ BIT(i, 5, 0x958424A2u) ^ \
        BIT(i, 6, 0xF0794F05u) ^ BIT(i, 7, 0x3B83984Bu)
#define K2(i)                                                                      \
    BIT(i, 0, 0x01C26A37u) ^ BIT(i, 1, 0x0384D46Eu) ^ BIT(i, 2, 0x0709A8DCu) ^     \
        BIT(i, 3, 0x0E1351B8u) ^ BIT(i, 4, 0x1C26A370u) ^ BIT(i, 5, 0x384D46E0u) ^ \
        BIT(i, 6, 0x709A8DC0u) ^ BIT(i, 7, 0xE1351B80u)
#define K3(i)                                                                      \
    BIT(i, 0, 0xB8BC6765u) ^ BIT(i, 1, 0xAA09C88Bu) ^ BIT(i, 2, 0x8F629757u) ^     \
        BIT(i, 3, 0xC5B428EFu) ^ BIT(i, 4, 0x5019579Fu) ^ BIT(i, 5, 0xA032AF3Eu) ^ \
        BIT(i, 6, 0x9B14583Du) ^ BIT(i, 7, 0xED59B63Bu)
#define X4(k, i) k(i), k((i) + 1), k((i) + 2), k((i) + 3)
#define X16(k, i) X4(k, i), X4(k, (i) + 4), X4(k, (i) + 8), X4(k, (i) + 12)
#define X64(k, i) X16(k, i), X16(k, (i) + 16), X16(k, (i) + 32), X16(k, (i) + 48)
#define X256(k) \
    { X64(k, 0), X64(k, 64), X64(k, 128), X64(k, 192) }
static const uint32_t table[4][256] = {X256(K0), X256(K1), X256(K2), X256(K3)};

uint32_t crc32_words(uint32_t crc, const uint32_t* words, uint32_t count) {
    crc = ~crc;
    for (; count; --count) {
        crc ^= *words++;
        crc = table[3][crc & 0xFF] ^ table[2][crc >> 8 & 0xFF] ^ table[1][crc >> 16 & 0xFF] ^
              table[0][crc >> 24];
    }
    return ~crc;
}
