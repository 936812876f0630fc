#include "uart.h"

#include <karhunen/registers.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "cpu.h"
#include "mmio.h"

#define FCR_ENABLE_AND_CLEAR 0x07
#define LCR_8N1 0x03
#define FIFO_BYTES 16
#define DIVISOR_115200 1 /* at 1.8432 MHz */

#define RING_BYTES 2048u
static char ring[RING_BYTES] NOINIT;
static uint32_t head, tail; /* written, sent; running on */
static bool interrupt_on;

static uint8_t get(uint32_t offset) {
    return *(volatile uint8_t*)(KRHN_UART_BASE + offset);
}
static void set(uint32_t offset, uint8_t value) {
    *(volatile uint8_t*)(KRHN_UART_BASE + offset) = value;
}

void uart_prepare(void) {
    set(KRHN_UART_LCR, LCR_8N1 | KRHN_UART_LCR_DIVISOR);
    set(KRHN_UART_DATA, DIVISOR_115200);
    set(KRHN_UART_IER, 0);
    set(KRHN_UART_LCR, LCR_8N1);
    set(KRHN_UART_IIR_FCR, FCR_ENABLE_AND_CLEAR);
}

static void set_interrupt(bool on) {
    if (on == interrupt_on) return;
    interrupt_on = on;
    set(KRHN_UART_IER, on ? KRHN_UART_IER_THR_EMPTY : 0);
}

void uart_service(void) {
    if (!(get(KRHN_UART_LSR) & KRHN_UART_LSR_THR_EMPTY)) return;
    for (uint32_t room = FIFO_BYTES; room && tail != head; --room)
        set(KRHN_UART_DATA, (uint8_t)ring[tail++ % RING_BYTES]);
    set_interrupt(tail != head);
}

void uart_flush(void) {
    while (tail != head) uart_service();
    while (!(get(KRHN_UART_LSR) & KRHN_UART_LSR_IDLE)) {
    }
}

static void put(char c) {
    while (head - tail == RING_BYTES) uart_service();
    ring[head++ % RING_BYTES] = c;
}
static void put_text(const char* text) {
    while (*text) put(*text++);
}
static void put_number(uint32_t value, uint32_t base) {
    char digits[11];
    uint32_t n = 0;
    do digits[n++] = "0123456789abcdef"[value % base];
    while (value /= base);
    while (n) put(digits[--n]);
}

void print(const char* format, ...) {
    const unsigned before = interrupts_save(); /* the handler takes from the ring */
    va_list arguments;
    va_start(arguments, format);
    for (; *format; ++format) {
        if (*format != '%') {
            put(*format);
            continue;
        }
        switch (*++format) {
            case 's':
                put_text(va_arg(arguments, const char*));
                break;
            case 'u':
                put_number(va_arg(arguments, uint32_t), 10);
                break;
            case 'x':
                put_text("0x"), put_number(va_arg(arguments, uint32_t), 16);
                break;
            case 'd': {
                const int32_t value = va_arg(arguments, int32_t);
                if (value < 0) put('-');
                put_number(value < 0 ? 0u - (uint32_t)value : (uint32_t)value, 10);
                break;
            }
            default:
                put(*format);
        }
    }
    va_end(arguments);
    set_interrupt(true);
    interrupts_restore(before);
}
