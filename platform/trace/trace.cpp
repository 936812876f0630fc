#include "platform/trace/trace.h"

#include <zlib.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "platform/files.h"

namespace karhunen {

namespace {

std::string hex(uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%x", value);
    return text;
}

/// Words as they lie in memory, little-endian; the last one is filled up with zeros.
std::string words_of(std::span<const uint8_t> bytes) {
    std::string text;
    for (size_t at = 0; at < bytes.size(); at += 4) {
        uint32_t word = 0;
        for (size_t i = 0; i < 4 && at + i < bytes.size(); ++i)
            word |= uint32_t{bytes[at + i]} << 8 * i;
        text += ' ' + hex(word);
    }
    return text;
}

std::vector<uint8_t> bytes_of(const std::filesystem::path& path) {
    check_readable(path);
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

uint32_t trace_crc(std::span<const uint8_t> bytes) {
    return static_cast<uint32_t>(
        crc32_z(crc32_z(0, nullptr, 0), bytes.empty() ? nullptr : bytes.data(), bytes.size()));
}

std::string text_of(const TraceAction& a) {
    using Kind = TraceAction::Kind;
    const auto memory = [&] {
        return hex(a.address) + ' ' + std::to_string(a.bytes) + ' ' + hex(a.crc);
    };
    switch (a.kind) {
        case Kind::reg_write:
            return "reg_write " + a.register_place->name + ' ' + hex(a.value);
        case Kind::reg_read:
            return "reg_read " + a.register_place->name + ' ' + hex(a.value) + ' ' + hex(a.mask);
        case Kind::poll:
            return "poll " + a.register_place->name + ' ' + hex(a.mask) + ' ' + hex(a.value);
        case Kind::poll_least:
            return "poll_least " + a.register_place->name + ' ' + hex(a.value);
        case Kind::wait_irq:
            return "wait_irq " + interrupt_name(a.source) + ' ' + std::to_string(a.conditions);
        case Kind::mem_load:
            return "mem_load " + memory() +
                   (a.data.empty() ? " file " + std::to_string(a.offset)
                                   : " hex" + words_of(a.data));
        case Kind::mem_check:
            return "mem_check " + memory();
    }
    return "";
}

std::span<const uint8_t> SymbolicTrace::data_of(const TraceAction& load) const {
    if (!load.data.empty()) return load.data;
    return std::span(memory).subspan(load.offset, load.bytes);
}

SymbolicTrace SymbolicTrace::read(const std::filesystem::path& path) {
    const std::vector<uint8_t> text = bytes_of(path);
    SymbolicTrace trace =
        parse({reinterpret_cast<const char*>(text.data()), text.size()}, path.string());
    if (!trace.memory_name.empty()) trace.memory = bytes_of(path.parent_path() / trace.memory_name);
    for (const TraceAction& a : trace.actions) {
        if (a.kind != TraceAction::Kind::mem_load) continue;
        const std::string place = trace.name + ':' + std::to_string(a.line) + ": ";
        if (a.data.empty() &&
            (a.offset > trace.memory.size() || a.bytes > trace.memory.size() - a.offset))
            throw SymbolicTraceError(place + "field 6 (offset): " + std::to_string(a.bytes) +
                                     " bytes at " + std::to_string(a.offset) + " are not in the " +
                                     std::to_string(trace.memory.size()) + " bytes of " +
                                     trace.memory_name);
        const uint32_t found = trace_crc(trace.data_of(a));
        if (found != a.crc)
            throw SymbolicTraceError(place + "field 4 (crc): found " + hex(a.crc) +
                                     ", expected that of the data, " + hex(found));
    }
    return trace;
}

}  // namespace karhunen
