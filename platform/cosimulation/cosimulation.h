// Blocks in RTL inside the machine: an instrument that makes the coders of encoder and decoders.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "platform/cosimulation/findings.h"
#include "platform/instrument.h"

namespace karhunen::rtl {

struct Settings {
    Modes modes{};
    bool all_that_fit = false;  ///< no block was named: those that the network has no use for rest
    uint32_t seed = 1;          ///< of the stalls; 0: none
    std::set<std::string> layers;  ///< the jobs of these (names or numbers); empty: all
    uint64_t bands = UINT64_MAX;   ///< the first ones of each unit in each layer
};

/// `cross`, or `huffman_encoder=rtl,pca_unit=cross`. Throws std::runtime_error naming what is
/// known.
Settings parse_modes(const std::string& text);

/// The run ends with exit code 4 at the first mismatch, which the report names. Throws
/// std::runtime_error where the program was built without Verilator.
std::unique_ptr<Instrument> make_cosimulation(const Settings& settings);

}  // namespace karhunen::rtl
