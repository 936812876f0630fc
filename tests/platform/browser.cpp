#include "tests/platform/browser.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace karhunen {

namespace {

namespace fs = std::filesystem;

struct Folder {
    fs::path path;
    Folder() {
        std::string name = (fs::temp_directory_path() / "karhunen-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path = name;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    std::string read(const std::string& name) const {
        std::ifstream in(path / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }
};

/// In front of the page's scripts.
constexpr const char* listeners = R"js(<script>
const complaints = [];
addEventListener('error', event => complaints.push(`error: ${event.message || event.target.tagName}`), true);
addEventListener('unhandledrejection', event => complaints.push(`rejected: ${event.reason}`));
document.addEventListener('securitypolicyviolation', event => complaints.push(`refused: ${event.blockedURI}`));
</script>)js";

/// In URI encoding, which survives as text of HTML.
std::string ending(const std::string& script) {
    return std::string("<script>\n") + browser_helpers + R"js(
addEventListener('load', async () => {
    let found;
    try {
        found = await (async () => {)js" +
           script + R"js(})();
    } catch (error) {
        complaints.push(`the test's script: ${error.stack}`);
    }
    for (const entry of performance.getEntriesByType('resource')) complaints.push(`loaded: ${entry.name}`);
    const result = document.createElement('div');
    result.id = 'result_of_test';
    result.textContent = encodeURIComponent(JSON.stringify({found, complaints}));
    document.body.appendChild(result);
});
</script>)js";
}

std::string inserted(std::string html, const std::string& before, const std::string& text) {
    const size_t at = html.find(before);
    if (at == std::string::npos) throw std::runtime_error("the page has no " + before);
    return html.insert(at, text);
}

std::string decoded(const std::string& uri) {
    std::string text;
    for (size_t i = 0; i < uri.size(); ++i) {
        if (uri[i] == '%') {
            text += static_cast<char>(std::stoi(uri.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            text += uri[i];
        }
    }
    return text;
}

}  // namespace

const char* const browser_helpers = R"js(
const chart = id => Chart.getChart(document.getElementById(id));
function isDrawn(id) {
    const {width, height} = document.getElementById(id);
    const copy = Object.assign(document.createElement('canvas'), {width, height}).getContext('2d', {willReadFrequently: true});
    copy.drawImage(document.getElementById(id), 0, 0);
    return new Set(new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer)).size > 3;
}
const textOf = selector => document.querySelector(selector).textContent;
)js";

Visit visit(const std::string& html, const std::string& script, bool is_dark) {
    const Folder folder;
    std::ofstream(folder.path / "page.html", std::ios::binary)
        << inserted(inserted(html, "<title>", listeners), "</body>", ending(script));
    // The proxy is not there: what the browser would like to ask its maker stays unasked.
    const std::string command =
        "cd " + folder.path.string() +
        " && HOME=$PWD timeout 120 " KARHUNEN_CHROMIUM
        " --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic"
        " --no-first-run --disable-background-networking --disable-component-update"
        " --disable-sync --proxy-server=127.0.0.1:9 --user-data-dir=profile --window-size=1200,900"
        " --enable-logging=stderr --virtual-time-budget=20000" +
        (is_dark ? " --blink-settings=preferredColorScheme=0" : "") + " --dump-dom file://" +
        (folder.path / "page.html").string() + " > dom.html 2> messages";
    const int status = std::system(command.c_str());
    const std::string dom = folder.read("dom.html"), mark = "<div id=\"result_of_test\">";
    const size_t begin = dom.find(mark);
    if (status != 0 || begin == std::string::npos)
        throw std::runtime_error("no result of the browser:\n" + folder.read("messages"));
    const size_t from = begin + mark.size();
    const auto result =
        nlohmann::json::parse(decoded(dom.substr(from, dom.find('<', from) - from)));
    Visit visit{result.value("found", nlohmann::json()), result.at("complaints")};
    std::istringstream messages(folder.read("messages"));
    for (std::string line; std::getline(messages, line);)
        if (line.find(":CONSOLE") != std::string::npos) visit.complaints.push_back(line);
    return visit;
}

}  // namespace karhunen
