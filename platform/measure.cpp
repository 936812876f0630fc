#include "platform/measure.h"

#include <algorithm>
#include <map>

#include <karhunen/dma.h>
#include <karhunen/registers.h>

#include "models/codec/calibrate.h"

namespace karhunen {

namespace {

constexpr double pj_per_uj = 1e6;

/// Products of a layer's convolutions, one image.
uint64_t multiplications(const Loadable& loadable, const krhn_layer& layer) {
    uint64_t sum = 0;
    for (uint32_t o = 0; o < layer.operations; ++o) {
        const krhn_operation& operation = loadable.operation(layer, o);
        if (operation.kind != KRHN_ARRAY_CONVOLUTION) continue;
        const uint64_t kernel = uint64_t{operation.kernel >> 8} * (operation.kernel & 0xFF);
        sum += uint64_t{operation.conv_height} * operation.conv_width * operation.channels *
               kernel * loadable.input(layer, o).channels / operation.groups;
    }
    return sum;
}

TrafficSplit split(const Measurements& m, auto accept) {
    const ddr::Statistics& dram = m.dram;
    TrafficSplit t;
    std::map<uint32_t, Measurements::OtherMaps> maps;  // all of them, by tag
    for (const auto& [key, account] : dram.accounts) {
        if (!accept(key)) continue;
        const uint64_t read = account.read_bursts * dram.burst_bytes;
        const uint64_t written = account.write_bursts * dram.burst_bytes;
        switch (key.kind) {
            case TrafficKind::maps:
                maps[key.tag].read += read;
                maps[key.tag].written += written;
                break;
            case TrafficKind::weights:
                t.weights += read + written;
                break;
            case TrafficKind::tables:
                t.tables += read + written;
                break;
            case TrafficKind::tile_table:
                t.tile_table += read + written;
                break;
            default:
                t.other += read + written;
                break;
        }
    }
    for (const auto& [tag, all] : maps) {
        // A band is noted whole, of which a run that stops may have moved a part.
        const auto noted = m.other_maps.find(tag);
        const auto others = noted == m.other_maps.end() ? Measurements::OtherMaps{} : noted->second;
        const uint64_t read = std::min(others.read, all.read),
                       written = std::min(others.written, all.written);
        t.maps_read += all.read - read;
        t.maps_written += all.written - written;
        t.other_maps += read + written;
    }
    return t;
}

/// Sums of bits over bands; divided by the values at the end.
struct RateSums {
    double entropy = 0, code = 0, words = 0, bursts = 0;
    uint64_t values = 0;

