#include "models/buffers/row_buffer.h"

#include <random>
#include <stdexcept>

#include "tests/support/simulation.h"

using namespace karhunen;
using namespace sc_core;

namespace {

sc_time ns(uint64_t n) {
    return sc_time(static_cast<double>(n), SC_NS);
}

BOOST_FIXTURE_TEST_CASE(opens_when_earlier_rows_are_released, Simulation) {
    RowBuffer buffer{"buffer", 100};
    spawn([&] {
        for (uint32_t r = 0; r < 3; ++r) {
            buffer.writer->open(0, 100, r, 10, 4, Format::u8).values[39] = int16_t(r);
            buffer.writer->commit(0, r, 4);
        }
        BOOST_TEST(sc_time_stamp() == ns(70));  // two rows fit, the third waits for the first
    });
    run([&] {
        BOOST_TEST(buffer.reader->wait_for(0, 0).values[39] == 0);
        wait(ns(70));
        BOOST_TEST(buffer.fill() == 80u);
        BOOST_TEST(!buffer.reader->peek(0, 2));
        buffer.reader->release_before(0, 1);
        BOOST_TEST(!buffer.reader->peek(0, 0));
        BOOST_TEST(buffer.reader->wait_for(0, 2).values[39] == 2);
        buffer.reader->release_before(0, 3);
        BOOST_TEST(buffer.fill() == 0u);
        BOOST_TEST(buffer.peak() == 80u);
    });
}

BOOST_FIXTURE_TEST_CASE(rows_that_come_after_their_release_go_at_once, Simulation) {
    RowBuffer buffer{"buffer", 100};
    run([&] {
        buffer.open(0, 100, 0xFFFFFFFE, 1, 40, Format::u8);
        buffer.release_before(0, 1);  // the map needs no more rows: up to 0, modulo 2^32
        BOOST_TEST(buffer.fill() == 40u);
        buffer.commit(0, 0xFFFFFFFE, 40);
        BOOST_TEST(buffer.fill() == 0u);
        for (uint32_t r : {0xFFFFFFFFu, 0u, 1u}) {
            buffer.open(0, 100, r, 1, 40, Format::u8);
            buffer.commit(0, r, 40);
        }
        BOOST_TEST(buffer.fill() == 40u);
        BOOST_TEST(buffer.peek(0, 1));
    });
}

BOOST_FIXTURE_TEST_CASE(regions_have_limits_of_their_own, Simulation) {
    RowBuffer buffer{"buffer", 100};
    spawn([&] {
        buffer.open(1, 30, 7, 1, 30, Format::u8);
        buffer.commit(1, 7, 30);
        buffer.open(1, 30, 8, 1, 30, Format::u8);  // region 1 is full, though the buffer is not
        BOOST_TEST(sc_time_stamp() == ns(20));
    });
    run([&] {
        buffer.open(0, 60, 7, 1, 60, Format::u8);
        BOOST_TEST(buffer.reader->peek(1, 7));
        BOOST_TEST(!buffer.reader->peek(0, 7));
        wait(ns(20));
        buffer.release_before(1, 8);
        wait(ns(1));
        BOOST_TEST(buffer.fill() == 90u);
    });
}

BOOST_FIXTURE_TEST_CASE(rows_written_in_slices_show_when_complete, Simulation) {
    RowBuffer buffer{"buffer", 1000};
    spawn([&] {
        BOOST_TEST(buffer.wait_for(0, 5).channels == 6u);
        BOOST_TEST(sc_time_stamp() == ns(30));
    });
    run([&] {
        Row* row = &buffer.open(0, 1000, 5, 3, 6, Format::s32);
        BOOST_TEST(row->values.size() == 3u * 6 * 2);
        BOOST_TEST(buffer.fill() == 3u * 6 * 4);
        buffer.commit(0, 5, 4);
        wait(ns(30));
        BOOST_TEST(!buffer.peek(0, 5));
        buffer.release_before(0, 6);  // does not touch an open row
        BOOST_TEST(&buffer.open(0, 1000, 5, 3, 6, Format::s32) == row);
        BOOST_TEST(row->channels_missing == 2u);
        buffer.commit(0, 5, 2);
    });
}

BOOST_FIXTURE_TEST_CASE(numbers_run_on_modulo_2_to_32, Simulation) {
    RowBuffer buffer{"buffer", 1000};
    run([&] {
        for (uint32_t sequence : {0xFFFFFFFEu, 0xFFFFFFFFu, 0u, 1u}) {
            buffer.open(0, 1000, sequence, 1, 1, Format::s12);
            buffer.commit(0, sequence, 1);
        }
        buffer.release_before(0, 0);
        BOOST_TEST(!buffer.peek(0, 0xFFFFFFFE));
        BOOST_TEST(!buffer.peek(0, 0xFFFFFFFF));
        BOOST_TEST(buffer.peek(0, 0));
        BOOST_TEST(buffer.peek(0, 1));
        BOOST_TEST(buffer.fill() == 4u);
    });
}

BOOST_FIXTURE_TEST_CASE(refuses_what_can_never_be, Simulation) {
    RowBuffer buffer{"buffer", 100};
    run([&] {
        BOOST_CHECK_THROW(buffer.open(0, 200, 0, 101, 1, Format::u8), std::length_error);
        BOOST_CHECK_THROW(buffer.open(0, 200, 0, 51, 1, Format::s12), std::length_error);
        BOOST_CHECK_THROW(buffer.open(0, 40, 0, 41, 1, Format::u8), std::length_error);
        BOOST_CHECK_THROW(buffer.open(0, 100, 0, 0x10000, 0x10000, Format::u8), std::length_error);
        BOOST_CHECK_THROW(buffer.open(0, 100, 0, 0x40000001, 4, Format::s32), std::length_error);
        BOOST_CHECK_THROW(buffer.open(0, 100, 0, 0, 5, Format::u8), std::length_error);
        BOOST_CHECK_THROW(buffer.open(RowBuffer::regions, 100, 0, 1, 1, Format::u8),
                          std::length_error);
        buffer.open(0, 100, 0, 5, 5, Format::u8);
        BOOST_CHECK_THROW(buffer.open(0, 100, 0, 5, 6, Format::u8), std::length_error);
        BOOST_CHECK_THROW(buffer.commit(0, 0, 6), std::logic_error);
        buffer.commit(0, 0, 5);
        BOOST_CHECK_THROW(buffer.open(0, 100, 0, 5, 5, Format::u8), std::length_error);
        BOOST_TEST(buffer.fill() == 25u);
        BOOST_TEST(!buffer.peek(RowBuffer::regions, 0));
    });
}

/// Two writers with random pauses, one reader per region; the fill stays within the limits and
/// every row arrives as it was written.
void random_traffic(Simulation& simulation, uint32_t seed) {
    auto random = std::make_shared<std::mt19937>(seed);
    auto buffer = std::make_shared<RowBuffer>("buffer", 600u);
    const auto pause = [random] { wait(ns((*random)() % 40)); };
    const uint32_t rows = 200, limit[] = {400, 300};
    auto arrived = std::make_shared<uint32_t>(0);
    for (uint32_t region = 0; region < 2; ++region) {
        const uint32_t first = 0xFFFFFFC0 + region;
        simulation.spawn([=] {
            for (uint32_t r = 0; r < rows; ++r) {
                pause();
                const uint32_t width = 1 + (first + r) % 17;
                Row& row = buffer->open(region, limit[region], first + r, width, 8, Format::u8);
                std::fill(row.values.begin(), row.values.end(), int16_t(r));
                BOOST_TEST(buffer->fill() <= 600u);
                buffer->commit(region, first + r, 8);
            }
        });
        simulation.spawn([=] {
            for (uint32_t r = 0; r < rows; ++r) {
                pause();
                const Row& row = buffer->wait_for(region, first + r);
                BOOST_TEST(row.width == 1 + (first + r) % 17);
                BOOST_TEST(row.values.back() == int16_t(r));
                buffer->release_before(region, first + r + 1);
                ++*arrived;
            }
        });
    }
    simulation.run([] {});
    BOOST_TEST(*arrived == 2 * rows);
    BOOST_TEST(buffer->fill() == 0u);
    BOOST_TEST(buffer->peak() > 300u);
}

BOOST_FIXTURE_TEST_CASE(random_traffic_arrives_whole, Simulation) {
    const uint32_t seed = 20240607;
    BOOST_TEST_CONTEXT("seed " << seed) {
        random_traffic(*this, seed);
    }
}

}  // namespace
