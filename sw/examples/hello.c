/* The first program: say hello, and what the machine is. */
#include "block.h"
#include "uart.h"

int main(void) {
    uart_prepare();
    print("Hello from RV32!\n");

    static const struct {
        const char* name;
        uint32_t base;
    } blocks[] = {
        {"DMA", KRHN_DMA_BASE},
        {"DDR controller", KRHN_DDR_CONTROLLER_BASE},
        {"input decoder", KRHN_INPUT_DECODER_BASE},
        {"residual decoder", KRHN_RESIDUAL_DECODER_BASE},
        {"compute array", KRHN_COMPUTE_ARRAY_BASE},
        {"post-processing", KRHN_POST_PROCESSING_BASE},
        {"encoder", KRHN_ENCODER_BASE},
        {"buffers", KRHN_BUFFERS_BASE},
    };
    for (uint32_t i = 0; i < sizeof blocks / sizeof *blocks; ++i)
        print("%x: %s, ID %x\n", blocks[i].base, blocks[i].name, read32(blocks[i].base + KRHN_ID));

    print("DDR: %u MiB at %u kHz\n", read32(KRHN_DDR_CONTROLLER_BASE + KRHN_DDR_SIZE_MIB),
          read32(KRHN_DDR_CONTROLLER_BASE + KRHN_DDR_CLOCK_KHZ));
    print("buffers: weights %u, activation %u, output %u, residual %u bytes\n",
          read32(KRHN_BUFFERS_BASE + KRHN_BUFFERS_WEIGHT_BYTES),
          read32(KRHN_BUFFERS_BASE + KRHN_BUFFERS_ACTIVATION_BYTES),
          read32(KRHN_BUFFERS_BASE + KRHN_BUFFERS_OUTPUT_BYTES),
          read32(KRHN_BUFFERS_BASE + KRHN_BUFFERS_RESIDUAL_BYTES));
    return 0; /* start.S hands this to finish(): sends what is left of the text, then ends */
}
