// The firmware's headers, for C++.
#pragma once

#include <cstddef>
#include <cstdint>

#include <karhunen/boot.h>
#include <karhunen/dma.h>
#include <karhunen/loadable.h>
#include <karhunen/registers.h>

extern "C" {
#include "sw/firmware/interrupts.h"
#include "sw/firmware/network.h"
#include "sw/firmware/scheduler.h"
}
