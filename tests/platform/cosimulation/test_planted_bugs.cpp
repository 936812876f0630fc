// Bugs planted in the RTL (tests/rtl/planted_bugs.patch), one of each kind: `cross` catches them
// all and says where they are. Writes tests/rtl/BUGS.md where KARHUNEN_WRITE_BUGS says.
#include <cstdlib>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "platform/cosimulation/cosimulation.h"
#include "tests/platform/cosimulation/golden_tile.h"
#include "tests/platform/small_network.h"

using namespace karhunen;

namespace {

int bug_now = 0;
constexpr int stream_planted = 1, beat_planted = 21;

}  // namespace

// What the RTL asks: which bug, and at which stream and beat of a block.
extern "C" int planted_bug() {
    return bug_now;
}
extern "C" int planted_stream() {
    return stream_planted;
}
extern "C" int planted_beat() {
    return beat_planted;
}

namespace {

using Tiles = std::vector<GoldenTile>;

/// What the first mismatch says.
struct Found {
    std::string block, unit, layer, what;
    uint32_t image = 0, band = 0;
    bool has_place = false;
    uint32_t channel = 0, row = 0, column = 0;
    const Tiles* tiles = nullptr;

    const GoldenTile& tile() const { return (*tiles)[band]; }
    uint32_t coder() const { return channel % tile().coders; }
    size_t index() const { return tile().index(channel, row, column); }
    const std::vector<int>& values() const { return tile().values[coder()]; }
    size_t pixel() const { return size_t{row - tile().first_row} * tile().shape.width + column; }
    bool says(const char* text) const { return what.find(text) != std::string::npos; }
};

Found parse(const std::string& text, const Tiles& tiles) {
    static const std::regex form(
        "(\\w+) in the ([a-z ]+), layer ([^,]+), tensor [^,]+, image (\\d+), band (\\d+) of \\d+, "
        "(?:(?:channel|component) (\\d+), row (\\d+), column (\\d+)|behind the last value)"
        "(?:, [a-z]+ \\d+)?, clock \\d+: (.*)");
    std::smatch m;
    BOOST_TEST_REQUIRE(std::regex_match(text, m, form), text);
    const auto number = [&](int i) { return static_cast<uint32_t>(std::stoul(m[i])); };
    Found f{m[1], m[2], m[3], m[9], number(4), number(5), m[6].matched};
    f.tiles = &tiles;
    if (f.has_place) {
        f.channel = number(6);
        f.row = number(7);
        f.column = number(8);
    }
    return f;
}

// Where a bug must be found: at the planted beat, near it, in the stream, in what follows it.

bool at_the_beat(const Found& f) {
    return f.band == stream_planted && f.coder() == 0 && f.index() == beat_planted;
}
bool at_the_vector(const Found& f) {
    return f.band == stream_planted && f.pixel() == beat_planted;
}
/// Codes leave the packer as words, symbols wait in pipelines.
bool near_the_beat(const Found& f) {
    return f.band == stream_planted && f.index() + 40 > beat_planted &&
           f.index() < beat_planted + 40;
}
bool from_the_beat_on(const Found& f) {
    return f.band > stream_planted || (f.band == stream_planted && f.index() >= beat_planted);
}
bool at_the_last_symbol(const Found& f) {
    return f.band == stream_planted && f.index() + 1 == f.values().size();
}
bool in_the_first_word_of_the_next_stream(const Found& f) {
    return f.band == stream_planted + 1 && f.tile().bits_before(f.coder(), f.index()) < 16;
}
bool in_the_second_word(const Found& f) {
    const uint64_t begin = f.tile().bits_before(f.coder(), f.index());
    const uint64_t end = f.tile().bits_before(f.coder(), f.index() + 1);
    return f.band == stream_planted && begin <= 16 && 16 < end;
}
bool behind_the_stream(const Found& f) {
    return f.band == stream_planted && !f.has_place;
}

/// A symbol is one less than expected, which is what the golden executor has there.
bool one_below(const Found& f) {
    const int symbol = f.tile().values[f.coder()][f.index()];
    return f.says(
        ("is " + std::to_string(symbol - 1) + ", expected " + std::to_string(symbol)).c_str());
}

/// Above 30, and the first such in the map.
bool first_large(const Found& f) {
    for (const GoldenTile& tile : *f.tiles)
        for (uint32_t pixel = 0; pixel < tile.shape.rows * tile.shape.width; ++pixel)
            for (uint32_t k = 0; k < tile.shape.channels; ++k) {
                const uint32_t row = tile.first_row + pixel / tile.shape.width;
                const uint32_t column = pixel % tile.shape.width;
                if (tile.values[k % tile.coders][tile.index(k, row, column)] <= 30) continue;
                return &tile == &f.tile() && row == f.row && column == f.column && k == f.channel;
            }
    return false;
}

/// Where runs of 16 zeros begin in a coder's words; longer ones are cut.
std::vector<size_t> full_runs(const std::vector<int>& words) {
    std::vector<size_t> starts;
    size_t zeros = 0;
    for (size_t i = 0; i < words.size(); ++i) {
        zeros = words[i] == 0 ? zeros + 1 : 0;
        if (zeros < 16) continue;
        starts.push_back(i - 15);
        zeros = 0;
    }
    return starts;
}

/// Nothing before the band has such a run, and it is the coder's first.
bool first_full_run(const Found& f) {
    for (uint32_t b = 0; b < f.band; ++b)
        for (const std::vector<int>& words : (*f.tiles)[b].values)
            if (!full_runs(words).empty()) return false;
    const std::vector<size_t> runs = full_runs(f.values());
    return !runs.empty() && runs[0] == f.index();
}

/// Blocks of 8 words that are not zero, the last one filled up: places of the words.
std::vector<std::vector<size_t>> blocks_of(const std::vector<int>& words) {
    std::vector<std::vector<size_t>> blocks;
    for (size_t i = 0; i < words.size(); ++i) {
        if (words[i] == 0) continue;
        if (blocks.empty() || blocks.back().size() == 8) blocks.emplace_back();
        blocks.back().push_back(i);
    }
    return blocks;
}

/// The coder's first block with a step between words below 128 and others.
bool first_change_of_sign(const Found& f) {
    for (const std::vector<size_t>& block : blocks_of(f.values()))
        for (size_t i = 1; i < 8; ++i) {
            const auto high = [&](size_t w) {
                return w < block.size() && f.values()[block[w]] >= 128;
            };
            if (high(i) != high(i - 1)) return block[0] == f.index();
        }
    return false;
}
bool begins_a_block(const Found& f) {
    for (const std::vector<size_t>& block : blocks_of(f.values()))
        if (block[0] == f.index()) return f.band >= stream_planted;
    return false;
}
bool at_the_last_block(const Found& f) {
    const auto blocks = blocks_of(f.values());
    return f.band >= stream_planted && blocks.back()[0] == f.index() && blocks.back().size() < 8;
}

struct Bug {
    int number;
    const char *kind, *block, *codec, *planted;  ///< where it was planted, in words
    std::function<bool(const Found&)> is_located;
    const char* says;
    uint32_t seed = 3;  ///< of the stalls
};

const std::vector<Bug> bugs = {
    {1, "table entry with a wrong bit", "huffman_encoder", "vlc", "symbol 21 of each substream",
     at_the_beat, "word"},
    {2, "missing flush", "huffman_encoder", "vlc", "end of a stream", at_the_last_symbol,
     "hangs: valid of output 0 is awaited"},
    {3, "`last` too early", "huffman_encoder", "vlc", "first word of a stream", in_the_second_word,
     "a beat after the last one"},
    {4, "ready ignored, a beat is lost", "huffman_encoder", "vlc", "from symbol 21 on",
     from_the_beat_on, "word"},
    {5, "state left from the stream before", "huffman_encoder", "vlc", "end of a stream",
     in_the_first_word_of_the_next_stream, "word 0"},
    {6, "valid stuck", "huffman_encoder", "vlc", "end of a stream", behind_the_stream,
     "a beat after the last one"},
    {7, "valid waits for ready", "huffman_encoder", "vlc", "from symbol 21 on", near_the_beat,
     "and no output is ready before it is valid"},
    {7, "the same, ready comes first", "huffman_encoder", "vlc", "from symbol 21 on; seed 6",
     near_the_beat, "valid or data depend on ready", 6},
    {8, "data change while they wait", "huffman_encoder", "vlc", "from code 21 on", near_the_beat,
     "changed before it was taken"},
    {9, "sign of a value", "pca_unit", "transform", "vector 21", at_the_vector, "symbol"},
    {10, "rounding", "pca_unit", "transform", "everywhere", one_below, "symbol"},
    {11, "saturation", "pca_unit", "transform", "symbols above 30", first_large, "is 30, expected"},
    {12, "banks of a buffer swapped", "pca_unit", "transform", "vector 21", at_the_vector,
     "symbol"},
    {13, "overflow of a run", "ebpc_encoder", "ebpc", "runs of 16 zeros", first_full_run, "ZNZ"},
    {14, "sign of a difference", "ebpc_encoder", "ebpc", "everywhere", first_change_of_sign, "BPC"},
    {15, "wrong padding", "ebpc_encoder", "ebpc", "last block of a band", at_the_last_block, "BPC"},
    {16, "two codes confused", "ebpc_encoder", "ebpc", "from block 21 on", begins_a_block, "BPC"},
    {17, "length off by one", "huffman_decoder", "vlc", "end of a stream", at_the_last_symbol,
     "is missing"},
    {18, "padding is decoded", "huffman_decoder", "vlc", "end of a stream",
     in_the_first_word_of_the_next_stream, "symbol"},
    {19, "overflow of a buffer", "huffman_decoder", "vlc", "from symbol 21 on", from_the_beat_on,
     "symbol"},
};

SmallOptions options_of(const std::string& codec) {
    SmallOptions small;
    small.codec = codec;
    small.configuration.buffers.output_kib = 2;
    return small;
}

/// A run with the bug that is chosen.
RunReport run_with(const Bug& bug, const char* mode, const Loadable& loadable,
                   const SmallOptions& small, bool check) {
    rtl::Settings settings = rtl::parse_modes(std::string(bug.block) + '=' + mode);
    settings.seed = bug.seed;
    settings.layers = {"a.mid"};
    const auto instrument = rtl::make_cosimulation(settings);
    RunOptions options = small_run(loadable, small);
    options.check = check;
    options.instruments.push_back(instrument.get());
    return run(loadable, options);
}

std::string first_difference(const Bug& bug, const Loadable& loadable, const SmallOptions& small) {
    const RunReport report = run_with(bug, "cross", loadable, small, false);
    const bool equal = report.first_difference.empty();
    BOOST_TEST(report.exit_code == (equal ? 0 : 4));
    std::ostringstream printed;
    print_rtl(*report.rtl, printed);
    const std::string verdict = equal ? "\nRTL: all " : "\nRTL: 1 mismatch, ";
    BOOST_TEST(printed.str().find(verdict) != std::string::npos, printed.str());
    const bool has_note =
        printed.str().find("clocks and ms end at the mismatch") != std::string::npos;
    BOOST_TEST(has_note == !equal);
    return report.first_difference;
}

std::string contents(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_bug_is_caught_and_located) {
    std::string table =
        "# Planted bugs\n\nWritten by `test_planted_bugs` (see README.md): bugs of "
        "`planted_bugs.patch`, and what\n`karhunen run --rtl BLOCK=cross --rtl-seed 3 "
        "--rtl-layers a.mid` says of a small network with each.\n\"A stream\" is that of band "
        "1.\n\n| | kind | planted | found |\n| --- | --- | --- | --- |\n";
    for (const Bug& bug : bugs) BOOST_TEST_CONTEXT(bug.number << ": " << bug.kind) {
            const SmallOptions small = options_of(bug.codec);
            const bool decodes = std::string(bug.block) == "huffman_decoder";
            const Loadable loadable = small_loadable(small);
            const Tiles tiles = golden_tiles(loadable, decodes ? "stem" : "a.mid",
                                             small_run(loadable, small).inputs[0]);
            bug_now = 0;
            BOOST_TEST(first_difference(bug, loadable, small) == "");
            bug_now = bug.number;
            const std::string text = first_difference(bug, loadable, small);
            table += "| " + std::to_string(bug.number) + " | " + bug.kind + " | " + bug.planted +
                     " | " + text + " |\n";
            BOOST_TEST_CONTEXT(text) {
                const Found found = parse(text, tiles);
                BOOST_TEST(found.block == bug.block);
                BOOST_TEST(found.unit == (decodes ? "input decoder" : "encoder"));
                BOOST_TEST(found.layer == "a.mid");
                BOOST_TEST(found.image == 0u);
                BOOST_TEST(found.says(bug.says));
                BOOST_TEST(bug.is_located(found));
            }
        }
    if (const char* path = std::getenv("KARHUNEN_WRITE_BUGS"))
        std::ofstream(path) << table;
    else
        BOOST_TEST(contents(KARHUNEN_BUGS) == table);
}

// In the model's place a bug goes on to the machine: as wrong values, which the golden executor
// tells, or as a job that fails.
BOOST_AUTO_TEST_CASE(bugs_in_the_models_place) {
    const SmallOptions small = options_of("vlc");
    const Loadable loadable = small_loadable(small);
    const auto run_bug = [&](int number) {
        const auto bug = std::ranges::find(bugs, number, &Bug::number);
        bug_now = number;
        return run_with(*bug, "rtl", loadable, small, true);
    };
    const RunReport wrong_bit = run_bug(1);
    BOOST_TEST(wrong_bit.exit_code == 4);
    BOOST_TEST(wrong_bit.first_difference.starts_with("tensor a.mid, band 1 of 8, as stored: "));
    const RunReport hangs = run_bug(2);
    BOOST_TEST(hangs.exit_code == 4);
    BOOST_TEST(hangs.first_difference.find("hangs: valid of output 0") != std::string::npos);
    BOOST_TEST(hangs.fault.find("malformed stream") != std::string::npos, hangs.fault);
    for (const int number : {17, 18, 19}) {
        const RunReport decoder = run_bug(number);
        BOOST_TEST(decoder.exit_code == 4);
        BOOST_TEST(decoder.first_difference != "");
    }
}
