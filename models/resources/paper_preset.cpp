#include "models/resources/paper_preset.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "models/resources/device.h"

namespace karhunen::resources {

namespace {
constexpr uint32_t swept = 16, most_channels = 256;
constexpr double marked_lut_k = 0.45;  ///< beyond this no rounding explains a residual
}  // namespace

PaperLogic paper_array(uint32_t channels) {
    if (channels <= swept)
        throw std::invalid_argument("preset paper: " + std::to_string(channels) +
                                    " channels; expected more than " + std::to_string(swept) +
                                    " (array.reduction_lanes above " + std::to_string(9 * swept) +
                                    ")");
    const double passes = std::max(1.0, std::ceil(channels / double{most_channels}));
    const double kernels = channels / passes - swept;
    return {passes * (374 * kernels + 1034), passes * 20 * kernels};
}

PaperLogic paper_pca(uint32_t channels) {
    return {8.0 * channels, 37.7 + 0.814 * channels};
}

uint32_t paper_channels(uint32_t reduction_lanes) {
    return (reduction_lanes + 8) / 9;
}

std::vector<PaperResidual> paper_residuals() {
    constexpr const char* variants[] = {"8 bit", "quantised + VLC", "+ PCA"};
    const Device& device = find_device("stratix10");
    std::vector<PaperResidual> rows;
    for (const PaperLayer& layer : paper_table_3)
        for (size_t v = 0; v < layer.printed.size(); ++v) {
            const PaperCells& printed = layer.printed[v];
            PaperLogic ours = paper_array(layer.channels);
            if (v == 2) {
                const PaperLogic pca = paper_pca(layer.channels);
                ours.lut += pca.lut;
                ours.dsp += pca.dsp;
            }
            const double lut_k = ours.lut / 1000 - printed.lut_k;
            rows.push_back({layer.channels, variants[v], printed, ours, lut_k,
                            100 * (ours.dsp / printed.dsp - 1), std::abs(lut_k) > marked_lut_k,
                            ours.dsp <= static_cast<double>(device.dsp) &&
                                ours.lut <= static_cast<double>(device.logic)});
        }
    return rows;
}

}  // namespace karhunen::resources
