#include "sw/compiler/calibrate_codecs.h"

#include <algorithm>
#include <optional>

#include "models/codec/codec.h"
#include "sw/compiler/error.h"
#include "sw/compiler/parallel.h"

namespace karhunen {

namespace {

constexpr uint32_t streams = 4;  // any number gives the same values

std::vector<uint8_t> calibrated(const FloatLayer& layer, const QuantisedLayer& quantised,
                                const std::vector<IntegerMap>& stored,
                                const QuantiserOptions& options) {
    CalibrationMaps maps;
    maps.images.assign(stored.begin(), stored.end());
    maps.channels = layer.output.channels;
    maps.stored_scale = quantised.stored_scale;
    maps.decoded_scale = quantised.scale;
    switch (quantised.codec) {
        case KRHN_CODEC_VLC:
            return calibrate_vlc(maps, options);
        case KRHN_CODEC_TRANSFORM:
            return calibrate_transform(maps, options);
    }
    throw CodecError("the compiler cannot calibrate codec " +
                     std::string(codec_name(quantised.codec)));
}

}  // namespace

void calibrate_codecs(const Network& network, std::vector<QuantisedLayer>& layers,
                      std::vector<IntegerMap> inputs, const QuantiserOptions& options,
                      unsigned threads, const std::function<void(const std::string&)>& progress) {
    const auto coded = [&](uint32_t l) { return layers[l].codec != KRHN_CODEC_RAW; };
    uint32_t end = static_cast<uint32_t>(layers.size());
    while (end > 0 && !coded(end - 1)) --end;
    const std::vector<uint32_t> last_reader = last_readers(network);
    std::vector<std::vector<IntegerMap>> maps(inputs.size());  // [picture][map]
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        maps[i].resize(network.layers.size() + 1);
        maps[i][0] = std::move(inputs[i]);
    }
    for (uint32_t l = 0; l < end; ++l) {
        const FloatLayer& layer = network.layers[l];
        const IntegerLayer arithmetic(layer, layers[l]);
        std::vector<IntegerMap> stored(maps.size());
        for_each_index(maps.size(), threads, [&](std::size_t i) {
            stored[i] = arithmetic.run(maps[i]);
            for (uint32_t map = 0; map <= l; ++map)
                if (last_reader[map] == l) IntegerMap().swap(maps[i][map]);
        });
        std::unique_ptr<Codec> codec;
        try {
            if (coded(l)) {
                layers[l].table = calibrated(layer, layers[l], stored, options);
                codec = make_codec(layers[l].codec, layers[l].table, layers[l].stored);
            }
        } catch (const CodecError& error) {
            throw CompileError("layer " + layer.name + ": " + error.what());
        }
        const BandShape shape{layer.output.height, layer.output.width, layer.output.channels};
        for_each_index(maps.size(), threads, [&](std::size_t i) {
            maps[i][l + 1] =
                codec ? decode_band(*codec, shape, encode_band(*codec, shape, streams, stored[i]))
                      : std::move(stored[i]);
            IntegerMap().swap(stored[i]);
        });
        if (progress) progress("calibrated " + layer.name);
    }
}

}  // namespace karhunen
