#include "models/decoder/stream_fifo.h"

#include "tests/support/streams.h"

using namespace karhunen;
using namespace sc_core;

namespace {

BOOST_FIXTURE_TEST_CASE(takes_no_more_than_it_holds_emptiest_first, Simulation) {
    StreamFifo fifo(1000);
    unsigned reserved[3] = {};
    spawn([&] {
        fifo.begin({{5000, 100, 5000}, 0});
        for (;;) ++reserved[fifo.reserve(200)];
    });
    run([] {});
    BOOST_TEST(reserved[0] == 5u);
    BOOST_TEST(reserved[1] == 1u);
    BOOST_TEST(reserved[2] == 5u);
    BOOST_TEST(fifo.fill() == 2100u);
}

BOOST_FIXTURE_TEST_CASE(bands_queue_and_share_the_room, Simulation) {
    StreamFifo fifo(1000);
    unsigned bands = 0;
    spawn([&] {
        for (; bands < 3; ++bands) {
            fifo.begin({{300}, 0});
            BOOST_TEST(fifo.reserve(300) == 0u);
            fifo.write(0, std::vector<uint8_t>(300, uint8_t(bands)));
            fifo.end(bands == 1);
        }
    });
    run([&] {
        const auto codec = make_codec(KRHN_CODEC_RAW, {}, Format::u8);
        wait(sc_time(1, SC_US));
        BOOST_TEST(bands == 2u);
        BOOST_TEST(fifo.fill() == 600u);
        for (unsigned band = 0; band < 3; ++band) {
            BOOST_TEST(fifo.wait_for_band().size() == 1u);
            const auto decoder = codec->decoder({3, 10, 10}, 1);
            fifo.feed(*decoder);
            std::vector<int16_t> row(100);
            uint64_t used = 0;
            for (unsigned r = 0; r < 3; ++r) {
                BOOST_TEST(decoder->decode_row(row));
                BOOST_TEST(row[99] == int16_t(band));
                used += fifo.settle(*decoder);
            }
            BOOST_TEST(used == 300u);
            BOOST_TEST(fifo.ended());
            BOOST_TEST(fifo.failed() == (band == 1));
            fifo.finish_band();
            wait(sc_time(1, SC_US));
        }
        BOOST_TEST(fifo.fill() == 0u);
    });
    BOOST_TEST(bands == 3u);
}

BOOST_FIXTURE_TEST_CASE(swallows_without_end, Simulation) {
    StreamFifo fifo(1000);
    unsigned bands = 0;
    spawn([&] {
        Pace pace(3, 20);
        const Streams streams(4, std::vector<uint8_t>(10000));
        for (; bands < 5; ++bands) send(fifo, streams, pace);
    });
    run([&] {
        wait(sc_time(5, SC_US));
        BOOST_TEST(bands == 0u);
        fifo.swallow(true);
        wait(sc_time(1, SC_US));
        BOOST_TEST(fifo.fill() == 0u);
        BOOST_TEST(bands > 0u);
    });
    BOOST_TEST(bands == 5u);
    BOOST_TEST(fifo.fill() == 0u);
}

}  // namespace
