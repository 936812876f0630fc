#include "platform/faults/port_faults.h"

#include <algorithm>

namespace karhunen {

void ActivePortFlip::pass(std::span<uint8_t> bytes) {
    if (!is_armed()) return;
    if (flip_.byte >= passed_ && flip_.byte - passed_ < bytes.size()) {
        uint8_t& byte = bytes[flip_.byte - passed_];
        const uint8_t before = byte;
        byte ^= static_cast<uint8_t>(1u << flip_.bit);
        fired("byte " + std::to_string(flip_.byte) + " at the port: " + change_text(before, byte));
    }
    passed_ += bytes.size();
}

void ActiveStuckPort::on_armed() {
    if (!period_.is_endless()) ended_.notify(period_.left(armed_at()));
}

bool ActiveStuckPort::holds() {
    if (!is_armed() || !period_.holds(armed_at())) return false;
    if (report().fired == 0)
        fired(std::string("the port ") + (stuck_.gives ? "gives" : "takes") + " nothing");
    return true;
}

void ActiveStuckPort::wait_for_end() {
    while (holds()) sc_core::wait(ended_);
}

void PortFaults::pass(std::span<uint8_t> bytes) const {
    for (ActivePortFlip* flip : flips) flip->pass(bytes);
}

bool PortFaults::holds(bool gives) const {
    return std::any_of(stuck.begin(), stuck.end(),
                       [gives](ActiveStuckPort* s) { return s->gives() == gives && s->holds(); });
}

void PortFaults::wait_for_end(bool gives) const {
    for (ActiveStuckPort* s : stuck)
        if (s->gives() == gives) s->wait_for_end();
}

FaultySink::FaultySink(StreamSink& sink, PortFaults faults)
    : sink_(sink), faults_(std::move(faults)) {
    for (const ActiveStuckPort* s : faults_.stuck) {
        if (!s->gives()) continue;
        sc_core::sc_spawn_options options;
        options.spawn_method();
        options.dont_initialize();
        options.set_sensitivity(&s->ended());
        sc_core::sc_spawn([this] { release(); }, sc_core::sc_gen_unique_name("release_port"),
                          &options);
    }
}

void FaultySink::begin(const StreamHeader& header) {
    faults_.wait_for_end(false);
    while (!held_.empty()) sc_core::wait(released_);
    sink_.begin(header);
}

uint32_t FaultySink::reserve(uint32_t most) {
    faults_.wait_for_end(false);
    return sink_.reserve(most);
}

void FaultySink::write(uint32_t stream, std::span<const uint8_t> bytes) {
    hand_on({stream, {bytes.begin(), bytes.end()}, false, false});
}

void FaultySink::end(bool error) {
    hand_on({0, {}, true, error});
}

void FaultySink::hand_on(Held item) {
    faults_.pass(item.bytes);
    // Behind what is held already, also while that is about to go on.
    if (!held_.empty() || faults_.holds(true))
        held_.push_back(std::move(item));
    else
        give(item);
}

void FaultySink::give(const Held& item) {
    if (item.is_end)
        sink_.end(item.error);
    else
        sink_.write(item.stream, item.bytes);
}

void FaultySink::release() {
    if (faults_.holds(true)) return;
    for (; !held_.empty(); held_.pop_front()) give(held_.front());
    released_.notify(sc_core::SC_ZERO_TIME);
}

StreamBlock FaultySource::read(uint32_t most) {
    faults_.wait_for_end(true);
    StreamBlock block = source_.read(most);
    faults_.pass(block.bytes);
    return block;
}

}  // namespace karhunen
