#include "platform/replay_report.h"

#include <array>
#include <iomanip>
#include <optional>
#include <ostream>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "models/ddr/energy.h"

namespace karhunen {

namespace {

constexpr std::array<std::pair<const char*, double>, 4> percentiles = {
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99_9", 0.999}}};

constexpr std::array<std::pair<const char*, double ddr::Energy::*>, 6> energy_parts = {
    {{"activate", &ddr::Energy::activate},
     {"precharge", &ddr::Energy::precharge},
     {"read", &ddr::Energy::read},
     {"write", &ddr::Energy::write},
     {"refresh", &ddr::Energy::refresh},
     {"background", &ddr::Energy::background}}};

/// What is computed of the counts.
struct Figures {
    explicit Figures(const ReplayReport& r)
        : all(r.statistics.total()),
          energy(ddr::EnergyModel(r.device, r.clock_mhz).total(r.statistics)) {
        last_data_us = static_cast<double>(r.statistics.last_data_clock) / r.clock_mhz;
        gbps = static_cast<double>(all.bytes_read + all.bytes_written) / last_data_us / 1e3;
        peak_gbps = r.device.peak_bytes_per_s(r.clock_mhz) / 1e9;
        const ddr::EnergyModel model(r.device, r.clock_mhz);
        if (model.has_io()) io_pj = model.io_pj(r.statistics);
    }
    ddr::Account all;
    ddr::Energy energy;
    double last_data_us, gbps, peak_gbps;
    std::optional<double> io_pj;
};

std::string fixed(double value, int digits) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(digits) << value;
    return text.str();
}

std::string percent(double part, double whole) {
    return fixed(whole > 0 ? 100 * part / whole : 0, 1);
}

void print_row(std::ostream& out, const std::string& what, const std::string& value,
               const std::string& more = "") {
    out << "  " << std::left << std::setw(18) << what << std::right << std::setw(14) << value
        << (more.empty() ? "" : "  ") << more << '\n';
}

void print_traffic(const ReplayReport& r, const Figures& f, std::ostream& out) {
    const ddr::Account& a = f.all;
    const uint64_t read = a.bytes_read / ddr::TraceRequest::bytes;
    print_row(out, "requests", std::to_string(a.requests),
              std::to_string(read) + " reads, " + std::to_string(a.requests - read) + " writes");
    print_row(out, "bytes", std::to_string(a.bytes_read + a.bytes_written));
    print_row(out, "last data beat", std::to_string(r.statistics.last_data_clock),
              "clocks, " + fixed(f.last_data_us, 3) + " us");
    print_row(out, "bandwidth", fixed(f.gbps, 3),
              "GB/s, " + percent(f.gbps, f.peak_gbps) + " % of " + fixed(f.peak_gbps, 3));
    const uint64_t bursts = a.hits + a.misses + a.conflicts;
    print_row(out, "bursts", std::to_string(bursts),
              "of " + std::to_string(r.device.burst_bytes()) + " bytes, pins busy " +
                  percent(static_cast<double>(r.statistics.data_clocks),
                          static_cast<double>(r.statistics.last_data_clock)) +
                  " % of the time");
    const std::pair<const char*, uint64_t> outcomes[] = {
        {"row hits", a.hits}, {"row misses", a.misses}, {"row conflicts", a.conflicts}};
    for (const auto& [name, count] : outcomes)
        print_row(
            out, name, std::to_string(count),
            percent(static_cast<double>(count), static_cast<double>(bursts)) + " % of the bursts");
}

}  // namespace

void print_text(const ReplayReport& r, std::ostream& out) {
    const Figures f(r);
    out << r.trace << " on " << r.device.name << ", " << fixed(r.clock_mhz, 2) << " MHz, "
        << r.mapping << "\n\n";
    print_traffic(r, f, out);

    out << "\nCommands\n";
    for (unsigned c = 0; c < ddr::command_count; ++c)
        print_row(out, std::string(name_of(static_cast<ddr::Command>(c))),
                  std::to_string(r.statistics.commands[c]));

    out << "\nLatency from offer to last data beat, clocks\n";
    const ddr::Latencies& l = r.latencies;
    print_row(out, "least", std::to_string(l.least()));
    print_row(out, "mean", fixed(l.mean(), 1));
    for (const auto& [name, share] : percentiles)
        print_row(out, fixed(100 * share, share > 0.99 ? 1 : 0) + " % within",
                  std::to_string(l.percentile(share)));
    print_row(out, "most", std::to_string(l.most()));
    print_row(out, "offered late by", fixed(r.delays.mean(), 1),
              "mean, most " + std::to_string(r.delays.most()) +
                  ": queues were full, or one request per clock");

    out << "\nEnergy up to the last data beat, uJ (IDD formulas)\n";
    for (const auto& [name, part] : energy_parts)
        print_row(out, name, fixed(f.energy.*part / 1e6, 6));
    print_row(out, "total", fixed(f.energy.total() / 1e6, 6));
    if (f.io_pj) print_row(out, "pins, apart", fixed(*f.io_pj / 1e6, 6));
    print_row(out, "paper's formula", fixed(ddr::EnergyModel::paper_pj(f.all) / 1e6, 6));
}

void print_json(const ReplayReport& r, std::ostream& out) {
    const Figures f(r);
    const ddr::Account& a = f.all;
    nlohmann::ordered_json commands, latency, energy;
    for (unsigned c = 0; c < ddr::command_count; ++c)
        commands[std::string(name_of(static_cast<ddr::Command>(c)))] = r.statistics.commands[c];
    latency["min"] = r.latencies.least();
    latency["mean"] = r.latencies.mean();
    for (const auto& [name, share] : percentiles) latency[name] = r.latencies.percentile(share);
    latency["max"] = r.latencies.most();
    for (const auto& [name, part] : energy_parts) energy[name] = f.energy.*part;
    nlohmann::ordered_json all = {
        {"trace", r.trace},
        {"device", r.device.name},
        {"clock_mhz", r.clock_mhz},
        {"mapping", r.mapping},
        {"requests", a.requests},
        {"bytes_read", a.bytes_read},
        {"bytes_written", a.bytes_written},
        {"last_data_clock", r.statistics.last_data_clock},
        {"last_data_us", f.last_data_us},
        {"bandwidth_gbps", f.gbps},
        {"percent_of_peak", 100 * f.gbps / f.peak_gbps},
        {"hits", a.hits},
        {"misses", a.misses},
        {"conflicts", a.conflicts},
        {"bursts", a.hits + a.misses + a.conflicts},
        {"burst_bytes", r.device.burst_bytes()},
        {"data_clocks", r.statistics.data_clocks},
        {"commands", commands},
        {"latency_clocks", latency},
        {"offered_late_clocks", {{"mean", r.delays.mean()}, {"max", r.delays.most()}}},
        {"energy_pj", f.energy.total()},
        {"energy_parts_pj", energy},
        {"energy_paper_pj", ddr::EnergyModel::paper_pj(a)},
    };
    if (f.io_pj) all["energy_io_pj"] = *f.io_pj;
    out << all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

}  // namespace karhunen
