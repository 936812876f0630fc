// Table III of Chmiel et al., "Feature Map Transform Coding for Energy-Efficient CNN Inference":
// LUT and DSP of one convolution layer of ResNet-18 on a Stratix 10, 160 MHz, one output value per
// clock; what is printed, and formulas that reproduce it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace karhunen::resources {

struct PaperLogic {
    double lut = 0, dsp = 0;
};

/// The convolution of a layer with C input channels. Synthesised are n = max(1, ceil(C / 256))
/// passes of b = C / n channels: DSP = n 20 (b - 16), LUT = n (374 (b - 16) + 1034). A channel is a
/// kernel of 27 multipliers of 8 x 8 in 20 blocks, where 3 x 3 needs 9; synthesis swept 16 of the
/// kernels away, which nothing read: a slip of the wiring. Throws std::invalid_argument unless
/// C > 16.
PaperLogic paper_array(uint32_t channels);

/// What PCA adds: LUT 8 C, DSP 37.7 + 0.814 C. (Physically C multipliers, one a channel; this is
/// the line through the four that are printed.)
PaperLogic paper_pca(uint32_t channels);

/// The 3 x 3 layer whose sum fills the lanes: ceil(reduction_lanes / 9).
uint32_t paper_channels(uint32_t reduction_lanes);

/// About 0.4 K, by their text; the table's LUT column does not show it.
inline constexpr double paper_vlc_lut = 400;

struct PaperCells {
    double lut_k, dsp;
};
struct PaperLayer {
    uint32_t channels;
    std::array<PaperCells, 3> printed;  ///< 8 bit; quantised + VLC; + PCA
};
inline constexpr std::array<PaperLayer, 4> paper_table_3 = {{
    {64, {{{19, 960}, {19, 960}, {19.5, 1056}}}},
    {128, {{{43, 2240}, {43, 2240}, {45, 2366}}}},
    {256, {{{91, 4800}, {91, 4800}, {93, 5059}}}},
    {512, {{{182, 9600}, {182, 9600}, {186, 10051}}}},
}};

/// A row of the table beside the formulas.
struct PaperResidual {
    uint32_t channels;
    const char* variant;
    PaperCells printed;
    PaperLogic ours;
    double lut_k_residual;        ///< ours - printed
    double dsp_residual_percent;  ///< of printed
    bool marked;                  ///< a cell that no formula through the others reaches: +2 K
    bool fits;                    ///< a Stratix 10 1SX280
};
std::vector<PaperResidual> paper_residuals();

}  // namespace karhunen::resources
