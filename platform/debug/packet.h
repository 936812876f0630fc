// Packets of GDB's remote serial protocol ("Debugging with GDB", appendix E.1).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace karhunen::debug {

/// What GDB sends.
struct Message {
    enum class Kind : uint8_t {
        packet,     ///< text: its contents, escapes undone
        damaged,    ///< a packet whose checksum is wrong, or that is too long
        repeat,     ///< '-': the last packet did not arrive
        interrupt,  ///< Ctrl-C
    };
    Kind kind;
    std::string text;
    bool operator==(const Message&) const = default;
};

/// Takes bytes as they come and makes messages of them. Acknowledgements are dropped.
class PacketReader {
public:
    /// Longest packet, between '$' and '#'; tell GDB of a little less.
    static constexpr size_t most_bytes = 0x5000;

    void feed(std::string_view bytes);
    std::optional<Message> next();

private:
    void take(char c);
    void finish();

    enum class State : uint8_t { between, contents, escape, first_digit, second_digit };
    State state_ = State::between;
    std::string text_;
    bool is_too_long_ = false;
    uint8_t sum_ = 0, expected_ = 0;
    bool has_bad_digit_ = false;
    std::deque<Message> messages_;
};

/// "$text#checksum", with what needs it escaped.
std::string packet_of(std::string_view text);

/// "6869" of "hi".
std::string to_hex(std::string_view bytes);
/// Empty: not pairs of hexadecimal digits.
std::optional<std::string> from_hex(std::string_view digits);
/// All of the text is one hexadecimal number of 32 bits.
std::optional<uint32_t> hex_number(std::string_view text);

}  // namespace karhunen::debug
