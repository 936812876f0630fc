// Optimal prefix code lengths under a length limit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace karhunen {

/// Lengths (1..limit bits) that minimise sum of weight * length, by package-merge (Larmore and
/// Hirschberg, JACM 1990). The Kraft sum is exactly 1. Needs 2 <= weights.size() <= 2^limit; equal
/// weights are told apart by their index, so the result is the same on every host.
std::vector<uint8_t> huffman_lengths(std::span<const uint64_t> weights, unsigned limit);

}  // namespace karhunen
