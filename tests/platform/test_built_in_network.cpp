// The built-in network on drawn pictures, from outside.
#include "sw/images/picture.h"
#include "tests/platform/codec_files.h"

using namespace karhunen;

BOOST_AUTO_TEST_SUITE(built_in_network)

BOOST_AUTO_TEST_CASE(the_built_in_network_knows_drawn_pictures) {
    const Json report = Json::parse(good("accuracy --count 100 --codec raw --json").out);
    BOOST_TEST(report.at("images") == 100);
    BOOST_TEST(report.at("top1").get<int>() >= 80);
    BOOST_TEST(report.at("top5").get<int>() >= 95);
    BOOST_TEST(report.at("top5").get<int>() <= 100);
    std::vector<std::string> names;
    int top1 = 0;
    for (const Json& c : report.at("classes")) {
        names.push_back(c.at("name"));
        BOOST_TEST(c.at("images") == 5);
        BOOST_TEST(c.at("top1").get<int>() <= 5);
        top1 += c.at("top1").get<int>();
    }
    BOOST_TEST(names == drawn_classes(), boost::test_tools::per_element());
    BOOST_TEST(top1 == report.at("top1").get<int>());
}

/// The files hold what is drawn where none are named, and the network takes them whole.
BOOST_AUTO_TEST_CASE(files_are_answered_as_the_drawn_pictures) {
    good("images --count 20 --seed 3 -o shown");
    const std::string measure = "accuracy --codec zvc --json ";  // its bits depend on the values
    const Json files = Json::parse(good(measure + "--images shown --labels shown/labels.csv").out);
    const Json drawn = Json::parse(good(measure + "--count 20 --seed 3").out);
    BOOST_TEST((files == drawn));
    const Json other = Json::parse(good(measure + "--count 20 --seed 4").out);
    BOOST_TEST((other.at("bits_per_value") != drawn.at("bits_per_value")));
}

BOOST_AUTO_TEST_CASE(replays_on_other_machines_are_runs) {
    folder().write("wide.yaml",
                   "array: {output_lanes: 12, clock_mhz: 250}\n"
                   "codec: {transform_multipliers: 1024, stream_fifo_bytes: 512}\n"
                   "ddr: {device: ddr4-2400-8gb-x16, mapping: row-bank-column-group}\n"
                   "buffers: {weight_kib: 512, output_kib: 200}\n");
    folder().write("slow.yaml",
                   "array: {reduction_lanes: 4608, output_lanes: 1}\n"
                   "dma: {block_bytes: 256, outstanding: 2}\n"
                   "ddr: {device: ddr3-1066-4gb-x16, page: closed}\n");
    for (const std::string codec : {"transform", "ebpc"}) {
        BOOST_TEST_REQUIRE(
            folder().run("compile default --batch 2 -o big.kvn --codec " + codec).exit_code == 0);
        const std::string run = "run --network big.kvn --json ";
        BOOST_TEST(folder().run(run + "--batch 2 --record big.rec").exit_code == 0);
        for (const std::string machine : {"wide.yaml", "slow.yaml"}) {
            const Outcome full = folder().run(run + "--batch 2 --platform " + machine);
            const Outcome replay = folder().run(run + "--replay big.rec --platform " + machine);
            BOOST_TEST(full.exit_code == 0);
            BOOST_TEST((replay.out == full.out), codec << " on " << machine);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_demo_names_what_its_picture_shows) {
    const uint32_t label = drawn_class(1, 0);
    const std::string name = drawn_classes().at(label);
    const Outcome demo = good("demo --codec zvc");
    BOOST_TEST(
        contains(demo.out, "(shows: " + name + ") top-5:  " + std::to_string(label) + ' ' + name));
    BOOST_TEST(contains(demo.out, "bands equal the golden reference"));

    good("images --count 1 -o one");
    const std::string run = "run --codec zvc --json";
    Json drawn = Json::parse(good(run).out),
         file = Json::parse(good(run + " --image one/000000-" + name + ".png").out);
    BOOST_TEST(drawn.at("shown") == Json({name}));
    BOOST_TEST(drawn.at("top")[0][0].at("name") == name);
    for (Json* report : {&drawn, &file}) report->erase("shown"), report->erase("image");
    BOOST_TEST((drawn == file));
}

BOOST_AUTO_TEST_SUITE_END()
