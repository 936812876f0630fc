// `context` value by value, written from the text of its format alone: what the fast coder is
// compared with.
#pragma once

#include <random>

#include "models/codec/context.h"

namespace karhunen::naive {

/// The quantised values of a band of stored ones, and the decoded values of quantised ones.
std::vector<int> context_quantised(const ContextParameters& p, const std::vector<int16_t>& stored);
std::vector<int16_t> context_decoded(const ContextParameters& p, const std::vector<int>& quantised);

std::vector<std::vector<uint8_t>> context_encode(const ContextParameters& p, const BandShape& shape,
                                                 uint32_t streams,
                                                 const std::vector<int>& quantised);
/// Of streams that an encoder wrote.
std::vector<int> context_decode(const ContextParameters& p, const BandShape& shape,
                                const std::vector<std::vector<uint8_t>>& streams);
/// Ideal length in bits of all tokens and raw bits.
double context_information(const ContextParameters& p, const BandShape& shape,
                           const std::vector<int>& quantised);

}  // namespace karhunen::naive

namespace karhunen::samples {

/// Parameters of any kind, lossless or not; rare tokens in some tables, common ones in others.
ContextParameters context(uint32_t channels, bool lossless, std::mt19937& random);

}  // namespace karhunen::samples
