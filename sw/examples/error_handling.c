/* What can go wrong, and how a program goes on after it: accesses that the bus refuses, a channel
 * that is started too often, a descriptor that makes no sense, a map that has changed in DRAM. */
#include "cpu.h"
#include "fault.h"
#include "jobs.h"
#include "uart.h"

#define CHANNEL 7u
#define SIDE 8u
#define AT 0x04000000u /* offset in DDR */

/* ---- Accesses that the bus refuses are traps. The handler notes the cause, and goes on behind the
 * instruction, which has two bytes unless its lowest bits are 11. -------------------------------
 */
static volatile uint32_t trapped;
static volatile bool expecting_trap;

void trap(uint32_t cause, uint32_t pc, uint32_t value) {
    if (!expecting_trap) fault_trap(cause, pc, value);
    trapped = cause;
    return_to(pc + ((*(const uint16_t*)pc & 3) == 3 ? 4 : 2));
}

static bool check_accesses(void) {
    expecting_trap = true;
    (void)read32(0x40000000);
    const uint32_t load = trapped;
    write32(KRHN_ENCODER_BASE + KRHN_JOBS_DONE, 1); /* read-only */
    const uint32_t store = trapped;
    expecting_trap = false;
    print("load from nowhere: trap %u; store to a read-only register: trap %u\n", load, store);
    return load == 5 && store == 7;
}

/* ---- A channel in error stops until it is reset; the error register says why. -----------------
 */
static uint32_t source[1024], destination[1024];
static struct krhn_dma_descriptor copy = {.kind = KRHN_DMA_COPY,
                                          .source = (uint32_t)source,
                                          .destination = (uint32_t)destination,
                                          .row_bytes = sizeof source,
                                          .rows = 1};

/* Whether the error was the expected one. Then the channel has been reset. */
static bool recover(const char* what, uint32_t channel, uint32_t expected) {
    const uint32_t error = read32(dma_register(channel, KRHN_DMA_CHANNEL_ERROR));
    print("%s: ", what);
    print_causes(error);
    print("\n");
    dma_reset(channel);
    return error == expected && !read32(dma_register(channel, KRHN_DMA_CHANNEL_ERROR));
}

static bool check_channel(void) {
    for (int i = 0; i < 3; ++i) dma_start(CHANNEL, &copy); /* one runs, one waits, one too many */
    bool good = !dma_wait(CHANNEL, 3);
    good &= recover("three copies at once", CHANNEL, KRHN_ERROR_START_WHEN_FULL);
    while (dma_busy(CHANNEL)) {
    } /* a reset ends what runs, at the next word */

    copy.kind = 9;
    dma_start(CHANNEL, &copy);
    good &= !dma_wait(CHANNEL, 1);
    good &= recover("transfer of kind 9", CHANNEL, KRHN_ERROR_DESCRIPTOR);

    copy.kind = KRHN_DMA_COPY;
    for (uint32_t i = 0; i < 1024; ++i) source[i] = i * i;
    dma_start(CHANNEL, &copy);
    good &= dma_wait(CHANNEL, 1) && destination[1023] == 1023 * 1023;
    print("after that: copied %u bytes\n", sizeof source);
    return good;
}

/* ---- A map whose CRC-32 is not that of its tile table entry. Its rows have gone on to the buffer
 * before the last byte was there; they take part in nothing if the next ones get other numbers. -
 */
static const struct krhn_tensor map =
    ONE_BAND_MAP(SIDE, SIDE, 4, KRHN_FORMAT_U8, KRHN_FORMAT_U8, KRHN_CODEC_RAW, AT);

static bool check_map(void) {
    const struct place first = {.region_bytes = 4096}, again = {.region_bytes = 4096, .row = SIDE};
    volatile uint8_t* const bytes = (uint8_t*)(KRHN_DDR_BASE + map.slots_offset);
    write_raw_map(&map, (const uint8_t*)source);
    bytes[5] ^= 0x10;
    start_decoding(INPUT, &map, 0, first);
    bool good = !dma_wait(INPUT, 1);
    good &= recover("map with a changed bit", INPUT, KRHN_ERROR_CHECKSUM);
    print("input decoder: ");
    print_causes(read32(KRHN_INPUT_DECODER_BASE + KRHN_ERROR));
    print("\n");
    write32(KRHN_INPUT_DECODER_BASE + KRHN_CONTROL, KRHN_CONTROL_RESET);

    bytes[5] ^= 0x10;
    start_decoding(INPUT, &map, 0, again);
    good &= dma_wait(INPUT, 1);
    while (read32(KRHN_INPUT_DECODER_BASE + KRHN_STATUS) & KRHN_STATUS_BUSY) {
    }
    const uint32_t done = read32(KRHN_INPUT_DECODER_BASE + KRHN_JOBS_DONE);
    print("after that: decoded %u map\n", done);
    return good && done == 1;
}

int main(void) {
    uart_prepare();
    const bool good = check_accesses() & check_channel() & check_map();
    print(good ? "recovered from all\n" : "not as expected\n");
    return good ? 0 : 1;
}
