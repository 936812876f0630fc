#include "platform/run_page.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "platform/energy_split.h"
#include "platform/estimate_report.h"
#include "platform/machine.h"

namespace karhunen {

namespace {

using Json = nlohmann::ordered_json;

constexpr double ps_per_us = 1e6;
constexpr size_t page_columns = 960;  // about as many as the page has pixels

/// Those that encoder and decoders have to know for this network.
std::vector<uint32_t> codecs_of(const Loadable& loadable) {
    std::vector<uint32_t> codecs;
    for (const krhn_tensor& tensor : loadable.tensors())
        if (std::find(codecs.begin(), codecs.end(), tensor.codec) == codecs.end())
            codecs.push_back(tensor.codec);
    std::sort(codecs.begin(), codecs.end());
    return codecs;
}

Json machine_json(const PlatformConfiguration& c, const DdrSettings& ddr) {
    const double mhz = ddr.clock_mhz > 0 ? ddr.clock_mhz : ddr.device.clock_mhz();
    Json machine = {{"reduction_lanes", c.array.reduction_lanes},
                    {"output_lanes", c.array.output_lanes},
                    {"clock_mhz", c.array.clock_mhz},
                    {"weight_kib", c.buffers.weight_kib},
                    {"activation_kib", c.buffers.activation_kib},
                    {"output_kib", c.buffers.output_kib},
                    {"residual_kib", c.buffers.residual_kib},
                    {"table_kib", c.buffers.table_kib},
                    {"streams", c.codec.streams},
                    {"transform_multipliers", c.codec.transform_multipliers},
                    {"cpu_mhz", c.cpu.clock_mhz},
                    {"dram_model", c.ddr.model},
                    {"dram_device", ddr.device.name},
                    {"dram_clock_mhz", mhz},
                    {"dram_peak_gbps", nullptr}};  // an ideal memory has none
    if (c.ddr.model != "ideal") machine["dram_peak_gbps"] = ddr.device.peak_bytes_per_s(mhz) / 1e9;
    return machine;
}

/// value[column] += amount, for the part of [begin, end) in each column.
void spread(std::vector<double>& value, double column_ps, uint64_t begin, uint64_t end,
            double amount) {
    const double length = static_cast<double>(end - begin);
    const auto first = static_cast<size_t>(static_cast<double>(begin) / column_ps);
    for (size_t i = first; i < value.size(); ++i) {
        const double from =
            std::max(static_cast<double>(begin), static_cast<double>(i) * column_ps);
        const double to =
            std::min(static_cast<double>(end), static_cast<double>(i + 1) * column_ps);
        if (to <= from) break;
        value[i] += amount * (to - from) / length;
    }
}

std::vector<double> rounded(std::vector<double> values, double scale, double digits) {
    for (double& v : values) v = std::round(v * scale * digits) / digits;
    return values;
}

Json block_json(const TimelineBlock& block, size_t columns, double column_ps) {
    Json states = Json::array();
    for (unsigned s = 1; s < static_cast<unsigned>(State::count); ++s) {
        const auto state = static_cast<State>(s);
        if (block.time_in(state) == 0) continue;
        std::vector<double> share(columns);
        for (const TimelineSpan& span : block.spans)
            if (span.state == state)
                spread(share, column_ps, span.begin, span.end,
                       static_cast<double>(span.end - span.begin));
        states.push_back({{"state", name_of(state)},
                          {"words", block.words[s]},
                          {"total_us", static_cast<double>(block.time_in(state)) / ps_per_us},
                          {"percent", rounded(share, 100 / column_ps, 1)}});
    }
    return {{"name", block.name}, {"states", states}};
}

}  // namespace

Json timeline_columns(const Timeline& timeline, size_t columns) {
    const double column_ps =
        std::max(1.0, static_cast<double>(timeline.end)) / static_cast<double>(columns);
    Json blocks = Json::array();
    for (const TimelineBlock& block : timeline.blocks)
        blocks.push_back(block_json(block, columns, column_ps));
    const auto gbps = [&](const std::vector<uint64_t>& bursts) {
        std::vector<double> bytes(columns);
        for (size_t i = 0; i < bursts.size(); ++i) {
            const uint64_t begin = i * DramRate::interval_ps;
            const uint64_t end = std::min(begin + DramRate::interval_ps, timeline.end);
            if (end > begin)
                spread(bytes, column_ps, begin, end,
                       static_cast<double>(bursts[i] * timeline.dram.burst_bytes));
        }
        return rounded(bytes, 1e3 / column_ps, 1000);
    };
    return {{"end_us", static_cast<double>(timeline.end) / ps_per_us},
            {"columns", columns},
            {"blocks", blocks},
            {"dram_read_gbps", gbps(timeline.dram.read)},
            {"dram_written_gbps", gbps(timeline.dram.written)}};
}

Json run_page_data(const RunReport& report, const Timeline& timeline, const Loadable& loadable,
                   const PlatformConfiguration& configuration, const std::string& device) {
    const EstimateReport estimate = estimate_report(configuration, codecs_of(loadable), device);
    Json data = {{"run", report_json(report)},
                 {"machine", machine_json(configuration, ddr_settings(configuration))},
                 {"estimate", estimate_json(estimate)}};
    if (report.bands_stored > 0) {
        data["energy"] = energy_json(report, loadable, estimate);
        data["timeline"] = timeline_columns(timeline, page_columns);
    }
    return data;
}

}  // namespace karhunen
