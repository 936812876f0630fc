#include "platform/estimate_report.h"

#include <ostream>
#include <string>
#include <utility>

#include <karhunen/loadable.h>
#include <nlohmann/json.hpp>

#include "models/codec/codec.h"
#include "models/ddr/energy.h"
#include "models/resources/paper_preset.h"
#include "platform/machine_estimate.h"
#include "platform/table.h"

namespace karhunen {

using resources::BlockUsage;
using resources::Device;
using resources::Estimate;
using resources::Preset;
using resources::Usage;
using Json = nlohmann::ordered_json;

const resources::Process& process_of(const Device& device) {
    return device.is_asic() ? resources::process_65nm : resources::process_45nm;
}

EstimateReport estimate_report(const PlatformConfiguration& configuration,
                               std::vector<uint32_t> codecs, const std::string& device,
                               Preset preset) {
    DdrSettings ddr = ddr_settings(configuration);
    if (ddr.clock_mhz == 0) ddr.clock_mhz = ddr.device.clock_mhz();
    EstimateReport report;
    report.machine = machine_resources(configuration, ddr, std::move(codecs));
    report.device = &resources::find_device(device);
    report.preset = preset;
    constexpr uint64_t bits = 1000000;
    report.dram_paper_pj_per_bit = ddr::EnergyModel::paper_pj(bits, bits) / bits;
    const ddr::EnergyModel energy(ddr.device, ddr.clock_mhz);
    report.dram_datasheet_pj_per_bit =
        (energy.read_pj() + energy.write_pj()) / (8.0 * ddr.device.burst_bytes());
    return report;
}

std::vector<CodecEnergyRow> codec_energies(const EstimateReport& report) {
    std::vector<CodecEnergyRow> rows;
    for (const uint32_t codec : report.machine.codecs) {
        const auto add = [&](uint32_t channels) {
            rows.push_back({codec, channels,
                            resources::codec_energy(codec, report.machine.codec_unit, channels,
                                                    process_of(*report.device))});
        };
        if (codec == KRHN_CODEC_TRANSFORM)
            for (const uint32_t channels : {64, 128, 256, 512}) add(channels);
        else
            add(0);
    }
    return rows;
}

namespace {

const char* preset_name(Preset preset) {
    return preset == Preset::paper ? "paper" : "clean";
}

double share(double used, uint64_t there) {
    return 100 * used / static_cast<double>(there);
}

/// What there is not enough of; empty: it fits.
std::string shortage(const Usage& usage, const Device& device) {
    std::string lacks;
    const auto check = [&](double used, uint64_t there, const char* unit) {
        if (used <= static_cast<double>(there)) return;
        lacks += (lacks.empty() ? "" : ", ") + fixed(used, 0) + " of " + std::to_string(there) +
                 ' ' + unit;
    };
    if (device.is_asic()) return "";
    check(static_cast<double>(usage.logic), device.logic, device.logic_unit());
    check(static_cast<double>(usage.dsp), device.dsp, "DSP");
    check(usage.ram_blocks, device.ram_blocks, device.ram_unit());
    return lacks;
}

/// Those that the preset makes sense on.
std::vector<std::pair<const Device*, Estimate>> on_all_devices(const EstimateReport& report) {
    std::vector<std::pair<const Device*, Estimate>> all;
    for (const Device& device : resources::devices())
        if (report.preset == Preset::clean || device.logic_unit() == std::string("ALM"))
            all.emplace_back(&device, estimate(report.machine, device, report.preset));
    return all;
}

std::string blocks_text(double blocks) {
    return fixed(blocks, blocks == static_cast<double>(static_cast<uint64_t>(blocks)) ? 0 : 1);
}

std::vector<std::string> usage_text(const Usage& u, const Device& device, bool kge_known) {
    std::vector<std::string> row;
    if (!device.is_asic())
        row = {std::to_string(u.logic), std::to_string(u.dsp), blocks_text(u.ram_blocks)};
    row.insert(row.end(),
               {std::to_string(u.registers), fixed(static_cast<double>(u.memory_bits) / 1024, 1),
                kge_known ? fixed(u.kge, 1) : "-"});
    return row;
}

void print_blocks(const Estimate& estimate, const Device& device, std::ostream& out) {
    std::vector<std::string> head = {"block", "part"};
    if (!device.is_asic()) head.insert(head.end(), {device.logic_unit(), "DSP", device.ram_unit()});
    head.insert(head.end(), {"registers", "memory Kbit", "kGE"});
    Table table(head);
    const auto add = [&](const std::string& block, const std::string& part,
                         std::vector<std::string> usage) {
        usage.insert(usage.begin(), {block, part});
        table.add(usage);
    };
    const std::string* before = nullptr;
    for (const BlockUsage& b : estimate.blocks) {
        add(before && *before == b.block ? "" : b.block, b.part,
            usage_text(b.usage, device, b.kge_known));
        before = &b.block;
    }
    const Usage& total = estimate.total;
    add("total", "", usage_text(total, device, estimate.kge_known));
    if (!device.is_asic()) {
        add("device", "",
            {std::to_string(device.logic), std::to_string(device.dsp),
             std::to_string(device.ram_blocks)});
        add("share %", "",
            {fixed(share(static_cast<double>(total.logic), device.logic), 1),
             fixed(share(static_cast<double>(total.dsp), device.dsp), 1),
             fixed(share(total.ram_blocks, device.ram_blocks), 1)});
    }
    table.print(out);
    const std::string lacks = shortage(total, device);
    if (!device.is_asic()) out << (lacks.empty() ? "It fits.\n" : "DOES NOT FIT: " + lacks + ".\n");
}

void print_devices(const EstimateReport& report, std::ostream& out) {
    out << "\nOn each device, % of what it has\n\n";
    Table table({"--device", "", "", "logic %", "DSP %", "RAM %", "kGE", "memory Kbit"}, 3);
    for (const auto& [device, estimate] : on_all_devices(report)) {
        const Usage& u = estimate.total;
        std::vector<std::string> row = {device->name, device->title};
        if (device->is_asic()) {
            row.insert(row.end(), {"", "", "", "", fixed(u.kge, 0),
                                   fixed(static_cast<double>(u.memory_bits) / 1024, 0)});
        } else {
            const std::string lacks = shortage(u, *device);
            row.insert(row.end(), {lacks.empty() ? "fits" : "DOES NOT FIT: " + lacks,
                                   fixed(share(static_cast<double>(u.logic), device->logic), 1),
                                   fixed(share(static_cast<double>(u.dsp), device->dsp), 1),
                                   fixed(share(u.ram_blocks, device->ram_blocks), 1)});
        }
        table.add(row);
    }
    table.print(out);
}

void print_energy(const EstimateReport& report, std::ostream& out) {
    const resources::Process& process = process_of(*report.device);
    const resources::ComputeArray& array = report.machine.array;
    const auto weights = resources::Memory::of_bytes(
        uint64_t{1024} * report.machine.buffers.weight_kib,
        uint64_t{array.reduction_lanes} * array.output_lanes * array.weight_bits);
    out << "\nEnergy of coding a value, logic of " << process.name << ". DRAM takes "
        << fixed(report.dram_paper_pj_per_bit, 1)
        << " pJ for a bit\nwritten and read by the formula of Chmiel et al., "
        << fixed(report.dram_datasheet_pj_per_bit, 1)
        << " by the data sheet (bursts alone). \"pays\": the bits\n"
           "a value that must be saved for DRAM to save as much as coding takes, by each.\n\n";
    Table table({"codec", "channels", "encode pJ", "decode pJ", "pays", "pays (data sheet)"});
    for (const CodecEnergyRow& row : codec_energies(report))
        table.add({std::string(codec_name(row.codec)),
                   row.channels ? std::to_string(row.channels) : "any",
                   fixed(row.energy.encode_pj, 2), fixed(row.energy.decode_pj, 2),
                   fixed(bits_to_save(row.energy, report.dram_paper_pj_per_bit), 2),
                   fixed(bits_to_save(row.energy, report.dram_datasheet_pj_per_bit), 2)});
    table.print(out);
    out << "A multiplication with addition takes " << fixed(resources::mac_pj(process), 2)
        << " pJ, a byte of the weight buffer "
        << fixed(resources::sram_pj_per_byte(weights, process), 2) << " pJ.\n";
}

std::string codec_text(const resources::Machine& machine) {
    std::string text;
    for (const uint32_t codec : machine.codecs)
        text += (text.empty() ? "" : ", ") + std::string(codec_name(codec));
    return text;
}

}  // namespace

void print_text(const EstimateReport& report, std::ostream& out) {
    const Device& device = *report.device;
    const Estimate e = estimate(report.machine, device, report.preset);
    const resources::ComputeArray& array = report.machine.array;
    out << "Array " << array.reduction_lanes << " x " << array.output_lanes << ", codec "
        << codec_text(report.machine) << ", " << device.title << ", preset "
        << preset_name(report.preset) << ". Estimated, not synthesised;\n"
        << "without CPU, bus, peripherals and PHY. models/resources/README.md has the errors.\n\n";
    print_blocks(e, device, out);
    if (report.preset == Preset::paper)
        out << "Array and PCA units as Chmiel et al. synthesised them, for layers of "
            << resources::paper_channels(array.reduction_lanes)
            << " channels: 20 DSP\na channel where 4.5 are enough, 16 kernels swept away (a slip "
               "of the wiring). See --table-iii.\n";
    print_devices(report, out);
    print_energy(report, out);
}

void print_csv(const EstimateReport& report, std::ostream& out) {
    const Estimate e = estimate(report.machine, *report.device, report.preset);
    out << "device,preset,block,part,logic,registers,dsp,ram_blocks,memory_bits,kge\n";
    const auto line = [&](const std::string& block, const std::string& part, const Usage& u,
                          bool kge_known) {
        out << report.device->name << ',' << preset_name(report.preset) << ',' << csv_field(block)
            << ',' << csv_field(part) << ',' << u.logic << ',' << u.registers << ',' << u.dsp << ','
            << fixed(u.ram_blocks, 1) << ',' << u.memory_bits << ','
            << (kge_known ? fixed(u.kge, 3) : "") << '\n';
    };
    for (const BlockUsage& b : e.blocks) line(b.block, b.part, b.usage, b.kge_known);
    line("total", "", e.total, e.kge_known);
}

namespace {

Json usage_json(const Usage& u, bool kge_known) {
    Json json = {{"logic", u.logic},           {"registers", u.registers},     {"dsp", u.dsp},
                 {"ram_blocks", u.ram_blocks}, {"memory_bits", u.memory_bits}, {"kge", nullptr}};
    if (kge_known) json["kge"] = u.kge;
    return json;
}

Json device_json(const Device& device, const Estimate& e) {
    Json json = {{"name", device.name}, {"title", device.title}, {"source", device.source}};
    if (device.is_asic()) return json;
    const Usage& u = e.total;
    json["logic_unit"] = device.logic_unit();
    json["ram_unit"] = device.ram_unit();
    json["has"] = {{"logic", device.logic}, {"dsp", device.dsp}, {"ram_blocks", device.ram_blocks}};
    json["share_percent"] = {{"logic", share(static_cast<double>(u.logic), device.logic)},
                             {"dsp", share(static_cast<double>(u.dsp), device.dsp)},
                             {"ram_blocks", share(u.ram_blocks, device.ram_blocks)}};
    json["fits"] = resources::fits(u, device);
    return json;
}

Json energy_json(const EstimateReport& report) {
    const resources::Process& process = process_of(*report.device);
    Json codecs = Json::array();
    for (const CodecEnergyRow& row : codec_energies(report)) {
        Json channels = nullptr;
        if (row.channels) channels = row.channels;
        codecs.push_back(
            {{"codec", codec_name(row.codec)},
             {"channels", channels},
             {"encode_pj_per_value", row.energy.encode_pj},
             {"decode_pj_per_value", row.energy.decode_pj},
             {"pays_from_bits_paper", bits_to_save(row.energy, report.dram_paper_pj_per_bit)},
             {"pays_from_bits_datasheet",
              bits_to_save(row.energy, report.dram_datasheet_pj_per_bit)}});
    }
    return {{"process", process.name},
            {"factor", process.factor},
            {"mac_pj", resources::mac_pj(process)},
            {"dram_paper_pj_per_bit", report.dram_paper_pj_per_bit},
            {"dram_datasheet_pj_per_bit", report.dram_datasheet_pj_per_bit},
            {"codecs", codecs}};
}

}  // namespace

Json estimate_json(const EstimateReport& report) {
    const Estimate e = estimate(report.machine, *report.device, report.preset);
    Json blocks = Json::array(), all = Json::array(), codecs = Json::array();
    for (const BlockUsage& b : e.blocks) {
        Json row = {{"block", b.block}, {"part", b.part}};
        row.update(usage_json(b.usage, b.kge_known));
        blocks.push_back(row);
    }
    for (const uint32_t codec : report.machine.codecs) codecs.push_back(codec_name(codec));
    for (const auto& [device, on_it] : on_all_devices(report)) {
        Json row = device_json(*device, on_it);
        row["total"] = usage_json(on_it.total, on_it.kge_known);
        all.push_back(row);
    }
    return {{"preset", preset_name(report.preset)},
            {"codecs", codecs},
            {"device", device_json(*report.device, e)},
            {"blocks", blocks},
            {"total", usage_json(e.total, e.kge_known)},
            {"devices", all},
            {"energy", energy_json(report)}};
}

void print_json(const EstimateReport& report, std::ostream& out) {
    out << estimate_json(report).dump(2) << '\n';
}

}  // namespace karhunen
