// The golden executor: the loadable's arithmetic run layer by layer, band by band, without SystemC.
// What it stores is what the platform must store, bit for bit.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/codec/codec.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// One band as it lies in DRAM.
struct StoredBand {
    std::vector<std::vector<uint8_t>> streams;
    uint32_t crc32 = 0;  ///< zlib's, over the streams one after the other
    uint64_t code_bits = 0;
    double entropy_bits = 0;
};

struct StoredTensor {
    std::vector<StoredBand> bands;
    std::vector<int16_t> decoded;  ///< (row, column, channel), what consumers see
    std::vector<int16_t> encoded;  ///< the same before coding: what the encoder takes
};

struct GoldenOptions {
    bool naive = false;    ///< plain integer loops instead of the fast kernels; same bits
    bool entropy = false;  ///< fill in entropy_bits
    bool encoded = false;  ///< run() fills in StoredTensor::encoded
};

class GoldenExecutor {
public:
    /// Keeps a reference to the loadable. Throws CodecError when a tensor's codec or its
    /// parameters are not known or do not fit the tensor.
    explicit GoldenExecutor(const Loadable& loadable, GoldenOptions options = {});
    ~GoldenExecutor();

    /// input: the first tensor's values (row, column, channel). Result: one per tensor. Several
    /// threads may run images through one executor. Throws std::invalid_argument when the input
    /// has another size.
    std::vector<StoredTensor> run(std::span<const int16_t> input) const;
    /// The bands of one tensor with these values of its stored format (two int16_t for s32), as
    /// the encoder stores them, and what a decoder makes of them. For the input tensor: what the
    /// host writes to memory before a run.
    StoredTensor store(uint32_t tensor, std::span<const int16_t> values) const;
    /// Logits of a result of run(), in steps of loadable.input().logit_scale.
    std::vector<int32_t> logits(std::span<const StoredTensor> tensors) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace karhunen
