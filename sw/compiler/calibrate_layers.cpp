#include "sw/compiler/calibrate_layers.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "models/codec/codec.h"
#include "sw/compiler/error.h"
#include "sw/compiler/parallel.h"

namespace karhunen {

namespace {

constexpr uint32_t streams = 4;  // any number gives the same values

std::vector<uint8_t> table_for(const FloatLayer& layer, const QuantisedLayer& quantised,
                               const std::vector<IntegerMap>& stored) {
    CalibrationMaps maps;
    maps.images.assign(stored.begin(), stored.end());
    maps.channels = layer.output.channels;
    maps.stored_scale = quantised.stored_scale;
    maps.decoded_scale = quantised.scale;
    maps.width = layer.output.width;
    return calibrate_codec(quantised.coding, maps);
}

class Calibration {
public:
    Calibration(const Network& network, std::vector<QuantisedLayer>& layers,
                std::vector<IntegerMap> inputs, unsigned threads)
        : network_(network),
          layers_(layers),
          threads_(threads),
          last_reader_(last_readers(network)),
          maps_(inputs.size()) {
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            maps_[i].resize(network.layers.size() + 1);
            maps_[i][0] = std::move(inputs[i]);
        }
    }

    /// Makes the map of layer l on every picture, with a new codec table if asked for.
    void run(uint32_t l, bool calibrate) {
        const FloatLayer& layer = network_.layers[l];
        QuantisedLayer& quantised = layers_[l];
        const IntegerLayer arithmetic(layer, quantised);
        std::vector<IntegerMap> stored(maps_.size());
        for_each_index(maps_.size(), threads_,
                       [&](std::size_t i) { stored[i] = arithmetic.run(maps_[i]); });
        std::unique_ptr<Codec> codec;
        if (codec_traits(quantised.coding.codec).has_table) {  // others lose nothing
            try {
                if (calibrate) quantised.table = table_for(layer, quantised, stored);
                codec = make_codec(quantised.coding.codec, quantised.table, quantised.stored);
                if (codec->lossless()) codec.reset();
            } catch (const CodecError& error) {
                throw CompileError("layer " + layer.name + ": " + error.what());
            }
        }
        const BandShape shape{layer.output.height, layer.output.width, layer.output.channels};
        for_each_index(maps_.size(), threads_, [&](std::size_t i) {
            maps_[i][l + 1] =
                codec ? decode_band(*codec, shape, encode_band(*codec, shape, streams, stored[i]))
                      : std::move(stored[i]);
            IntegerMap().swap(stored[i]);
        });
    }

    /// Moves the biases of layer l so that its channels have the mean that is wanted.
    void centre(uint32_t l, std::span<const double> wanted) {
        // Few pictures say little, above all about a channel that is hardly ever above zero: do not
        // overdo it. (Measured: right for 1 to 64 pictures.)
        constexpr double doubt = 4, least_share = 0.3;
        const double pictures = static_cast<double>(maps_.size());
        const double trust = pictures / (pictures + doubt);
        const QuantisedLayer& q = layers_[l];
        QuantisedConvolution& c = layers_[l].convolution;
        const std::vector<Channel> channels = observed(l);
        for (std::size_t n = 0; n < channels.size(); ++n) {
            const double missing = wanted[n] - channels[n].mean * q.scale;
            // The ReLU passes on a change of the bias only where the value is above zero.
            const double share =
                has_relu(network_.layers[l]) ? std::max(channels[n].positive, least_share) : 1;
            const double step = q.stored_scale * std::ldexp(c.multiplier[n], -int(c.shift));
            c.bias[n] = limited_bias(c.bias[n] + trust * missing / share / step);
        }
    }

    /// Forgets the maps that no later layer reads.
    void forget(uint32_t l) {
        for (uint32_t map = 0; map <= l; ++map)
            if (last_reader_[map] == l)
                for (std::vector<IntegerMap>& picture : maps_) IntegerMap().swap(picture[map]);
    }

private:
    struct Channel {
        double mean = 0;      ///< in steps
        double positive = 0;  ///< share of values above zero
    };

    std::vector<Channel> observed(uint32_t l) const {
        const uint32_t channels = network_.layers[l].output.channels;
        const uint32_t words = words_of(layers_[l].stored);
        std::vector<int64_t> sums(channels), positive(channels);
        for (const std::vector<IntegerMap>& picture : maps_) {
            const IntegerMap& map = picture[l + 1];
            for (std::size_t i = 0; i < map.size() / words; ++i) {
                int32_t value = map[i * words];
                if (words == 2) std::memcpy(&value, &map[i * words], sizeof value);
                sums[i % channels] += value;
                positive[i % channels] += value > 0;
            }
        }
        const double count = static_cast<double>(maps_.size()) *
                             static_cast<double>(network_.layers[l].output.values()) / channels;
        std::vector<Channel> result;
        for (uint32_t c = 0; c < channels; ++c)
            result.push_back(
                {static_cast<double>(sums[c]) / count, static_cast<double>(positive[c]) / count});
        return result;
    }

    const Network& network_;
    std::vector<QuantisedLayer>& layers_;
    const unsigned threads_;
    const std::vector<uint32_t> last_reader_;
    std::vector<std::vector<IntegerMap>> maps_;  ///< [picture][map]
};

}  // namespace

void calibrate_layers(const Network& network, const std::vector<LayerRanges>& ranges,
                      std::vector<IntegerMap> inputs, unsigned threads,
                      const std::function<void(const std::string&)>& progress,
                      std::vector<QuantisedLayer>& layers) {
    Calibration calibration(network, layers, std::move(inputs), threads);
    for (uint32_t l = 0; l < layers.size(); ++l) {
        calibration.run(l, true);
        if (network.layers[l].kind == LayerKind::convolution) {
            calibration.centre(l, ranges[l].mean);
            if (!network.layers[l].logits) calibration.run(l, false);
        }
        calibration.forget(l);
        if (progress) progress("calibrated " + network.layers[l].name);
    }
}

}  // namespace karhunen
