#include <fstream>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "platform/configuration.h"

using karhunen::ConfigurationError;
using karhunen::PlatformConfiguration;

namespace {

std::string error_of(const std::string& text) {
    try {
        PlatformConfiguration::parse(text, "m.yaml");
    } catch (const ConfigurationError& e) {
        return e.what();
    }
    return "no error";
}

std::string printed(const PlatformConfiguration& c) {
    std::ostringstream out;
    c.print(out);
    return out.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(printed_configuration_reads_back_as_itself) {
    PlatformConfiguration c;
    c.array.clock_mhz = 1066.0 / 3;
    c.array.reduction_lanes = 4608;
    c.ddr.model = "ideal";
    c.cpu.watchdog_ms = 0.5;
    const std::string text = printed(c);
    const PlatformConfiguration again = PlatformConfiguration::parse(text, "printed");
    BOOST_TEST(printed(again) == text);
    BOOST_TEST(again.array.reduction_lanes == 4608u);
    BOOST_TEST(again.ddr.model == "ideal");
}

BOOST_AUTO_TEST_CASE(left_out_keys_keep_their_defaults) {
    const auto c = PlatformConfiguration::parse("array:\n  output_lanes: 1\n", "m.yaml");
    BOOST_TEST(c.array.output_lanes == 1u);
    BOOST_TEST(c.array.reduction_lanes == PlatformConfiguration{}.array.reduction_lanes);
    BOOST_TEST(printed(PlatformConfiguration::parse("", "empty")) == printed({}));
}

BOOST_AUTO_TEST_CASE(unknown_keys_are_named_with_place_and_nearest) {
    BOOST_TEST(error_of("array:\n  reducton_lanes: 4\n") ==
               "m.yaml:2:3: unknown key of 'array' 'reducton_lanes'; the nearest one is "
               "'reduction_lanes' (`karhunen config` prints all)");
    BOOST_TEST(
        error_of("cpu:\n  clock_mhz: 1\nbufers:\n  weight_kib: 1\n") ==
        "m.yaml:3:1: unknown group 'bufers'; the nearest one is 'buffers' (`karhunen config` "
        "prints all)");
}

BOOST_AUTO_TEST_CASE(wrong_values_say_what_was_expected) {
    const std::string lanes = "array.output_lanes: expected a whole number from 1 to 4096";
    BOOST_TEST(error_of("array: {output_lanes: 0}") == "m.yaml:1:23: " + lanes + ", found 0");
    BOOST_TEST(error_of("array: {output_lanes: 1.5}") == "m.yaml:1:23: " + lanes + ", found '1.5'");
    BOOST_TEST(error_of("array: {output_lanes: four}") ==
               "m.yaml:1:23: " + lanes + ", found 'four'");
    BOOST_TEST(error_of("array: {output_lanes: -1}") == "m.yaml:1:23: " + lanes + ", found -1");
    BOOST_TEST(error_of("array: {output_lanes: 4x}") == "m.yaml:1:23: " + lanes + ", found '4x'");
    BOOST_TEST(error_of("array: {output_lanes: [1]}") ==
               "m.yaml:1:23: " + lanes + ", found a list or a map");
    BOOST_TEST(error_of("array: {clock_mhz: nan}").find("expected a number from 1 to 4000") !=
               std::string::npos);
    BOOST_TEST(error_of("ddr:\n  model: dram\n") ==
               "m.yaml:2:10: ddr.model: expected one of ddr3, ideal, found 'dram'");
}

BOOST_AUTO_TEST_CASE(what_is_not_a_configuration_is_refused) {
    BOOST_TEST(error_of("array: [1, 2]") == "m.yaml:1:8: array: expected a map of keys");
    BOOST_TEST(error_of("- a\n- b\n") ==
               "m.yaml:1:1: expected a map of groups (array, buffers, ...)");
    BOOST_TEST(error_of("array: {output_lanes: 1, output_lanes: 2}") ==
               "m.yaml:1:26: array.output_lanes is given twice");
    BOOST_TEST(error_of("array:\n  output_lanes: 1\narray:\n  output_lanes: 2\n") ==
               "m.yaml:3:1: array is given twice");
    BOOST_TEST(error_of("array: {output_lanes: 1").find("m.yaml:1:") == 0u);
    BOOST_TEST(error_of("array: {output_lanes: 1").find("not YAML") != std::string::npos);
    BOOST_CHECK_THROW(PlatformConfiguration::read("no/such/file.yaml"), ConfigurationError);
}
