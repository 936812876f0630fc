#include "platform/explore/results.h"

#include <algorithm>
#include <limits>

namespace karhunen {

const std::vector<Metric>& metrics() {
    static const std::vector<Metric> all = {
        {"fps", "1/s", "frames per second", true, false},
        {"latency_ms", "ms", "latency of a batch", false, false},
        {"dram_kib", "KiB", "DRAM bytes of an image", false, false},
        {"maps_kib", "KiB", "of these maps, tables and tile table", false, false},
        {"weights_kib", "KiB", "of these weights", false, false},
        {"bits_per_value", "bit", "of a stored value, in DRAM bursts", false, false},
        {"dram_uj", "uJ", "DRAM energy of an image, data sheet", false, false},
        {"dram_paper_uj", "uJ", "DRAM energy of an image, formula of Chmiel et al.", false, false},
        {"codec_uj", "uJ", "energy of coding an image", false, false},
        {"compute_uj", "uJ", "energy of multiplying and adding, an image", false, false},
        {"energy_uj", "uJ", "DRAM (data sheet), coding and multiplying, an image", false, false},
        {"compute_percent", "%", "of the time the array computes", true, false},
        {"input_percent", "%", "of the time it waits for input", false, false},
        {"encoder_percent", "%", "of the time it waits for the encoder", false, false},
        {"dram_percent", "%", "of the time it waits for DRAM", false, false},
        {"logic", "LUT or ALM", "logic", false, false},
        {"dsp", "blocks", "DSP", false, false},
        {"ram_blocks", "M20K or BRAM36", "on-chip memory", false, false},
        {"kge", "kGE", "gates, without memories", false, false},
        {"device_percent", "%", "of the device, its scarcest part", false, false},
        {"top1_percent", "%", "right answers", true, true},
        {"drop", "points", "top-1 accuracy lost against raw maps", false, true},
        {"changed_percent", "%", "answers other than with raw maps", false, true},
        {"snr_db", "dB", "logits against those of raw maps", true, true},
    };
    return all;
}

const Metric* find_metric(const std::string& name) {
    const std::string wanted = name == "lut" || name == "alm" ? "logic"
                               : name == "frames_per_second"  ? "fps"
                                                              : name;
    const auto found = std::find_if(metrics().begin(), metrics().end(),
                                    [&](const Metric& m) { return m.name == wanted; });
    return found == metrics().end() ? nullptr : &*found;
}

Results results_of(const nlohmann::json& json) {
    Results results;
    for (const auto& [metric, value] : json.items())
        results[metric] =
            value.is_null() ? std::numeric_limits<double>::infinity() : value.get<double>();
    return results;
}

std::string share_metric(const std::string& device) {
    return "percent_of_" + device;
}

}  // namespace karhunen
