#include "platform/timeline.h"

#include <algorithm>
#include <utility>

#include "platform/machine.h"

namespace karhunen {

namespace {

using Words = decltype(TimelineBlock::words);

constexpr Words unit = {"idle", "busy", "wait for input", "wait for weights", "wait for output"};
constexpr Words codec = {"idle", "busy", "wait for input", "wait for tables", "wait for output"};
// See models/dma/dma_channel.h.
constexpr Words load = {"idle", "fetch descriptor", "move data", "", "wait for receiver"};
constexpr Words store = {"idle", "fetch descriptor", "wait for encoder", "", "move data"};
constexpr Words copy = {"idle", "fetch descriptor", "move data", "", "move data"};

constexpr std::pair<const char*, const Words*> channels[] = {
    {"DMA weights", &load},        {"DMA encoder table", &load}, {"DMA input table", &load},
    {"DMA residual table", &load}, {"DMA input stream", &load},  {"DMA residual stream", &load},
    {"DMA output stream", &store}, {"DMA copies (boot)", &copy},
};
static_assert(std::size(channels) == KRHN_DMA_CHANNELS);

void add(std::vector<TimelineSpan>& spans, const TimelineSpan& span) {
    if (span.begin >= span.end || span.state == State::idle) return;
    if (!spans.empty() && spans.back().end == span.begin && spans.back().state == span.state &&
        spans.back().layer == span.layer)
        spans.back().end = span.end;
    else
        spans.push_back(span);
}

TimelineBlock block(const char* name, const Words& words, const Activity& activity, uint64_t end) {
    TimelineBlock result{name, words, {}};
    TimelineSpan now{0, 0, State::idle, 0};
    for (const Activity::Change& change : activity.history()) {
        now.end = std::min<uint64_t>(change.time.value(), end);
        add(result.spans, now);
        now = {now.end, now.end, change.state, change.tag};
    }
    now.end = end;
    add(result.spans, now);
    return result;
}

}  // namespace

uint64_t TimelineBlock::time_in(State state) const {
    uint64_t sum = 0;
    for (const TimelineSpan& span : spans)
        if (span.state == state) sum += span.end - span.begin;
    return sum;
}

void DramRate::add(const ddr::CommandRecord& command, uint64_t time) {
    if (!ddr::is_column(command.command)) return;
    const bool is_read =
        command.command == ddr::Command::rd || command.command == ddr::Command::rda;
    const size_t interval = time / interval_ps;
    if (read.size() <= interval) {
        read.resize(interval + 1);
        written.resize(interval + 1);
    }
    ++(is_read ? read : written)[interval];
}

double DramRate::gbps(uint64_t bursts) const {
    return static_cast<double>(bursts * burst_bytes) * 1e3 / interval_ps;
}

std::vector<TimelineBlock> timeline_blocks(Machine& m, uint64_t end) {
    std::vector<TimelineBlock> blocks = {
        block("compute array", unit, m.array.activity(), end),
        block("post-processing", unit, m.post.activity(), end),
        block("input decoder", codec, m.input_decoder.activity(), end),
        block("residual decoder", codec, m.residual_decoder.activity(), end),
        block("encoder", codec, m.encoder.activity(), end)};
    for (uint32_t c = 0; c < KRHN_DMA_CHANNELS; ++c)
        blocks.push_back(block(channels[c].first, *channels[c].second, m.dma.activity(c), end));
    return blocks;
}

}  // namespace karhunen
