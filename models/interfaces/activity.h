// What a block is doing, over time: the source of stall accounting, waveforms and reports.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <systemc>

namespace karhunen {

/// States of every block. Blocks use those that fit them.
enum class State : uint8_t {
    idle,          ///< no job
    busy,          ///< working
    wait_input,    ///< for rows or stream bytes
    wait_weights,  ///< for weight chunks or codec tables
    wait_output,   ///< for room behind the block
    count
};

constexpr std::string_view name_of(State s) {
    constexpr std::string_view names[] = {"idle", "busy", "wait_input", "wait_weights",
                                          "wait_output"};
    return names[static_cast<unsigned>(s)];
}

using StateTimes = std::array<sc_core::sc_time, static_cast<unsigned>(State::count)>;

/// The present state of one block and the time spent in each so far.
class Activity {
public:
    explicit Activity(const std::string& name) : name_(name) {}

    void set(State next) {
        settle();
        const bool is_change = next != state_;
        state_ = next;
        if (is_change) changed_ = since_, remember();
        traced_ = static_cast<uint8_t>(next);
    }
    State state() const { return state_; }
    /// When it came into that state.
    sc_core::sc_time since() const { return changed_; }
    const std::string& name() const { return name_; }

    /// Time in each state up to now; the values sum to the time since the start of simulation.
    StateTimes times() {
        settle();
        return times_;
    }
    sc_core::sc_time time_in(State s) { return times()[static_cast<unsigned>(s)]; }

    /// A change of state, or of the tag of a block that is not idle; both hold until the next one.
    struct Change {
        sc_core::sc_time time;
        State state;
        uint32_t tag;
    };
    /// Every change from now on is kept (the block was idle before the first one).
    void keep_history() { keeps_history_ = true; }
    const std::vector<Change>& history() const { return history_; }

    /// Adds the state and the current tag, a layer number, to a waveform.
    void trace(sc_core::sc_trace_file* file) const {
        trace_state(file);
        sc_core::sc_trace(file, tag_, name_ + ".layer");
    }
    void trace_state(sc_core::sc_trace_file* file) const {
        sc_core::sc_trace(file, traced_, name_ + ".state", state_bits);
    }
    void set_tag(uint32_t tag) {
        const bool is_change = tag != tag_;
        tag_ = tag;
        if (is_change && state_ != State::idle) remember();
    }
    /// A reference, so that it can be traced.
    const uint32_t& tag() const { return tag_; }

private:
    void settle() {
        const sc_core::sc_time now = sc_core::sc_time_stamp();
        times_[static_cast<unsigned>(state_)] += now - since_;
        since_ = now;
    }
    void remember() {
        if (keeps_history_) history_.push_back({sc_core::sc_time_stamp(), state_, tag_});
    }

    static constexpr int state_bits = 3;

    std::string name_;
    State state_ = State::idle;
    sc_core::sc_time since_, changed_;
    StateTimes times_{};
    std::vector<Change> history_;
    bool keeps_history_ = false;
    uint32_t tag_ = 0xFFFFFFFF;
    uint8_t traced_ = 0;
};

}  // namespace karhunen
