#include "platform/run.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>

#include <karhunen/boot.h>

#include "models/ddr/conservation.h"
#include "models/interfaces/sanitizer.h"
#include "platform/band_map.h"
#include "platform/built_in_firmware.h"
#include "platform/checker.h"
#include "platform/command_trace.h"
#include "platform/fault.h"
#include "platform/fresh_context.h"
#include "platform/host.h"
#include "platform/instrument.h"
#include "platform/internal_error.h"
#include "platform/machine.h"
#include "platform/measure.h"
#include "platform/replay.h"
#include "platform/timeline.h"
#include "platform/waveforms.h"
#include "sw/golden/executor.h"

namespace karhunen {

namespace {

ElfProgram firmware_of(const std::filesystem::path& path) {
    return path.empty() ? parse_elf(built_in_firmware()) : read_elf(path);
}

/// Everything that belongs to one run.
class Session {
public:
    Session(const Loadable& loadable, const RunOptions& options);
    RunReport run();

private:
    RunSubject subject() const;
    void load(const ElfProgram& firmware);
    void compute_golden();
    void write_boot_block();
    DataPath data_path();
    uint32_t images() const;
    void place_images();
    void stored(uint32_t entry_address, const krhn_tile_entry& entry);
    void loaded(uint32_t address, const krhn_dma_descriptor& descriptor);
    bool is_counted(std::optional<BandPlace> place) const;
    uint32_t producer_of(uint32_t tensor) const;
    uint64_t burst_bytes(const uint32_t* stream_bytes, uint32_t streams) const;
    void on_command(const ddr::CommandRecord& command);
    void simulate();
    void collect(RunReport& report);
    void judge(RunReport& report);
    void read_results(RunReport& report);

