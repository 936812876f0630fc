// Every item has its process, and what becomes of it is told.
#include <signal.h>
#include <unistd.h>
#include <map>
#include <stdexcept>

#include <boost/test/unit_test.hpp>

#include "platform/explore/process_pool.h"

using namespace karhunen;

BOOST_AUTO_TEST_CASE(every_item_ends_as_its_process_did) {
    std::map<size_t, ItemEnd> ends;
    size_t ticks = 0;
    run_in_processes(
        40, 3,
        [](size_t item, const std::function<void()>& tick) {
            for (size_t i = 0; i < item; ++i) tick();
            if (item == 7) raise(SIGKILL);
            if (item == 8) throw std::runtime_error("item 8 (of a test)");
        },
        [&] { ++ticks; },
        [&](const ItemEnd& end) { BOOST_TEST(ends.emplace(end.item, end).second); });
    BOOST_TEST(ticks == 780u);
    BOOST_TEST_REQUIRE(ends.size() == 40u);
    for (const auto& [item, end] : ends) {
        BOOST_TEST(end.signal == (item == 7 ? SIGKILL : 0));
        BOOST_TEST(end.exit_code == (item == 8 ? 1 : 0));
    }
}

BOOST_AUTO_TEST_CASE(memory_of_processes_is_their_own) {
    int value = 1;
    run_in_processes(
        2, 2, [&](size_t, const std::function<void()>&) { ++value; }, [] {}, [](const ItemEnd&) {});
    BOOST_TEST(value == 1);
}
