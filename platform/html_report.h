// Reports as pages: one HTML file each, with its style sheet, its scripts, Chart.js and its data.
// They open from disk and load nothing. The parts are in platform/web.
#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace karhunen {

enum class Page {
    run,     ///< data: run_page_data()
    explore  ///< data: see platform/web/points.js
};

/// Whatever texts the data contains, they stay texts: nothing in them ends the element that they
/// are in.
std::string html_report(Page page, const nlohmann::ordered_json& data);

/// The file is whole or untouched. Throws std::runtime_error("PATH: cannot be written: REASON").
void write_html_report(const std::filesystem::path& path, Page page,
                       const nlohmann::ordered_json& data);

}  // namespace karhunen
