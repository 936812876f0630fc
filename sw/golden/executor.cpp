#include "sw/golden/executor.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <zlib.h>

#include "sw/golden/layer.h"

namespace karhunen {

struct GoldenExecutor::Parts {
    const Loadable& loadable;
    GoldenOptions options;
    std::vector<std::unique_ptr<Codec>> codecs;  // per tensor
    std::vector<GoldenLayer> layers;
};

GoldenExecutor::GoldenExecutor(const Loadable& loadable, GoldenOptions options)
    : parts_(new Parts{loadable, options, {}, {}}) {
    for (const krhn_tensor& t : loadable.tensors()) {
        parts_->codecs.push_back(
            make_codec(t.codec, loadable.table(t), static_cast<Format>(t.stored_format)));
        const Codec& codec = *parts_->codecs.back();
        if (codec.stored_format() != static_cast<Format>(t.stored_format) ||
            codec.decoded_format() != static_cast<Format>(t.decoded_format))
            throw CodecError(std::string(loadable.name(t)) + ": the formats of codec " +
                             std::string(codec_name(t.codec)) + " are not those of the tensor");
    }
    parts_->layers.reserve(loadable.layers().size());
    for (const krhn_layer& layer : loadable.layers())
        parts_->layers.emplace_back(loadable, layer, options.naive);
}

GoldenExecutor::~GoldenExecutor() = default;

std::vector<StoredTensor> GoldenExecutor::run(std::span<const int16_t> input) const {
    const Loadable& loadable = parts_->loadable;
    std::vector<StoredTensor> stored(loadable.tensors().size());
    std::vector<std::span<const int16_t>> maps(stored.size());
    const auto keep = [&](uint32_t tensor, std::vector<int16_t> values) {
        stored[tensor] = store(tensor, values);
        maps[tensor] = stored[tensor].decoded;
        if (parts_->options.encoded) stored[tensor].encoded = std::move(values);
    };
    keep(loadable.input_tensor(), {input.begin(), input.end()});
    for (size_t i = 0; i < parts_->layers.size(); ++i)
        keep(loadable.layers()[i].output, parts_->layers[i].run(maps));
    return stored;
}

StoredTensor GoldenExecutor::store(uint32_t tensor, std::span<const int16_t> values) const {
    const krhn_tensor& t = parts_->loadable.tensors()[tensor];
    const Codec& codec = *parts_->codecs[tensor];
    const size_t row_values = size_t{t.width} * t.channels;
    const size_t row_in = row_values * words_of(codec.stored_format());
    const size_t row_out = row_values * words_of(codec.decoded_format());
    if (values.size() != t.height * row_in)
        throw std::invalid_argument("a map of " + std::to_string(values.size()) +
                                    " values, expected " + std::to_string(t.height * row_in));
    StoredTensor result;
    result.bands.resize(t.bands);
    result.decoded.resize(t.height * row_out);
    for (uint32_t b = 0; b < t.bands; ++b) {
        StoredBand& band = result.bands[b];
        const uint32_t first = b * t.band_rows;
        const BandShape shape{std::min(t.band_rows, t.height - first), t.width, t.channels};
        const auto encoder = codec.encoder(shape, t.streams);
        const auto decoder = codec.decoder(shape, t.streams);
        for (uint32_t r = first; r < first + shape.rows; ++r)
            encoder->encode_row(values.subspan(r * row_in, row_in));
        encoder->finish();
        band.code_bits = encoder->code_bits();
        if (parts_->options.entropy) band.entropy_bits = encoder->entropy_bits();
        for (uint32_t s = 0; s < t.streams; ++s) {
            const auto& stream = band.streams.emplace_back(std::move(encoder->output(s)));
            if (!stream.empty())  // zlib takes a null pointer for the start of a new sum
                band.crc32 =
                    static_cast<uint32_t>(crc32_z(band.crc32, stream.data(), stream.size()));
            decoder->feed(s, stream);
        }
        decoder->end();
        for (uint32_t r = first; r < first + shape.rows; ++r)
            decoder->decode_row(std::span(result.decoded).subspan(r * row_out, row_out));
        decoder->finish();
    }
    return result;
}

std::vector<int32_t> GoldenExecutor::logits(std::span<const StoredTensor> tensors) const {
    const StoredTensor& tensor = tensors[parts_->loadable.logits_tensor()];
    std::vector<int32_t> result(parts_->loadable.input().classes);
    std::memcpy(result.data(), tensor.decoded.data(), result.size() * sizeof(int32_t));
    return result;
}

}  // namespace karhunen
