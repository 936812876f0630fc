// The scheduler on a model of the machine: every stored row is what the loadable says, nothing
// hangs in buffers that are just large enough, and nothing is left over in them.
#include <boost/test/unit_test.hpp>

#include "tests/sw/firmware/random_case.h"

using namespace karhunen;

namespace {

/// Chunks that must be loaded: resident weights once, the others for each band.
uint32_t chunks_of(const Loadable& loadable, uint32_t images) {
    uint32_t n = 0;
    for (const krhn_layer& l : loadable.layers())
        for (uint32_t o = 0; o < l.operations; ++o)
            n += loadable.operation(l, o).chunks *
                 (loadable.operation(l, o).array_flags & KRHN_ARRAY_CHUNK_OUTERMOST
                      ? images * l.bands
                      : 1);
    return n;
}

void check(uint32_t seed, const NetworkChoices& choices, uint32_t runs = 1) {
    BOOST_TEST_CONTEXT("seed " << seed) {
        RandomCase c(seed, choices);
        Machine& m = *c.machine;
        const scheduler s = run_scheduler(m, choices.batch, runs);
        BOOST_TEST(
            (rows_in(m, c.loadable, choices.batch) == expected_rows(c.loadable, choices.batch)));
        BOOST_TEST(s.stored == s.stores);
        BOOST_TEST(m.weights.fill == 0u);
        BOOST_TEST(m.weights.loaded == runs * chunks_of(c.loadable, choices.batch));
        for (const ChunkModel& t : m.tables) BOOST_TEST(t.fill == 0u);
        for (const RowModel* rows : {&m.activation, &m.output, &m.residual})
            BOOST_TEST(rows->fill() == 0u);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(stores_every_row_in_buffers_that_are_just_large_enough) {
    for (uint32_t seed = 0; seed < 150; ++seed) check(seed, {.layers = 3 + seed % 12});
}

BOOST_AUTO_TEST_CASE(stores_every_row_with_room_to_run_ahead) {
    for (uint32_t seed = 0; seed < 100; ++seed)
        check(seed, {.layers = 3 + seed % 12, .slack_bytes = 1u << seed % 20});
}

BOOST_AUTO_TEST_CASE(shares_weights_and_tables_in_a_batch) {
    for (uint32_t seed = 0; seed < 100; ++seed)
        check(seed, {.layers = 3 + seed % 9, .batch = 2 + seed % 3, .slack_bytes = seed * 10});
}

BOOST_AUTO_TEST_CASE(computes_all_once_more) {
    for (uint32_t seed = 0; seed < 60; ++seed)
        check(seed,
              {.layers = 3 + seed % 9,
               .batch = 1 + seed % 3,
               .tables_fit_together = seed % 5 != 0,
               .slack_bytes = seed % 2 * 1000,
               .sums_percent = seed % 3 ? 0u : 60u},
              2);
}

BOOST_AUTO_TEST_CASE(sums_of_maps_in_the_least_buffers) {
    const auto check_sums = [](uint32_t seed) {
        check(seed, {.layers = 4 + seed % 10,
                     .batch = 1 + seed % 3,
                     .tables_fit_together = seed % 5 != 0,
                     .slack_bytes = seed % 2 * seed,
                     .sums_percent = 60});
    };
    for (uint32_t seed = 0; seed < 300; ++seed) check_sums(seed);
    // The layer behind a sum uses fewer regions, and parts of the sum still lie in the others.
    check_sums(1828);
}

BOOST_AUTO_TEST_CASE(maps_that_operations_make_together) {
    uint32_t shared = 0, apart = 0;
    for (uint32_t seed = 0; seed < 300; ++seed) {
        const NetworkChoices choices{.layers = 4 + seed % 10,
                                     .batch = 1 + seed % 3,
                                     .tables_fit_together = seed % 5 != 0,
                                     .slack_bytes = seed % 2 * seed,
                                     .parts_percent = 50,
                                     .streams_percent = seed % 4 == 0 ? 50u : 0u,
                                     .dilated_percent = 20};
        check(seed, choices);
        const Loadable l = Loadable::parse(RandomCase::file(seed, choices), "random");
        for (const krhn_layer& layer : l.layers())
            for (uint32_t o = 1; o < layer.operations; ++o)
                ++(l.operation(layer, o).flags ? shared : apart);
    }
    BOOST_TEST(shared > 100u);
    BOOST_TEST(apart > 100u);
}

BOOST_AUTO_TEST_CASE(weights_that_are_loaded_for_each_band) {
    uint32_t streamed = 0;
    for (uint32_t seed = 0; seed < 300; ++seed) {
        const NetworkChoices choices{.layers = 4 + seed % 10,
                                     .batch = 1 + seed % 3,
                                     .slack_bytes = seed % 2 * seed,
                                     .streams_percent = 70};
        check(seed, choices);
        const Loadable l = Loadable::parse(RandomCase::file(seed, choices), "random");
        for (const krhn_layer& layer : l.layers())
            streamed += layer.bands > 1 && l.operation(layer, layer.operations - 1).array_flags &
                                               KRHN_ARRAY_CHUNK_OUTERMOST;
    }
    BOOST_TEST(streamed > 100u);
}

BOOST_AUTO_TEST_CASE(reloads_input_tables_that_do_not_fit_together) {
    uint32_t reloads = 0;
    for (uint32_t seed = 0; seed < 100; ++seed) {
        const NetworkChoices choices{
            .layers = 10, .batch = 1 + seed % 3, .tables_fit_together = false};
        check(seed, choices);
        RandomCase c(seed, choices);
        const scheduler s = run_scheduler(*c.machine, choices.batch);
        uint32_t once = 0;
        for (const krhn_layer& l : c.loadable.layers())
            for (uint32_t o = 0; o < l.operations; ++o)
                once += c.loadable.tensors()[c.loadable.operation(l, o).input].table_bytes > 0;
        reloads += c.machine->tables[1].loaded - once;
        bool together = true;
        for (uint32_t i = 0; i < c.loadable.layers().size(); ++i)
            together = together && !s.plan[i].streams_tables;
        if (together) BOOST_TEST(c.machine->tables[1].loaded == once);
    }
    BOOST_TEST(reloads > 0u);
}

BOOST_AUTO_TEST_CASE(loads_weights_and_tables_ahead_of_the_work) {
    RandomCase c(1, {.layers = 10, .slack_bytes = 1 << 20});
    c.machine->hold_encoder = true;
    BOOST_CHECK_THROW(run_scheduler(*c.machine, 1), MachineError);
    BOOST_TEST(c.machine->stored.size() == c.loadable.tensors()[0].bands);
    BOOST_TEST(c.machine->weights.loaded == chunks_of(c.loadable, 1));
}

BOOST_AUTO_TEST_CASE(sequence_numbers_run_over_their_end) {
    // Chains and chunks are counted from wherever the hardware stands.
    for (uint32_t seed = 0; seed < 20; ++seed) {
        RandomCase c(seed, {.layers = 8});
        c.machine->channels[KRHN_PORT_ENCODER_STREAM].chains_done = 0xFFFFFFFE;
        run_scheduler(*c.machine, 1);
        BOOST_TEST((rows_in(*c.machine, c.loadable, 1) == expected_rows(c.loadable, 1)));
    }
}

BOOST_AUTO_TEST_CASE(needs_few_register_accesses) {
    uint64_t accesses = 0, jobs = 0;
    for (uint32_t seed = 0; seed < 20; ++seed) {
        RandomCase c(seed, {.layers = 20, .slack_bytes = 1 << 16});
        const scheduler s = run_scheduler(*c.machine, 1);
        accesses += c.machine->accesses;
        for (uint32_t started : s.started) jobs += started;
    }
    BOOST_TEST_MESSAGE("accesses per job: " << double(accesses) / double(jobs));
    BOOST_TEST(accesses < 60 * jobs);
}
