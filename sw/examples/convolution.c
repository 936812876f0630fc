/* One convolution, 3 x 3, with ReLU, by the accelerator and by a loop:
 *   DDR - DMA - input decoder - activation buffer - array - post-processing - output buffer -
 *   encoder - DMA - DDR
 * Each block gets one job, and waits by itself for the rows and weights that it needs. */
#include "jobs.h"
#include "uart.h"

enum { SIDE = 10, FROM = 8, TO = 16, TAPS = 3, SHIFT = 8 };

/* A weight chunk, as it lies in DDR: parameters and weights of all output channels. */
static struct {
    int32_t bias[TO], multiplier[TO];
    int8_t weight[TAPS][TAPS][FROM][TO];
} chunk;
static uint8_t in[SIDE][SIDE][FROM], out[SIDE][SIDE][TO];

#define AT 0x04000000u /* offset in DDR */
#define RAW_MAP(channels, at) \
    ONE_BAND_MAP(SIDE, SIDE, channels, KRHN_FORMAT_U8, KRHN_FORMAT_U8, KRHN_CODEC_RAW, at)
static const struct krhn_tensor input = RAW_MAP(FROM, AT), output = RAW_MAP(TO, AT + 0x10000);
static const struct krhn_operation convolution = {.kind = KRHN_ARRAY_CONVOLUTION,
                                                  .region_bytes = sizeof in,
                                                  .kernel = TAPS << 8 | TAPS, /* height, width */
                                                  .stride = 1 << 8 | 1,
                                                  .padding = 1 << 8 | 1,
                                                  .dilation = 1 << 8 | 1,
                                                  .groups = 1,
                                                  .conv_height = SIDE,
                                                  .conv_width = SIDE,
                                                  .channels = TO,
                                                  .weights_offset = AT + 0x20000,
                                                  .chunk_bytes = sizeof chunk,
                                                  .last_chunk_bytes = sizeof chunk,
                                                  .chunks = 1,
                                                  .chunk_channels = TO,
                                                  .post_flags = KRHN_POST_RELU,
                                                  .format = KRHN_FORMAT_U8,
                                                  .shift = SHIFT};
static const struct krhn_band all_rows = {
    .conv_rows = SIDE, .output_rows = SIDE, .input_rows = SIDE};

static void prepare(void) {
    uint32_t random = 1; /* by Numerical Recipes' generator */
    for (uint32_t i = 0; i < sizeof in; ++i)
        ((uint8_t*)in)[i] = (uint8_t)((random = random * 1664525 + 1013904223) >> 24);
    for (uint32_t i = 0; i < sizeof chunk.weight; ++i)
        ((int8_t*)chunk.weight)[i] = (int8_t)((random = random * 1664525 + 1013904223) >> 24);
    for (int n = 0; n < TO; ++n) chunk.bias[n] = 500 * n, chunk.multiplier[n] = 1 + n / 4;
    write_raw_map(&input, (const uint8_t*)in);
    for (uint32_t i = 0; i < sizeof chunk; i += 4)
        write32(KRHN_DDR_BASE + convolution.weights_offset + i, ((const uint32_t*)&chunk)[i / 4]);
}

static uint8_t expected(int y, int x, int n) {
    int32_t sum = chunk.bias[n];
    for (int v = 0; v < TAPS; ++v)
        for (int u = 0; u < TAPS; ++u)
            for (int c = 0; c < FROM; ++c) {
                const int row = y + v - 1, column = x + u - 1;
                if (row < 0 || row >= SIDE || column < 0 || column >= SIDE) continue;
                sum += in[row][column][c] * chunk.weight[v][u][c][n];
            }
    const int64_t scaled = ((int64_t)sum * chunk.multiplier[n] + (1 << (SHIFT - 1))) >> SHIFT;
    return (uint8_t)(scaled < 0 ? 0 : scaled > 255 ? 255 : scaled);
}

int main(void) {
    uart_prepare();
    prepare();
    jobs_prepare();
    start_encoding(&output, 0, 0);
    start_operation(&convolution, &input, &output, &all_rows, &(struct numbers){0}, true);
    start_weights(&convolution);
    start_decoding(INPUT, &input, 0, (struct place){.region_bytes = sizeof in});
    wait_for_stored(1);

    read_raw_map(&output, (uint8_t*)out);
    uint32_t wrong = 0, zeros = 0, largest = 0;
    for (int y = 0; y < SIDE; ++y)
        for (int x = 0; x < SIDE; ++x)
            for (int n = 0; n < TO; ++n) {
                wrong += out[y][x][n] != expected(y, x, n);
                zeros += out[y][x][n] == 0;
                largest += out[y][x][n] == 255;
            }
    print("%u x %u x %u to %u channels: %u values, %u are 0, %u are 255\n", SIDE, SIDE, FROM, TO,
          sizeof out, zeros, largest);
    print("%u differ from the loop's\n", wrong);
    return wrong ? 1 : 0;
}
