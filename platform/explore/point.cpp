#include "platform/explore/point.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <karhunen/loadable.h>

#include "platform/energy_split.h"
#include "platform/estimate_report.h"
#include "platform/machine_estimate.h"
#include "platform/run.h"

namespace karhunen {

namespace {

constexpr double kib = 1024, percent = 100;

/// Codecs that the loadable's tensors have, raw apart, which every machine can do.
std::vector<uint32_t> codecs_of(const Loadable& loadable) {
    std::vector<uint32_t> codecs;
    for (const krhn_tensor& tensor : loadable.tensors())
        if (tensor.codec != KRHN_CODEC_RAW &&
            std::find(codecs.begin(), codecs.end(), tensor.codec) == codecs.end())
            codecs.push_back(tensor.codec);
    return codecs;
}

void add_energy(const RunReport& report, const Loadable& loadable, const EstimateReport& estimate,
                Results& r) {
    double coding = 0, multiplying = 0;
    for (const EnergySplit& layer : energy_by_layer(report, loadable, estimate)) {
        coding += layer.encode + layer.decode;
        multiplying += layer.multiply;
    }
    const double images = report.images;
    r["dram_uj"] = report.total.energy_datasheet_uj / images;
    r["dram_paper_uj"] = report.total.energy_paper_uj / images;
    r["codec_uj"] = coding / images;
    r["compute_uj"] = multiplying / images;
    r["energy_uj"] = r["dram_uj"] + r["codec_uj"] + r["compute_uj"];
}

void add_machine(const resources::Machine& machine, const resources::Device& device, Results& r) {
    const resources::Estimate e = estimate(machine, device);
    if (!device.is_asic()) {
        r["logic"] = static_cast<double>(e.total.logic);
        r["dsp"] = static_cast<double>(e.total.dsp);
        r["ram_blocks"] = e.total.ram_blocks;
        r["device_percent"] = percent * largest_share(e.total, device);
    }
    if (e.kge_known) r["kge"] = e.total.kge;
    for (const resources::Device& other : resources::devices())
        if (!other.is_asic())
            r[share_metric(other.name)] =
                percent * largest_share(estimate(machine, other).total, other);
}

void add_run(const RunReport& report, Results& r) {
    const double images = report.images;
    const TrafficSplit& t = report.total.traffic;
    const CycleSplit& c = report.total.cycles;
    const auto per_image = [&](uint64_t bytes) {
        return static_cast<double>(bytes) / kib / images;
    };
    const auto share = [&](uint64_t clocks) {
        return percent * static_cast<double>(clocks) / static_cast<double>(c.total);
    };
    r["fps"] = report.frames_per_second;
    r["latency_ms"] = report.latency_ms;
    r["dram_kib"] = per_image(t.total());
    r["maps_kib"] = per_image(t.maps_read + t.maps_written + t.tables + t.tile_table);
    r["weights_kib"] = per_image(t.weights);
    r["bits_per_value"] = report.total.rates.dram_bursts;
    r["compute_percent"] = share(c.compute);
    r["input_percent"] = share(c.input);
    r["encoder_percent"] = share(c.encoder);
    r["dram_percent"] = share(c.dram);
}

}  // namespace

Results measure_point(const Design& design, const Loadable& loadable, const Recording& recording) {
    DdrSettings ddr = ddr_settings(design.configuration);
    if (ddr.clock_mhz == 0) ddr.clock_mhz = ddr.device.clock_mhz();
    EstimateReport estimate;
    estimate.machine = machine_resources(design.configuration, ddr, codecs_of(loadable));
    estimate.device = &resources::find_device(design.device);
    RunOptions options;
    options.configuration = design.configuration;
    options.replay = &recording;
    const RunReport report = run(loadable, options);
    if (report.exit_code != 0)
        throw std::runtime_error(report.fault.empty() ? "the run failed" : report.fault);
    Results results;
    add_run(report, results);
    add_energy(report, loadable, estimate, results);
    add_machine(estimate.machine, *estimate.device, results);
    return results;
}

}  // namespace karhunen
