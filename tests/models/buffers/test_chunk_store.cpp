#include "models/buffers/chunk_store.h"

#include <numeric>

#include "tests/support/streams.h"

using namespace karhunen;
using namespace sc_core;

namespace {

std::vector<uint8_t> bytes_from(uint8_t first, size_t count) {
    std::vector<uint8_t> bytes(count);
    std::iota(bytes.begin(), bytes.end(), first);
    return bytes;
}

BOOST_FIXTURE_TEST_CASE(chunks_are_seen_when_loaded_and_wait_for_room, Simulation) {
    ChunkStore store{"store", 1000};
    spawn([&] {
        Pace pace(1, 10);
        for (uint8_t i = 0; i < 3; ++i) send(store.sink, {bytes_from(i, 400)}, pace, 64);
        BOOST_TEST((sc_time_stamp() > sc_time(1, SC_US)));
    });
    run([&] {
        BOOST_TEST(!store.reader->peek(0));
        const Chunk& second = store.reader->wait_for(1);
        BOOST_TEST(second.bytes == bytes_from(1, 400), boost::test_tools::per_element());
        BOOST_TEST(second.sequence == 1u);
        BOOST_TEST(!second.error);
        BOOST_TEST(store.fill() == 800u);
        wait(sc_time(1, SC_US) - sc_time_stamp());
        BOOST_TEST(!store.reader->peek(2));
        BOOST_TEST((store.activity().state() == State::wait_output));
        store.reader->release(0);
        store.reader->release(0);  // once is enough
        BOOST_TEST(store.fill() == 400u);
        BOOST_TEST(store.reader->wait_for(2).bytes[0] == 2);
        BOOST_TEST(store.reader->peek(1) == &second);
        BOOST_TEST(store.peak() == 800u);
    });
    sc_time sum;
    for (const sc_time& t : store.activity().times()) sum += t;
    BOOST_TEST(sum == sc_time_stamp());
    BOOST_TEST((store.activity().time_in(State::wait_output) > sc_time(500, SC_NS)));
}

BOOST_FIXTURE_TEST_CASE(loads_do_not_overtake, Simulation) {
    ChunkStore store{"store", 100};
    for (uint8_t i = 0; i < 4; ++i)
        spawn([&store, i] {
            wait(sc_time(i + 1, SC_NS));
            Pace pace(i, 50);
            // The last one would fit beside the others, and still waits for its turn.
            send(store, {bytes_from(i, i == 3 ? 10 : 60)}, pace, 7);
        });
    run([&] {
        for (uint32_t i = 0; i < 4; ++i) {
            BOOST_TEST(store.wait_for(i).bytes[0] == i);
            wait(sc_time(100, SC_NS));
            store.release(i);
        }
    });
    BOOST_TEST(store.fill() == 0u);
}

BOOST_FIXTURE_TEST_CASE(failed_loads_are_chunks_in_error, Simulation) {
    ChunkStore store{"store", 100};
    Pace pace;
    run([&] {
        send(store, {bytes_from(0, 90)}, pace, 40, true);
        BOOST_TEST(store.wait_for(0).error);
        BOOST_TEST(store.fill() == 90u);
        store.release(0);
        BOOST_TEST(store.fill() == 0u);
        send(store, {bytes_from(0, 101)}, pace);  // never fits: swallowed
        BOOST_TEST(store.wait_for(1).error);
        BOOST_TEST(store.wait_for(1).bytes.empty());
        BOOST_TEST(store.fill() == 0u);
        send(store, {bytes_from(5, 100)}, pace);
        BOOST_TEST(!store.wait_for(2).error);
        BOOST_TEST(store.wait_for(2).bytes.size() == 100u);
    });
}

}  // namespace
