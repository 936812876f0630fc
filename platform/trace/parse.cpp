// The reader of symbolic traces: any bytes become a trace or a SymbolicTraceError.
#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "platform/trace/trace.h"

namespace karhunen {

namespace {

using Kind = TraceAction::Kind;

constexpr std::pair<std::string_view, Kind> words[] = {
    {"reg_write", Kind::reg_write},   {"reg_read", Kind::reg_read}, {"poll", Kind::poll},
    {"poll_least", Kind::poll_least}, {"wait_irq", Kind::wait_irq}, {"mem_load", Kind::mem_load},
    {"mem_check", Kind::mem_check}};

/// What was found, fit for a message: short, and only letters that can be shown.
std::string shown(std::string_view text) {
    std::string result(text.substr(0, 40));
    std::replace_if(
        result.begin(), result.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text.size() > 40 ? result + "..." : result;
}

/// 0x and hexadecimal digits, or decimal ones.
std::optional<uint64_t> number_of(std::string_view text) {
    int base = 10;
    if (text.starts_with("0x")) text.remove_prefix(2), base = 16;
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
    return value;
}

/// One line as fields between blanks, taken one by one.
class Line {
public:
    Line(const std::string& name, uint32_t number, std::string_view text)
        : name_(name), number_(number), text_(text.substr(0, text.find('#'))) {
        skip();
    }

    bool is_over() const { return text_.empty(); }
    uint32_t number() const { return number_; }

    std::string_view word(const char* what) {
        ++field_;
        found_ = text_.substr(0, text_.find_first_of(" \t\r"));
        if (found_.empty()) fail(what, "the line to go on");
        text_.remove_prefix(found_.size());
        skip();
        return found_;
    }
    uint32_t number(const char* what, uint64_t most = UINT32_MAX) {
        const auto value = number_of(word(what));
        if (!value || *value > most)
            fail(what, "a number up to " + std::to_string(most) + ", decimal or 0x...");
        return static_cast<uint32_t>(*value);
    }
    uint64_t long_number(const char* what) {
        const auto value = number_of(word(what));
        if (!value) fail(what, "a number, decimal or 0x...");
        return *value;
    }
    void end() {
        if (!is_over()) word("end"), fail("end", "no more fields");
    }
    /// Of the field taken last.
    [[noreturn]] void fail(const char* what, const std::string& expected) const {
        throw SymbolicTraceError(name_ + ':' + std::to_string(number_) + ": field " +
                                 std::to_string(field_) + " (" + what + "): found '" +
                                 shown(found_) + "', expected " + expected);
    }

private:
    void skip() { text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r"), text_.size())); }

    const std::string& name_;
    uint32_t number_, field_ = 0;
    std::string_view text_, found_;
};

void parse_register(Line& line, TraceAction& a) {
    a.register_place = find_register(line.word("register"));
    if (!a.register_place)
        line.fail("register", "BLOCK.REGISTER of docs/registers.md, as DMA.CHANNEL0.DESCRIPTOR");
    const uint32_t most = UINT32_MAX >> (32 - 8 * a.register_place->bytes);
    if (a.kind == Kind::poll) a.mask = line.number("mask", most);
    a.value = line.number("value", most);
    if (a.kind == Kind::reg_read) a.mask = line.number("mask", most);
    const Access access = a.register_place->description->access;
    if (a.kind == Kind::reg_write && access == Access::RO)
        line.fail("value", "no write: the register is read only");
    if (a.kind != Kind::reg_write && access == Access::WO)
        line.fail("value", "no read: the register is write only");
}

void parse_irq(Line& line, TraceAction& a) {
    a.source = interrupt_number(line.word("source"));
    if (a.source == 0) line.fail("source", "a block with an interrupt, as DMA");
    a.conditions = line.number("conditions", 64);
}

void parse_memory(Line& line, TraceAction& a, bool has_file) {
    a.address = line.number("address");
    a.bytes = line.number("bytes");
    if (a.bytes == 0 || a.bytes - 1 > UINT32_MAX - a.address)
        line.fail("bytes", "1 or more, and an end below 4 GiB");
    a.crc = line.number("crc");
    if (a.kind == Kind::mem_check) return;
    const std::string_view form = line.word("hex or file");
    if (form == "file") {
        if (!has_file) line.fail("hex or file", "hex, as no line `memory FILE` came before");
        a.offset = line.long_number("offset");
        return;
    }
    if (form != "hex") line.fail("hex or file", "hex or file");
    while (a.data.size() < a.bytes) {
        const uint32_t word = line.number("word");
        for (uint32_t i = 0; i < 4; ++i) {
            if (a.data.size() < a.bytes)
                a.data.push_back(static_cast<uint8_t>(word >> 8 * i));
            else if (word >> 8 * i != 0)
                line.fail("word", "zeros behind the last byte");
        }
    }
}

TraceAction parse_action(Line& line, std::string_view word, bool has_file) {
    TraceAction a;
    a.line = line.number();
    const auto known = std::find_if(std::begin(words), std::end(words),
                                    [&](const auto& pair) { return pair.first == word; });
    if (known == std::end(words))
        line.fail("action",
                  "memory, reg_write, reg_read, poll, poll_least, wait_irq, mem_load or mem_check");
    a.kind = known->second;
    if (a.kind == Kind::wait_irq)
        parse_irq(line, a);
    else if (a.kind == Kind::mem_load || a.kind == Kind::mem_check)
        parse_memory(line, a, has_file);
    else
        parse_register(line, a);
    return a;
}

/// A file beside the trace: no path, so that a trace reads nothing else.
std::string parse_file(Line& line, const std::string& before) {
    const std::string_view name = line.word("file");
    if (!before.empty()) line.fail("file", "one memory file, after " + before);
    if (name.find('/') != name.npos || name.starts_with('.'))
        line.fail("file", "the name of a file beside the trace");
    for (const char c : name)
        if (c <= ' ' || c > '~') line.fail("file", "letters of ASCII");
    return std::string(name);
}

void check_conditions(const SymbolicTrace& trace) {
    for (size_t i = 0; i < trace.actions.size(); ++i)
        for (uint32_t c = 1; c <= trace.actions[i].conditions; ++c)
            if (i + c >= trace.actions.size() || !trace.actions[i + c].is_poll())
                throw SymbolicTraceError(
                    trace.name + ':' + std::to_string(trace.actions[i].line) +
                    ": field 3 (conditions): found " + std::to_string(trace.actions[i].conditions) +
                    ", expected the " + std::to_string(c - 1) + " polls that follow");
}

}  // namespace

SymbolicTrace SymbolicTrace::parse(std::string_view text, const std::string& name) {
    SymbolicTrace trace;
    trace.name = name;
    bool has_begun = false;
    for (uint32_t number = 1; !text.empty(); ++number) {
        const size_t end = std::min(text.find('\n'), text.size());
        Line line(trace.name, number, text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.is_over()) continue;
        const std::string_view word = line.word("action");
        if (!has_begun) {
            if (word != trace_magic.substr(0, trace_magic.find(' ')))
                line.fail("action", "the first line `" + std::string(trace_magic) + '`');
            if (line.number("version") != 1) line.fail("version", "1");
            has_begun = true;
        } else if (word == "memory") {
            trace.memory_name = parse_file(line, trace.memory_name);
        } else {
            trace.actions.push_back(parse_action(line, word, !trace.memory_name.empty()));
        }
        line.end();
    }
    if (!has_begun)
        throw SymbolicTraceError(trace.name + ":1: field 1 (action): found nothing, expected `" +
                                 std::string(trace_magic) + '`');
    check_conditions(trace);
    return trace;
}

}  // namespace karhunen
