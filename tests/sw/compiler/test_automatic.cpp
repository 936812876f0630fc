// Codec `auto` on a small network.
#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/test/unit_test.hpp>

#include "models/codec/codec.h"
#include "sw/compiler/compile.h"
#include "sw/compiler/error.h"
#include "sw/compiler/float_executor.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/logits.h"
#include "sw/compiler/onnx_reader.h"
#include "sw/golden/executor.h"
#include "sw/images/picture.h"
#include "tests/sw/compiler/model_builder.h"

using namespace karhunen;

namespace {

constexpr uint32_t side = 32;

Network small_network() {
    ModelBuilder b = small_resnet(side, 16, 10);
    return fold(parse_onnx(b.bytes(), "small"));
}

struct Result {
    std::vector<uint8_t> file;
    CodecChoices choices;
};

Result automatic(double max_drop, uint32_t batch = 1, unsigned threads = 0) {
    Result result;
    CompileOptions options;
    options.codec = "auto";
    options.max_drop = max_drop;
    options.batch = batch;
    options.threads = threads;
    options.chosen = [&](const CodecChoices& choices) { result.choices = choices; };
    result.file = compile(small_network(), drawn_pictures(1, 1, 8, side), options);
    return result;
}

std::vector<std::string> names_of(const CodecChoices& choices) {
    std::vector<std::string> names;
    for (size_t t = 0; t < choices.tensors.size(); ++t)
        names.push_back(setting_name(choices.candidate(t).setting));
    return names;
}

std::vector<int32_t> logits_of(const std::vector<uint8_t>& file) {
    const Loadable loadable = Loadable::parse(file, "small");
    const GoldenExecutor golden(loadable);
    return golden.logits(golden.run(input_values(drawn_picture(1, 50, side), loadable.input())));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(automatic_codecs)

BOOST_AUTO_TEST_CASE(no_drop_loses_nothing) {
    const Result found = automatic(0);
    BOOST_TEST(found.choices.noise == 0);
    BOOST_TEST(found.choices.changed == 0u);
    BOOST_TEST(found.choices.tensors.size() == 5u);
    for (size_t t = 0; t < found.choices.tensors.size(); ++t) {
        const CodecCandidate& chosen = found.choices.candidate(t);
        BOOST_TEST(chosen.lossless);
        for (const CodecCandidate& c : found.choices.tensors[t].candidates)
            if (c.lossless) BOOST_TEST(chosen.bytes <= c.bytes);
    }
    CompileOptions raw;
    raw.codec = "raw";
    BOOST_TEST(logits_of(found.file) ==
                   logits_of(compile(small_network(), drawn_pictures(1, 1, 8, side), raw)),
               boost::test_tools::per_element());
}

/// Every codec has its rows, and what loses something has an error.
BOOST_AUTO_TEST_CASE(the_table_knows_every_codec) {
    const Result found = automatic(0);
    for (const TensorCandidates& tensor : found.choices.tensors)
        for (const std::string_view name : codec_names()) {
            const uint32_t codec = codec_number(name);
            size_t rows = 0;
            for (const CodecCandidate& c : tensor.candidates) {
                if (c.setting.codec != codec) continue;
                ++rows;
                BOOST_TEST((c.map_bytes > 0 && c.bytes > 2 * c.map_bytes));
                BOOST_TEST(c.lossless == (c.squared_error == 0));
                BOOST_TEST(c.lossless == (c.noise == 0));
                BOOST_TEST((c.table_bytes > 0) == codec_traits(codec).has_table);
            }
            const bool of_8_bits = name == "context" || name == "dct-mask";
            const size_t steps = !codec_traits(codec).has_table ? 1 : of_8_bits ? 9 : 11;
            BOOST_TEST(rows == steps);
        }
}

BOOST_AUTO_TEST_CASE(a_larger_drop_moves_fewer_bytes_and_is_kept) {
    double before = std::numeric_limits<double>::infinity();
    bool lossy = false;
    for (const double max_drop : {0.0, 5.0, 40.0, 100.0}) {
        const Result found = automatic(max_drop);
        const CodecChoices& c = found.choices;
        BOOST_TEST(c.max_drop == max_drop);
        BOOST_TEST(c.drop <= max_drop);
        BOOST_TEST(c.noise <= c.budget);
        double bytes = 0;
        for (size_t t = 0; t < c.tensors.size(); ++t) bytes += c.candidate(t).bytes;
        BOOST_TEST(bytes <= before);
        before = bytes;
        lossy |= c.noise > 0;
        const Loadable loadable = Loadable::parse(found.file, "small");
        size_t next = 0;
        for (const krhn_tensor& tensor : loadable.tensors())
            if (tensor.flags & KRHN_TENSOR_COUNTED)
                BOOST_TEST(tensor.codec == c.candidate(next++).setting.codec);
        BOOST_TEST(next == c.tensors.size());
    }
    BOOST_TEST(lossy);
}

/// A table that is loaded for one image alone must save more there.
BOOST_AUTO_TEST_CASE(the_batch_shares_tables) {
    const Result one = automatic(100, 1), many = automatic(100, 64);
    const auto tables = [](const CodecChoices& choices) {
        uint64_t bytes = 0;
        for (size_t t = 0; t < choices.tensors.size(); ++t)
            bytes += choices.candidate(t).table_bytes;
        return bytes;
    };
    BOOST_TEST(tables(one.choices) < tables(many.choices));
    const TensorCandidates &a = one.choices.tensors[0], &b = many.choices.tensors[0];
    for (size_t i = 0; i < a.candidates.size(); ++i) {
        const double table = std::ceil(static_cast<double>(a.candidates[i].table_bytes) / 16) * 16;
        BOOST_TEST(a.candidates[i].bytes - b.candidates[i].bytes ==
                       (1 + a.readers) * table * (1 - 1.0 / 64),
                   boost::test_tools::tolerance(1e-9));
    }
}

BOOST_AUTO_TEST_CASE(threads_change_nothing) {
    const Result one = automatic(20, 4, 1), two = automatic(20, 4, 2);
    BOOST_TEST((one.file == two.file));
    BOOST_TEST(names_of(one.choices) == names_of(two.choices), boost::test_tools::per_element());
    BOOST_TEST(one.choices.noise == two.choices.noise);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused) {
    for (const double bad : {-0.1, 100.1, std::nan("")})
        BOOST_CHECK_THROW(automatic(bad), CompileError);
    CompileOptions options;
    options.codec = "auto";
    options.tensor_codecs["conv1"] = "raw";
    BOOST_CHECK_THROW(compile(small_network(), drawn_pictures(1, 1, 1, side), options),
                      CompileError);
}

/// What the golden executor makes of the calibration pictures.
struct Measured {
    uint64_t bits = 0;           ///< code bits of the counted maps
    std::vector<Logits> logits;  ///< of each picture
};

Measured measured(const std::vector<uint8_t>& file, uint32_t pictures) {
    const Loadable loadable = Loadable::parse(file, "small");
    const GoldenExecutor golden(loadable);
    Measured result;
    for (const Picture& picture : drawn_pictures(1, 1, pictures, side)) {
        const auto stored = golden.run(input_values(picture, loadable.input()));
        Logits& logits = result.logits.emplace_back();
        for (const int32_t steps : golden.logits(stored))
            logits.push_back(steps * double{loadable.tensors().back().scale});
        for (size_t t = 0; t < stored.size(); ++t)
            if (loadable.tensors()[t].flags & KRHN_TENSOR_COUNTED)
                for (const StoredBand& band : stored[t].bands) result.bits += band.code_bits;
    }
    return result;
}

/// The logits in float.
std::vector<Logits> exact_logits(const krhn_input& input, uint32_t pictures) {
    const Network network = small_network();
    const FloatExecutor executor(network);
    std::vector<Logits> logits;
    for (const Picture& picture : drawn_pictures(1, 1, pictures, side)) {
        const FloatMap found = executor.run(normalise(picture, input));
        logits.emplace_back(found.begin(), found.end());
    }
    return logits;
}

/// Of all logits together.
double noise_between(const std::vector<Logits>& a, const std::vector<Logits>& b) {
    double noise = 0;
    for (size_t p = 0; p < a.size(); ++p) noise += logit_noise(a[p], b[p]);
    return noise;
}

BOOST_AUTO_TEST_CASE(a_least_snr_is_kept_by_the_codecs_named) {
    double before = 0;
    for (const double snr : {40.0, 25.0, 10.0}) {
        CodecChoices c;
        CompileOptions options;
        options.codec = "auto";
        options.min_snr_db = snr;
        options.choose_from = {KRHN_CODEC_TRANSFORM, KRHN_CODEC_EBPC};
        options.chosen = [&](const CodecChoices& choices) { c = choices; };
        compile(small_network(), drawn_pictures(1, 1, 8, side), options);
        BOOST_TEST(c.snr_db >= snr);
        BOOST_TEST(c.noise >= before);
        before = c.noise;
        for (const TensorCandidates& tensor : c.tensors) {
            const auto of_few_components = [](const CodecCandidate& candidate) {
                return candidate.setting.quantiser.least_deviation > 0;
            };
            BOOST_TEST(
                std::any_of(tensor.candidates.begin(), tensor.candidates.end(), of_few_components));
            for (const CodecCandidate& candidate : tensor.candidates)
                BOOST_TEST((candidate.setting.codec == KRHN_CODEC_TRANSFORM ||
                            candidate.setting.codec == KRHN_CODEC_EBPC ||
                            candidate.setting.codec == KRHN_CODEC_RAW));
        }
    }
    BOOST_TEST(before > 0);
}

/// On the calibration pictures: no farther from the float network than one setting for all. (That
/// it takes fewer bits is left to real pictures: here each half of eight has to speak for the
/// other.)
BOOST_AUTO_TEST_CASE(steps_for_each_tensor) {
    CompileOptions options;
    const uint32_t pictures = 8;
    const CodecSetting setting{KRHN_CODEC_TRANSFORM, {.bits = 6}};
    Compiler compiler(small_network(), drawn_pictures(1, 1, pictures, side), options);
    const auto raw = compiler.compile("raw"), uniform = compiler.compile("transform:6"),
               chosen = compiler.compile_like(setting);
    options.codec = "transform:6";
    BOOST_TEST(
        (uniform == compile(small_network(), drawn_pictures(1, 1, pictures, side), options)));
    const Measured of_raw = measured(raw, pictures), of_uniform = measured(uniform, pictures),
                   of_chosen = measured(chosen, pictures);
    const auto exact = exact_logits(Loadable::parse(raw, "small").input(), pictures);
    BOOST_TEST(noise_between(of_raw.logits, exact) > 0);
    BOOST_TEST(noise_between(of_uniform.logits, exact) > 2 * noise_between(of_raw.logits, exact));
    // But for the scale, which the file has in single precision.
    BOOST_TEST(noise_between(of_chosen.logits, exact) <=
               (1 + 1e-5) * noise_between(of_uniform.logits, exact));
    BOOST_TEST(of_chosen.bits < 1.2 * of_uniform.bits);
    BOOST_TEST(of_chosen.bits < of_raw.bits);
    // Again, with what was measured before.
    BOOST_TEST((compiler.compile_like(setting) == chosen));
    BOOST_TEST((compiler.compile("raw") == raw));
}

/// One picture, of which nothing can be held back.
BOOST_AUTO_TEST_CASE(one_picture_will_do) {
    CompileOptions options;
    options.codec = "auto";
    options.max_drop = 50;
    const auto file = compile(small_network(), drawn_pictures(1, 1, 1, side), options);
    BOOST_TEST(Loadable::parse(file, "small").layers().size() == 7u);
}

BOOST_AUTO_TEST_SUITE_END()
