// The reader of symbolic traces takes any bytes: it returns actions that can be done and that print
// as lines which read the same again, or throws SymbolicTraceError.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "platform/trace/trace.h"

namespace {

using namespace karhunen;

void require(bool condition) {
    if (!condition) std::abort();
}

void check(const SymbolicTrace& trace) {
    for (const TraceAction& a : trace.actions) {
        using Kind = TraceAction::Kind;
        const bool is_memory = a.kind == Kind::mem_load || a.kind == Kind::mem_check;
        require((a.register_place != nullptr) == (!is_memory && a.kind != Kind::wait_irq));
        require(!is_memory || (a.bytes > 0 && uint64_t{a.address} + a.bytes <= uint64_t{1} << 32));
        require(a.data.empty() || a.data.size() == a.bytes);
        require(a.kind != Kind::wait_irq || interrupt_name(a.source) != "");
    }
}

std::string printed(const SymbolicTrace& trace) {
    std::string text = std::string(trace_magic) + '\n';
    if (!trace.memory_name.empty()) text += "memory " + trace.memory_name + '\n';
    for (const TraceAction& a : trace.actions) text += text_of(a) + '\n';
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const SymbolicTrace trace = SymbolicTrace::parse(text, "fuzz");
        check(trace);
        const std::string again = printed(trace);
        require(printed(SymbolicTrace::parse(again, "again")) == again);
    } catch (const SymbolicTraceError& error) {
        for (const char* c = error.what(); *c; ++c) require(*c >= ' ' && *c <= '~');
    }
    return 0;
}
