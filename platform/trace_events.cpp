// The format: Google, "Trace Event Format" (events M, X and C; ts and dur in microseconds).
#include <cstdio>

#include <nlohmann/json.hpp>

#include "models/interfaces/traffic_kind.h"
#include "platform/files.h"
#include "platform/report.h"
#include "platform/timeline.h"

namespace karhunen {

namespace {

constexpr uint64_t ps_per_us = 1'000'000;
constexpr int layer_thread = 1, first_block_thread = 2;

std::string quoted(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

/// All digits: a double of JavaScript holds them for two hours.
std::string us(uint64_t ps) {
    char text[32];
    std::snprintf(text, sizeof text, "%llu.%06llu", static_cast<unsigned long long>(ps / ps_per_us),
                  static_cast<unsigned long long>(ps % ps_per_us));
    return text;
}

/// One event after the other.
class Events {
public:
    explicit Events(const std::filesystem::path& path) : file_(path) {
        file_.write("{\"displayTimeUnit\": \"ns\", \"traceEvents\": [\n");
    }
    /// fields: behind process and thread.
    void add(char phase, int thread, const std::string& fields) {
        file_.write(std::string(is_first_ ? "" : ",\n") + "{\"ph\": \"" + phase +
                    "\", \"pid\": 1, \"tid\": " + std::to_string(thread) + ", " + fields + '}');
        is_first_ = false;
    }
    void name(const char* what, int thread, const std::string& name) {
        add('M', thread,
            std::string("\"name\": \"") + what + "\", \"args\": {\"name\": " + quoted(name) + '}');
    }
    void name_thread(int thread, const std::string& text) {
        name("thread_name", thread, text);
        add('M', thread,
            "\"name\": \"thread_sort_index\", \"args\": {\"sort_index\": " +
                std::to_string(thread) + '}');
    }
    void complete(int thread, const std::string& name, uint64_t begin, uint64_t end,
                  const std::string& args) {
        add('X', thread,
            "\"name\": " + quoted(name) + ", \"ts\": " + us(begin) +
                ", \"dur\": " + us(end - begin) + ", \"args\": {" + args + '}');
    }
    void commit() {
        file_.write("\n]}\n");
        file_.commit();
    }

private:
    OutputFile file_;
    bool is_first_ = true;
};

void add_layers(const RunReport& report, Events& events) {
    events.name_thread(layer_thread, "layer");
    for (const LayerReport& l : report.layers)
        if (l.end_ps > l.begin_ps)
            events.complete(layer_thread, l.name, l.begin_ps, l.end_ps,
                            "\"codec\": " + quoted(l.codec) +
                                ", \"clocks\": " + std::to_string(l.cycles.total) +
                                ", \"dram_bytes\": " + std::to_string(l.traffic.total()));
}

void add_block(const TimelineBlock& block, int thread, const RunReport& report, Events& events) {
    events.name_thread(thread, block.name);
    for (const TimelineSpan& span : block.spans) {
        const bool has_layer = span.layer < report.layers.size();
        events.complete(
            thread, block.words[static_cast<unsigned>(span.state)], span.begin, span.end,
            has_layer ? "\"layer\": " + quoted(report.layers[span.layer].name) : std::string());
    }
}

void add_rates(const DramRate& dram, Events& events) {
    for (size_t i = 0; i < dram.read.size(); ++i)
        events.add('C', 0,
                   "\"name\": \"DRAM GB/s\", \"ts\": " + us(i * DramRate::interval_ps) +
                       ", \"args\": {\"read\": " + std::to_string(dram.gbps(dram.read[i])) +
                       ", \"written\": " + std::to_string(dram.gbps(dram.written[i])) + '}');
}

}  // namespace

void write_trace_events(const Timeline& timeline, const RunReport& report,
                        const std::filesystem::path& path) {
    Events events(path);
    events.name("process_name", 0, "karhunen: " + report.network + ", codec " + report.codec);
    add_layers(report, events);
    for (size_t b = 0; b < timeline.blocks.size(); ++b)
        add_block(timeline.blocks[b], first_block_thread + static_cast<int>(b), report, events);
    add_rates(timeline.dram, events);
    events.commit();
}

}  // namespace karhunen
