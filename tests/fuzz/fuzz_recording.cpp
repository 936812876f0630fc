// The reader of recordings takes any bytes: it returns one that is written as it was read, or
// throws std::runtime_error. The checksum is put right first, or no mutation would get behind it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include <zlib.h>

#include "platform/recording.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::vector<uint8_t> file(data, data + size);
    if (size >= 4) {
        const uLong crc = crc32_z(crc32_z(0, nullptr, 0), data, size - 4);
        for (unsigned i = 0; i < 4; ++i) file[size - 4 + i] = static_cast<uint8_t>(crc >> 8 * i);
    }
    try {
        if (karhunen::Recording::parse(file, "fuzz").bytes() != file) std::abort();
    } catch (const std::runtime_error&) {
    }
    return 0;
}
