// ResNet-18 without a CPU: DDR is the same to the last byte, on this machine and on others.
#include "sw/compiler/compile.h"
#include "sw/compiler/default_network.h"
#include "sw/images/picture.h"
#include "tests/platform/trace/recorded.h"

using namespace karhunen;

BOOST_AUTO_TEST_CASE(the_built_in_network_is_replayed) {
    const Network network = default_network();
    const Loadable loadable = Loadable::parse(
        compile(network, drawn_pictures(1, 1, 8, network.input.width), {}), "built in");
    RunOptions options;
    options.inputs = {input_values(drawn_picture(1, 1, loadable.input().crop), loadable.input())};
    const Recorded recorded(loadable, options, 32);
    BOOST_TEST_REQUIRE(recorded.report.exit_code == 0);
    PlatformConfiguration fast, slow;
    fast.ddr.model = "ideal";
    slow.array.clock_mhz = 40;
    slow.dma.block_bytes = 64;
    for (const PlatformConfiguration& c : {PlatformConfiguration{}, fast, slow}) {
        const TraceReport played = recorded.replay(c);
        BOOST_TEST(first_mismatch(played) == "");
        BOOST_TEST(played.bands_stored == recorded.report.bands_stored);
        BOOST_TEST(played.claims.size() + played.told_together == recorded.claims.size());
    }
    BOOST_TEST(recorded.replay({}).claims == recorded.claims, boost::test_tools::per_element());
}
