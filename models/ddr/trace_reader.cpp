#include "models/ddr/trace_reader.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace karhunen::ddr {

namespace {

constexpr size_t buffer_bytes = 1 << 16;
static_assert(buffer_bytes > TraceReader::longest_line + 1);

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/// For messages: not too long, and nothing that a terminal would obey.
std::string quoted(std::string_view token) {
    if (token.empty()) return "end of the line";
    constexpr size_t most = 40;
    constexpr char digits[] = "0123456789abcdef";
    std::string text = "'";
    for (const char c : token.substr(0, most)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= ' ' && byte <= '~')
            text += c;
        else
            text += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
    return text + (token.size() > most ? "...'" : "'");
}

std::string hexadecimal(uint64_t value) {
    char text[16];
    return "0x" + std::string(text, std::to_chars(text, std::end(text), value, 16).ptr);
}

}  // namespace

/// The words of a line up to its comment.
class TraceReader::Line {
public:
    explicit Line(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}
    /// Empty at the end.
    std::string_view word() {
        while (at_ != end_ && is_blank(*at_)) ++at_;
        const char* const begin = at_;
        while (at_ != end_ && !is_blank(*at_) && *at_ != '#') ++at_;
        return {begin, static_cast<size_t>(at_ - begin)};
    }

private:
    const char *at_, *end_;
};

TraceReader::TraceReader(std::string name, uint64_t device_bytes, Source source)
    : name_(std::move(name)),
      device_bytes_(device_bytes),
      source_(std::move(source)),
      buffer_(buffer_bytes) {
    if (device_bytes < TraceRequest::bytes)
        throw std::invalid_argument("the DRAM device is smaller than the 16 bytes of a request");
}

bool TraceReader::next(TraceRequest& request) {
    std::string_view text;
    while (next_line(text)) {
        Line line(text);
        const std::string_view address = line.word();
        if (address.empty()) continue;
        request.address = address_in(address);
        request.write = write_in(line.word());
        request.cycle = cycle_ = cycle_in(line.word());
        if (const std::string_view rest = line.word(); !rest.empty())
            fail(rest, "expected the end of the line");
        ++requests_;
        return true;
    }
    if (requests_ == 0)
        throw TraceError(name_ + ": no request in it; expected lines such as 0x1f40 READ 12");
    return false;
}

bool TraceReader::next_line(std::string_view& line) {
    size_t length = 0;  // of the line, as far as it is in the buffer
    bool is_whole = false;
    do {
        const char* const begin = buffer_.data() + begin_;
        const size_t held = end_ - begin_;
        const void* const found = std::memchr(begin + length, '\n', held - length);
        is_whole = found != nullptr;
        length = is_whole ? static_cast<size_t>(static_cast<const char*>(found) - begin) : held;
    } while (!is_whole && length <= longest_line && refill());
    if (!is_whole && length == 0) return false;
    ++line_;
    line = {buffer_.data() + begin_, length};
    if (length > longest_line)
        fail(line, "expected a line of at most " + std::to_string(longest_line) + " characters");
    begin_ += length + is_whole;
    return true;
}

/// More of the trace behind what is held; false: there is no more.
bool TraceReader::refill() {
    if (ended_) return false;
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    const size_t more = source_(buffer_.data() + end_, buffer_.size() - end_);
    end_ += more;
    bytes_read_ += more;
    ended_ = more == 0;
    return !ended_;
}

void TraceReader::fail(std::string_view token, const std::string& expected) const {
    throw TraceError(name_ + ':' + std::to_string(line_) + ": " + quoted(token) + ": " + expected);
}

uint64_t TraceReader::address_in(std::string_view token) const {
    uint64_t address = 0;
    const char* const end = token.data() + token.size();
    const bool hex = token.size() > 2 && token[0] == '0' && (token[1] == 'x' || token[1] == 'X');
    const auto [stop, error] = std::from_chars(token.data() + (hex ? 2 : 0), end, address, 16);
    if (!hex || stop != end) fail(token, "expected a hexadecimal address such as 0x1f40");
    const uint64_t last = device_bytes_ - TraceRequest::bytes;
    if (error == std::errc::result_out_of_range || address > last)
        fail(token, "outside the device: expected an address up to " + hexadecimal(last) + ", 16 " +
                        "bytes before its end");
    return address;
}

bool TraceReader::write_in(std::string_view token) const {
    if (token == "READ") return false;
    if (token != "WRITE") fail(token, "expected READ or WRITE");
    return true;
}

Clock TraceReader::cycle_in(std::string_view token) const {
    uint64_t cycle = 0;
    const char* const end = token.data() + token.size();
    const auto [stop, error] = std::from_chars(token.data(), end, cycle);
    if (token.empty() || stop != end) fail(token, "expected a cycle, a decimal number");
    if (error == std::errc::result_out_of_range || cycle > static_cast<uint64_t>(last_cycle))
        fail(token, "expected a cycle up to " + std::to_string(last_cycle));
    if (static_cast<Clock>(cycle) < cycle_)
        fail(token,
             "expected a cycle not before that of the line before, " + std::to_string(cycle_));
    return static_cast<Clock>(cycle);
}

}  // namespace karhunen::ddr
