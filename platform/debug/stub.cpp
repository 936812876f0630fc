#include "platform/debug/stub.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include "platform/debug/registers.h"

namespace karhunen::debug {

namespace {

constexpr const char *malformed = "E01", *no_memory = "E02", *no_register = "E03";
constexpr uint32_t most_read = 0x2000;  ///< bytes of memory in one answer
constexpr uint32_t packet_size = PacketReader::most_bytes - 0x100;

/// As memory holds it.
std::string hex_word(uint32_t value) {
    std::string bytes;
    for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift);
    return to_hex(bytes);
}

std::optional<uint32_t> word_of_hex(std::string_view digits) {
    const auto bytes = from_hex(digits);
    if (!bytes || bytes->size() != 4) return std::nullopt;
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) value |= uint32_t{static_cast<uint8_t>((*bytes)[i])} << 8 * i;
    return value;
}

/// "1,2:3" at its separators, of which each is found once and in this order.
template <size_t count>
std::optional<std::array<std::string_view, count>> split(std::string_view text,
                                                         const char (&separators)[count]) {
    std::array<std::string_view, count> parts;
    for (size_t i = 0; i + 1 < count; ++i) {
        const size_t end = text.find(separators[i]);
        if (end == text.npos) return std::nullopt;
        parts[i] = text.substr(0, end);
        text.remove_prefix(end + 1);
    }
    parts[count - 1] = text;
    return parts;
}

struct Range {
    uint32_t address, bytes;
};

std::optional<Range> range_of(std::string_view address, std::string_view bytes) {
    const auto first = hex_number(address), count = hex_number(bytes);
    if (!first || !count) return std::nullopt;
    return Range{*first, *count};
}

struct PointPlace {
    Point point;
    Range range;
};

/// Of Z and z: type,address,kind; behind it may be conditions, which we do not offer to take.
std::optional<PointPlace> point_of(std::string_view text) {
    const auto parts = split(text, ",,");
    if (!parts) return std::nullopt;
    const auto type = hex_number((*parts)[0]);
    const auto range = range_of((*parts)[1], (*parts)[2]);
    if (!type || *type > static_cast<uint32_t>(Point::access) || !range) return std::nullopt;
    return PointPlace{static_cast<Point>(*type), *range};
}

}  // namespace

/// Longer ones first where one begins like another.
const Stub::Command Stub::commands[] = {
    {"qSupported", &Stub::supported},
    {"QStartNoAckMode", &Stub::no_acknowledgement},
    {"qXfer:features:read:", &Stub::describe},
    {"qAttached", nullptr, "1"},  // the program was there before GDB: quitting detaches
    {"qfThreadInfo", nullptr, "m1"},
    {"qsThreadInfo", nullptr, "l"},
    {"qCRC", nullptr, ""},
    {"qC", nullptr, "QC1"},
    {"qSymbol", nullptr, "OK"},
    {"qRcmd,", &Stub::monitor},
    {"?", &Stub::why},
    {"H", nullptr, "OK"},  // there is one thread
    {"T", nullptr, "OK"},
    {"g", &Stub::read_registers},
    {"G", &Stub::write_registers},
    {"p", &Stub::read_register},
    {"P", &Stub::write_register},
    {"m", &Stub::read_memory},
    {"M", &Stub::write_memory},
    {"X", &Stub::write_binary},
    {"Z", &Stub::insert},
    {"z", &Stub::remove},
    {"vCont?", nullptr, "vCont;c;C;s;S"},
    {"vCont;", &Stub::resume},
    {"vKill", &Stub::kill_process},
    {"c", &Stub::go_on},
    {"C", &Stub::go_on_with_signal},
    {"s", &Stub::step},
    {"S", &Stub::step_with_signal},
    {"D", &Stub::detach},
    {"k", &Stub::kill},
};

void Stub::connect() {
    reader_ = {};
    kept_.clear();
    output_.clear();
    last_packet_.clear();
    acknowledges_ = true;
    is_awaiting_stop_ = false;
    resume_.reset();
}

std::string Stub::take_output() {
    return std::exchange(output_, {});
}

std::optional<Message> Stub::next_message() {
    if (kept_.empty()) return reader_.next();
    Message message = std::move(kept_.front());
    kept_.pop_front();
    return message;
}

