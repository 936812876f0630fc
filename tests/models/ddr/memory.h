// A DDR controller with its registers bound.
#pragma once

#include "models/ddr/ddr_controller.h"
#include "tests/support/simulation.h"

namespace karhunen {

inline DdrSettings default_settings() {
    DdrSettings s;
    s.device = ddr::Device::find("ddr3-1600-4gb-x16");
    return s;
}

struct Memory {
    DdrController ddr;
    Initiator control{"control"};

    explicit Memory(const DdrSettings& settings = default_settings()) : ddr("ddr", settings) {
        control.socket.bind(ddr.registers.socket);
    }
};

}  // namespace karhunen
