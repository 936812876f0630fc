// Every example of configs/faults on the small network: what docs/faults.md says became of it.
#include <fstream>
#include <set>

#include <boost/test/unit_test.hpp>

#include "tests/platform/faults/fault_table.h"
#include "tests/support/simulation.h"

using namespace karhunen;

BOOST_FIXTURE_TEST_CASE(faults_end_as_the_page_says, Simulation) {
    const std::vector<FaultOutcome> outcomes = run_examples(KARHUNEN_FAULTS);
    BOOST_TEST(outcomes.size() >= 12u);
    // Behind the last checksum, or before the first.
    const std::set<std::string> out_of_sight = {"stream-before-check", "stream-behind-check",
                                                "weights-behind-check"};
    for (const FaultOutcome& o : outcomes) BOOST_TEST_CONTEXT(o.name) {
            for (const InjectedFault& f : o.alone.injected) BOOST_TEST(f.fired > 0u);
            BOOST_TEST((ending_of(o) == "UNNOTICED") == out_of_sight.contains(o.name));
            // A result that firmware gives is right by every map, or the table says that it is not.
            if (o.is_right) BOOST_TEST(o.checked.exit_code == 0);
            if (ending_of(o) == "UNNOTICED") BOOST_TEST(o.checked.exit_code == 4);
        }
    std::ifstream file(KARHUNEN_FAULTS_PAGE);
    const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    BOOST_TEST(with_table(page, table_of(outcomes)) == page,
               "docs/faults.md is out of date: make faults");
}