std::optional<Resume> Stub::serve() {
    while (!resume_) {
        const auto message = next_message();
        if (!message) return std::nullopt;
        switch (message->kind) {
            case Message::Kind::packet:
                if (acknowledges_) output_ += '+';
                answer(message->text);
                break;
            case Message::Kind::damaged:
                if (acknowledges_) output_ += '-';
                break;
            case Message::Kind::repeat:
                output_ += last_packet_;
                break;
            case Message::Kind::interrupt:
                break;  // it is stopped
        }
    }
    is_awaiting_stop_ = *resume_ == Resume::go_on || *resume_ == Resume::step;
    return std::exchange(resume_, std::nullopt);
}

/// Whatever comes: GDB sends nothing but Ctrl-C to a machine that runs as far as it knows.
bool Stub::wants_stop() {
    bool wants = false;
    while (auto message = reader_.next()) {
        wants = true;
        if (message->kind != Message::Kind::interrupt) kept_.push_back(std::move(*message));
    }
    return wants;
}

void Stub::stopped(StopReport report) {
    report_ = std::move(report);
    if (std::exchange(is_awaiting_stop_, false)) send(stop_reply());
}

void Stub::exited(uint8_t code) {
    if (std::exchange(is_awaiting_stop_, false))
        send("W" + to_hex({reinterpret_cast<char*>(&code), 1}));
}

void Stub::say(std::string_view text) {
    if (is_awaiting_stop_) print(text);
}

void Stub::send(std::string_view text) {
    last_packet_ = packet_of(text);
    output_ += last_packet_;
}

void Stub::print(std::string_view text) {
    constexpr size_t piece = 1000;
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        send("O" + to_hex(text.substr(0, piece)));
}

/// Nothing is the answer to what is not known.
void Stub::answer(const std::string& packet) {
    const auto command = std::ranges::find_if(
        commands, [&](const Command& c) { return packet.starts_with(c.prefix); });
    if (command == std::end(commands)) return send("");
    if (!command->answer) return send(command->constant);
    const auto arguments = std::string_view(packet).substr(command->prefix.size());
    if (const Reply reply = (this->*command->answer)(arguments)) send(*reply);
}

std::string Stub::stop_reply() const {
    const char signal = static_cast<char>(report_.signal);
    return "T" + to_hex({&signal, 1}) + report_.detail + "thread:1;";
}

Stub::Reply Stub::supported(std::string_view) {
    std::string size;
    for (int shift = 12; shift >= 0; shift -= 4)
        size += "0123456789abcdef"[packet_size >> shift & 15];
    return "PacketSize=" + size + ";QStartNoAckMode+;qXfer:features:read+;vContSupported+";
}

Stub::Reply Stub::no_acknowledgement(std::string_view) {
    acknowledges_ = false;
    return "OK";
}

Stub::Reply Stub::describe(std::string_view arguments) {
    const auto parts = split(arguments, ":,");
    if (!parts || (*parts)[0] != "target.xml") return "E00";
    const auto range = range_of((*parts)[1], (*parts)[2]);
    if (!range) return malformed;
    const std::string text = target_description();
    const size_t first = std::min<size_t>(range->address, text.size());
    const size_t count = std::min({text.size() - first, size_t{range->bytes}, size_t{most_read}});
    return (first + count == text.size() ? "l" : "m") + text.substr(first, count);
}

Stub::Reply Stub::monitor(std::string_view arguments) {
    const auto command = from_hex(arguments);
    if (!command) return malformed;
    print(target_.monitor(*command));
    return "OK";
}

Stub::Reply Stub::why(std::string_view) {
    return stop_reply();
}

Stub::Reply Stub::read_registers(std::string_view) {
    std::string text;
    for (uint32_t n = 0; n < common_registers; ++n) {
        const auto value = target_.read_register(n);
        text += value ? hex_word(*value) : "xxxxxxxx";
    }
    return text;
}

/// All or none; x0 takes no values.
Stub::Reply Stub::write_registers(std::string_view arguments) {
    std::vector<uint32_t> values;
    for (; !arguments.empty(); arguments.remove_prefix(8)) {
        const auto value = word_of_hex(arguments.substr(0, 8));
        if (!value) return malformed;
        values.push_back(*value);
    }
    if (values.size() != common_registers) return malformed;
    for (uint32_t n = 0; n < common_registers; ++n) target_.write_register(n, values[n]);
    return "OK";
}

