#include "result.h"

#include <stddef.h>

#include "block.h"
#include "crc32.h"
#include "uart.h"

#define BEST 5u

void print_name(const struct network* n, uint32_t name) {
    for (; name < n->strings_bytes; ++name) {
        const uint32_t address = n->strings + name;
        const char c[2] = {(char)(read32(address & ~3u) >> address % 4 * 8), 0};
        if (!c[0]) break;
        print("%s", c);
    }
}

/* Whether the streams of a band in SRAM are those of its tile table entry. */
static bool is_whole(const struct krhn_tensor* t, uint32_t image, const uint32_t* map) {
    const uint32_t entry =
        KRHN_DDR_BASE + t->entries_offset + image * (uint32_t)sizeof(struct krhn_tile_entry);
    uint32_t crc = 0;
    for (uint32_t s = 0; s < t->streams; ++s) {
        const uint32_t bytes = read32(entry + offsetof(struct krhn_tile_entry, bytes) + 4 * s);
        if (bytes % 4 || bytes > t->stream_stride) return false;
        crc = crc32_words(crc, map + s * (t->stream_stride / 4), bytes / 4);
    }
    return crc == read32(entry + offsetof(struct krhn_tile_entry, crc32));
}

/* Logits are stored raw: class c is value c / streams of substream c % streams, 4 bytes each. */
bool print_result(const struct network* n, uint32_t image) {
    const struct krhn_tensor* t = n->logits == KRHN_NONE ? 0 : &n->tensors[n->logits];
    if (!t || t->codec != KRHN_CODEC_RAW || t->stored_format != KRHN_FORMAT_S32 ||
        t->height * t->width != 1)
        return true;
    struct {
        uint32_t index;
        int32_t logit;
    } best[BEST + 1];
    uint32_t found = 0;
    const uint32_t* map =
        network_words(t->slots_offset + image * t->slots_bytes, t->streams * t->stream_stride);
    if (!map) {
        print("fault: image %u: the DMA cannot read the logits\n", image);
        return false;
    }
    if (!is_whole(t, image, map)) {
        print("fault: image %u: checksum of the logits\n", image);
        return false;
    }
    for (uint32_t c = 0; c < t->channels; ++c) {
        const int32_t logit =
            (int32_t)map[c % t->streams * (t->stream_stride / 4) + c / t->streams];
        if (found == BEST && logit <= best[BEST - 1].logit) continue;
        uint32_t place = found;
        for (; place && best[place - 1].logit < logit; --place) best[place] = best[place - 1];
        best[place].index = c, best[place].logit = logit;
        if (found < BEST) ++found;
    }
    print("image %u:", image);
    for (uint32_t i = 0; i < found; ++i)
        print("%s %u (%d)", i ? "," : "", best[i].index, best[i].logit);
    print("\n");
    return true;
}
