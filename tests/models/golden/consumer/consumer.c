/* Uses libkarhunen_golden from plain C: codecs, PCA, convolution, DRAM, wrong arguments, threads.
 */
#include <karhunen/golden.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 4
#define COLUMNS 6
#define CHANNELS 8
#define STREAMS 4
#define VALUES (ROWS * COLUMNS * CHANNELS)

static void expect(int good, const char* what) {
    if (good) return;
    fprintf(stderr, "consumer: not as expected: %s\n", what);
    exit(1);
}
#define EXPECT(condition) expect(condition, #condition)

static int32_t map[VALUES];

static karhunen_codec* calibrated(karhunen_context* context) {
    karhunen_codec* codec = NULL;
    for (int i = 0; i < VALUES; ++i) map[i] = i * 97 % 1500 - 700;
    EXPECT(karhunen_codec_calibrate(context, "transform:8", COLUMNS, CHANNELS, 1, 4, map, VALUES,
                                    &codec) == KARHUNEN_OK);
    return codec;
}

/* A band there and back, at once and word by word; PCA and its inverse say the same. */
static void code(karhunen_context* context, const karhunen_codec* codec) {
    static uint8_t bytes[STREAMS * 1024];
    static int32_t decoded[VALUES], symbols[VALUES], restored[VALUES];
    size_t sizes[STREAMS];
    EXPECT(karhunen_codec_encode(context, codec, ROWS, COLUMNS, CHANNELS, STREAMS, map, VALUES,
                                 bytes, sizeof bytes, sizes) == KARHUNEN_OK);
    EXPECT(karhunen_codec_decode(context, codec, ROWS, COLUMNS, CHANNELS, STREAMS, bytes, sizes,
                                 decoded, VALUES) == KARHUNEN_OK);
    EXPECT(karhunen_codec_quantise(context, codec, map, ROWS * COLUMNS, symbols) == KARHUNEN_OK);
    EXPECT(karhunen_codec_reconstruct(context, codec, symbols, ROWS * COLUMNS, restored) ==
           KARHUNEN_OK);
    EXPECT(memcmp(decoded, restored, sizeof decoded) == 0);
    for (int i = 0; i < VALUES; ++i) /* a step is 1500 / 254 values, or 1.5 of the decoded ones */
        EXPECT(abs(decoded[i] - (map[i] > 0 ? map[i] / 4 : 0)) <= 6);

    karhunen_encoder* encoder = NULL;
    EXPECT(karhunen_encoder_create(context, codec, ROWS, COLUMNS, CHANNELS, STREAMS, &encoder) ==
           KARHUNEN_OK);
    EXPECT(karhunen_encoder_put(context, encoder, map, VALUES) == KARHUNEN_OK);
    EXPECT(karhunen_encoder_finish(context, encoder) == KARHUNEN_OK);
    const uint8_t* expected = bytes;
    for (uint32_t s = 0; s < STREAMS; ++s) {
        uint32_t word, last = 0;
        for (size_t at = 0; at < sizes[s]; at += 2, expected += 2) {
            EXPECT(karhunen_encoder_word(context, encoder, s, &word, &last) == KARHUNEN_OK);
            EXPECT(word == (uint32_t)(expected[0] | expected[1] << 8));
        }
        EXPECT(last == 1);
        EXPECT(karhunen_encoder_word(context, encoder, s, &word, &last) == KARHUNEN_END);
    }
    karhunen_encoder_destroy(encoder);
}

/* 3x3 sum of ones with padding: 4 in the corners, 6 at the sides, 9 inside. */
static void compute(karhunen_context* context) {
    const karhunen_convolution shape = {3, 3, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 3, 3, 1};
    const int32_t ones[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    const int8_t weights[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    const int32_t expected[9] = {4, 6, 4, 6, 9, 6, 4, 6, 4};
    int32_t sums[9], result[9];
    EXPECT(karhunen_convolve(context, &shape, ones, weights, sums) == KARHUNEN_OK);
    EXPECT(memcmp(sums, expected, sizeof sums) == 0);
    const karhunen_requantisation half = {KARHUNEN_U8, 1, 1, 0};
    const int32_t bias = -5, multiplier = 1;
    EXPECT(karhunen_requantise(context, &half, 9, 1, sums, &bias, &multiplier, NULL, result) ==
           KARHUNEN_OK);
    EXPECT(result[0] == 0 && result[1] == 1 && result[4] == 2); /* -1/2, 1/2 and 4/2, rounded up */
    const karhunen_pooling all = {3, 3, 1, 3, 3, 0, 0};
    EXPECT(karhunen_max_pool(context, &all, sums, result) == KARHUNEN_OK);
    EXPECT(result[0] == 9);
}

static void command_dram(karhunen_context* context) {
    karhunen_dram* dram = NULL;
    char message[256];
    EXPECT(karhunen_dram_create(context, "ddr3-1600-4gb-x16", -1, &dram) == KARHUNEN_OK);
    EXPECT(karhunen_dram_command(context, dram, 10, KARHUNEN_ACT, 0, 1, 0) == KARHUNEN_OK);
    EXPECT(karhunen_dram_command(context, dram, 20, KARHUNEN_RD, 0, KARHUNEN_ANY_ROW, 0) ==
           KARHUNEN_VIOLATION);
    EXPECT(karhunen_message(context, message, sizeof message) > 0);
    EXPECT(strstr(message, "tRCD") != NULL);
    EXPECT(karhunen_dram_command(context, dram, 21, KARHUNEN_RD, 0, KARHUNEN_ANY_ROW, 0) !=
           KARHUNEN_BAD_ARGUMENT);
    karhunen_dram_destroy(dram);
}

static void* code_often(void* codec) {
    karhunen_context* context = karhunen_context_create();
    for (int i = 0; i < 20; ++i) {
        static const uint32_t band[4] = {ROWS, COLUMNS, CHANNELS, STREAMS};
        uint8_t bytes[STREAMS * 1024];
        size_t sizes[STREAMS];
        EXPECT(karhunen_codec_encode(context, codec, band[0], band[1], band[2], band[3], map,
                                     VALUES, bytes, sizeof bytes, sizes) == KARHUNEN_OK);
    }
    karhunen_context_destroy(context);
    return NULL;
}

int main(int count, char** words) {
    EXPECT(count == 2 && strcmp(karhunen_version(), words[1]) == 0);
    karhunen_context* context = karhunen_context_create();
    EXPECT(context != NULL);
    karhunen_codec* codec = calibrated(context);
    code(context, codec);
    compute(context);
    command_dram(context);

    pthread_t threads[2];
    for (int i = 0; i < 2; ++i) EXPECT(pthread_create(&threads[i], NULL, code_often, codec) == 0);
    for (int i = 0; i < 2; ++i) EXPECT(pthread_join(threads[i], NULL) == 0);

    EXPECT(karhunen_codec_encode(context, codec, 0, 1, 1, 1, map, 0, NULL, 0, NULL) ==
           KARHUNEN_BAD_ARGUMENT);
    EXPECT(strlen(karhunen_message_text(context)) > 0);
    EXPECT(karhunen_convolve(context, NULL, NULL, NULL, NULL) == KARHUNEN_BAD_ARGUMENT);
    karhunen_codec_destroy(codec);
    karhunen_context_destroy(context);
    printf("libkarhunen_golden %s: good\n", karhunen_version());
    return 0;
}