    void operator+=(const RateSums& other) {
        entropy += other.entropy;
        code += other.code;
        words += other.words;
        bursts += other.bursts;
        values += other.values;
    }
    Rates rates() const {
        if (values == 0) return {};
        const double n = static_cast<double>(values);
        return {entropy / n, code / n, words / n, bursts / n};
    }
};

RateSums rates_of(const Measurements& m, uint32_t tag) {
    RateSums sums;
    for (const EncodedBand& band : m.bands) {
        if (band.tag != tag) continue;
        sums.values += band.values;
        sums.entropy += band.entropy_bits;
        sums.code += static_cast<double>(band.code_bits);
        sums.words += 8.0 * static_cast<double>(band.stream_bytes + sizeof(krhn_tile_entry));
    }
    const ddr::Account written = m.dram.sum([&](const ddr::Key& key) {
        return key.tag == tag &&
               (key.kind == TrafficKind::maps || key.kind == TrafficKind::tile_table);
    });
    sums.bursts = 8.0 * static_cast<double>(written.write_bursts * m.dram.burst_bytes);
    return sums;
}

void fill_dram(LayerReport& report, const ddr::Account& account, ddr::Clock busy,
               const Measurements& m) {
    report.dram_busy_us = 1e-6 * m.dram_period_ps * static_cast<double>(busy);
    if (busy > 0) {
        const double bytes_per_s =
            1e6 * static_cast<double>(report.traffic.total()) / report.dram_busy_us;
        report.dram_gbps = bytes_per_s / 1e9;
        report.dram_percent = 100 * bytes_per_s / m.dram_peak_bytes_per_s;
    }
    report.energy_paper_uj = ddr::EnergyModel::paper_pj(account) / pj_per_uj;
}

/// Of the whole run, with what belongs to no layer.
void fill_dram_of_all(LayerReport& total, const Measurements& m, const ddr::EnergyModel& energy) {
    total.traffic = split(m, [](const ddr::Key&) { return true; });
    fill_dram(total, m.dram.total(), m.dram.busy_clocks, m);
    if (m.dram.clocks > 0) {  // over the whole run: rows tell the rate of the busy time
        const double seconds = 1e-12 * m.dram_period_ps * static_cast<double>(m.dram.clocks);
        const double bytes_per_s = static_cast<double>(total.traffic.total()) / seconds;
        total.dram_gbps = bytes_per_s / 1e9;
        total.dram_percent = 100 * bytes_per_s / m.dram_peak_bytes_per_s;
    }
    total.dram = dram_rows(m.dram, energy);
    total.energy_datasheet_uj = energy.total(m.dram).total() / pj_per_uj;
}

/// Of what was computed to its end: of the rest only the clocks so far are known.
void fill_utilisation(LayerReport& report, const Measurements& m, bool is_finished) {
    if (is_finished && report.cycles.total > 0)
        report.utilisation =
            static_cast<double>(report.multiplications) /
            (static_cast<double>(report.cycles.total) * static_cast<double>(m.multipliers));
}

/// What the loadable says of it; multiplications of one image.
LayerReport described(const Loadable& loadable, const krhn_layer& of) {
    const krhn_tensor& tensor = loadable.tensors()[of.output];
    LayerReport layer;
    layer.name = loadable.name(of);
    layer.tensor = loadable.name(tensor);
    layer.codec = setting_name(tensor);
    layer.height = tensor.height;
    layer.width = tensor.width;
    layer.channels = tensor.channels;
    layer.counted = tensor.flags & KRHN_TENSOR_COUNTED;
    layer.multiplications = multiplications(loadable, of);
    return layer;
}

}  // namespace

void measure(const Loadable& loadable, const Measurements& m, const StallAccount& stalls,
             const ddr::EnergyModel& energy, RunReport& report) {
    const auto layers = loadable.layers();
    std::vector<uint64_t> ends(layers.size(), 0);
    for (const Measurements::Job& job : m.array_jobs)
        if (job.tag < ends.size()) ends[job.tag] = std::max(ends[job.tag], job.end);

    uint64_t since = m.begin;
    RateSums counted;
    bool all_finished = true;
    report.layers.clear();
    for (uint32_t l = 0; l < layers.size(); ++l) {
        LayerReport layer = described(loadable, layers[l]);
        layer.multiplications *= m.images;
        const uint64_t end = std::max(since, ends[l]);
        layer.begin_ps = since;
        layer.end_ps = end;
        layer.cycles = stalls.split(since, end, m.array_period);
        const auto mine = [&](const ddr::Key& key) { return key.tag == l; };
        const ddr::Account account = m.dram.sum(mine);
        layer.traffic = split(m, mine);
        const auto busy = m.dram.busy_clocks_of_tag.find(l);
        fill_dram(layer, account, busy == m.dram.busy_clocks_of_tag.end() ? 0 : busy->second, m);
        layer.dram = dram_rows(m.dram, energy, l);
        layer.energy_datasheet_uj = energy.of(account).total() / pj_per_uj;
        if (const auto decoded = m.decoded.find(l); decoded != m.decoded.end())
            for (const auto& [number, values] : decoded->second)
                layer.decoded.push_back({number, values});
        const RateSums rates = rates_of(m, l);
        layer.values = rates.values;
        layer.rates = rates.rates();
        const bool is_finished =
            layer.values >= uint64_t{layer.height} * layer.width * layer.channels * m.images;
        fill_utilisation(layer, m, is_finished);
        all_finished &= is_finished;
        if (layer.counted) counted += rates;
        report.total.multiplications += layer.multiplications;
        report.layers.push_back(layer);
        since = end;
    }

    LayerReport& total = report.total;
    total.name = "total";
    total.values = counted.values;
    total.rates = counted.rates();
    total.begin_ps = m.begin;
    total.end_ps = m.end;
    total.cycles = stalls.split(m.begin, m.end, m.array_period);
    fill_utilisation(total, m, all_finished);
    fill_dram_of_all(total, m, energy);
    report.dram_shared = dram_shared(m.dram, energy);
    report.boot_cycles = m.begin / m.array_period;
    report.drain_cycles = (m.end - std::min(m.end, since)) / m.array_period;
    report.latency_ms = 1e-9 * static_cast<double>(m.end - m.begin);
    if (all_finished && m.end > m.begin)
        report.frames_per_second = 1e3 * m.images / report.latency_ms;
}

}  // namespace karhunen
