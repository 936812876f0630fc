/* The 16550: 115200 baud, 8 data bits, no parity, one stop bit. On a real one a character takes
 * 87 us (the model sends at once), so text goes through a ring buffer that interrupts empty. */
#ifndef KARHUNEN_FIRMWARE_UART_H
#define KARHUNEN_FIRMWARE_UART_H

void uart_prepare(void);
void uart_service(void); /* on its interrupt: refills the transmitter from the ring */
void uart_flush(void);   /* polls until everything is sent; needs no interrupts */

/* Formats %s, %u, %d, %x (32 bits) and %%. Polls for room if the ring is full. */
void print(const char* format, ...);

#endif
