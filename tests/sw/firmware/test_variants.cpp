// The schedulers of the test firmwares: swapped bands store the same maps, a skipped band is
// missing and everything else runs on.
#include <boost/test/unit_test.hpp>

#include "tests/sw/firmware/random_case.h"

using namespace karhunen;

BOOST_AUTO_TEST_CASE(differs_from_the_firmware_as_said) {
    uint32_t concerned = 0;
    for (uint32_t seed = 0; seed < 60; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            const NetworkChoices choices{
                .layers = 10, .batch = 1 + seed % 2, .slack_bytes = seed % 4 * 1000};
            RandomCase c(seed, choices);
            const scheduler s = run_scheduler(*c.machine, choices.batch);
            const StoredRows expected = expected_rows(c.loadable, choices.batch);
            const StoredRows stored = rows_in(*c.machine, c.loadable, choices.batch);
            const uint32_t layer = s.variant[0];
            if (layer == KRHN_NONE || KARHUNEN_TEST_SWAPS) {
                BOOST_TEST((stored == expected));
                concerned += layer != KRHN_NONE;
                continue;
            }
            ++concerned;
            const krhn_tensor& t = c.loadable.tensors()[c.loadable.layers()[layer].output];
            for (uint32_t i = 0; i < choices.batch; ++i)
                for (uint32_t b = 0; b < t.bands; ++b) {
                    const auto found = c.machine->stored.find(
                        KRHN_DDR_BASE + t.slots_offset + i * t.slots_bytes + b * t.slot_stride);
                    BOOST_TEST((found == c.machine->stored.end()) == (b == s.variant[1]));
                    if (found == c.machine->stored.end()) continue;
                    const auto first =
                        expected[c.loadable.layers()[layer].output][i].begin() + b * t.band_rows;
                    BOOST_TEST(
                        std::equal(found->second.rows.begin(), found->second.rows.end(), first));
                }
            BOOST_TEST(s.stored == s.stores);
        }
    }
    BOOST_TEST(concerned > 10u);
}
