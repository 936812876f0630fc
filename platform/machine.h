// The machine: every block, wired. machine.cpp reads as the memory map.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include <systemc>

#include "models/buffers/buffers.h"
#include "models/bus/bus.h"
#include "models/bus/memory.h"
#include "models/compute_array/compute_array.h"
#include "models/cpu/cpu.h"
#include "models/cpu/elf.h"
#include "models/ddr/ddr_controller.h"
#include "models/decoder/decoder.h"
#include "models/dma/dma.h"
#include "models/encoder/encoder.h"
#include "models/interrupt/plic.h"
#include "models/post_processing/post_processing.h"
#include "models/simulation_control/simulation_control.h"
#include "models/timer/clint.h"
#include "models/uart/uart.h"
#include "platform/configuration.h"

namespace karhunen {

/// By its name in configs/ddr, or a file of one's own (.yaml). Throws ddr::DeviceError.
ddr::Device ddr_device(const std::string& name);

/// The memory of a machine. Throws ddr::DeviceError, and std::invalid_argument naming a key.
DdrSettings ddr_settings(const PlatformConfiguration& configuration);

/// What is legal but odd, on standard error.
void print_warnings(const DdrSettings& settings);

/// What works on values, and whether.
struct DataPath {
    Values values = Values::computed;
    std::unique_ptr<BandCoders> input_decoder = codec_coders(), residual_decoder = codec_coders(),
                                encoder = codec_coders();
};

class Machine : public sc_core::sc_module {
public:
    /// Throws std::runtime_error (ConfigurationError, ddr::DeviceError, ...) for a configuration
    /// that makes no machine.
    Machine(sc_core::sc_module_name name, const PlatformConfiguration& configuration,
            DmaObservers observers, DataPath data = {});

    Cpu cpu;
    Bus bus;
    Memory sram;
    Clint clint;
    Plic plic;
    Uart uart;
    SimulationControl simulation_control;
    Dma dma;
    DdrController ddr;
    Buffers buffers;
    Decoder input_decoder, residual_decoder;
    ComputeArray array;
    PostProcessing post;
    Encoder encoder;

    /// Into SRAM or DDR, before the simulation; the CPU starts at the program's entry. Throws
    /// ElfError naming a segment that lies elsewhere.
    void load_firmware(const ElfProgram& program);
    /// The DDR from its first byte.
    std::span<uint8_t> memory() { return ddr.storage(); }
    /// Every block keeps the history of its states from now on.
    void keep_history();
    /// States, fill levels, interrupts and DRAM commands of everything.
    void trace(sc_core::sc_trace_file* file);

private:
    void map_addresses();
    void wire_data_path();
    void wire_interrupts();

    using Wire = sc_core::sc_signal<bool, sc_core::SC_MANY_WRITERS>;
    sc_core::sc_vector<Wire> irq_{"irq", KRHN_IRQ_SOURCES};
    Wire external_irq_{"external_irq"}, timer_irq_{"timer_irq"}, software_irq_{"software_irq"};
};

}  // namespace karhunen
