#include "platform/debug/packet.h"

#include <vector>

#include <boost/test/unit_test.hpp>

using namespace karhunen::debug;
using Kind = Message::Kind;

namespace {

std::vector<Message> messages(std::string_view bytes) {
    PacketReader reader;
    reader.feed(bytes);
    std::vector<Message> all;
    while (auto message = reader.next()) all.push_back(*message);
    return all;
}

std::string text_of(std::string_view bytes) {
    const auto all = messages(bytes);
    BOOST_REQUIRE_EQUAL(all.size(), 1u);
    BOOST_TEST((all[0].kind == Kind::packet));
    return all[0].text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gdb_packets)

BOOST_AUTO_TEST_CASE(packets_come_whole_or_in_pieces) {
    const std::string bytes = "+$OK#9a-\x03$#00";
    const std::vector<Message> expected = {
        {Kind::packet, "OK"}, {Kind::repeat, ""}, {Kind::interrupt, ""}, {Kind::packet, ""}};
    BOOST_TEST((messages(bytes) == expected));
    PacketReader reader;
    std::vector<Message> all;
    for (const char c : bytes) {
        reader.feed({&c, 1});
        while (auto message = reader.next()) all.push_back(*message);
    }
    BOOST_TEST((all == expected));
}

BOOST_AUTO_TEST_CASE(escapes_are_undone) {
    // The checksum is that of what is sent: 'a' + '}' + ('#' ^ 0x20) + 'b'.
    BOOST_TEST(text_of("$a}\x03"
                       "b#43") == "a#b");
    for (int c = 0; c < 256; ++c) {
        const std::string text{static_cast<char>(c), 'x', static_cast<char>(c)};
        BOOST_TEST(text_of(packet_of(text)) == text);
    }
    BOOST_TEST(packet_of("$") == "$}\x04#81");
}

BOOST_AUTO_TEST_CASE(what_is_damaged_is_told) {
    const auto is_damaged = [](std::string_view bytes) {
        const auto all = messages(bytes);
        return all.size() == 1 && all[0].kind == Kind::damaged;
    };
    BOOST_TEST(is_damaged("$OK#9b"));
    BOOST_TEST(is_damaged("$OK#8a"));
    BOOST_TEST(is_damaged("$OK#9g"));
    BOOST_TEST(is_damaged("$OK#g0"));
    BOOST_TEST(messages("OK#9a").empty());
    // A packet that ends in the middle does not spoil the next one.
    BOOST_TEST(text_of("$garbage$OK#9a") == "OK");
}

BOOST_AUTO_TEST_CASE(length_is_limited) {
    const std::string most(PacketReader::most_bytes, 'a');
    BOOST_TEST(text_of(packet_of(most)).size() == most.size());
    const auto all = messages(packet_of(most + 'a') + "$OK#9a");
    BOOST_REQUIRE_EQUAL(all.size(), 2u);
    BOOST_TEST((all[0].kind == Kind::damaged));
    BOOST_TEST(all[1].text == "OK");
}

BOOST_AUTO_TEST_CASE(hexadecimal) {
    BOOST_TEST(to_hex("\x01\xFFz") == "01ff7a");
    BOOST_TEST(from_hex("01fF7A").value() == "\x01\xFFz");
    for (const char* bad : {"0", "0g", "g0", "0x", " 1"}) BOOST_TEST(!from_hex(bad));
    BOOST_TEST(hex_number("fFffFfff").value() == 0xFFFFFFFFu);
    for (const char* bad : {"", "100000000", "-1", "1 ", "x"}) BOOST_TEST(!hex_number(bad));
}

BOOST_AUTO_TEST_SUITE_END()
