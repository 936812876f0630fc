#include "models/cpu/elf.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include <boost/test/unit_test.hpp>

using namespace karhunen;

namespace {

std::vector<uint8_t> file(const std::string& name) {
    std::ifstream in(std::string(PROGRAMS "/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(elf)

BOOST_AUTO_TEST_CASE(reads_segments_and_entry) {
    const ElfProgram program = parse_elf(file("arithmetic.elf"));
    BOOST_TEST(program.entry == 0x20000000u);
    BOOST_REQUIRE(!program.segments.empty());
    BOOST_TEST(program.segments[0].address == 0x20000000u);
    std::vector<uint8_t> memory(0x10000);
    load_elf(program, [&](uint32_t address, std::span<const uint8_t> bytes) {
        std::copy(bytes.begin(), bytes.end(), memory.begin() + (address - 0x20000000));
        return true;
    });
    const std::string text(memory.begin(), memory.end());
    BOOST_TEST((text.find("123456789") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(segments_are_filled_up_with_zeros) {
    auto bytes = file("count.elf");
    const uint32_t header = bytes[28] | bytes[29] << 8;
    uint32_t entries = bytes[44];
    for (uint32_t i = 0; i < entries; ++i) {
        const uint32_t h = header + 32 * i;
        if (bytes[h] == 1) bytes[h + 21] += 1;  // 256 bytes more in memory than in the file
    }
    const ElfProgram before = parse_elf(file("count.elf")), after = parse_elf(bytes);
    BOOST_REQUIRE_EQUAL(after.segments.size(), before.segments.size());
    BOOST_TEST(after.segments[0].bytes.size() == before.segments[0].bytes.size() + 256);
    BOOST_TEST(after.segments[0].bytes.back() == 0);
}

BOOST_AUTO_TEST_CASE(a_truncated_file_is_refused_or_complete) {
    const auto whole = file("count.elf");
    const ElfProgram program = parse_elf(whole);
    size_t refused = 0;
    for (size_t length = 0; length < whole.size(); ++length) {
        try {
            const ElfProgram part = parse_elf(std::span(whole).first(length));
            BOOST_TEST(part.segments[0].bytes == program.segments[0].bytes);
        } catch (const ElfError&) {
            ++refused;
        }
    }
    // The section headers are the end of the file, with 32 bytes that nobody asks for.
    BOOST_TEST(refused >= whole.size() - 32);
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong) {
    const auto whole = file("count.elf");
    const auto message = [&](size_t offset, uint8_t value) -> std::string {
        auto bytes = whole;
        bytes[offset] = value;
        try {
            parse_elf(bytes);
        } catch (const ElfError& e) {
            return e.what();
        }
        return "";
    };
    BOOST_TEST(message(0, 0) == "not an ELF file");
    BOOST_TEST(message(4, 2) == "not a 32-bit little-endian ELF file");
    BOOST_TEST(message(5, 2) == "not a 32-bit little-endian ELF file");
    BOOST_TEST(message(18, 3) == "ELF file is not for RISC-V");
    BOOST_TEST(message(16, 1) == "ELF file is not an executable (linked at fixed addresses)");
    BOOST_TEST(message(42, 8) == "ELF program headers are too short");
    BOOST_TEST(message(44, 0) == "ELF file has nothing to load");
    BOOST_TEST(message(31, 0x7F) == "ELF file ends within a header");
    BOOST_CHECK_THROW(read_elf("/nowhere.elf"), ElfError);
}

BOOST_AUTO_TEST_CASE(addresses_have_names) {
    const ElfProgram program = parse_elf(file("debugged.elf"));
    BOOST_TEST(place_of(program, 0x20000000) == "_start");
    const auto main = std::ranges::find(program.symbols, "main", &ElfSymbol::name);
    BOOST_REQUIRE((main != program.symbols.end()));
    BOOST_TEST(place_of(program, main->address - 2) == [&] {
        std::ostringstream out;
        out << "_start+0x" << std::hex << main->address - 2 - 0x20000000;
        return out.str();
    }());
    BOOST_TEST(place_of(program, main->address + 4) == "store_register");
    BOOST_TEST(place_of(program, main->address + 5) == "store_register+0x1");
    BOOST_TEST(place_of(program, 0x1FFFFFFF) == "");
    // C functions have sizes: what lies behind the last one has no name.
    const ElfProgram sized{0, {}, {{0x100, 0, "start"}, {0x200, 0x10, "f"}}};
    BOOST_TEST(place_of(sized, 0x20F) == "f+0xf");
    BOOST_TEST(place_of(sized, 0x210) == "start+0x110");
}

BOOST_AUTO_TEST_CASE(any_changed_symbol_byte_is_survived) {
    const auto whole = file("count.elf");
    const auto number = [&](size_t at) { return whole[at] | whole[at + 1] << 8; };
    const size_t sections = number(32), end = sections + number(48) * 40u;
    BOOST_TEST(end == whole.size());
    for (size_t i = 32; i < end; i = i == 51 ? sections : i + 1)
        for (const uint8_t value : {0x00, 0x01, 0x02, 0x7F, 0x80, 0xFF}) {
            auto bytes = whole;
            bytes[i] = value;
            try {
                BOOST_TEST(place_of(parse_elf(bytes), 0x20000000).size() < 100u);
            } catch (const ElfError& e) {
                BOOST_TEST(e.what() != std::string());
            }
        }
}

BOOST_AUTO_TEST_CASE(any_changed_header_byte_is_survived) {
    const auto whole = file("count.elf");
    for (size_t i = 0; i < 52 + 3 * 32; ++i)
        for (const uint8_t value : {0x00, 0x7F, 0x80, 0xFF}) {
            auto bytes = whole;
            bytes[i] = value;
            try {
                for (const ElfSegment& s : parse_elf(bytes).segments)
                    BOOST_TEST(s.bytes.size() <= 256u << 20);
            } catch (const ElfError& e) {
                BOOST_TEST(e.what() != std::string());
            }
        }
}

BOOST_AUTO_TEST_CASE(a_segment_outside_memory_is_named) {
    const ElfProgram program = parse_elf(file("count.elf"));
    try {
        load_elf(program, [](uint32_t, std::span<const uint8_t>) { return false; });
        BOOST_ERROR("loaded");
    } catch (const ElfError& e) {
        BOOST_TEST(std::string(e.what()).find("at 0x20000000 does not lie in memory") !=
                   std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
