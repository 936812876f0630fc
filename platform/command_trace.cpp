#include "platform/command_trace.h"

#include <charconv>

namespace karhunen {

namespace {

constexpr size_t buffer_bytes = 1 << 16, longest_line = 64;

char* put(char* to, int64_t number) {
    return std::to_chars(to, to + 20, number).ptr;
}

}  // namespace

CommandTrace::CommandTrace(const std::filesystem::path& path)
    : file_(path), buffer_("clock,command,bank,row,column\n") {
    buffer_.reserve(buffer_bytes + longest_line);
}

void CommandTrace::add(const ddr::CommandRecord& record) {
    char line[longest_line];
    char* end = put(line, record.clock);
    *end++ = ',';
    const std::string_view name = name_of(record.command);
    end += name.copy(end, name.size());
    for (const uint32_t field : {record.bank, record.row, record.column}) {
        *end++ = ',';
        end = put(end, field);
    }
    *end++ = '\n';
    buffer_.append(line, end);
    if (buffer_.size() < buffer_bytes) return;
    file_.write(buffer_);
    buffer_.clear();
}

void CommandTrace::finish() {
    file_.write(buffer_);
    buffer_.clear();
    file_.commit();
}

}  // namespace karhunen
