// Figures of Chmiel et al., "Feature Map Transform Coding for Energy-Efficient CNN
// Inference", for showing beside ours. Nothing here is computed; paper_table.h has what is.
#pragma once

#include <array>
#include <cstdint>

namespace karhunen::paper {

/// Entropy of ResNet-18's 17 tensors with PCA, bits per value: conv1, then relu1 and relu2 of the
/// eight blocks.
inline constexpr std::array<double, 17> entropy_with_pca = {
    2.930, 3.269, 4.716, 4.680, 4.991, 4.670, 5.069, 5.406, 5.141,
    4.361, 4.968, 4.332, 4.205, 3.505, 4.255, 3.413, 4.108};
inline constexpr std::array<double, 17> entropy_without_pca = {
    5.297, 5.765, 5.825, 5.998, 6.035, 6.630, 6.001, 6.425, 5.896,
    6.385, 6.252, 6.388, 5.649, 6.561, 6.283, 6.432, 5.796};

/// Fig. 3, 8-bit weights: top-1 accuracy of ResNet-18 with transform coding, and with 8-bit maps.
struct AccuracyPoint {
    double bits_per_value, top1_percent;
};
inline constexpr double accuracy_8_bit = 69.76;
inline constexpr std::array<AccuracyPoint, 5> accuracy_curve = {
    {{4.25, 69.75}, {4.0, 69.5}, {3.52, 69.25}, {3.1, 68.7}, {2.75, 67.7}}};

/// A cell of Table III as it is printed: the value, and the change against the 8-bit row in % (0 in
/// that row).
struct Printed {
    double value, percent;
};

struct Variant {
    const char* name;
    double bits_per_value;  ///< what the row starts from
    Printed energy;         ///< the column's head says uJ
    Printed bandwidth;      ///< Gbps
};

/// Four convolution layers of ResNet-18, one output value per clock.
struct Layer {
    uint32_t channels, height, width;
    std::array<Variant, 3> variants;
};

inline constexpr double clock_mhz = 160;

// clang-format off
inline constexpr std::array<Layer, 4> table_3 = {{
    {64, 56, 56, {{{"8 bit", 8, {225.93, 0}, {1.28, 0}},
                   {"quantised + VLC", 6, {173.44, -23}, {0.96, -25}},
                   {"+ PCA", 4.25, {100.6, -44}, {0.68, -46.8}}}}},
    {128, 28, 28, {{{"8 bit", 8, {112.96, 0}, {1.28, 0}},
                    {"quantised + VLC", 6.5, {148, -17}, {1.04, -18.7}},
                    {"+ PCA", 5.19, {117, -35}, {0.83, -35.1}}}}},
    {256, 14, 14, {{{"8 bit", 8, {56.5, 0}, {1.28, 0}},
                    {"quantised + VLC", 6.44, {46.8, -17.2}, {1.03, -19.5}},
                    {"+ PCA", 4.56, {103, -42.8}, {0.73, -42.9}}}}},
    {512, 7, 7, {{{"8 bit", 8, {28.2, 0}, {1.28, 0}},
                  {"quantised + VLC", 6.56, {23.9, -15.6}, {1.05, -17.9}},
                  {"+ PCA", 4.125, {91, -49.5}, {0.66, -48.4}}}}},
}};
// clang-format on

}  // namespace karhunen::paper
