// Which designs no other one beats.
#pragma once

#include <cstddef>
#include <vector>

namespace karhunen {

/// Indices, ascending, of the points that are not dominated: none other is at least as good in
/// every coordinate and better in one. Smaller is better; all have as many coordinates, none of
/// them NaN. Points that are equal in all are on the front together.
std::vector<size_t> pareto_front(const std::vector<std::vector<double>>& points);

}  // namespace karhunen
