// karhunen images from outside.
#include <csignal>
#include <set>
#include <sstream>

#include "sw/compiler/image.h"
#include "sw/images/picture.h"
#include "tests/platform/codec_files.h"

using namespace karhunen;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::string file_of(uint64_t seed, uint64_t index) {
    return "00000" + std::to_string(index) + "-" + drawn_classes()[drawn_class(seed, index)] +
           ".png";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(images_command)

BOOST_AUTO_TEST_CASE(files_hold_the_pictures_and_their_classes) {
    const Json summary =
        Json::parse(good("images --count 5 --first 7 --seed 4 --size 40 -o drawn --json").out);
    const auto labels = lines_of(folder().read("drawn/labels.csv"));
    const auto names = lines_of(folder().read("drawn/classes.txt"));
    BOOST_TEST(names == drawn_classes(), boost::test_tools::per_element());
    BOOST_REQUIRE(labels.size() == 6u);
    BOOST_TEST(labels[0] == "file,class");
    for (uint32_t i = 0; i < 5; ++i) {
        const uint32_t label = drawn_class(4, 7 + i);
        const size_t comma = labels[i + 1].find(',');
        BOOST_TEST(labels[i + 1].substr(comma + 1) == std::to_string(label));
        const std::string file = labels[i + 1].substr(0, comma);
        BOOST_TEST(file.find(names[label]) != std::string::npos);
        BOOST_TEST(summary.at("pictures")[i].at("file") == file);
        BOOST_TEST(summary.at("pictures")[i].at("name") == names[label]);
        const Picture picture = read_picture(folder().path() / "drawn" / file);
        BOOST_TEST((picture.rgb == drawn_picture(4, 7 + i, 40).rgb));
    }
}

BOOST_AUTO_TEST_CASE(arrays_hold_the_same) {
    good("images --count 3 --size 16 --npy -o arrays");
    const std::string pictures = folder().read("arrays/pictures.npy"),
                      labels = folder().read("arrays/labels.npy");
    BOOST_TEST(contains(pictures, "'descr': '|u1', 'fortran_order': False"));
    BOOST_TEST(contains(pictures, "'shape': (3, 16, 16, 3, )"));
    BOOST_TEST(contains(labels, "'shape': (3, )"));
    // The header ends in a line feed, at a multiple of 64 bytes.
    const std::string values = pictures.substr(128), classes = labels.substr(128);
    BOOST_TEST((pictures[127] == '\n' && labels[127] == '\n'));
    BOOST_REQUIRE(values.size() == size_t{3} * 16 * 16 * 3);
    BOOST_REQUIRE(classes.size() == 3u);
    for (uint32_t i = 0; i < 3; ++i) {
        const Picture picture = drawn_picture(1, i, 16);
        BOOST_TEST(
            (values.substr(i * 768, 768) == std::string(picture.rgb.begin(), picture.rgb.end())));
        BOOST_TEST(static_cast<uint32_t>(classes[i]) == drawn_class(1, i));
    }
}

BOOST_AUTO_TEST_CASE(names_are_printed_alone) {
    BOOST_TEST(lines_of(good("images --classes").out) == drawn_classes(),
               boost::test_tools::per_element());
    BOOST_TEST((Json::parse(good("images --classes --json").out) == Json(drawn_classes())));
}

BOOST_AUTO_TEST_CASE(pictures_of_two_commands_are_not_mixed) {
    good("images --count 3 --size 16 -o mixed");
    const std::string name = "mixed/" + file_of(1, 1);
    const std::string small = folder().read(name);
    good("images --count 4 --size 24 -o mixed");  // the same names and one more
    BOOST_TEST(folder().read(name) != small);
    good("images --count 4 --size 16 --npy -o mixed");
    folder().check_refused("images --count 1 --size 16 -o mixed", {"mixed: has other pictures"});
    folder().check_refused("images --count 4 --seed 2 -o mixed", {"mixed: has other pictures"});
    good("images --count 4 --size 16 -o mixed");
    BOOST_TEST(folder().read(name) == small);
    folder().write("mixed/notes.txt", "not a picture");
    good("images --count 4 --size 16 -o mixed");
    folder().write("mixed/mine.JPG", "");
    folder().check_refused("images --count 4 --size 16 -o mixed",
                           {"mixed: has other pictures already, mine.JPG for one"});
}

/// A folder that was there, one that was made for the pictures, and an array.
BOOST_AUTO_TEST_CASE(nothing_is_left_when_a_signal_ends_it) {
    good("images --count 1 --size 16 -o there");
    const std::set<std::string> before = folder().files();
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        for (const std::string to : {"there", "deep/new", "new --npy"}) {
            const int ended = folder().run_and_kill("images --count 1000000 --size 16 -o " + to,
                                                    {".part"}, signal);
            BOOST_TEST(ended == 128 + signal);
            BOOST_TEST(folder().files() == before, boost::test_tools::per_element());
        }
}

BOOST_AUTO_TEST_CASE(bad_values_are_refused) {
    folder().check_refused("images -o x", {"--count"});
    folder().check_refused("images --count 0 -o x", {"--count"});
    folder().check_refused("images --count 2", {"-o"});
    folder().check_refused("images --count 2 --size 7 -o x", {"--size", "8"});
    folder().check_refused("images --count 2 --size 1025 -o x", {"--size", "1024"});
    folder().check_refused("images --count 2 --seed -1 -o x", {"--seed"});
    folder().check_refused("images --count 2 --first 18446744073709551615 -o x", {"--first"});
    folder().check_refused("images --count 2 -o photo.png", {"photo.png"});
    folder().check_refused("images --classes --count 2", {"--classes"});
}

BOOST_AUTO_TEST_CASE(pictures_must_be_named_for_other_networks) {
    folder().check_refused("accuracy --network net.kvn", {"5 classes", "--images"});
    folder().check_refused("accuracy --network net.kvn --images photos", {"--labels"});
    folder().check_refused("accuracy --network net.kvn --images . --labels labels.csv --count 3",
                           {"--count"});
}

BOOST_AUTO_TEST_SUITE_END()
