/* CRC-32 as in zlib, four bytes at a time. */
#ifndef KARHUNEN_FIRMWARE_CRC32_H
#define KARHUNEN_FIRMWARE_CRC32_H

#include <stdint.h>

/* Continues `crc` (0 to begin with) over whole words. */
uint32_t crc32_words(uint32_t crc, const uint32_t* words, uint32_t count);

#endif
