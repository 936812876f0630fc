/* Starts the input decoder once more than it has room for jobs; no stream ever comes. */
#include "block.h"
#include "cpu.h"
#include "fault.h"
#include "interrupts.h"
#include "uart.h"

int main(void) {
    const struct krhn_tensor map = {.width = 8, .channels = 4, .streams = 4};
    uart_prepare();
    interrupts_prepare();
    external_interrupts_on();
    codec_set_map(KRHN_INPUT_DECODER_BASE, &map, KRHN_FORMAT_U8, 0);
    block_set(KRHN_INPUT_DECODER_BASE, KRHN_DECODER_REGION_BYTES, 1024);
    for (uint32_t i = 0; i < 3; ++i) codec_start(KRHN_INPUT_DECODER_BASE, 1, i, 0);
    while (!faults) {
        wait_for_interrupt();
        interrupts_service();
    }
    fault_block((uint32_t)__builtin_ctz(faults));
}
