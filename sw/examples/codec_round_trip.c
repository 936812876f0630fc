/* A map through the encoder and back through a decoder: by zvc, which is lossless, and by vlc,
 * whose quantiser and Huffman code are a table that encoder and decoder have to load.
 *   raw map   - input decoder - array, which passes rows on - encoder - coded map
 *   coded map - input decoder - array, which passes rows on - encoder - raw map */
#include "jobs.h"
#include "uart.h"

enum { SIDE = 16, CHANNELS = 8, STEP = 8, LAST = 128 / STEP, SYMBOLS = 2 * LAST + 1 };
static int8_t values[SIDE][SIDE][CHANNELS], result[SIDE][SIDE][CHANNELS];

/* Offsets in DDR. vlc takes signed values and gives back rectified ones. */
#define TABLE 0x04000000u
#define MAP(in, out, codec, at) \
    ONE_BAND_MAP(SIDE, SIDE, CHANNELS, KRHN_FORMAT_##in, KRHN_FORMAT_##out, KRHN_CODEC_##codec, at)
static const struct krhn_tensor raw = MAP(S8, S8, RAW, 0x05000000);
static const struct krhn_tensor zvc = MAP(S8, S8, ZVC, 0x05010000);
static const struct krhn_tensor vlc = MAP(S8, U8, VLC, 0x05020000);
static const struct krhn_tensor back = MAP(S8, S8, RAW, 0x05030000);
static const struct krhn_tensor rectified = MAP(U8, U8, RAW, 0x05040000);

/* Parameters of vlc, as models/codec/README.md has them (Parameter blobs):
 *   symbol = clamp((x * forward + half) >> forward_shift, low, high)
 *   value  = saturate_u8((symbol * inverse + half) >> inverse_shift)
 * and the length of each symbol's code: one bit for 0, six for each of the 32 others. */
static struct __attribute__((packed)) {
    uint8_t codec, version, forward_shift, inverse_shift;
    int16_t low, high;
    int32_t forward, inverse;
    uint8_t length[SYMBOLS];
} table = {KRHN_CODEC_VLC, 1, 3, 0, -LAST, LAST, 1, STEP, {0}}; /* x / 2^3, symbol * STEP */

static void prepare(void) {
    uint32_t random = 1; /* three of four values are 0, as in a feature map */
    for (uint32_t i = 0; i < sizeof values; ++i) {
        random = random * 1664525 + 1013904223;
        ((int8_t*)values)[i] = (int8_t)(random >> 30 ? 0 : random >> 20);
    }
    write_raw_map(&raw, (const uint8_t*)values);
    for (uint32_t s = 0; s < SYMBOLS; ++s) table.length[s] = s == LAST ? 1 : 6;
    for (uint32_t i = 0; i < sizeof table; ++i)
        ((volatile uint8_t*)(KRHN_DDR_BASE + TABLE))[i] = ((const uint8_t*)&table)[i];
}

/* Decodes one map and encodes it as the other. */
static void recode(const struct krhn_tensor* from, const struct krhn_tensor* to) {
    static uint32_t row, stored; /* so far, since reset */
    const struct krhn_operation pass = {.kind = KRHN_ARRAY_PASS,
                                        .conv_height = SIDE,
                                        .conv_width = SIDE,
                                        .channels = CHANNELS,
                                        .format = to->stored_format}; /* multiplier 0: as it is */
    const struct krhn_band all_rows = {.conv_rows = SIDE, .output_rows = SIDE};
    start_encoding(to, 0, row);
    start_operation(&pass, from, to, &all_rows, &(struct numbers){.input = row, .result = row},
                    true);
    start_decoding(INPUT, from, 0, (struct place){.region_bytes = sizeof values, .row = row});
    wait_for_stored(++stored);
    row += SIDE;
}

static int largest_error(const struct krhn_tensor* map, bool is_rectified) {
    int largest = 0;
    read_raw_map(map, (uint8_t*)result);
    for (uint32_t i = 0; i < sizeof values; ++i) {
        const int8_t x = ((const int8_t*)values)[i], y = ((const int8_t*)result)[i];
        const int error = is_rectified ? (uint8_t)y - (x < 0 ? 0 : x) : y - x;
        if (error > largest || -error > largest) largest = error < 0 ? -error : error;
    }
    return largest;
}

int main(void) {
    uart_prepare();
    prepare();
    jobs_prepare();
    recode(&raw, &zvc);
    recode(&zvc, &back);
    const int zvc_error = largest_error(&back, false);
    print("zvc: %u values in %u bytes, largest error %d\n", sizeof values, stored_bytes(&zvc),
          zvc_error);

    start_load(KRHN_PORT_ENCODER_TABLE, TABLE, sizeof table, 1);
    start_load(KRHN_PORT_INPUT_TABLE, TABLE, sizeof table, 1);
    recode(&raw, &vlc);
    recode(&vlc, &rectified);
    const int vlc_error = largest_error(&rectified, true);
    print("vlc: %u values in %u bytes and a table of %u, largest error %d\n", sizeof values,
          stored_bytes(&vlc), sizeof table, vlc_error);
    return zvc_error == 0 && vlc_error == STEP / 2 ? 0 : 1;
}
