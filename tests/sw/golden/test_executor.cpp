#include <set>
#include <thread>

#include <zlib.h>
#include <boost/test/unit_test.hpp>

#include "sw/golden/executor.h"
#include "tests/sw/golden/oracle.h"

using namespace karhunen;

namespace {

void check_equal(const std::vector<StoredTensor>& a, const std::vector<StoredTensor>& b) {
    BOOST_REQUIRE(a.size() == b.size());
    for (size_t t = 0; t < a.size(); ++t) {
        BOOST_TEST((a[t].decoded == b[t].decoded));
        BOOST_REQUIRE(a[t].bands.size() == b[t].bands.size());
        for (size_t i = 0; i < a[t].bands.size(); ++i) {
            BOOST_TEST((a[t].bands[i].streams == b[t].bands[i].streams));
            BOOST_TEST(a[t].bands[i].crc32 == b[t].bands[i].crc32);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_tensor_equals_the_definition) {
    for (uint32_t seed = 1; seed <= 20; ++seed) {
        const TinyNetwork network(seed, 1, seed % 2 ? 8 : 4);
        const Loadable loadable = Loadable::parse(network.file(), "tiny");
        const GoldenExecutor golden(loadable), naive(loadable, {.naive = true});
        const auto picture = network.picture(seed);
        const auto expected = oracle(network, picture);
        const auto found = golden.run(picture);
        BOOST_REQUIRE(found.size() == expected.size());
        for (size_t t = 0; t < 6; ++t) BOOST_TEST_CONTEXT("seed " << seed << " tensor " << t)
        BOOST_TEST(found[t].decoded == expected[t], boost::test_tools::per_element());
        BOOST_TEST(golden.logits(found) == expected[6], boost::test_tools::per_element());
        check_equal(naive.run(picture), found);
        // Maps that are all zeros or all saturated would make this an easy test.
        for (size_t t = 1; t < 5; ++t)
            BOOST_TEST(std::set<int>(expected[t].begin(), expected[t].end()).size() > 10);
    }
}

BOOST_AUTO_TEST_CASE(bands_are_what_a_decoder_and_zlib_make_of_them) {
    const TinyNetwork network;
    const Loadable loadable = Loadable::parse(network.file(), "tiny");
    const GoldenExecutor golden(loadable, {.entropy = true});
    const auto stored = golden.run(network.picture(1));
    for (size_t i = 0; i < stored.size(); ++i) {
        const krhn_tensor& t = loadable.tensors()[i];
        const auto codec =
            make_codec(t.codec, loadable.table(t), static_cast<Format>(t.stored_format));
        BOOST_REQUIRE(stored[i].bands.size() == t.bands);
        std::vector<int16_t> decoded;
        for (uint32_t b = 0; b < t.bands; ++b) {
            const StoredBand& band = stored[i].bands[b];
            const BandShape shape{std::min(t.band_rows, t.height - b * t.band_rows), t.width,
                                  t.channels};
            const auto values = decode_band(*codec, shape, band.streams);
            decoded.insert(decoded.end(), values.begin(), values.end());
            std::vector<uint8_t> all;
            BOOST_TEST(band.streams.size() == t.streams);
            for (const auto& s : band.streams) {
                BOOST_TEST(s.size() <= t.stream_stride);
                all.insert(all.end(), s.begin(), s.end());
            }
            BOOST_TEST(band.crc32 == crc32(0, all.data(), static_cast<uInt>(all.size())));
            BOOST_TEST(band.code_bits <= all.size() * 8);
            if (t.codec != KRHN_CODEC_RAW) {
                BOOST_TEST(band.entropy_bits > 0);
                // On other maps than the calibrated ones the code may be a little luckier.
                BOOST_TEST(band.entropy_bits <= band.code_bits * 1.02);
            }
        }
        BOOST_TEST((decoded == stored[i].decoded));
    }
}

// Layout by hand: value (row, column, channel) goes to substream channel mod 4, rows in order.
BOOST_AUTO_TEST_CASE(the_host_writes_the_picture_as_raw_substreams) {
    const TinyNetwork network;
    const Loadable loadable = Loadable::parse(network.file(), "tiny");
    const auto picture = network.picture(3);
    const StoredTensor stored = GoldenExecutor(loadable).store(0, picture);
    BOOST_REQUIRE(stored.bands.size() == 3);  // 4 + 4 + 1 rows
    BOOST_TEST(stored.bands[2].streams[1].size() == 9);
    BOOST_TEST(stored.bands[2].streams[3].size() == 0);  // three channels
    for (int pixel = 0; pixel < 9; ++pixel)
        BOOST_TEST(stored.bands[2].streams[1][pixel] ==
                   static_cast<uint8_t>(picture[(8 * 9 + pixel) * 3 + 1]));
    BOOST_TEST((stored.decoded == picture));
}

BOOST_AUTO_TEST_CASE(threads_share_one_executor) {
    const TinyNetwork network;
    const Loadable loadable = Loadable::parse(network.file(), "tiny");
    const GoldenExecutor golden(loadable);
    std::vector<std::vector<StoredTensor>> results(8);
    std::vector<std::thread> threads;
    for (uint32_t i = 0; i < results.size(); ++i)
        threads.emplace_back([&, i] {
            for (int repeat = 0; repeat < 20; ++repeat) results[i] = golden.run(network.picture(i));
        });
    for (std::thread& thread : threads) thread.join();
    for (uint32_t i = 0; i < results.size(); ++i)
        check_equal(results[i], golden.run(network.picture(i)));
}

BOOST_AUTO_TEST_CASE(refuses_what_does_not_fit) {
    TinyNetwork network;
    {
        const Loadable loadable = Loadable::parse(network.file(), "tiny");
        BOOST_CHECK_THROW(GoldenExecutor(loadable).run(std::vector<int16_t>(5)),
                          std::invalid_argument);
    }
    network.tables.assign(network.tables.size(), 0xFF);  // checksums are right, contents are not
    const Loadable loadable = Loadable::parse(network.file(), "tiny");
    BOOST_CHECK_THROW(GoldenExecutor{loadable}, CodecError);
}
