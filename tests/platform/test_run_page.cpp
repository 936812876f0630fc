// The report page of a run: what it is made of.
#include <cmath>
#include <string>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include "platform/html_report.h"
#include "tests/platform/reported_run.h"

using namespace karhunen;

namespace {

double sum_of(const Json& values) {
    double sum = 0;
    for (const Json& value : values) sum += value.get<double>();
    return sum;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_data_are_those_of_json) {
    const Json data = data_of(reported().html);
    BOOST_TEST(data.at("run") == reported().json);
    BOOST_TEST(data.at("run").at("network").get<std::string>() == hostile);
    BOOST_TEST(data.at("machine").at("output_kib") == 1);
    BOOST_TEST(data.at("estimate").at("device").at("name") == "stratix10");
}

BOOST_AUTO_TEST_CASE(parts_of_the_energy_are_those_of_the_totals) {
    const Json data = data_of(reported().html), &run = data.at("run");
    const auto close = boost::test_tools::tolerance(1e-9);
    const Json& layers = data.at("energy").at("layers");
    const double mac_pj = data.at("estimate").at("energy").at("mac_pj");
    BOOST_TEST_REQUIRE(layers.size() == run.at("layers").size());
    double commands = 0;
    const auto add = [&](const Json& parts) {
        for (const char* key : {"activate_uj", "precharge_uj", "read_uj", "write_uj"})
            commands += parts.at(key).get<double>();
    };
    for (size_t l = 0; l < layers.size(); ++l) {
        const double before = commands;
        add(layers[l]);
        const Json& layer = run.at("layers")[l];
        BOOST_TEST(commands - before == layer.at("dram_energy_datasheet_uj").get<double>(), close);
        BOOST_TEST(layers[l].at("multiply_uj").get<double>() ==
                       layer.at("multiplications").get<double>() * mac_pj / 1e6,
                   close);
    }
    const Json& rest = data.at("energy").at("no_layer");
    add(rest);
    BOOST_TEST(
        commands + rest.at("refresh_uj").get<double>() + rest.at("background_uj").get<double>() ==
            run.at("dram_energy").at("datasheet_uj").get<double>(),
        close);
}

BOOST_AUTO_TEST_CASE(columns_of_the_timeline_hold_all_of_its_time) {
    const Json timeline = data_of(reported().html).at("timeline");
    const double columns = timeline.at("columns"), end = timeline.at("end_us");
    const double column_us = end / columns;
    for (const Json& block : timeline.at("blocks"))
        for (const Json& state : block.at("states")) {
            // Columns are rounded to a percent each, up as often as down.
            const double shown = sum_of(state.at("percent")) / 100 * column_us;
            BOOST_TEST(std::abs(shown - state.at("total_us").get<double>()) <= 0.0005 * end,
                       block.at("name"));
        }
    const double bytes =
        (sum_of(timeline.at("dram_read_gbps")) + sum_of(timeline.at("dram_written_gbps"))) *
        column_us * 1e3;
    BOOST_TEST(bytes == reported().json.at("total").at("dram_bytes").at("total").get<double>(),
               boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(texts_stay_texts) {
    Json data = {{"name", "</script><script>alert(1)</script><!--"}, {"line", "a\u2028b\u00e9"}};
    const std::string html = html_report(Page::run, data);
    BOOST_TEST(data_of(html) == data);
    BOOST_TEST(html.find("alert(1)</script>") == std::string::npos);
    BOOST_TEST(html.find("\u2028") == std::string::npos);
    BOOST_TEST(html.find("{{") == std::string::npos);
    const size_t first = html.find("id=\"data\">");
    BOOST_TEST(html.substr(first, html.find("</script>", first) - first).find('<') ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(refusals) {
    const std::string run = "run --network net.kvn --platform bands.yaml --image photo.png ";
    folder().check_refused(run + "--report none/x.html",
                           {"none/x.html: cannot be written: No such file"});
    folder().check_refused(run + "--report net.kvn", {"net.kvn", "it is an input, too"});
    folder().check_refused(run + "--report x --timeline x", {"--timeline and --report"});
    folder().check_refused(run + "--report x.html --device spartan", {"spartan", "artix7"});
}
