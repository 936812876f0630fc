#include "crc32.h"

/* table[k][b]: what byte b contributes after k more bytes ("slicing by 4"). Made at start-up: it
 * would be 4 KiB of constants. */
static uint32_t table[4][256];

void crc32_prepare(void) {
    for (uint32_t bit = 0, power = 0xEDB88320u; bit < 8; ++bit) {
        table[0][0x80u >> bit] = power;
        power = power >> 1 ^ (power & 1 ? 0xEDB88320u : 0);
    }
    /* The CRC is linear: an entry is the sum of the entries of its bits. */
    for (uint32_t b = 3; b < 256; ++b) table[0][b] = table[0][b & (b - 1)] ^ table[0][b & -b];
    for (uint32_t k = 1; k < 4; ++k)
        for (uint32_t b = 0; b < 256; ++b)
            table[k][b] = table[k - 1][b] >> 8 ^ table[0][table[k - 1][b] & 0xFF];
}

uint32_t crc32_words(uint32_t crc, const uint32_t* words, uint32_t count) {
    crc = ~crc;
    for (; count; --count) {
        crc ^= *words++;
        crc = table[3][crc & 0xFF] ^ table[2][crc >> 8 & 0xFF] ^ table[1][crc >> 16 & 0xFF] ^
              table[0][crc >> 24];
    }
    return ~crc;
}
