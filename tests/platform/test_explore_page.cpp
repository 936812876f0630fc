// The page of a sweep in a browser: front, filters, axes, table, details of a point.
#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include "platform/html_report.h"
#include "tests/platform/browser.h"

using namespace karhunen;
using Json = nlohmann::ordered_json;

namespace {

constexpr size_t point_count = 10000;

/// Costs and gains on a coarse grid, so that many points are alike; every hundredth has no energy.
const Json& sweep() {
    static const Json data = [] {
        std::mt19937 random(5);
        Json points = Json::array();
        for (size_t i = 0; i < point_count; ++i) {
            const std::string codec =
                std::vector<std::string>{"raw", "</b>&\"", "context:6"}[i % 3];
            const unsigned lanes = 1u << (i / 3 % 12);
            const unsigned work = random() % 200;
            Json energy = 0.5 * static_cast<double>(random() % 400);
            if (i % 100 == 7) energy = nullptr;
            points.push_back({{"name", "point " + std::to_string(i)},
                              {"parameters", {{"lanes", lanes}, {"codec", codec}, {"seed", 1}}},
                              {"results",
                               {{"frames_per_s", work + lanes % 7},
                                {"lut", 10 * lanes + random() % 2000},
                                {"energy_mj", energy}}},
                              {"front", i < 3},
                              {"violates", i % 5 != 0 ? Json::array() : Json{"lut <= 9"}}});
        }
        return Json{{"title", "a <sweep>"},
                    {"points", points},
                    {"objectives", {"frames_per_s", {{"key", "lut"}, {"better", "lower"}}}},
                    {"units", {{"frames_per_s", "1/s"}, {"lut", "ALM"}, {"energy_mj", "mJ"}}}};
    }();
    return data;
}

using Points = std::vector<const Json*>;

template <typename Wanted>
Points chosen(Wanted wanted) {
    Points result;
    for (const Json& point : sweep().at("points"))
        if (wanted(point)) result.push_back(&point);
    return result;
}

double result_of(const Json& point, const char* key) {
    return point.at("results").at(key).get<double>();
}

/// Places (x, y) of points that no point beats, x ascending, without repetition: by definition.
/// Signs: 1 where lower is better, -1 where higher is.
Json naive_front(const Points& points, const char* x, int x_sign, const char* y, int y_sign) {
    using Place = std::pair<double, double>;
    std::vector<Place> places, front;
    for (const Json* p : points)
        places.emplace_back(x_sign * result_of(*p, x), y_sign * result_of(*p, y));
    for (const Place& p : places) {
        const bool is_beaten = std::any_of(places.begin(), places.end(), [&](const Place& q) {
            return q.first <= p.first && q.second <= p.second && q != p;
        });
        if (!is_beaten) front.emplace_back(x_sign * p.first, y_sign * p.second);
    }
    std::sort(front.begin(), front.end());
    front.erase(std::unique(front.begin(), front.end()), front.end());
    return front;
}

constexpr const char* helpers = R"js(
    const state = () => {
        const [front, ...groups] = chart('scatter_chart').data.datasets;
        return {
            shown: groups.reduce((sum, g) => sum + g.data.length, 0), groups: groups.map(g => g.label),
            front: front.data.map(({x, y}) => [x, y]), text: textOf('#scatter .lede'),
            rows: document.querySelectorAll('#points_table tbody tr').length,
            isDrawn: isDrawn('scatter_chart'),
        };
    };
    const box = (key, value) => [...document.querySelectorAll('#filters fieldset')].find(f => f.dataset.key === key)
        .querySelector(`input[data-value="${CSS.escape(value)}"]`);
    const choose = (id, value) => {
        document.getElementById(id).value = value;
        document.getElementById(id).dispatchEvent(new Event('change'));
    };
    const column = n => [...document.querySelectorAll(`#points_table tbody td:nth-child(${n})`)].map(cell => cell.textContent);
)js";

