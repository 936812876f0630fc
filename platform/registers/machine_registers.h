// From a register's name to the object in a machine.
#pragma once

#include <string_view>
#include <utility>

#include "platform/machine.h"
#include "platform/registers/register_map.h"

namespace karhunen {

/// Null for CLINT, PLIC and UART, which decode their addresses themselves.
inline Register* machine_register(Machine& machine, const RegisterPlace& place) {
    const std::pair<std::string_view, RegisterBlock*> blocks[] = {
        {"SIMULATION_CONTROL", &machine.simulation_control.registers},
        {"DMA", &machine.dma.registers},
        {"DDR_CONTROLLER", &machine.ddr.registers},
        {"INPUT_DECODER", &machine.input_decoder.registers},
        {"RESIDUAL_DECODER", &machine.residual_decoder.registers},
        {"COMPUTE_ARRAY", &machine.array.registers},
        {"POST_PROCESSING", &machine.post.registers},
        {"ENCODER", &machine.encoder.registers},
        {"BUFFERS", &machine.buffers.registers}};
    const std::string_view name = place.name;
    const size_t dot = name.find('.');
    for (const auto& [block, registers] : blocks)
        if (block == name.substr(0, dot)) return &(*registers)[name.substr(dot + 1)];
    return nullptr;
}

}  // namespace karhunen
