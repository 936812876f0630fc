#include "platform/energy_split.h"

#include <algorithm>

#include <karhunen/loadable.h>
#include <nlohmann/json.hpp>

namespace karhunen {

namespace {

constexpr double pj_per_uj = 1e6;

resources::CodecEnergy coding(const krhn_tensor& tensor, const EstimateReport& estimate) {
    const auto energy_of = [&](uint32_t codec) {
        return resources::codec_energy(codec, estimate.machine.codec_unit, tensor.channels,
                                       process_of(*estimate.device));
    };
    resources::CodecEnergy energy = energy_of(tensor.codec);
    // Folded: the encoder gets coefficients, and is left with what it does for `vlc`.
    if (tensor.encoder_table_bytes > 0) energy.encode_pj = energy_of(KRHN_CODEC_VLC).encode_pj;
    return energy;
}

nlohmann::ordered_json commands_json(const EnergySplit& e) {
    return {{"activate_uj", e.activate},
            {"precharge_uj", e.precharge},
            {"read_uj", e.read},
            {"write_uj", e.write}};
}

}  // namespace

std::vector<EnergySplit> energy_by_layer(const RunReport& report, const Loadable& loadable,
                                         const EstimateReport& estimate) {
    const double mac_pj = resources::mac_pj(process_of(*estimate.device));
    std::vector<EnergySplit> splits;
    for (size_t l = 0; l < report.layers.size(); ++l) {
        const LayerReport& layer = report.layers[l];
        const ddr::Energy dram = sum(layer.dram).energy;
        const krhn_tensor& output = loadable.tensors()[loadable.layers()[l].output];
        EnergySplit split{
            .activate = dram.activate,
            .precharge = dram.precharge,
            .read = dram.read,
            .write = dram.write,
            .multiply = static_cast<double>(layer.multiplications) * mac_pj,
            .encode = static_cast<double>(layer.values) * coding(output, estimate).encode_pj};
        for (const DecodedValues& d : layer.decoded)
            split.decode += static_cast<double>(d.values) *
                            coding(loadable.tensors()[d.tensor], estimate).decode_pj;
        for (double* pj : {&split.activate, &split.precharge, &split.read, &split.write,
                           &split.multiply, &split.encode, &split.decode})
            *pj /= pj_per_uj;
        splits.push_back(split);
    }
    return splits;
}

nlohmann::ordered_json energy_json(const RunReport& report, const Loadable& loadable,
                                   const EstimateReport& estimate) {
    const ddr::Energy all = sum(report.total.dram).energy;
    EnergySplit rest{.activate = all.activate / pj_per_uj,
                     .precharge = all.precharge / pj_per_uj,
                     .read = all.read / pj_per_uj,
                     .write = all.write / pj_per_uj};
    nlohmann::ordered_json layers = nlohmann::ordered_json::array();
    for (const EnergySplit& e : energy_by_layer(report, loadable, estimate)) {
        nlohmann::ordered_json layer = commands_json(e);
        layer["multiply_uj"] = e.multiply;
        layer["encode_uj"] = e.encode;
        layer["decode_uj"] = e.decode;
        layers.push_back(layer);
        // Not below zero, where a run has no firmware traffic but a rounding error.
        rest.activate = std::max(0.0, rest.activate - e.activate);
        rest.precharge = std::max(0.0, rest.precharge - e.precharge);
        rest.read = std::max(0.0, rest.read - e.read);
        rest.write = std::max(0.0, rest.write - e.write);
    }
    const DramShared& shared = report.dram_shared;
    nlohmann::ordered_json no_layer = commands_json(rest);
    no_layer["refresh_uj"] = (shared.refresh + shared.precharge) / pj_per_uj;
    no_layer["background_uj"] = (shared.background_open + shared.background_closed) / pj_per_uj;
    return {
        {"process", process_of(*estimate.device).name}, {"layers", layers}, {"no_layer", no_layer}};
}

}  // namespace karhunen
