// One stream of a band through one block in RTL, its words beside the model's.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/codec/codec.h"
#include "platform/cosimulation/findings.h"
#include "platform/cosimulation/rtl_block.h"

namespace karhunen::rtl {

/// What a bridge is told of its band.
struct BandSubject {
    UnitJob job;
    BandShape shape;  ///< in symbols
    uint32_t streams = 1;
    Modes modes{};
};

/// Where a word differs; one of the two may be missing.
struct Difference {
    unsigned output = 0;
    size_t number = 0;  ///< of the word in its output
    std::optional<uint64_t> found, expected;
};

/// How findings speak of a stream.
struct StreamNames {
    std::string instance;                         ///< "substream 2", or empty
    std::vector<std::string> outputs = {"word"};  ///< what a word of each is
    const char* channels = "channel";             ///< what stands for them
    std::function<std::string(uint64_t)> word;    ///< its value
    /// The value of the band that is wrong; none: behind the last one.
    std::function<std::optional<BandPosition>(const Difference&)> locate;
};

class StreamBridge {
public:
    /// values: of the whole stream. Findings, instance, and what `names` refers to must outlive it.
    StreamBridge(Block block, const BandSubject& band, Findings& findings, RtlBlock& instance,
                 size_t values, StreamNames names);

    /// Values of a row to the RTL, `ends`: the last ones; expected: of each output, all words of
    /// the model since the stream began. Throws CodecError where the RTL fails and is not only
    /// compared.
    void work(std::span<const int16_t> values, bool ends,
              const std::vector<std::span<const uint64_t>>& expected);
    /// Words of the RTL since the last call, at most so many.
    std::span<const uint64_t> take(unsigned output = 0, size_t most = SIZE_MAX);
    /// `count` of output 0, each of which must be good. Throws CodecError naming the first that is
    /// not, or is missing.
    std::span<const uint64_t> take_good(size_t count, const std::function<bool(uint64_t)>& is_good);

private:
    bool is_idle() const { return mode_ == Mode::cross && findings_.first(); }
    void compare(bool ends, unsigned output, std::span<const uint64_t> expected);
    void report(std::optional<BandPosition> position, std::string what);
    std::string text_of(const Difference& difference) const;

    Block block_;
    UnitJob job_;
    Mode mode_;
    Findings& findings_;
    RtlBlock& instance_;
    StreamNames names_;
    std::vector<size_t> compared_, taken_;  ///< by output
};

/// As `0x01af`.
std::string hexadecimal(uint64_t word, int digits);

}  // namespace karhunen::rtl
