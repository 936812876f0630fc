#include "tests/platform/faults/fault_table.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "platform/faults/injector.h"
#include "tests/platform/small_network.h"

namespace karhunen {

namespace {

constexpr const char* begin_mark = "<!-- table: make faults -->\n";
constexpr const char* end_mark = "<!-- end of table -->\n";

/// Several bands per map, tables, two decoders at work.
SmallOptions small_options() {
    SmallOptions options;
    options.codec = "transform";
    options.configuration.buffers.output_kib = 8;
    return options;
}

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string for_small_network(std::string plan) {
    const std::pair<const char*, const char*> names[] = {
        {"layer1\\.0\\.conv1", "a.mid"}, {"layer1\\.0\\.conv2", "a.out"},
        {"layer2\\.0\\.conv1", "b.mid"}, {"layer2\\.0\\.conv2", "b.out"},
        {"\\bconv1\\b", "stem"},         {"\\bfc\\b", "logits"}};
    for (const auto& [from, to] : names) plan = std::regex_replace(plan, std::regex(from), to);
    return plan;
}

RunReport run_with(const Loadable& loadable, const std::string& plan, const std::string& name,
                   bool check) {
    RunOptions options = small_run(loadable, small_options());
    options.check = check;
    if (plan.empty()) return run(loadable, options);
    FaultInjector injector(FaultPlan::parse(plan, name));
    options.instruments = {&injector};
    return run(loadable, options);
}

bool same_result(const RunReport& a, const RunReport& b) {
    const auto same = [](const Guess& x, const Guess& y) {
        return x.index == y.index && x.logit == y.logit;
    };
    return a.top.size() == b.top.size() && !a.top.empty() &&
           std::equal(a.top[0].begin(), a.top[0].end(), b.top[0].begin(), b.top[0].end(), same);
}

/// Lines about faults and recoveries. Addresses move whenever firmware or a map does.
std::string said_by(const RunReport& report) {
    std::string all;
    std::istringstream uart(report.uart);
    for (std::string line; std::getline(uart, line);) {
        while (!line.empty() && line.back() == '\r') line.pop_back();
        const bool is_of_interest = line.starts_with("noticed: ") || line == "recovered" ||
                                    line.starts_with("fault: ") ||
                                    line.find("refused") != line.npos;
        if (is_of_interest) all += (all.empty() ? "" : "; ") + line;
    }
    all = std::regex_replace(all, std::regex(", (pc|ra|sp) 0x[0-9a-f]+"), "");
    all = std::regex_replace(all, std::regex("found [0-9]+ \\(0x[0-9a-f]+\\), expected.*"), "...");
    return std::regex_replace(all, std::regex(" at (address )?0x[0-9a-f]{6,}"), "");
}

}  // namespace

std::vector<FaultOutcome> run_examples(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());

    const Loadable loadable = small_loadable(small_options());
    const RunReport clean = run_with(loadable, "", "", false);
    if (clean.exit_code != 0) throw std::runtime_error("without faults: " + clean.fault);
    std::vector<FaultOutcome> outcomes;
    for (const auto& file : files) {
        const std::string text = read(file), plan = for_small_network(text);
        FaultOutcome& o = outcomes.emplace_back();
        o.name = file.stem().string();
        o.text = text.substr(2, text.find('\n') - 2);
        o.alone = run_with(loadable, plan, file.string(), false);
        o.checked = run_with(loadable, plan, file.string(), true);
        o.is_right = o.alone.exit_code == 0 && same_result(o.alone, clean);
        o.said = said_by(o.alone);
    }
    return outcomes;
}

std::string ending_of(const FaultOutcome& o) {
    if (o.alone.exit_code != 0) return "stopped";
    if (!o.is_right) return "UNNOTICED";
    return o.said.empty() ? "harmless" : "recovered";
}

std::string table_of(const std::vector<FaultOutcome>& outcomes) {
    std::ostringstream table;
    table << "| file | fault | firmware says | ending | exit code, with `--check` | result |\n"
             "| --- | --- | --- | --- | --- | --- |\n";
    for (const FaultOutcome& o : outcomes)
        table << "| `" << o.name << "` | " << o.text << " | " << (o.said.empty() ? "-" : o.said)
              << " | " << ending_of(o) << " | " << o.alone.exit_code << ", " << o.checked.exit_code
              << " | "
              << (o.alone.exit_code != 0 ? "none"
                  : o.is_right           ? "right"
                                         : "wrong")
              << " |\n";
    return table.str();
}

std::string with_table(const std::string& page, const std::string& table) {
    const size_t begin = page.find(begin_mark), end = page.find(end_mark);
    if (begin == page.npos || end == page.npos) throw std::runtime_error("no place for the table");
    return page.substr(0, begin) + begin_mark + table + page.substr(end);
}

}  // namespace karhunen