Stub::Reply Stub::read_register(std::string_view arguments) {
    const auto number = hex_number(arguments);
    const auto value = number ? target_.read_register(*number) : std::nullopt;
    return value ? hex_word(*value) : no_register;
}

Stub::Reply Stub::write_register(std::string_view arguments) {
    const auto parts = split(arguments, "=");
    if (!parts) return malformed;
    const auto number = hex_number((*parts)[0]), value = word_of_hex((*parts)[1]);
    if (!number || !value) return malformed;
    return target_.write_register(*number, *value)
               ? "OK"
               : "E.it cannot be written; these can: " + writable_registers();
}

Stub::Reply Stub::read_memory(std::string_view arguments) {
    const auto parts = split(arguments, ",");
    const auto range = parts ? range_of((*parts)[0], (*parts)[1]) : std::nullopt;
    if (!range) return malformed;
    const std::string bytes =
        target_.read_memory(range->address, std::min(range->bytes, most_read));
    return bytes.empty() && range->bytes != 0 ? no_memory : to_hex(bytes);
}

Stub::Reply Stub::write_memory(std::string_view arguments) {
    const auto parts = split(arguments, ",:");
    if (!parts) return malformed;
    const auto range = range_of((*parts)[0], (*parts)[1]);
    const auto bytes = from_hex((*parts)[2]);
    if (!range || !bytes || bytes->size() != range->bytes) return malformed;
    return target_.write_memory(range->address, *bytes) ? "OK" : no_memory;
}

/// Without bytes it asks whether we know the packet.
Stub::Reply Stub::write_binary(std::string_view arguments) {
    const auto parts = split(arguments, ",:");
    if (!parts) return malformed;
    const auto range = range_of((*parts)[0], (*parts)[1]);
    if (!range || (*parts)[2].size() != range->bytes) return malformed;
    return target_.write_memory(range->address, (*parts)[2]) ? "OK" : no_memory;
}

Stub::Reply Stub::insert(std::string_view arguments) {
    const auto place = point_of(arguments);
    if (!place) return malformed;
    target_.insert(place->point, place->range.address, place->range.bytes);
    return "OK";
}

Stub::Reply Stub::remove(std::string_view arguments) {
    const auto place = point_of(arguments);
    if (!place) return malformed;
    target_.remove(place->point, place->range.address, place->range.bytes);
    return "OK";
}

/// The first action: there is one thread that it can mean.
Stub::Reply Stub::resume(std::string_view arguments) {
    switch (arguments.empty() ? 0 : arguments[0]) {
        case 'c':
        case 'C':
            resume_ = Resume::go_on;
            return std::nullopt;
        case 's':
        case 'S':
            resume_ = Resume::step;
            return std::nullopt;
    }
    return malformed;
}

/// Maybe from an address.
Stub::Reply Stub::go_on(std::string_view arguments) {
    const auto address = hex_number(arguments);
    if (!arguments.empty() && !address) return malformed;
    if (address) target_.write_register(pc_number, *address);
    resume_ = Resume::go_on;
    return std::nullopt;
}

Stub::Reply Stub::step(std::string_view arguments) {
    const Reply reply = go_on(arguments);
    if (resume_) resume_ = Resume::step;
    return reply;
}

/// Signals mean nothing to a machine.
Stub::Reply Stub::go_on_with_signal(std::string_view arguments) {
    const auto parts = split(arguments, ";");
    return go_on(parts ? (*parts)[1] : "");
}

Stub::Reply Stub::step_with_signal(std::string_view arguments) {
    const auto parts = split(arguments, ";");
    return step(parts ? (*parts)[1] : "");
}

Stub::Reply Stub::detach(std::string_view) {
    target_.remove_all_points();
    resume_ = Resume::detach;
    return "OK";
}

Stub::Reply Stub::kill(std::string_view) {
    resume_ = Resume::kill;
    return std::nullopt;
}

Stub::Reply Stub::kill_process(std::string_view) {
    resume_ = Resume::kill;
    return "OK";
}

}  // namespace karhunen::debug
