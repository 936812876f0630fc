// The units around the coders: quantiser, PCA and its inverse.
#include "models/codec/transform_codec.h"
#include "models/golden/codec_handle.h"
#include "models/golden/values.h"

using namespace karhunen;
using namespace karhunen::golden;

namespace karhunen::golden {
namespace {

template <typename T>
std::vector<T> copied(const T* first, size_t count, const char* name) {
    const auto given = array(first, count, name);
    return {given.begin(), given.end()};
}

/// For one direction; the arrays of the other one become zeros.
Transform transform_of(const karhunen_transform& t, bool inverse) {
    need(t.channels >= 1 && t.channels <= transform_max_channels, "channels: expected 1 to 512");
    need(t.components >= 1 && t.components <= t.channels,
         "components: expected 1 to as many as channels");
    TransformParameters p;
    p.channels = t.channels;
    p.components = t.components;
    p.matrix = copied(t.matrix, size_t{t.components} * t.channels, "matrix");
    p.low = t.low;
    p.high = t.high;
    p.mean.resize(t.channels);
    p.forward.resize(t.components);
    p.inverse.resize(t.components);
    p.offset.resize(t.channels);
    if (inverse) {
        p.inverse = copied(t.inverse, t.components, "inverse");
        p.inverse_shift = t.inverse_shift;
        p.offset = copied(t.offset, t.channels, "offset");
        p.out_multiplier = t.output_multiplier;
        p.out_shift = t.output_shift;
    } else {
        p.mean = copied(t.mean, t.channels, "mean");
        p.forward = copied(t.forward, t.components, "forward");
        p.forward_shift = t.forward_shift;
    }
    asking([&] { check_transform(p); });
    return Transform(std::move(p));
}

/// Values and symbols of so many vectors, symbols in the range of the code.
struct Vectors {
    size_t values, symbols;
    Vectors(size_t vectors, uint32_t channels, uint32_t components)
        : values(vectors ? checked_product({vectors, channels}) : 0),
          symbols(vectors ? checked_product({vectors, components}) : 0) {}
};

const SymbolCodec& symbol_codec(const CodecData& data) {
    need(data.symbols, "only vlc and transform have symbols");
    return *data.symbols;
}

}  // namespace
}  // namespace karhunen::golden

extern "C" {

karhunen_status karhunen_codec_quantise(karhunen_context* context, const karhunen_codec* codec,
                                        const int32_t* values, size_t vectors, int32_t* symbols) {
    return guarded(context, [&] {
        const CodecData& data = *checked(codec).data;
        const SymbolCodec& unit = symbol_codec(data);
        const Vectors n(vectors, data.channels(), data.components());
        const auto map =
            narrowed(array(values, n.values, "values"), unit.stored_format(), "values");
        const auto result = array(symbols, n.symbols, "symbols");
        std::vector<int16_t> narrow(n.symbols);
        unit.quantise(map, narrow.data());
        widen(narrow, Format::s12, result.data());
    });
}

karhunen_status karhunen_codec_reconstruct(karhunen_context* context, const karhunen_codec* codec,
                                           const int32_t* symbols, size_t vectors,
                                           int32_t* values) {
    return guarded(context, [&] {
        const CodecData& data = *checked(codec).data;
        const SymbolCodec& unit = symbol_codec(data);
        need(!data.transform || !data.transform->matrix.empty(),
             "codec: parameters of an encoder alone");
        const Vectors n(vectors, data.channels(), data.components());
        const int64_t low = unit.code().low();
        const auto narrow = narrowed(array(symbols, n.symbols, "symbols"), low,
                                     low + unit.code().symbols() - 1, "symbols");
        const auto result = array(values, n.values, "values");
        std::vector<int16_t> map(n.values);
        unit.reconstruct(narrow, map.data());
        widen(map, unit.decoded_format(), result.data());
    });
}

karhunen_status karhunen_transform_forward(karhunen_context* context,
                                           const karhunen_transform* transform, const int32_t* x,
                                           size_t vectors, int32_t* q) {
    return guarded(context, [&] {
        const Transform unit = transform_of(output(transform, "transform"), false);
        const Vectors n(vectors, transform->channels, transform->components);
        const auto map = narrowed(array(x, n.values, "x"), Format::s12, "x");
        const auto result = array(q, n.symbols, "q");
        std::vector<int16_t> symbols(n.symbols);
        unit.forward(map.data(), static_cast<uint32_t>(vectors), symbols.data());
        widen(symbols, Format::s12, result.data());
    });
}

karhunen_status karhunen_transform_inverse(karhunen_context* context,
                                           const karhunen_transform* transform, const int32_t* q,
                                           size_t vectors, int32_t* x) {
    return guarded(context, [&] {
        const Transform unit = transform_of(output(transform, "transform"), true);
        const Vectors n(vectors, transform->channels, transform->components);
        const auto symbols =
            narrowed(array(q, n.symbols, "q"), transform->low, transform->high, "q");
        const auto result = array(x, n.values, "x");
        std::vector<int16_t> map(n.values);
        unit.inverse(symbols.data(), static_cast<uint32_t>(vectors), map.data());
        widen(map, Format::u8, result.data());
    });
}

karhunen_status karhunen_codec_transform(karhunen_context* context, const karhunen_codec* codec,
                                         karhunen_transform* transform) {
    return guarded(context, [&] {
        const CodecData& data = *checked(codec).data;
        karhunen_transform& result = output(transform, "transform");
        need(data.transform.has_value(), "codec: only transform has a matrix");
        const TransformParameters& p = *data.transform;
        const auto pointer = [](const auto& v) { return v.empty() ? nullptr : v.data(); };
        result = {p.channels,
                  p.components,
                  pointer(p.matrix),
                  pointer(p.mean),
                  pointer(p.forward),
                  pointer(p.inverse),
                  pointer(p.offset),
                  p.low,
                  p.high,
                  p.out_multiplier,
                  p.forward_shift,
                  p.inverse_shift,
                  p.out_shift};
    });
}

}  // extern "C"
