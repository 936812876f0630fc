#include "platform/debug/stop_at.h"

#include <charconv>
#include <stdexcept>
#include <utility>

#include "models/interfaces/time_text.h"
#include "platform/exit_code.h"
#include "platform/layer_number.h"

namespace karhunen::debug {

namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& what) {
    throw std::runtime_error("--stop-at " + text + ": " + what);
}

template <typename Number>
std::optional<Number> number_of(const std::string& word) {
    Number value{};
    const char* end = word.data() + word.size();
    const auto result = std::from_chars(word.data(), end, value);
    if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
    return value;
}

/// At its last colon.
std::pair<std::string, std::string> split_last(const std::string& text) {
    const size_t colon = text.rfind(':');
    if (colon == text.npos) return {"", text};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

StopAt::StopAt(const std::string& place, Debugger* debugger)
    : text_(place), place_(parse(place)), debugger_(debugger) {}

/// Names of layers may have colons.
std::variant<StopAt::Layer, StopAt::Tile, StopAt::Time> StopAt::parse(const std::string& text) {
    const size_t colon = text.find(':');
    const std::string kind = text.substr(0, colon),
                      rest = colon == text.npos ? "" : text.substr(colon + 1);
    if (kind == "time") {
        const auto ms = number_of<double>(rest);
        // SystemC counts picoseconds in 64 bits.
        if (ms && *ms > 0 && *ms <= 1e9) return Time{*ms};
    } else if (kind == "layer" && !rest.empty()) {
        return Layer{rest};
    } else if (kind == "tile") {
        const auto [before_band, band] = split_last(rest);
        const auto [layer, image] = split_last(before_band);
        const auto i = number_of<uint32_t>(image), b = number_of<uint32_t>(band);
        if (!layer.empty() && i && b) return Tile{layer, *i, *b};
    }
    refuse(text, "expected layer:LAYER, tile:LAYER:IMAGE:BAND (LAYER: number or name) or time:MS");
}

uint64_t StopAt::find_entry(const RunSubject& subject, const Tile& tile) const {
    const auto require_below = [&](uint32_t number, size_t count, const std::string& what) {
        if (number >= count)
            refuse(text_, "there are " + std::to_string(count) + ' ' + what + ", from 0");
    };
    const Loadable& loadable = subject.loadable;
    const krhn_layer& layer =
        loadable.layers()[layer_number(loadable, tile.layer, "--stop-at " + text_)];
    const krhn_tensor& tensor = loadable.tensors()[layer.output];
    require_below(tile.image, subject.images, "images");
    require_below(tile.band, tensor.bands, "bands of that layer");
    return KRHN_DDR_BASE + entry_offset(tensor, tile.image, tile.band);
}

void StopAt::attach(const RunSubject& subject, Machine&) {
    if (const auto* layer = std::get_if<Layer>(&place_))
        layer_ = layer_number(subject.loadable, layer->name, "--stop-at " + text_);
    if (const auto* tile = std::get_if<Tile>(&place_)) entry_ = find_entry(subject, *tile);
    reached_.emplace();
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
    if (descriptor.tag == layer_) reached();
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
        report.remark = "--stop-at " + text_ + " was NEVER REACHED: the run ended at " +
                        time_text(sc_core::sc_time_stamp());
    else if (!debugger_) {
        report.exit_code = exit_stopped;
        report.fault = "--stop-at " + text_ + " reached at " + time_text(sc_core::sc_time_stamp());
    }
}

}  // namespace karhunen::debug
