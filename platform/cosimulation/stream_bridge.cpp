#include "platform/cosimulation/stream_bridge.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace karhunen::rtl {

StreamBridge::StreamBridge(Block block, const BandSubject& band, Findings& findings,
                           RtlBlock& instance, size_t values, StreamNames names)
    : block_(block),
      job_(band.job),
      mode_(band.modes[index_of(block)]),
      findings_(findings),
      instance_(instance),
      names_(std::move(names)),
      compared_(names_.outputs.size()),
      taken_(names_.outputs.size()) {
    instance_.begin(values);
}

void StreamBridge::work(std::span<const int16_t> values, bool ends,
                        const std::vector<std::span<const uint64_t>>& expected) {
    if (is_idle()) return;
    std::vector<size_t> awaited;
    for (const auto& words : expected) awaited.push_back(words.size());
    Cost& cost = findings_.cost(block_);
    const uint64_t before = instance_.clocks();
    std::string failure;
    timed(cost.rtl_seconds, [&] {
        try {
            instance_.work(values, ends, awaited);
        } catch (const ProtocolError& e) {
            failure = e.what();
        }
    });
    cost.rtl_clocks += instance_.clocks() - before;
    if (mode_ == Mode::cross)
        for (unsigned output = 0; output < expected.size(); ++output)
            compare(ends && failure.empty(), output, expected[output]);
    if (failure.empty()) return;
    // What came out before was right: the word that is missing or too much is the next one.
    const size_t number = instance_.words(0).size();
    const Difference next{0, number, {}, number < expected[0].size() ? expected[0][number] : 0};
    report(names_.locate(next), failure);
    if (mode_ == Mode::rtl) throw CodecError("the RTL failed: " + failure);
}

std::span<const uint64_t> StreamBridge::take(unsigned output, size_t most) {
    const std::span words = instance_.words(output);
    const size_t first = taken_[output], count = std::min(words.size() - first, most);
    taken_[output] += count;
    findings_.cost(block_).words += count;
    return words.subspan(first, count);
}

std::span<const uint64_t> StreamBridge::take_good(size_t count,
                                                  const std::function<bool(uint64_t)>& is_good) {
    const size_t first = taken_[0];
    const std::span<const uint64_t> words = take(0, count);
    const auto bad = std::ranges::find_if_not(words, is_good);
    const auto good = static_cast<size_t>(bad - words.begin());
    if (good == count) return words;
    const Difference difference{0, first + good, {}, {}};
    const std::string what =
        names_.outputs[0] + ' ' + std::to_string(difference.number) +
        (bad == words.end() ? " is missing" : " cannot be " + names_.word(*bad));
    report(names_.locate(difference), what);
    throw CodecError("the RTL failed: " + what);
}

void StreamBridge::compare(bool ends, unsigned output, std::span<const uint64_t> expected) {
    const std::vector<uint64_t>& found = instance_.words(output);
    const size_t both = std::min(found.size(), expected.size());
    size_t& done = compared_[output];
    const size_t before = done;
    while (done < both && found[done] == expected[done]) ++done;
    findings_.cost(block_).words += done - before;
    if (done == both && (found.size() == expected.size() || !ends)) return;
    Difference difference{output, done, {}, {}};
    if (done < found.size()) difference.found = found[done];
    if (done < expected.size()) difference.expected = expected[done];
    report(names_.locate(difference), text_of(difference));
}

void StreamBridge::report(std::optional<BandPosition> position, std::string what) {
    findings_.add({block_, job_, position, names_.channels, names_.instance, instance_.clocks(),
                   std::move(what)});
}

std::string StreamBridge::text_of(const Difference& d) const {
    const std::string name = names_.outputs[d.output] + ' ' + std::to_string(d.number);
    if (!d.expected) return name + " is " + names_.word(*d.found) + ", expected the end";
    return name + " is " + (d.found ? names_.word(*d.found) : "missing") + ", expected " +
           names_.word(*d.expected);
}

std::string hexadecimal(uint64_t word, int digits) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%0*llx", digits, static_cast<unsigned long long>(word));
    return text;
}

}  // namespace karhunen::rtl
