#include "platform/debug/stop_at.h"

#include <charconv>
#include <cmath>
#include <iostream>
#include <stdexcept>
#include <vector>

#include "models/interfaces/time_text.h"
#include "platform/exit_code.h"

namespace karhunen::debug {

namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& what) {
    throw std::runtime_error("--stop-at " + text + ": " + what);
}

template <typename Number>
std::optional<Number> number_of(std::string_view word) {
    Number value{};
    const char* end = word.data() + word.size();
    const auto result = std::from_chars(word.data(), end, value);
    if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
    return value;
}

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words{""};
    for (const char c : text) {
        if (c == ':')
            words.emplace_back();
        else
            words.back() += c;
    }
    return words;
}

}  // namespace

StopAt::StopAt(const std::string& place, Debugger* debugger)
    : text_(place), place_(parse(place)), debugger_(debugger) {}

std::variant<StopAt::Layer, StopAt::Tile, StopAt::Time> StopAt::parse(const std::string& text) {
    const std::vector<std::string> words = words_of(text);
    if (words[0] == "time" && words.size() == 2) {
        const auto ms = number_of<double>(words[1]);
        // SystemC counts picoseconds in 64 bits.
        if (ms && *ms > 0 && *ms <= 1e9) return Time{*ms};
    } else {
        std::vector<uint32_t> numbers;
        for (size_t i = 1; i < words.size(); ++i)
            if (const auto number = number_of<uint32_t>(words[i])) numbers.push_back(*number);
        const bool are_numbers = numbers.size() + 1 == words.size();
        if (words[0] == "layer" && words.size() == 2 && are_numbers) return Layer{numbers[0]};
        if (words[0] == "tile" && words.size() == 4 && are_numbers)
            return Tile{numbers[0], numbers[1], numbers[2]};
    }
    refuse(text, "expected layer:N, tile:N:IMAGE:BAND or time:MS");
}

void StopAt::check(const RunSubject& subject) const {
    const auto require_below = [&](uint32_t number, size_t count, const std::string& what) {
        if (number >= count)
            refuse(text_, "there are " + std::to_string(count) + ' ' + what + ", from 0");
    };
    const auto* layer = std::get_if<Layer>(&place_);
    const auto* tile = std::get_if<Tile>(&place_);
    if (!layer && !tile) return;
    const auto layers = subject.loadable.layers();
    require_below(layer ? layer->layer : tile->layer, layers.size(), "layers");
    if (!tile) return;
    require_below(tile->image, subject.images, "images");
    require_below(tile->band, subject.loadable.tensors()[layers[tile->layer].output].bands,
                  "bands of that layer");
}

void StopAt::attach(const RunSubject& subject, Machine&) {
    check(subject);
    reached_.emplace();
    if (const auto* tile = std::get_if<Tile>(&place_)) {
        const Loadable& loadable = subject.loadable;
        const krhn_tensor& tensor = loadable.tensors()[loadable.layers()[tile->layer].output];
        entry_ = KRHN_DDR_BASE + entry_offset(tensor, tile->image, tile->band);
    }
    sc_core::sc_spawn_options options;
    options.set_stack_size(1 << 20);
    sc_core::sc_spawn(
        [this] {
            if (const auto* time = std::get_if<Time>(&place_))
                sc_core::wait(sc_core::sc_time(time->ms, sc_core::SC_MS));
            else
                sc_core::wait(*reached_);
            stop();
        },
        "stop_at", &options);
}

void StopAt::on_band_stored(uint32_t entry_address, const krhn_tile_entry&) {
    if (entry_ && entry_address == *entry_) reached();
}

void StopAt::on_band_load(uint32_t, const krhn_dma_descriptor& descriptor) {
    const auto* layer = std::get_if<Layer>(&place_);
    if (layer && descriptor.tag == layer->layer) reached();
}

/// By a process of our own: it may stop the machine for as long as GDB likes.
void StopAt::reached() {
    if (!has_stopped_) reached_->notify(sc_core::SC_ZERO_TIME);
}

void StopAt::stop() {
    has_stopped_ = true;
    if (debugger_)
        debugger_->stop("karhunen: --stop-at " + text_ + " at " +
                        time_text(sc_core::sc_time_stamp()));
    else
        sc_core::sc_stop();
}

void StopAt::finish(Machine&, RunReport& report) {
    if (!has_stopped_)
        std::cerr << "karhunen: --stop-at " << text_ << " was not reached\n";
    else if (!debugger_) {
        report.exit_code = exit_stopped;
        report.fault =
            "stopped by --stop-at " + text_ + " at " + time_text(sc_core::sc_time_stamp());
    }
}

}  // namespace karhunen::debug
