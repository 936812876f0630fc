#include "platform/report.h"

#include <ostream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "platform/exit_code.h"
#include "platform/table.h"

namespace karhunen {

namespace {

constexpr double ps_per_us = 1e6;

std::string shape_of(const LayerReport& l) {
    if (l.height == 0) return "";
    return std::to_string(l.height) + 'x' + std::to_string(l.width) + 'x' +
           std::to_string(l.channels);
}

std::string kib(uint64_t bytes) {
    return fixed(static_cast<double>(bytes) / 1024, 1);
}

std::vector<std::string> time_row(const LayerReport& l) {
    const CycleSplit& c = l.cycles;
    return {l.name,
            shape_of(l),
            std::to_string(c.total),
            l.utilisation > 0 ? fixed(100 * l.utilisation, 1) : "-",
            percent(c.compute, c.total),
            percent(c.input, c.total),
            percent(c.weights, c.total),
            percent(c.encoder, c.total),
            percent(c.dram, c.total),
            percent(c.control, c.total),
            l.dram_gbps > 0 ? fixed(l.dram_gbps, 2) : "-",
            l.dram_busy_us > 0 ? fixed(l.dram_percent, 1) : "-"};
}

std::vector<std::string> memory_row(const LayerReport& l) {
    const TrafficSplit& t = l.traffic;
    std::vector<std::string> row = {
        l.name,        l.codec,           kib(t.maps_read), kib(t.maps_written), kib(t.other_maps),
        kib(t.tables), kib(t.tile_table), kib(t.weights),   kib(t.other)};
    for (double rate :
         {l.rates.entropy, l.rates.code_bits, l.rates.stream_words, l.rates.dram_bursts})
        row.push_back(l.values == 0 ? "-" : fixed(rate, 3));
    row.push_back(fixed(l.energy_paper_uj, 2));
    row.push_back(fixed(l.energy_datasheet_uj, 2));
    return row;
}

nlohmann::ordered_json json_of(const LayerReport& l) {
    const CycleSplit& c = l.cycles;
    const TrafficSplit& t = l.traffic;
    uint64_t decoded = 0;
    for (const DecodedValues& d : l.decoded) decoded += d.values;
    return {
        {"name", l.name},
        {"tensor", l.tensor},
        {"shape", {l.height, l.width, l.channels}},
        {"codec", l.codec},
        {"counted", l.counted},
        {"values", l.values},
        {"values_decoded", decoded},
        {"multiplications", l.multiplications},
        {"begin_us", static_cast<double>(l.begin_ps) / ps_per_us},
        {"end_us", static_cast<double>(l.end_ps) / ps_per_us},
        {"cycles",
         {{"total", c.total},
          {"compute", c.compute},
          {"input", c.input},
          {"weights", c.weights},
          {"encoder", c.encoder},
          {"dram", c.dram},
          {"control", c.control}}},
        {"array_utilisation", l.utilisation},
        {"dram_bytes",
         {{"maps_read", t.maps_read},
          {"maps_written", t.maps_written},
          {"other_maps", t.other_maps},
          {"tables", t.tables},
          {"tile_table", t.tile_table},
          {"weights", t.weights},
          {"other", t.other},
          {"total", t.total()}}},
        {"bits_per_value",
         {{"entropy", l.rates.entropy},
          {"code_bits", l.rates.code_bits},
          {"stream_words", l.rates.stream_words},
          {"dram_bursts", l.rates.dram_bursts}}},
        {"dram_busy_us", l.dram_busy_us},
        {"dram_gbps", l.dram_gbps},
        {"dram_percent_of_peak", l.dram_percent},
        {"dram_energy_paper_uj", l.energy_paper_uj},
        {"dram_energy_datasheet_uj", l.energy_datasheet_uj},
    };
}

}  // namespace

namespace {

/// Lines of the UART in which firmware says what went wrong and was put right.
std::vector<std::string> notices(const RunReport& r) {
    std::vector<std::string> found;
    std::istringstream uart(r.uart);
    for (std::string line; std::getline(uart, line);) {
        while (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.starts_with("noticed: ") || line == "recovered") found.push_back(line);
    }
    return found;
}

void print_injected(const RunReport& r, std::ostream& out) {
    for (const InjectedFault& f : r.injected) {
        out << "injected: " << f.text << ": ";
        if (f.fired == 0)
            out << "NEVER FIRED" << (f.effect.empty() ? "" : ": " + f.effect);
        else
            out << "at " << fixed(f.first_us, 3) << " us, " << f.effect;
        if (f.fired > 1) out << " (the first of " << f.fired << ')';
        out << '\n';
    }
    if (!r.injected.empty())
        for (const std::string& line : notices(r)) out << "firmware: " << line << '\n';
}

void print_ending(const RunReport& r, std::ostream& out) {
    if (r.rtl) print_rtl(*r.rtl, out);
    print_injected(r, out);
    if (r.checked && r.first_difference.empty())
        out << "check: all " << r.bands_checked << " bands " << (r.fault.empty() ? "" : "so far ")
            << "equal the golden reference\n";
    const bool is_told = r.rtl && !r.rtl->mismatch.empty();
    if (!r.first_difference.empty() && !is_told) out << "check: " << r.first_difference << '\n';
    if (!r.fault.empty())
        out << (r.exit_code == exit_stopped ? "stopped: " : "fault: ") << r.fault << '\n';
    if (!r.remark.empty()) out << "remark: " << r.remark << '\n';
}

void print_tables(const RunReport& r, std::ostream& out) {
    out << "Time: cycles of the array at " << fixed(r.clock_mhz, 0)
        << " MHz; where they went, in % of the layer; DRAM throughput while it worked for the "
           "layer, total: over the whole run\n";
    Table time({"layer", "stored map", "cycles", "array %", "compute", "input", "weights",
                "encoder", "DRAM", "control", "GB/s", "% peak"});
    for (const LayerReport& l : r.layers) time.add(time_row(l));
    time.add(time_row(r.total));
    time.print(out);
    if (r.total.dram_busy_us > 0)
        out << "DRAM was busy " << fixed(r.total.dram_busy_us / r.simulated_ms / 10, 1)
            << " % of the run, boot included\n";
    out << "\nMemory: KiB over the DRAM pins; bits per stored value; DRAM energy in uJ (paper's "
           "formula, data sheet)\n";
    Table memory({"layer", "codec", "maps rd", "maps wr", "other maps", "tables", "tile tab",
                  "weights", "other", "entropy", "code", "words", "bursts", "E paper", "E sheet"});
    for (const LayerReport& l : r.layers) memory.add(memory_row(l));
    memory.add(memory_row(r.total));
    memory.print(out);
    double of_layers = 0;
    for (const LayerReport& l : r.layers) of_layers += l.energy_datasheet_uj;
    out << "E sheet: " << fixed(r.total.energy_datasheet_uj - of_layers, 2)
        << " of the total belong to no layer: background, refresh, boot\n\n";
    print_dram_text(r.total.dram, r.dram_shared, out);
}

}  // namespace

namespace {

/// Firmware that did something else, or failed before.
void print_without_bands(const RunReport& r, std::ostream& out) {
    const ddr::Account dram = sum(r.total.dram).account;
    out << (r.has_network ? "No band was stored. " : "") << "Exit code " << r.exit_code << " after "
        << fixed(r.simulated_ms, 3) << " ms of simulated time; DRAM: " << kib(dram.bytes_read)
        << " KiB read, " << kib(dram.bytes_written) << " KiB written\n";
    if (r.has_network)
        print_ending(r, out);
    else  // of a bare machine standard error says the rest
        print_injected(r, out);
    if (!r.uart_shown && !r.uart.empty()) out << "UART:\n" << r.uart;
}

}  // namespace

void print_text(const RunReport& r, std::ostream& out) {
    if (r.has_network)
        out << r.network << ", codec " << r.codec << ", " << r.images
            << (r.images == 1 ? " image" : " images") << " (" << r.image << ")\n\n";
    if (r.bands_stored == 0) {
        print_without_bands(r, out);
        return;
    }
    print_tables(r, out);
    const TrafficSplit& t = r.total.traffic;
    const uint64_t maps = t.maps_read + t.maps_written + t.tile_table;
    out << "\nMaps and tile table: " << kib(maps) << " KiB, " << percent(maps, r.raw_map_bytes)
        << " % of the " << kib(r.raw_map_bytes)
        << " KiB that 8 bits per value take. With codec tables: " << kib(maps + t.tables)
        << " KiB, " << percent(maps + t.tables, r.raw_map_bytes)
        << " %. Everything: " << kib(t.total()) << " KiB for " << r.images
        << (r.images == 1 ? " image.\n" : " images.\n");
    if (t.tables > 0 && maps + t.tables > r.raw_map_bytes)
        out << "The codec tables cost more than they save at this batch size; a larger --batch "
               "shares "
               "them.\n";
    out << r.total.cycles.total << " cycles from the first transfer to the last band stored ("
        << r.drain_cycles << " of them after the array's last job; boot took " << r.boot_cycles
        << " before): " << fixed(r.latency_ms, 3) << " ms";
    if (r.frames_per_second > 0)
        out << ", " << fixed(r.frames_per_second, 1) << " frames/s\n";
    else
        out << "; unfinished\n";
    for (size_t i = 0; i < r.top.size(); ++i) {
        out << "image " << i << (i < r.shown.size() ? " (shows: " + r.shown[i] + ')' : "")
            << " top-" << r.top[i].size() << ':';
        for (const Guess& g : r.top[i]) {
            out << "  " << g.index << (g.name.empty() ? "" : " " + g.name) << " ("
                << fixed(g.logit, 2) << ')';
        }
        out << '\n';
    }
    print_ending(r, out);
}

namespace {

void add_measured(const RunReport& r, nlohmann::ordered_json& all) {
    nlohmann::ordered_json top = nlohmann::ordered_json::array();
    for (const auto& image : r.top) {
        nlohmann::ordered_json guesses = nlohmann::ordered_json::array();
        for (const Guess& g : image)
            guesses.push_back({{"class", g.index}, {"name", g.name}, {"logit", g.logit}});
        top.push_back(guesses);
    }
    all["layers"] = nlohmann::ordered_json::array();
    for (const LayerReport& l : r.layers) all["layers"].push_back(json_of(l));
    all["total"] = json_of(r.total);
    all["raw_map_bytes"] = r.raw_map_bytes;
    all["boot_cycles"] = r.boot_cycles;
    all["drain_cycles"] = r.drain_cycles;
    all["latency_ms"] = r.latency_ms;
    all["frames_per_second"] = nullptr;  // of a run that was not finished
    if (r.frames_per_second > 0) all["frames_per_second"] = r.frames_per_second;
    all["top"] = top;
    if (!r.shown.empty()) all["shown"] = r.shown;
}

}  // namespace

namespace {

void add_injected(const RunReport& r, nlohmann::ordered_json& all) {
    if (r.injected.empty()) return;
    all["injected"] = nlohmann::ordered_json::array();
    for (const InjectedFault& f : r.injected) {
        nlohmann::ordered_json one = {{"fault", f.text}, {"fired", f.fired}};
        if (f.fired > 0) one["first_us"] = f.first_us;
        one["effect"] = f.effect;
        all["injected"].push_back(one);
    }
    all["firmware"] = notices(r);
}

}  // namespace

nlohmann::ordered_json report_json(const RunReport& r) {
    nlohmann::ordered_json all = {
        {"network", r.network}, {"image", r.image},         {"codec", r.codec},
        {"images", r.images},   {"clock_mhz", r.clock_mhz},
    };
    if (r.bands_stored > 0) add_measured(r, all);
    add_dram_json(r.total.dram, r.dram_shared, all);
    all["simulated_ms"] = r.simulated_ms;
    all["check"] = {
        {"done", r.checked}, {"bands", r.bands_checked}, {"first_difference", r.first_difference}};
    if (r.rtl) all["rtl"] = rtl_json(*r.rtl);
    add_injected(r, all);
    all["fault"] = r.fault;
    if (!r.remark.empty()) all["remark"] = r.remark;
    all["uart"] = r.uart;
    all["exit_code"] = r.exit_code;
    return all;
}

void print_json(const RunReport& r, std::ostream& out) {
    out << report_json(r).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

namespace {

constexpr double pj_per_uj = 1e6;

/// Energy by master, then by kind: always the same ones.
std::vector<DramRow> energy_columns(const std::vector<DramRow>& rows) {
    std::vector<DramRow> columns = by_master(rows);
    for (DramRow& row : by_kind(rows)) columns.push_back(std::move(row));
    return columns;
}

std::string label(const DramRow& row) {
    return std::string(row.master == "all" ? row.kind : row.master);
}

}  // namespace

void print_csv(const RunReport& r, std::ostream& out) {
    out << "layer,height,width,channels,codec,cycles,compute,input,weights,encoder,dram,control,"
           "array_utilisation,maps_read_bytes,maps_written_bytes,other_maps_bytes,tables_bytes,"
           "tile_"
           "table_bytes,"
           "weights_bytes,other_bytes,entropy_bits_per_value,code_bits_per_value,"
           "stream_words_bits_per_value,dram_bursts_bits_per_value,dram_gbps,dram_percent_of_peak,"
           "dram_busy_us,dram_energy_paper_uj,dram_energy_datasheet_uj";
    for (const DramRow& row : energy_columns(r.total.dram))
        out << ',' << label(row) << "_paper_uj," << label(row) << "_datasheet_uj";
    out << ",shared_datasheet_uj\n";
    if (r.bands_stored == 0) return;
    std::vector<LayerReport> rows = r.layers;
    rows.push_back(r.total);
    for (const LayerReport& l : rows) {
        const CycleSplit& c = l.cycles;
        const TrafficSplit& t = l.traffic;
        out << l.name << ',' << l.height << ',' << l.width << ',' << l.channels << ',' << l.codec
            << ',' << c.total << ',' << c.compute << ',' << c.input << ',' << c.weights << ','
            << c.encoder << ',' << c.dram << ',' << c.control << ',' << l.utilisation << ','
            << t.maps_read << ',' << t.maps_written << ',' << t.other_maps << ',' << t.tables << ','
            << t.tile_table << ',' << t.weights << ',' << t.other << ',' << l.rates.entropy << ','
            << l.rates.code_bits << ',' << l.rates.stream_words << ',' << l.rates.dram_bursts << ','
            << l.dram_gbps << ',' << l.dram_percent << ',' << l.dram_busy_us << ','
            << l.energy_paper_uj << ',' << l.energy_datasheet_uj;
        for (const DramRow& row : energy_columns(l.dram))
            out << ',' << row.paper_pj / pj_per_uj << ',' << row.energy.total() / pj_per_uj;
        out << ',' << (&l == &rows.back() ? r.dram_shared.total() / pj_per_uj : 0) << '\n';
    }
}

}  // namespace karhunen
