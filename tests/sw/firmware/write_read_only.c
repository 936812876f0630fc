/* Writes a read-only register: a store access fault. */
#include "block.h"
#include "uart.h"

int main(void) {
    uart_prepare();
    write32(KRHN_ENCODER_BASE + KRHN_JOBS_DONE, 1);
    return 0;
}
