// Blocks in RTL as the platform sees them: values in, words out, however they are clocked.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/arithmetic/transform.h"
#include "models/codec/huffman.h"
#include "platform/cosimulation/protocol_error.h"

namespace karhunen::rtl {

/// Of pca_unit.sv, see CMakeLists.txt.
inline constexpr uint32_t pca_multipliers = 16, pca_channels = 512;

/// One instance. It is reset when it is made and, if a stream was left unfinished, before the next.
/// Both sides of its streams stall at random, unless the seed is 0. What throws ProtocolError
/// leaves the stream unfinished.
class RtlBlock {
public:
    virtual ~RtlBlock() = default;
    /// A stream begins. values: of all of it.
    virtual void begin(size_t values) = 0;
    /// Gives it values that follow in the stream; `ends`: the last ones. Returns when what they
    /// make complete has come out: `awaited` words in all of each output, or as many as there are
    /// when nothing has moved for a while; at the end, all.
    virtual void work(std::span<const int16_t> values, bool ends,
                      std::span<const size_t> awaited) = 0;
    /// Of an output, since the stream began.
    virtual const std::vector<uint64_t>& words(unsigned output = 0) const = 0;
    /// Since it was made.
    virtual uint64_t clocks() const = 0;
};

class HuffmanBlock : public RtlBlock {
public:
    virtual void load(const HuffmanCode& code) = 0;
};

/// Values are those of whole vectors.
class PcaBlock : public RtlBlock {
public:
    virtual void load(const TransformParameters& parameters) = 0;
};

/// Symbols of the code in, 16-bit words out.
std::unique_ptr<HuffmanBlock> huffman_encoder_block(uint32_t seed);
/// 16-bit words in; out come the lower 11 bits of symbols, as many as begin() says.
std::unique_ptr<HuffmanBlock> huffman_decoder_block(uint32_t seed);
/// Values of 12 bits in, symbols of 12 bits out (pca_symbol_bits).
std::unique_ptr<PcaBlock> pca_unit_block(uint32_t seed);
/// Words of 8 bits in, bytes of ZNZ (output 0) and BPC (1) out.
std::unique_ptr<RtlBlock> ebpc_encoder_block(uint32_t seed);

}  // namespace karhunen::rtl
