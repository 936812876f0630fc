// The hart without bus: where it stops, and after how many instructions.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "models/cpu/instruction_set_simulator.h"

using namespace karhunen;

namespace {

constexpr uint32_t code_at = 0x20000000, data_at = 0x30000000, bytes = 0x10000;
enum { a0 = 10, a1 = 11 };

struct Hart {
    InstructionSetSimulator hart;
    std::vector<uint32_t> code = std::vector<uint32_t>(bytes / 4),
                          data = std::vector<uint32_t>(bytes / 4);

    explicit Hart(const std::vector<uint32_t>& program) {
        std::ranges::copy(program, code.begin());
        hart.map(code_at, bytes, reinterpret_cast<uint8_t*>(code.data()));
        hart.set_pc(code_at);
    }
    void map_data() { hart.map(data_at, bytes, reinterpret_cast<uint8_t*>(data.data())); }
    void expect(Stop stop, uint64_t instructions, uint32_t pc, uint64_t budget = 1000) {
        const StopReason reason = hart.run(budget, false);
        BOOST_TEST(static_cast<int>(reason.stop) == static_cast<int>(stop));
        BOOST_TEST(reason.instructions == instructions);
        BOOST_TEST(hart.pc() == pc);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cpu_instruction_set_simulator)

BOOST_AUTO_TEST_CASE(a_chain_of_loads_stops_at_each) {
    // lw a0, 0(a0) three times: the address does not tell which one it is.
    Hart h({0x00052503, 0x00052503, 0x00052503, 0x10500073});
    h.hart.set_reg(a0, data_at);
    for (uint32_t i = 0; i < 3; ++i) {
        h.expect(Stop::load, 1, code_at + 4 * i);
        h.hart.finish_access(data_at);
    }
    h.expect(Stop::wait, 1, code_at + 16);
}

BOOST_AUTO_TEST_CASE(memory_comes_and_goes) {
    // sw a1, 4(a0); lw a1, 4(a0); j -8
    Hart h({0x00B52223, 0x00452583, 0xFF9FF06F});
    h.hart.set_reg(a0, data_at);
    h.hart.set_reg(a1, 77);
    for (int round = 0; round < 2; ++round) {
        h.expect(Stop::store, 1, code_at);
        h.hart.finish_access(0);
        h.expect(Stop::load, 1, code_at + 4);
        h.map_data();
        h.data[1] = 0;
        h.expect(Stop::budget, 2 + 3 * 10, code_at, 30);  // the load again, the jump, 10 rounds
        BOOST_TEST(h.data[1] == 0u);
        BOOST_TEST(h.hart.reg(a1) == 0u);
        h.hart.unmap(data_at);
        h.hart.set_pc(code_at);
    }
}

BOOST_AUTO_TEST_CASE(a_run_ends_with_the_block_of_its_last_instruction) {
    // addi a0, a0, 1 three times; j -12
    Hart h({0x00150513, 0x00150513, 0x00150513, 0xFF5FF06F});
    for (const uint64_t budget : {1, 4, 5, 8}) {
        const uint64_t whole = (budget + 3) / 4 * 4;
        h.expect(Stop::budget, whole, code_at, budget);
    }
    BOOST_TEST(h.hart.reg(a0) == 3u * (1 + 1 + 2 + 2));
}

BOOST_AUTO_TEST_CASE(changed_code_is_forgotten) {
    Hart h({0x00150513, 0x10500073});  // addi a0, a0, 1; wfi
    h.expect(Stop::wait, 2, code_at + 8);
    h.code[0] = 0x00250513;
    h.hart.forget(code_at, 4);
    h.hart.set_pc(code_at);
    h.expect(Stop::wait, 2, code_at + 8);
    BOOST_TEST(h.hart.reg(a0) == 3u);
}

BOOST_AUTO_TEST_CASE(a_guard_is_asked_before_each_instruction) {
    // addi a0, a0, 1; lw a1, 0(a2); addi a0, a0, 1; j -12
    Hart h({0x00150513, 0x00062583, 0x00150513, 0xFF5FF06F});
    h.hart.set_reg(12, data_at);
    h.map_data();
    std::vector<uint32_t> asked;
    const auto ask_until = [&](uint32_t refused) {
        asked.clear();
        h.hart.set_guard([&asked, refused](uint32_t pc, uint32_t) {
            asked.push_back(pc);
            return pc == refused;
        });
    };
    ask_until(code_at + 8);
    h.expect(Stop::refused, 2, code_at + 8);
    BOOST_TEST(h.hart.reg(a0) == 1u);
    BOOST_TEST(asked.size() == 3u);
    h.expect(Stop::refused, 0, code_at + 8);  // still
    ask_until(0);
    h.expect(Stop::budget, 2, code_at, 0);  // the rest of the block
    BOOST_TEST(asked == (std::vector{code_at + 8, code_at + 12}), boost::test_tools::per_element());
    BOOST_TEST(h.hart.reg(a0) == 2u);
}

BOOST_AUTO_TEST_CASE(a_guard_is_asked_once_about_an_instruction_attempted_twice) {
    Hart h({0x00B5252F, 0x10500073});  // amoadd.w a0, a1, (a0); wfi
    h.hart.set_reg(a0, data_at);
    int asked = 0;
    h.hart.set_guard([&](uint32_t, uint32_t) { return ++asked, false; });
    h.expect(Stop::store, 1, code_at);
    h.map_data();
    h.expect(Stop::wait, 2, code_at + 8);
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(code_without_a_jump_is_one_block_however_it_is_cut) {
    std::vector<uint32_t> program(1000, 0x00150513);  // addi a0, a0, 1
    program.push_back(0x0040006F);                    // j 4
    for (const bool is_guarded : {false, true}) {
        Hart h(program);
        size_t asked = 0;
        if (is_guarded) h.hart.set_guard([&](uint32_t, uint32_t) { return ++asked % 7 == 0; });
        uint64_t instructions = 0;
        StopReason reason;
        do {
            reason = h.hart.run(instructions < 500 ? 500 - instructions : 0, false);
            instructions += reason.instructions;
        } while (reason.stop == Stop::refused);
        BOOST_TEST((reason.stop == Stop::budget));
        BOOST_TEST(instructions == 1001u);
        BOOST_TEST(h.hart.pc() == code_at + 4004);
    }
}

BOOST_AUTO_TEST_CASE(the_number_of_memories_is_limited) {
    Hart h({});
    for (uint32_t i = 1; i < InstructionSetSimulator::most_ranges; ++i)
        h.hart.map(data_at + i * bytes, bytes, reinterpret_cast<uint8_t*>(h.data.data()));
    BOOST_CHECK_THROW(h.map_data(), std::runtime_error);
    h.hart.unmap(data_at + bytes);
    h.map_data();
}

BOOST_AUTO_TEST_SUITE_END()
