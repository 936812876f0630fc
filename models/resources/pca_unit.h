// PCA unit, its inverse, and the quantisers beside them (models/arithmetic/transform.h).
#pragma once

#include "models/resources/inventory.h"

namespace karhunen::resources {

struct PcaUnit {
    uint32_t input_bits = 12;  ///< of the encoder's; coefficients have 15
    uint32_t weight_bits = 8;
    uint32_t multipliers = 256;
    uint32_t channels = 512;  ///< most that a vector may have
    uint32_t accumulator_bits = 30;
    uint32_t fewest_channels = 1;  ///< that a vector may have
};

/// `multipliers` products of a clock into one adder tree and an accumulator; two vectors, one that
/// is worked on and one that arrives; the mean taken off before the multipliers.
Inventory pca_unit(const PcaUnit& p);
/// The same with coefficients of 15 bits, and the offset added to the sum.
Inventory inverse_pca_unit(const PcaUnit& p);
/// The matrix, a word of all multipliers' weights per clock. The machine keeps it in the table
/// memory of its encoder and decoders instead, which has the same port.
Memory pca_matrix(const PcaUnit& p);

/// Per stream a rescaler from `input_bits` to `output_bits` (forward or inverse multipliers of a
/// component).
Inventory quantiser(uint32_t input_bits, uint32_t output_bits, uint32_t streams);

}  // namespace karhunen::resources
