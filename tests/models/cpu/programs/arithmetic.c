/* RV32IMAC arithmetic with results that are known without running it. */
#include <stdint.h>

static volatile uint32_t* const probe = (volatile uint32_t*)0x10000000;
static const char check[] = "123456789";
static volatile uint32_t counter = 5;
static volatile int32_t minus_seven = -7, two = 2;
static volatile uint32_t big = 0xFFFFFFFF;
uint32_t zeroed[16];

static uint32_t crc32(const char* text, unsigned count) {
    uint32_t crc = ~0u;
    for (unsigned i = 0; i < count; ++i) {
        crc ^= (uint8_t)text[i];
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

void program(void) {
    *probe = crc32(check, sizeof check - 1);
    *probe = (uint32_t)(minus_seven / two);
    *probe = (uint32_t)(minus_seven % two);
    *probe = (uint32_t)((uint64_t)big * big >> 32);
    *probe = (uint32_t)((int64_t)minus_seven * two >> 32);
    uint32_t sum = 0;
    for (uint32_t i = 1; i <= 1000; ++i) sum += i * i;
    *probe = sum;
    *probe = __atomic_fetch_add(&counter, 3, __ATOMIC_SEQ_CST);
    uint32_t expected = 8;
    *probe =
        __atomic_compare_exchange_n(&counter, &expected, 42, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    *probe = counter;
    for (int i = 0; i < 16; ++i) zeroed[0] |= zeroed[i];
    *probe = zeroed[0];
}

__asm__(
    ".section .text.start\n.globl _start\n_start: la sp, stack_end\n call program\n"
    " li a0, 0x10000004\n sw zero, 0(a0)\n1: wfi\n j 1b\n.text\n");
