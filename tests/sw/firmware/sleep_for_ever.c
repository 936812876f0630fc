/* Sleeps with nothing to wake it. */
#include "cpu.h"

int main(void) {
    for (;;) wait_for_interrupt();
}
