#include <vector>

#include <boost/test/unit_test.hpp>

#include "models/interfaces/activity.h"
#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;

BOOST_FIXTURE_TEST_CASE(history_of_states_and_tags, Simulation) {
    Activity activity("block");
    run([&] {
        activity.set(State::busy);  // before the history is kept
        activity.set(State::idle);
        activity.keep_history();
        sc_core::wait(sc_time(1, SC_NS));
        activity.set_tag(3);  // seen when the work begins
        activity.set(State::busy);
        activity.set(State::busy);
        sc_core::wait(sc_time(2, SC_NS));
        activity.set_tag(3);
        activity.set_tag(4);  // in the middle of a state
        sc_core::wait(sc_time(2, SC_NS));
        activity.set(State::idle);
    });
    struct Expected {
        uint64_t ns;
        State state;
        uint32_t tag;
    };
    const std::vector<Expected> expected = {
        {1, State::busy, 3}, {3, State::busy, 4}, {5, State::idle, 4}};
    BOOST_TEST_REQUIRE(activity.history().size() == expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
        const Activity::Change& change = activity.history()[i];
        BOOST_TEST((change.time == sc_time(static_cast<double>(expected[i].ns), SC_NS)));
        BOOST_TEST((change.state == expected[i].state));
        BOOST_TEST(change.tag == expected[i].tag);
    }
    BOOST_TEST((activity.time_in(State::busy) == sc_time(4, SC_NS)));
}
