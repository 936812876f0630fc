// Codes of different lengths into words, and back: at the end and at the start of every coder.
#pragma once

#include "models/resources/inventory.h"

namespace karhunen::resources {

/// A code per clock into words that may not be shorter: the code is shifted behind the bits that
/// wait (fewer than a word), OR-ed to them, and a full word goes out through a register.
Inventory bit_packer(uint32_t code_bits, uint32_t word_bits);

/// A window of two words is shifted by the code just read; the next word is shifted into its place.
Inventory bit_unpacker(uint32_t code_bits, uint32_t word_bits);

}  // namespace karhunen::resources
