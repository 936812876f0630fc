/* Reads where nothing is: a load access fault. */
#include "block.h"
#include "uart.h"

int main(void) {
    uart_prepare();
    return (int)read32(0x40000000u);
}
