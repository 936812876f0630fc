// A run of a network with a name that no page should swallow, for the tests of its page.
#pragma once

#include <filesystem>
#include <string>

#include "tests/platform/codec_files.h"

namespace {

const std::string hostile = "</script><!--\"'&.kvn";

/// Its page and its JSON.
struct Reported {
    Json json;
    std::string html;
    Reported() {
        std::filesystem::create_directory(folder().path() / "<");
        std::filesystem::copy(folder().path() / "net.kvn", folder().path() / hostile);
        json = Json::parse(good("run --network " + hostile +
                                " --platform bands.yaml --image photo.png --batch 2 --check "
                                "--json --report run.html")
                               .out);
        html = folder().read("run.html");
    }
};

const Reported& reported() {
    static const Reported once;
    return once;
}

Json data_of(const std::string& html) {
    const std::string mark = "<script type=\"application/json\" id=\"data\">";
    const size_t begin = html.find(mark) + mark.size();
    return Json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

}  // namespace
