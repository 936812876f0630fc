/* Sleeps until characters come, and sends them back, up to the first 'q'. */
#include <karhunen/registers.h>

#include "block.h"
#include "cpu.h"
#include "uart.h"

static volatile uint8_t* const uart = (volatile uint8_t*)KRHN_UART_BASE;

int main(void) {
    uart_prepare();
    print("ready\n");
    uart_flush();
    uart[KRHN_UART_IER] = KRHN_UART_IER_RECEIVED;
    plic_enable(1u << KRHN_IRQ_UART);
    external_interrupts_on();
    for (char c = 0; c != 'q';) {
        wait_for_interrupt();
        const uint32_t source = plic_claim();
        while (uart[KRHN_UART_LSR] & KRHN_UART_LSR_DATA_READY) {
            c = (char)uart[KRHN_UART_DATA];
            uart[KRHN_UART_DATA] = (uint8_t)c;
        }
        if (source) plic_complete(source);
    }
    return 0;
}
