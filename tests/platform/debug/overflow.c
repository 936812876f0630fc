/* A recursion that the stack has no room for. */
#include "uart.h"

static __attribute__((noinline)) int sum(volatile int* above) {
    volatile int values[1000] = {above[0] + 1};
    return values[0] < 100000 ? sum(values) + values[0] : 0;
}

int main(void) {
    volatile int first = 0;
    uart_prepare();
    return sum(&first);
}
