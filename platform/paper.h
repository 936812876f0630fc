// Figures printed in Chmiel et al., "Feature Map Transform Coding for Energy-Efficient CNN
// Inference", for showing beside ours.
#pragma once

#include <array>

namespace karhunen::paper {

/// Entropy of ResNet-18's 17 tensors with PCA, bits per value: conv1, then relu1 and relu2 of the
/// eight blocks.
inline constexpr std::array<double, 17> entropy_with_pca = {
    2.930, 3.269, 4.716, 4.680, 4.991, 4.670, 5.069, 5.406, 5.141,
    4.361, 4.968, 4.332, 4.205, 3.505, 4.255, 3.413, 4.108};
inline constexpr std::array<double, 17> entropy_without_pca = {
    5.297, 5.765, 5.825, 5.998, 6.035, 6.630, 6.001, 6.425, 5.896,
    6.385, 6.252, 6.388, 5.649, 6.561, 6.283, 6.432, 5.796};

}  // namespace karhunen::paper
