#include "sw/compiler/onnx_names.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace karhunen {

namespace {

constexpr std::size_t longest_name = 40;

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Bytes of the leading parts "a.b." that all names share.
std::size_t common_parts(const std::vector<Node>& nodes) {
    if (nodes.size() < 3) return 0;  // the picture and one operator
    const std::string& first = nodes[1].name;
    std::size_t same = first.size();
    for (std::size_t n = 2; n < nodes.size(); ++n) {
        const std::string& name = nodes[n].name;
        const auto end = std::mismatch(
            first.begin(), first.begin() + static_cast<std::ptrdiff_t>(std::min(same, name.size())),
            name.begin());
        same = static_cast<std::size_t>(end.first - first.begin());
    }
    const std::size_t point = same ? first.rfind('.', same - 1) : std::string::npos;
    if (point == std::string::npos) return 0;
    for (std::size_t n = 1; n < nodes.size(); ++n)  // "0", "1" would be poor names
        if (point + 1 >= nodes[n].name.size() || is_digit(nodes[n].name[point + 1])) return 0;
    return point + 1;
}

}  // namespace

void make_names_short_and_unique(Graph& graph) {
    const std::size_t common = common_parts(graph.nodes);
    std::set<std::string> taken;
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
        std::string& name = graph.nodes[n].name;
        if (n > 0) name.erase(0, common);
        for (char& c : name)
            if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-') c = '_';
        if (name.size() > longest_name) name.erase(0, name.size() - longest_name);
        if (name.empty()) name = "node";
        const std::string base = name;
        for (int i = 2; !taken.insert(name).second; ++i) name = base + "_" + std::to_string(i);
    }
}

}  // namespace karhunen
