#include "platform/debug/packet.h"

#include <charconv>
#include <utility>

namespace karhunen::debug {

namespace {

constexpr char escape = '}', interrupt = 3;
constexpr uint8_t escape_bit = 0x20;
constexpr char digits[] = "0123456789abcdef";

/// 0 to 15; -1: not a digit.
int value_of(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void PacketReader::feed(std::string_view bytes) {
    for (const char c : bytes) take(c);
}

std::optional<Message> PacketReader::next() {
    if (messages_.empty()) return std::nullopt;
    Message message = std::move(messages_.front());
    messages_.pop_front();
    return message;
}

/// The checksum is that of the bytes as they are sent.
void PacketReader::take(char c) {
    const int digit = value_of(c);
    switch (state_) {
        case State::first_digit:
            expected_ = static_cast<uint8_t>(digit << 4);
            has_bad_digit_ = digit < 0;
            state_ = State::second_digit;
            return;
        case State::second_digit:
            expected_ = static_cast<uint8_t>(expected_ | digit);
            has_bad_digit_ = has_bad_digit_ || digit < 0;
            return finish();
        case State::between:
            if (c == interrupt) messages_.push_back({Message::Kind::interrupt, ""});
            if (c == '-') messages_.push_back({Message::Kind::repeat, ""});
            if (c != '$') return;
            break;
        case State::contents:
        case State::escape:
            break;
    }
    if (c == '$') {  // also where a packet ended in the middle
        state_ = State::contents;
        text_.clear();
        sum_ = 0;
        is_too_long_ = false;
    } else if (c == '#') {
        state_ = State::first_digit;
    } else {
        sum_ = static_cast<uint8_t>(sum_ + c);
        const bool is_escaped = std::exchange(state_, State::contents) == State::escape;
        if (!is_escaped && c == escape)
            state_ = State::escape;
        else if (text_.size() < most_bytes)
            text_ += is_escaped ? static_cast<char>(c ^ escape_bit) : c;
        else
            is_too_long_ = true;
    }
}

void PacketReader::finish() {
    state_ = State::between;
    if (is_too_long_ || has_bad_digit_ || expected_ != sum_)
        messages_.push_back({Message::Kind::damaged, ""});
    else
        messages_.push_back({Message::Kind::packet, std::move(text_)});
    text_.clear();
}

std::string packet_of(std::string_view text) {
    std::string packet = "$";
    for (const char c : text) {
        const bool is_special = c == '$' || c == '#' || c == escape || c == '*';
        if (is_special) packet += escape;
        packet += is_special ? static_cast<char>(c ^ escape_bit) : c;
    }
    uint8_t sum = 0;
    for (const char c : std::string_view(packet).substr(1)) sum = static_cast<uint8_t>(sum + c);
    return packet + '#' + digits[sum >> 4] + digits[sum & 15];
}

std::string to_hex(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<uint8_t>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (size_t i = 0; i < text.size(); i += 2) {
        const int high = value_of(text[i]), low = value_of(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

std::optional<uint32_t> hex_number(std::string_view text) {
    uint32_t value = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value, 16);
    if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
    return value;
}

}  // namespace karhunen::debug
