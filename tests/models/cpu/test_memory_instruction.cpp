// Encodings as assembled by GNU binutils 2.40.
#include "models/cpu/memory_instruction.h"

#include <boost/test/unit_test.hpp>

using namespace karhunen;

BOOST_AUTO_TEST_SUITE(memory_instruction)

BOOST_AUTO_TEST_CASE(decodes_loads_and_stores) {
    struct {
        uint32_t bits;
        bool is_store, sign_extends;
        unsigned bytes, base, data;
        int offset;
        unsigned length;
    } const cases[] = {
        {0x80080203, false, true, 1, 16, 4, -2048, 4},    // lb tp,-2048(a6)
        {0x7FFF8383, false, true, 1, 31, 7, 2047, 4},     // lb t2,2047(t6)
        {0xA56F0E03, false, true, 1, 30, 28, -1450, 4},   // lb t3,-1450(t5)
        {0x80069C03, false, true, 2, 13, 24, -2048, 4},   // lh s8,-2048(a3)
        {0x7FFF9303, false, true, 2, 31, 6, 2047, 4},     // lh t1,2047(t6)
        {0x29CC1083, false, true, 2, 24, 1, 668, 4},      // lh ra,668(s8)
        {0x800E2003, false, true, 4, 28, 0, -2048, 4},    // lw zero,-2048(t3)
        {0x7FF72883, false, true, 4, 14, 17, 2047, 4},    // lw a7,2047(a4)
        {0xF1CA2303, false, true, 4, 20, 6, -228, 4},     // lw t1,-228(s4)
        {0x8000C083, false, false, 1, 1, 1, -2048, 4},    // lbu ra,-2048(ra)
        {0x7FFC4003, false, false, 1, 24, 0, 2047, 4},    // lbu zero,2047(s8)
        {0x8ADDC683, false, false, 1, 27, 13, -1875, 4},  // lbu a3,-1875(s11)
        {0x80075083, false, false, 2, 14, 1, -2048, 4},   // lhu ra,-2048(a4)
        {0x7FFFDE03, false, false, 2, 31, 28, 2047, 4},   // lhu t3,2047(t6)
        {0x3CDB5703, false, false, 2, 22, 14, 973, 4},    // lhu a4,973(s6)
        {0x80EE8023, true, false, 1, 29, 14, -2048, 4},   // sb a4,-2048(t4)
        {0x7F208FA3, true, false, 1, 1, 18, 2047, 4},     // sb s2,2047(ra)
        {0xBFA300A3, true, false, 1, 6, 26, -1055, 4},    // sb s10,-1055(t1)
        {0x81239023, true, false, 2, 7, 18, -2048, 4},    // sh s2,-2048(t2)
        {0x7F5D9FA3, true, false, 2, 27, 21, 2047, 4},    // sh s5,2047(s11)
        {0xB2C994A3, true, false, 2, 19, 12, -1239, 4},   // sh a2,-1239(s3)
        {0x81FCA023, true, false, 4, 25, 31, -2048, 4},   // sw t6,-2048(s9)
        {0x7E2F2FA3, true, false, 4, 30, 2, 2047, 4},     // sw sp,2047(t5)
        {0xCAFCADA3, true, false, 4, 25, 15, -837, 4},    // sw a5,-837(s9)
        {0x4118, false, true, 4, 10, 14, 0, 2},           // c.lw a4,0(a0)
        {0x42D4, false, true, 4, 13, 13, 4, 2},           // c.lw a3,4(a3)
        {0x43A4, false, true, 4, 15, 9, 64, 2},           // c.lw s1,64(a5)
        {0x5D64, false, true, 4, 10, 9, 124, 2},          // c.lw s1,124(a0)
        {0x5E98, false, true, 4, 13, 14, 56, 2},          // c.lw a4,56(a3)
        {0xC01C, true, false, 4, 8, 15, 0, 2},            // c.sw a5,0(s0)
        {0xC05C, true, false, 4, 8, 15, 4, 2},            // c.sw a5,4(s0)
        {0xC330, true, false, 4, 14, 12, 64, 2},          // c.sw a2,64(a4)
        {0xDD68, true, false, 4, 10, 10, 124, 2},         // c.sw a0,124(a0)
        {0xDC0C, true, false, 4, 8, 11, 56, 2},           // c.sw a1,56(s0)
        {0x4C82, false, true, 4, 2, 25, 0, 2},            // c.lwsp s9,0(sp)
        {0x4392, false, true, 4, 2, 7, 4, 2},             // c.lwsp t2,4(sp)
        {0x5902, false, true, 4, 2, 18, 32, 2},           // c.lwsp s2,32(sp)
        {0x4F06, false, true, 4, 2, 30, 64, 2},           // c.lwsp t5,64(sp)
        {0x4E0A, false, true, 4, 2, 28, 128, 2},          // c.lwsp t3,128(sp)
        {0x597E, false, true, 4, 2, 18, 252, 2},          // c.lwsp s2,252(sp)
        {0xC022, true, false, 4, 2, 8, 0, 2},             // c.swsp s0,0(sp)
        {0xC236, true, false, 4, 2, 13, 4, 2},            // c.swsp a3,4(sp)
        {0xD046, true, false, 4, 2, 17, 32, 2},           // c.swsp a7,32(sp)
        {0xC0B2, true, false, 4, 2, 12, 64, 2},           // c.swsp a2,64(sp)
        {0xC17E, true, false, 4, 2, 31, 128, 2},          // c.swsp t6,128(sp)
        {0xDFF2, true, false, 4, 2, 28, 252, 2},          // c.swsp t3,252(sp)
    };
    for (const auto& c : cases) BOOST_TEST_CONTEXT(std::hex << c.bits) {
            const auto m = decode_memory_instruction(c.bits);
            BOOST_REQUIRE(m);
            BOOST_TEST(m->is_store == c.is_store);
            if (!c.is_store && c.bytes < 4) BOOST_TEST(m->sign_extends == c.sign_extends);
            BOOST_TEST(m->bytes == c.bytes);
            BOOST_TEST(m->base == c.base);
            BOOST_TEST(m->data == c.data);
            BOOST_TEST(m->offset == c.offset);
            BOOST_TEST(m->length == c.length);
            BOOST_TEST(!m->is_atomic);
        }
}

BOOST_AUTO_TEST_CASE(knows_atomics) {
    const auto load = decode_memory_instruction(0x1005A6AF);  // lr.w a3, (a1)
    BOOST_REQUIRE(load);
    BOOST_TEST((load->is_atomic && !load->is_store && load->base == 11));
    const auto add = decode_memory_instruction(0x00C5A6AF);  // amoadd.w a3, a2, (a1)
    BOOST_REQUIRE(add);
    BOOST_TEST((add->is_atomic && add->is_store && add->base == 11 && add->offset == 0));
}

BOOST_AUTO_TEST_CASE(anything_else_is_none) {
    BOOST_TEST(!decode_memory_instruction(0x00000013));  // nop
    BOOST_TEST(!decode_memory_instruction(0x0000));      // illegal
    BOOST_TEST(!decode_memory_instruction(0x0001));      // c.nop
    BOOST_TEST(!decode_memory_instruction(0x00013503));  // ld, RV64
    BOOST_TEST(!decode_memory_instruction(0x00A13023));  // sd, RV64
    BOOST_TEST(!decode_memory_instruction(0x00012507));  // flw
}

BOOST_AUTO_TEST_SUITE_END()
