#include "platform/explore/pareto.h"

#include <algorithm>
#include <numeric>

namespace karhunen {

namespace {

bool dominates(const std::vector<double>& a, const std::vector<double>& b) {
    bool better = false;
    for (size_t i = 0; i < a.size(); ++i) {
        if (a[i] > b[i]) return false;
        better = better || a[i] < b[i];
    }
    return better;
}

}  // namespace

/// In lexical order nothing is dominated by what comes later, so each is compared with the front so
/// far only.
std::vector<size_t> pareto_front(const std::vector<std::vector<double>>& points) {
    std::vector<size_t> order(points.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return points[a] < points[b]; });
    std::vector<size_t> front;
    for (const size_t i : order)
        if (std::none_of(front.begin(), front.end(),
                         [&](size_t f) { return dominates(points[f], points[i]); }))
            front.push_back(i);
    std::sort(front.begin(), front.end());
    return front;
}

}  // namespace karhunen
