#include "platform/html_report.h"

#include <cstdint>
#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

#include "platform/files.h"
#include "platform/web_files.h"

namespace karhunen {

namespace {

std::string_view text_of(std::span<const uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// For <script type="application/json">, which nothing but "</script" ends, and which "<!--" makes
/// harder to end. Both begin with a character that JSON has inside of strings only. What is not
/// ASCII is escaped too (U+2028 ends lines in older JavaScript), so the encoding does not matter.
std::string script_json(const nlohmann::ordered_json& data) {
    const std::string json =
        data.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
    std::string safe;
    for (const char c : json) c == '<' ? safe += "\\u003c" : safe += c;
    return safe;
}

}  // namespace

std::string html_report(Page page, const nlohmann::ordered_json& data) {
    std::string_view rest = text_of(web_file(page == Page::run ? "run.html" : "explore.html"));
    std::string result;
    // The template names files as {{page.css}}; {{data}} is the data.
    for (size_t mark; (mark = rest.find("{{")) != std::string_view::npos;) {
        const size_t end = rest.find("}}", mark);
        const std::string_view name = rest.substr(mark + 2, end - mark - 2);
        result += rest.substr(0, mark);
        if (name == "data")
            result += script_json(data);
        else
            result += text_of(web_file(name));
        rest.remove_prefix(end + 2);
    }
    return result += rest;
}

void write_html_report(const std::filesystem::path& path, Page page,
                       const nlohmann::ordered_json& data) {
    OutputFile file(path);
    file.write(html_report(page, data));
    file.commit();
}

}  // namespace karhunen
