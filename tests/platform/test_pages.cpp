// Report pages in a browser: charts and controls.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include "platform/html_report.h"
#include "tests/platform/browser.h"
#include "tests/platform/reported_run.h"

using namespace karhunen;

namespace {

const std::vector<std::string> charts = {"cycles_chart",  "traffic_chart",  "rates_chart",
                                         "energy_chart",  "roofline_chart", "resources_chart",
                                         "timeline_chart"};

/// Of a chart's datasets, in one row.
double sum_of_row(const Json& datasets, size_t row) {
    double sum = 0;
    for (const Json& dataset : datasets) sum += dataset.at("data").at(row).get<double>();
    return sum;
}

void check_quiet(const Visit& page) {
    for (const std::string& complaint : page.complaints) BOOST_ERROR(complaint);
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_chart_is_drawn) {
    const Visit page = visit(reported().html, R"js(
        const ids = [...document.querySelectorAll('canvas')].map(canvas => canvas.id);
        const charts = {};
        for (const id of ids.filter(chart)) {
            const {data, scales} = chart(id);
            charts[id] = {
                datasets: data.datasets.map(({label, data}) => ({label, data})), labels: data.labels,
                titles: Object.values(scales).filter(s => s.type !== 'category').map(s => s.options.title.text),
            };
        }
        const facts = {ids, charts, drawn: ids.filter(isDrawn), title: textOf('h1'), device: textOf('#tiles .tile:last-child'),
            alert: document.getElementById('fault').hidden, rows: document.querySelectorAll('#layers_table tbody tr').length,
            overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth};
        facts.table = [...document.querySelectorAll('#layers_table tbody tr')].map(row => [...row.cells].map(c => c.textContent));
        dispatchEvent(new Event('beforeprint'));
        facts.printed = ids.filter(isDrawn);
        facts.widths = ids.map(id => document.getElementById(id).getBoundingClientRect().width);
        facts.paper = getComputedStyle(document.body).backgroundColor;
        dispatchEvent(new Event('afterprint'));
        facts.again = ids.filter(isDrawn);
        const strips = document.getElementById('timeline_chart'), box = strips.getBoundingClientRect();
        strips.dispatchEvent(new MouseEvent('mousemove', {clientX: box.left + box.width / 2, clientY: box.top + 85}));
        facts.tip = textOf('#timeline .tip');
        return facts;
    )js");
    check_quiet(page);
    const Json& found = page.found;
    BOOST_TEST(found.at("ids").size() == charts.size());
    for (const char* when : {"drawn", "printed", "again"})
        BOOST_TEST(found.at(when) == found.at("ids"), when);
    for (const std::string& id : charts)
        BOOST_TEST((id == "timeline_chart" || found.at("charts").contains(id)), id);
    for (const Json& width : found.at("widths")) BOOST_TEST(width.get<double>() <= 700);
    BOOST_TEST(found.at("paper") == "rgb(255, 255, 255)");
    BOOST_TEST(found.at("overflow") == 0);
    for (const char* part : {" ms, layer ", "compute array: ", "DRAM: read "})
        BOOST_TEST(contains(found.at("tip").get<std::string>(), part), found.at("tip"));
    BOOST_TEST(found.at("title") == hostile);
    BOOST_TEST(found.at("alert") == true);
    for (const auto& [id, chart] : found.at("charts").items())
        for (const Json& title : chart.at("titles"))
            BOOST_TEST(title.get<std::string>().size() > 2, id << " has an axis without a unit");

    const Json& layers = reported().json.at("layers");
    BOOST_TEST(found.at("rows") == layers.size() + 1);
    const auto close = boost::test_tools::tolerance(1e-9);
    const auto datasets = [&](const std::string& id) -> const Json& {
        return found.at("charts").at(id).at("datasets");
    };
    BOOST_TEST(found.at("table").back().at(1) == "total");
    size_t multiplied = 0, counted = 0;
    for (size_t l = 0; l < layers.size(); ++l) {
        BOOST_TEST(sum_of_row(datasets("cycles_chart"), l) * 1e3 ==
                       layers[l].at("cycles").at("total").get<double>(),
                   close);
        BOOST_TEST(sum_of_row(datasets("traffic_chart"), l) * 1024 ==
                       layers[l].at("dram_bytes").at("total").get<double>(),
                   close);
        BOOST_TEST(found.at("table").at(l).at(0) == std::to_string(l + 1));
        BOOST_TEST(found.at("table").at(l).at(1) == layers[l].at("name"));
        multiplied += layers[l].at("multiplications") > 0;
        if (layers[l].at("counted") == true)
            BOOST_TEST(datasets("rates_chart").back().at("data").at(counted++) ==
                       layers[l].at("bits_per_value").at("dram_bursts"));
    }
    BOOST_TEST(datasets("rates_chart").size() == 4u);
    BOOST_TEST(datasets("rates_chart").back().at("data").size() == counted);
    BOOST_TEST(datasets("roofline_chart").at(0).at("data").size() == multiplied);
    BOOST_TEST(found.at("charts").at("energy_chart").at("labels").size() == layers.size() + 1);
    const Json shares = data_of(reported().html).at("estimate").at("device").at("share_percent");
    size_t kind = 0;
    for (const char* name : {"logic", "dsp", "ram_blocks"})
        BOOST_TEST(sum_of_row(datasets("resources_chart"), kind++) == shares.at(name).get<double>(),
                   close);
}

BOOST_AUTO_TEST_CASE(a_run_that_failed_says_so) {
    folder().write("short.yaml", "cpu:\n    watchdog_ms: 0.1\n");
    const Outcome outcome = folder().run(
        "run --network net.onnx --calibration photos --codec raw --image photo.png --platform "
        "short.yaml --report failed.html");
    BOOST_TEST(outcome.exit_code == 3, outcome.err);
    const Visit page = visit(folder().read("failed.html"), R"js(
        return {alert: document.getElementById('fault').hidden ? '' : textOf('#fault'),
                charts: document.getElementById('measured').hidden,
                background: getComputedStyle(document.body).backgroundColor};
    )js",
                             true);
    check_quiet(page);
    BOOST_TEST(page.found.at("alert").get<std::string>().find("watchdog") != std::string::npos);
    BOOST_TEST(page.found.at("charts") == true);
    BOOST_TEST(page.found.at("background") == "rgb(20, 23, 28)");  // dark
}
