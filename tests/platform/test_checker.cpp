// What --check says of a run that did something wrong and then did all of it again.
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "platform/checker.h"
#include "tests/platform/small_network.h"

using namespace karhunen;

namespace {

/// Bands of the golden executor, stored by hand.
struct Bench {
    const Loadable loadable = small_loadable({});
    const std::vector<std::vector<StoredTensor>> golden{
        GoldenExecutor(loadable).run(small_run(loadable, {}).inputs[0])};
    std::vector<uint8_t> memory = std::vector<uint8_t>(loadable.header().memory_bytes);
    Checker checker{loadable, golden, memory};

    void store_all() {
        const BandMap map(loadable, 1);
        for (const BandPlace& place : map.produced()) {
            const krhn_tensor& tensor = loadable.tensors()[place.tensor];
            const StoredBand& band = golden[0][place.tensor].bands[place.band];
            uint64_t slot = slot_offset(tensor, 0, place.band);
            krhn_tile_entry entry{};
            entry.offset = static_cast<uint32_t>(slot);
            entry.crc32 = band.crc32;
            entry.n_streams = static_cast<uint32_t>(band.streams.size());
            for (size_t s = 0; s < band.streams.size(); ++s, slot += tensor.stream_stride) {
                std::ranges::copy(band.streams[s], memory.begin() + static_cast<ptrdiff_t>(slot));
                entry.bytes[s] = static_cast<uint32_t>(band.streams[s].size());
            }
            checker.on_stored(entry_offset(tensor, 0, place.band), entry);
        }
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_load_from_nowhere_counts_until_all_is_made_again, Bench) {
    checker.on_load(7);
    store_all();
    checker.finish();
    BOOST_TEST(checker.first_difference() ==
               "a band is loaded where none begins, from DDR offset 7");
    store_all();
    checker.finish();
    BOOST_TEST(checker.first_difference() == "");
    checker.on_stored(9, {});
    checker.finish();
    BOOST_TEST(checker.first_difference() ==
               "a tile table entry was written where none belongs, at DDR offset 9");
}