Json found(const std::string& script) {
    const Visit page = visit(html_report(Page::explore, sweep()), helpers + script);
    for (const std::string& complaint : page.complaints) BOOST_ERROR(complaint);
    return page.found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(filters_and_axes_choose_points_and_front) {
    const Json states = found(R"js(
        const states = {first: state()};
        box('codec', 'raw').click();
        states.without_raw = state();
        document.getElementById('only_allowed').click();
        states.fitting = state();
        choose('x_key', 'energy_mj');
        states.energy = state();
        choose('y_better', 'lower');
        states.slow = state();
        document.getElementById('x_log').click();
        states.logarithmic = state();
        document.querySelector('#filters fieldset button:last-of-type').click();
        states.none = state();
        document.querySelector('#filters fieldset button').click();
        document.getElementById('only_allowed').click();
        choose('colour_key', 'lanes');
        states.all = state();
        states.title = textOf('h1');
        states.groups = document.querySelectorAll('#filters fieldset').length;
        return states;
    )js");
    const auto all = [](const Json&) { return true; };
    const auto not_raw = [](const Json& p) { return p.at("parameters").at("codec") != "raw"; };
    const auto fitting = [&](const Json& p) { return not_raw(p) && p.at("violates").empty(); };
    const auto with_energy = [&](const Json& p) {
        return fitting(p) && !p.at("results").at("energy_mj").is_null();
    };
    const auto above_0 = [&](const Json& p) {
        return with_energy(p) && result_of(p, "energy_mj") > 0;
    };
    const auto check = [&](const char* name, const Points& points, const Json& front) {
        const Json& state = states.at(name);
        BOOST_TEST(state.at("shown") == points.size(), name);
        BOOST_TEST(state.at("front") == front, name << ": " << state.at("front") << " " << front);
        BOOST_TEST(state.at("isDrawn") == true, name);
        BOOST_TEST(state.at("rows") == 200, name);
    };
    const auto fps = "frames_per_s", energy = "energy_mj";
    check("first", chosen(all), naive_front(chosen(all), "lut", 1, fps, -1));
    check("without_raw", chosen(not_raw), naive_front(chosen(not_raw), "lut", 1, fps, -1));
    check("fitting", chosen(fitting), naive_front(chosen(fitting), "lut", 1, fps, -1));
    check("energy", chosen(with_energy), naive_front(chosen(with_energy), energy, 1, fps, -1));
    check("slow", chosen(with_energy), naive_front(chosen(with_energy), energy, 1, fps, 1));
    check("logarithmic", chosen(above_0), naive_front(chosen(above_0), energy, 1, fps, 1));
    BOOST_TEST(states.at("none").at("shown") == 0);
    BOOST_TEST(states.at("none").at("rows") == 0);
    BOOST_TEST(states.at("first").at("groups") == Json({"</b>&\"", "context:6", "raw"}));
    BOOST_TEST(states.at("all").at("groups") ==
               Json({"1 to 2", "4 to 8", "16 to 32", "64 to 128", "256 to 512", "1024 to 2048"}));
    BOOST_TEST(states.at("first").at("text").get<std::string>().starts_with("10,000 of 10,000"));
    BOOST_TEST(states.at("title") == "a <sweep>");
    BOOST_TEST(states.at("groups") == 2);  // a parameter of one value has no filter
}

BOOST_AUTO_TEST_CASE(rows_are_sorted_and_points_described) {
    const Json facts = found(R"js(
        const facts = {best: column(5)};
        const heads = document.querySelectorAll('#points_table th');
        heads[5].click();
        facts.least = column(6);
        heads[5].click();
        facts.most = column(6);
        document.getElementById('more').click();
        facts.rows = state().rows;
        const shown = chart('scatter_chart'), last = shown.data.datasets.length - 1;
        const {x, y} = shown.getDatasetMeta(last).data[0].getProps(['x', 'y'], true);
        const canvas = shown.canvas.getBoundingClientRect();
        shown.canvas.dispatchEvent(new MouseEvent('mousemove', {clientX: canvas.left + x, clientY: canvas.top + y, bubbles: true}));
        await new Promise(resolve => setTimeout(resolve, 200));
        facts.tip = textOf('.tip');
        facts.titles = ['x', 'y'].map(axis => shown.scales[axis].options.title.text);
        dispatchEvent(new Event('beforeprint'));
        facts.printed = [...document.querySelectorAll('#points_table tbody tr')].every(row => row.className === 'front');
        facts.printedRows = state().rows;
        facts.front = state().front.length;
        facts.width = document.getElementById('scatter_chart').getBoundingClientRect().width;
        dispatchEvent(new Event('afterprint'));
        return facts;
    )js");
    std::vector<double> speeds, luts;
    for (const Json& point : sweep().at("points")) {
        speeds.push_back(result_of(point, "frames_per_s"));
        luts.push_back(result_of(point, "lut"));
    }
    std::sort(speeds.rbegin(), speeds.rend());
    std::sort(luts.begin(), luts.end());
    // Numbers as the page writes them: 1,234.
    const auto numbers = [](const Json& texts) {
        std::vector<double> values;
        for (std::string text : texts) {
            std::erase(text, ',');
            values.push_back(std::stod(text));
        }
        return values;
    };
    const auto first = [](std::vector<double> values) {
        values.resize(200);
        return values;
    };
    BOOST_TEST(numbers(facts.at("best")) == first(speeds), boost::test_tools::per_element());
    BOOST_TEST(numbers(facts.at("least")) == first(luts), boost::test_tools::per_element());
    std::reverse(luts.begin(), luts.end());
    BOOST_TEST(numbers(facts.at("most")) == first(luts), boost::test_tools::per_element());
    BOOST_TEST(facts.at("rows") == 400);
    const std::string tip = facts.at("tip");
    for (const char* part : {"point ", "codec: ", "lanes: ", "frames per s: ", "lut, ALM: ",
                             "energy mJ: ", "violates lut <= 9"})
        BOOST_TEST(tip.find(part) != std::string::npos, part << " in " << tip);
    BOOST_TEST(facts.at("titles") ==
               Json({"lut, ALM  (lower is better)", "frames per s  (higher is better)"}));
    BOOST_TEST(facts.at("printed") == true);
    BOOST_TEST(facts.at("printedRows") == facts.at("front"));
    BOOST_TEST(facts.at("width").get<double>() <= 700);
}

BOOST_AUTO_TEST_CASE(odd_sweeps) {
    const auto shown = [](const Json& data) {
        const Visit page = visit(html_report(Page::explore, data), helpers + std::string(R"js(
            return {alert: !!document.querySelector('.alert:not(noscript .alert)'),
                    state: document.getElementById('scatter').hidden ? null : state()};
        )js"));
        for (const std::string& complaint : page.complaints) BOOST_ERROR(complaint);
        return page.found;
    };
    const Json none = shown({{"points", Json::array()}});
    BOOST_TEST(none.at("alert") == true);
    BOOST_TEST(none.at("state").is_null());
    // One result serves both axes; parameters that only some points have; no units, objectives,
    // constraints.
    const Json bare =
        shown({{"points",
                {{{"name", "a"}, {"parameters", {{"p", 1}}}, {"results", {{"r", 2}}}},
                 {{"name", "b"}, {"parameters", Json::object()}, {"results", {{"r", 3}}}}}}});
    BOOST_TEST(bare.at("alert") == false);
    BOOST_TEST(bare.at("state").at("shown") == 2);
    BOOST_TEST(bare.at("state").at("groups") == Json({"1", "-"}));
    BOOST_TEST(bare.at("state").at("front") == Json::parse("[[2, 2]]"));
}
