// A codec and all that functions ask of it. Immutable.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/arithmetic/transform.h"
#include "models/codec/codec.h"
#include "models/codec/symbol_codec.h"
#include "models/golden/guard.h"

namespace karhunen::golden {

struct CodecData {
    uint32_t id = 0;
    std::vector<uint8_t> parameters;
    std::unique_ptr<Codec> codec;
    const SymbolCodec* symbols = nullptr;          ///< the same; vlc and transform
    std::optional<TransformParameters> transform;  ///< transform alone

    uint32_t word_bytes() const;
    /// Values of a vector that becomes symbols, and symbols that it becomes.
    uint32_t channels() const { return transform ? transform->channels : 1; }
    uint32_t components() const { return transform ? transform->components : 1; }
};

using SharedCodec = std::shared_ptr<const CodecData>;

struct Band {
    BandShape shape;
    uint32_t streams;
    size_t values() const { return shape.values(); }
};

/// Throws Error unless a band can be so.
Band checked_band(uint32_t rows, uint32_t columns, uint32_t channels, uint32_t streams);

}  // namespace karhunen::golden

struct karhunen_codec : karhunen::golden::Handle {
    static constexpr auto own_kind = karhunen::golden::Kind::codec;
    static constexpr std::string_view name = "codec";
    explicit karhunen_codec(karhunen::golden::SharedCodec d)
        : Handle(own_kind), data(std::move(d)) {}
    karhunen::golden::SharedCodec data;
};
