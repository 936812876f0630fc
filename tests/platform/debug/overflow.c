/* Calls with buffers that the stack has no room for; of each only the first word is written. */
#include "uart.h"

static __attribute__((noinline)) int sum(volatile int* above) {
    volatile int values[10000];
    values[0] = above[0] + 1;
    return values[0] < 100 ? sum(values) + values[0] : 0;
}

int main(void) {
    volatile int first = 0;
    uart_prepare();
    return sum(&first);
}