    const Loadable& loadable_;
    const RunOptions& options_;
    const ElfProgram firmware_;
    std::vector<std::vector<StoredTensor>> golden_;
    std::unique_ptr<Machine> machine_;
    std::unique_ptr<Checker> checker_;
    std::optional<Waveforms> waveforms_;
    std::optional<CommandTrace> commands_;
    std::string uart_;
    BandMap layout_;
    std::vector<EncodedBand> bands_;
    std::map<uint32_t, Measurements::OtherMaps> other_maps_;
    std::map<uint32_t, std::map<uint32_t, uint64_t>> decoded_;  ///< values by layer and tensor
    uint64_t last_store_ = 0;                                   ///< ps
    uint64_t bytes_per_burst_;
    uint64_t raw_map_bytes_ = 0;
    size_t bands_expected_ = 0, bands_stored_ = 0;
};

Session::Session(const Loadable& loadable, const RunOptions& options)
    : loadable_(loadable),
      options_(options),
      firmware_(firmware_of(options.firmware)),
      layout_(loadable, images()),
      bytes_per_burst_(ddr_device(options.configuration.ddr.device).burst_bytes()) {
    if (images() == 0 || images() > loadable.header().batch)
        throw std::runtime_error("expected 1 to " + std::to_string(loadable.header().batch) +
                                 " images, the batch that the loadable was compiled for; found " +
                                 std::to_string(images()));
    if (options.replay) {
        check_made_for(*options.replay, loadable, firmware_);
        if (options.check) throw std::runtime_error("a replay has no values to check");
    }
    if (options.record) *options.record = recording_of(loadable, firmware_);
    if (!options.vcd.empty()) waveforms_.emplace(options.vcd);
    if (!options.dram_commands.empty()) {
        if (options.configuration.ddr.model == "ideal")
            throw std::runtime_error("ddr.model is ideal, which issues no commands to write");
        commands_.emplace(options.dram_commands);
    }
    if (options.check) compute_golden();
    start_fresh_context();
    DmaObservers observers;
    observers.on_band_stored = [this](uint32_t address, const krhn_tile_entry& entry) {
        stored(address, entry);
    };
    observers.on_band_load = [this](uint32_t address, const krhn_dma_descriptor& descriptor) {
        loaded(address, descriptor);
    };
    machine_ = std::make_unique<Machine>("machine", options.configuration, observers, data_path());
    if (options.check) checker_ = std::make_unique<Checker>(loadable, golden_, machine_->memory());
    load(firmware_);
    for (Instrument* instrument : options.instruments) instrument->attach(subject(), *machine_);
}

RunSubject Session::subject() const {
    return {loadable_, options_.configuration, firmware_, images()};
}

uint32_t Session::images() const {
    return options_.replay ? options_.replay->images()
                           : static_cast<uint32_t>(options_.inputs.size());
}

DataPath Session::data_path() {
    DataPath data = options_.record   ? recording_data_path(*options_.record)
                    : options_.replay ? replaying_data_path(*options_.replay)
                                      : DataPath{};
    for (Instrument* instrument : options_.instruments) instrument->prepare(subject(), data);
    return data;
}

void Session::compute_golden() {
    const GoldenExecutor executor(loadable_);
    for (const std::vector<int16_t>& input : options_.inputs)
        golden_.push_back(executor.run(input));
}

void Session::load(const ElfProgram& firmware) {
    place_loadable(loadable_, machine_->memory());
    place_images();
    try {
        machine_->load_firmware(firmware);
    } catch (const ElfError& error) {
        throw ElfError(options_.firmware.string() + ": " + error.what() +
                       "; there are 256 KiB of SRAM at 0x20000000 and " +
                       std::to_string(options_.configuration.ddr.size_mib) +
                       " MiB of DDR at 0x80000000");
    }
    write_boot_block();
    for (const krhn_tensor& tensor : loadable_.tensors())
        if (!(tensor.flags & KRHN_TENSOR_INPUT))
            bands_expected_ += uint64_t{tensor.bands} * images();
    machine_->keep_history();
    if (commands_ || options_.timeline)
        machine_->ddr.on_command([this](const ddr::CommandRecord& c) { on_command(c); });
    machine_->encoder.observe([this](const EncodedBand& band) { bands_.push_back(band); });
    machine_->uart.on_output([this](char c) {
        uart_ += c;
        if (options_.uart) options_.uart(c);
    });
}

void Session::place_images() {
    if (loadable_.is_none()) return;
    for (uint32_t i = 0; i < images(); ++i) {
        if (options_.replay)
            place_input_sizes(loadable_, i, options_.replay->inputs[i], machine_->memory());
        else
            place_input(loadable_, i, options_.inputs[i], machine_->memory());
        if (options_.record)
            options_.record->inputs.push_back(input_sizes(loadable_, i, machine_->memory()));
    }
}

void Session::write_boot_block() {
    krhn_boot boot{};
    boot.magic = KRHN_BOOT_MAGIC;
    boot.images = images();
    boot.flags = options_.verbose_firmware ? KRHN_BOOT_VERBOSE : 0;
    // Firmware can say more than the watchdog, so it comes first.
    const CpuConfiguration& cpu = options_.configuration.cpu;
    boot.patience_clocks = static_cast<uint32_t>(
        std::min(cpu.watchdog_ms * cpu.clock_mhz * 1000 / 2, double{UINT32_MAX}));
    std::memcpy(machine_->sram.bytes().data() + (KRHN_BOOT_BASE - KRHN_SRAM_BASE), &boot,
                sizeof boot);
}

void Session::stored(uint32_t entry_address, const krhn_tile_entry& entry) {
    const uint64_t offset = entry_address - KRHN_DDR_BASE;
    if (const std::optional<BandPlace> place = layout_.of_entry(offset)) {
        last_store_ = sc_core::sc_time_stamp().value();
        ++bands_stored_;
        if (is_counted(place))
            raw_map_bytes_ += entry.values;
        else
            other_maps_[producer_of(place->tensor)].written +=
                burst_bytes(entry.bytes, entry.n_streams);
    }
    if (checker_) checker_->on_stored(offset, entry);
    for (Instrument* instrument : options_.instruments)
        instrument->on_band_stored(entry_address, entry);
    if (options_.after_store) options_.after_store(offset, machine_->memory());
}

void Session::loaded(uint32_t address, const krhn_dma_descriptor& descriptor) {
    const uint64_t offset = address - KRHN_DDR_BASE;
    const std::optional<BandPlace> place = layout_.of_slot(offset);
    if (place) decoded_[descriptor.tag][place->tensor] += descriptor.values;
    if (is_counted(place))
        raw_map_bytes_ += descriptor.values;
    else
        other_maps_[descriptor.tag].read += burst_bytes(descriptor.bytes, descriptor.n_streams);
    for (Instrument* instrument : options_.instruments)
        instrument->on_band_load(address, descriptor);
    if (checker_) checker_->on_load(offset);
}

bool Session::is_counted(std::optional<BandPlace> place) const {
    return place && loadable_.tensors()[place->tensor].flags & KRHN_TENSOR_COUNTED;
}

uint32_t Session::producer_of(uint32_t tensor) const {
    const auto layers = loadable_.layers();
    const auto found = std::find_if(layers.begin(), layers.end(), [&](const krhn_layer& layer) {
        return layer.output == tensor;
    });
    return static_cast<uint32_t>(found - layers.begin());
}

/// Bytes of the bursts that carry a band's streams, each of which begins on a burst.
uint64_t Session::burst_bytes(const uint32_t* stream_bytes, uint32_t streams) const {
    uint64_t bursts = 0;
    for (uint32_t s = 0; s < streams; ++s)
        bursts += (stream_bytes[s] + bytes_per_burst_ - 1) / bytes_per_burst_;
    return bursts * bytes_per_burst_;
}

void Session::on_command(const ddr::CommandRecord& command) {
    if (commands_) commands_->add(command);
    if (options_.timeline)
        options_.timeline->dram.add(command, machine_->ddr.time_of(command.clock).value());
}

void Session::simulate() {
    if (waveforms_) machine_->trace(waveforms_->start());
    try {
        sc_core::sc_start();
    } catch (...) {
        restore_stack_bounds();
        throw;
    }
    restore_stack_bounds();
    if (waveforms_) waveforms_->finish();
}

void Session::collect(RunReport& report) {
    Machine& m = *machine_;
    Measurements measured;
    for (const ArrayJobRecord& job : m.array.jobs())
        measured.array_jobs.push_back({job.tag, job.end.value()});
    measured.bands = bands_;
    measured.other_maps = other_maps_;
    measured.decoded = decoded_;
    uint64_t first = UINT64_MAX;
    // Channel 7 copies for the firmware while it boots.
    for (uint32_t channel = 0; channel < KRHN_DMA_CHANNELS - 1; ++channel) {
        const auto& history = m.dma.activity(channel).history();
        if (!history.empty()) first = std::min<uint64_t>(first, history.front().time.value());
    }
    const uint64_t now = sc_core::sc_time_stamp().value();
    measured.begin = std::min(first, now);
    measured.end = std::max(measured.begin, last_store_);
    const ArrayConfiguration& array = options_.configuration.array;
    measured.array_period = sc_core::sc_time(1000 / array.clock_mhz, sc_core::SC_NS).value();
    measured.multipliers = uint64_t{array.reduction_lanes} * array.output_lanes;
    measured.images = images();
    measured.dram = m.ddr.statistics();
    const std::string violation = ddr::conservation_violation(measured.dram, m.ddr.energy());
    if (!violation.empty()) throw InternalError("DRAM traffic does not add up: " + violation);
    measured.dram_period_ps = static_cast<double>(m.ddr.clock_period().value());
    measured.dram_peak_bytes_per_s = m.ddr.peak_bytes_per_s();
    const StallAccount stalls(
        {m.array.activity(), m.post.activity(), m.input_decoder.activity(),
         m.residual_decoder.activity(), m.encoder.activity(), m.dma.activity(0), m.dma.activity(1),
         m.dma.activity(2), m.dma.activity(3), m.dma.activity(4), m.dma.activity(5),
         m.dma.activity(6)},
        now);
    measure(loadable_, measured, stalls, m.ddr.energy(), report);
    report.raw_map_bytes = raw_map_bytes_;
    if (options_.timeline) {
        options_.timeline->end = now;
        options_.timeline->blocks = timeline_blocks(m, now);
        options_.timeline->dram.burst_bytes = measured.dram.burst_bytes;
    }
    if (commands_) commands_->finish();
}

void Session::judge(RunReport& report) {
    const SimulationControl& control = machine_->simulation_control;
    report.fault = fault_text(*machine_, firmware_, uart_, options_.firmware.empty());
    report.exit_code = control.exit_code() ? static_cast<int>(*control.exit_code()) : 3;
    if (report.exit_code != 0 && report.exit_code != 2) report.exit_code = 3;
    if (checker_ && report.exit_code != 2) {
        // When firmware stops early bands are missing of course; the fault says why.
        if (report.exit_code == 0) checker_->finish();
        report.checked = true;
        report.bands_checked = checker_->bands_checked();
        report.first_difference = checker_->first_difference();
        if (!report.first_difference.empty()) report.exit_code = 4;
    }
}

void Session::read_results(RunReport& report) {
    for (uint32_t i = 0; i < images(); ++i) {
        const std::vector<int32_t> logits = read_logits(loadable_, i, machine_->memory());
        std::vector<uint32_t> order(logits.size());
        std::iota(order.begin(), order.end(), 0u);
        const size_t count = std::min<size_t>(5, order.size());
        std::partial_sort(
            order.begin(), order.begin() + count, order.end(), [&](uint32_t a, uint32_t b) {
                return std::pair(-int64_t{logits[a]}, a) < std::pair(-int64_t{logits[b]}, b);
            });
        std::vector<Guess> best;
        for (size_t k = 0; k < count; ++k)
            best.push_back(
                {order[k], logits[order[k]] * double{loadable_.input().logit_scale}, ""});
        report.top.push_back(std::move(best));
    }
}

RunReport Session::run() {
    RunReport report;
    report.images = images();
    report.clock_mhz = options_.configuration.array.clock_mhz;
    simulate();
    judge(report);
    collect(report);
    const bool is_whole = !loadable_.is_none() && bands_stored_ >= bands_expected_;
    if (report.fault.empty() && is_whole) read_results(report);
    report.bands_stored = bands_stored_;
    report.simulated_ms = sc_core::sc_time_stamp().to_seconds() * 1e3;
    report.uart = uart_;
    for (Instrument* instrument : options_.instruments) instrument->finish(*machine_, report);
    return report;
}

}  // namespace

RunReport run(const Loadable& loadable, const RunOptions& options) {
    return Session(loadable, options).run();
}

}  // namespace karhunen
