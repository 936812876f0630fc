#include "models/resources/small_coders.h"

#include "models/resources/bit_packing.h"

namespace karhunen::resources {

namespace {
constexpr uint32_t value_bits = 8, zvc_block = 32, zrle_code_bits = 9, zrle_word_bits = 16,
                   zrle_run_bits = 4;
}

Inventory raw_path(uint32_t values_per_clock) {
    const double bits = double{value_bits} * values_per_clock;
    return shifter(bits, values_per_clock) + registers(2 * bits) +
           counter(index_bits(values_per_clock) + 1.0) + counter(24) + gates(30);
}

Inventory zvc_encoder(uint32_t streams) {
    // Two blocks: one is filled while the other goes out.
    const Inventory coder = memory(2 * zvc_block, value_bits) + registers(2 * zvc_block) +
                            counter(6) * 2 + gates(value_bits + 30) + mux(5, value_bits) +
                            registers(2 * value_bits);
    return coder * streams;
}

Inventory zvc_decoder(uint32_t streams) {
    const Inventory coder = registers(2 * zvc_block) + mux(2, zvc_block) + counter(6) * 2 +
                            mux(2, value_bits) + gates(30) + registers(2 * value_bits);
    return coder * streams;
}

Inventory zrle_encoder(uint32_t streams) {
    const Inventory coder = counter(zrle_run_bits) + gates(value_bits + 16) +
                            mux(2, zrle_code_bits) + registers(zrle_code_bits) +
                            bit_packer(zrle_code_bits, zrle_word_bits);
    return coder * streams;
}

Inventory zrle_decoder(uint32_t streams) {
    const Inventory coder = bit_unpacker(zrle_code_bits, zrle_word_bits) + counter(zrle_run_bits) +
                            gates(16) + mux(2, value_bits) + registers(value_bits);
    return coder * streams;
}

}  // namespace karhunen::resources
