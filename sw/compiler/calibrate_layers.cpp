#include "sw/compiler/calibrate_layers.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "models/codec/codec.h"
#include "sw/compiler/error.h"
#include "sw/compiler/parallel.h"
#include "sw/compiler/round_weights.h"

namespace karhunen {

namespace {

constexpr uint32_t streams = 4;  // any number gives the same values
// Few pictures say little about a channel that is hardly ever above zero.
constexpr double least_share = 0.3;
// Rounding takes time with the square of a reduction and memory with that of the channels. Beyond
// (VGG's fully connected layers) it would be minutes, for what few pictures say about as many.
constexpr uint32_t most_channels = 2048;
constexpr uint32_t most_products = 9216;

CalibrationMaps maps_of(const FloatLayer& layer, const QuantisedLayer& quantised,
                        const std::vector<IntegerMap>& stored) {
    CalibrationMaps maps;
    maps.images.assign(stored.begin(), stored.end());
    maps.channels = layer.output.channels;
    maps.stored_scale = quantised.stored_scale;
    maps.decoded_scale = quantised.scale;
    maps.width = layer.output.width;
    return maps;
}

/// Coefficients of a vector.
std::vector<double> transformed(const FoldedTransform& t, std::span<const double> vector) {
    const std::size_t channels = vector.size();
    std::vector<double> result(channels);
    for (std::size_t k = 0; k < channels; ++k) {
        for (std::size_t c = 0; c < channels; ++c)
            result[k] += t.rows[k * channels + c] * vector[c];
    }
    return result;
}

/// The convolution that makes the coefficients.
FloatConvolution folded(const FloatConvolution& c, const FoldedTransform& t, double stored_scale) {
    const std::size_t channels = c.output_shape.channels;
    FloatConvolution result = c;
    std::vector<float> matrix(t.rows.size());  // [channel][component]
    for (std::size_t i = 0; i < matrix.size(); ++i)
        matrix[i % channels * channels + i / channels] = static_cast<float>(t.rows[i]);
    PackedMatrix(matrix.data(), channels, channels)
        .multiply(c.weights.data(), c.reduction(), result.weights.data());
    std::vector<double> centred(channels);
    for (std::size_t n = 0; n < channels; ++n) centred[n] = c.bias[n] - t.mean[n] * stored_scale;
    const std::vector<double> bias = transformed(t, centred);
    for (std::size_t n = 0; n < channels; ++n) result.bias[n] = static_cast<float>(bias[n]);
    return result;
}

class Calibration {
public:
    Calibration(const Network& network, std::vector<QuantisedLayer>& layers, PictureMaps maps,
                const CalibrationOptions& options)
        : network_(network),
          layers_(layers),
          options_(options),
          last_reader_(last_readers(network)),
          maps_(std::move(maps)) {
        for (auto& picture : maps_) picture.resize(network.layers.size() + 1);
    }

    /// Rounds weights of few bits anew, for the inputs that layer l gets.
    void round(uint32_t l) {
        const FloatLayer& layer = network_.layers[l];
        QuantisedLayer& q = layers_[l];
        round(l, layer.convolution, q.convolution);
        for (std::size_t i = 0; i < q.beside.size(); ++i) round(l, layer.beside[i], q.beside[i]);
        if (layer.shortcut) round(l, *layer.shortcut, q.shortcut);
    }

    /// Calibrates layer l and makes its map on every picture.
    void finish(uint32_t l, const LayerRanges& ranges) {
        run(l, true);
        if (network_.layers[l].kind != LayerKind::convolution || !options_.correct_biases) return;
        centre(l, ranges.mean);
        run(l, false);
    }

    /// Forgets the maps that no later layer reads.
    void forget(uint32_t l) {
        for (uint32_t map = 0; map <= l; ++map)
            if (last_reader_[map] == l)
                for (std::vector<IntegerMap>& picture : maps_) IntegerMap().swap(picture[map]);
    }

    std::vector<IntegerMap> last_maps() {
        std::vector<IntegerMap> last;
        for (std::vector<IntegerMap>& picture : maps_) last.push_back(std::move(picture.back()));
        return last;
    }

    PictureMaps all_maps() { return std::move(maps_); }

private:
    /// Makes the map of layer l on every picture, with a new codec table if asked for.
    void run(uint32_t l, bool calibrate) {
        const FloatLayer& layer = network_.layers[l];
        QuantisedLayer& quantised = layers_[l];
        std::vector<IntegerMap> stored = stored_maps(l);
        std::unique_ptr<Codec> codec;
        if (codec_traits(quantised.coding.codec).has_table) {  // others lose nothing
            try {
                if (calibrate && quantised.folded)
                    fold(l, stored);
                else if (calibrate)
                    quantised.table =
                        calibrate_codec(quantised.coding, maps_of(layer, quantised, stored));
                codec = make_codec(quantised.coding.codec, quantised.table, quantised.stored);
                if (codec->lossless()) codec.reset();
            } catch (const CodecError& error) {
                throw CompileError("layer " + layer.name + ": " + error.what());
            }
        }
        const BandShape shape{layer.output.height, layer.output.width, layer.output.channels};
        for_each_index(maps_.size(), options_.threads, [&](std::size_t i) {
            maps_[i][l + 1] =
                codec ? decode_band(*codec, shape, encode_band(*codec, shape, streams, stored[i]))
                      : std::move(stored[i]);
            IntegerMap().swap(stored[i]);
        });
    }

    /// Moves the biases of layer l so that its channels have the mean that is wanted.
    void centre(uint32_t l, std::span<const double> wanted) {
        // Few pictures say little: do not overdo it. (Measured: right for 1 to 64 pictures.)
        constexpr double doubt = 4;
        const double pictures = static_cast<double>(maps_.size());
        const QuantisedLayer& q = layers_[l];
        std::vector<ChannelShift> shifts;
        const std::vector<Channel> channels = observed(l);
        for (std::size_t n = 0; n < channels.size(); ++n)
            shifts.push_back({wanted[n] - channels[n].mean * q.scale,
                              has_relu(network_.layers[l]) ? channels[n].positive : 1});
        if (q.folded) shifts = transformed_shifts(shifts);
        shift_channels(shifts, pictures / (pictures + doubt), layers_[l]);
    }

    /// A convolution of layer l.
    void round(uint32_t l, const FloatConvolution& c, QuantisedConvolution& q) const {
        if (c.weight_bits == 8 || c.reduction() > most_products ||
            c.input_shape.channels > most_channels)
            return;
        const FloatLayer& layer = network_.layers[l];
        std::vector<IntegerMap> sums(layer.sum.empty() ? 0 : maps_.size());
        for_each_index(sums.size(), options_.threads, [&](std::size_t i) {
            sums[i] = IntegerLayer::summed(layer, layers_[l], maps_[i]);
        });
        std::vector<std::span<const int16_t>> inputs(sums.begin(), sums.end());
        if (sums.empty())
            for (const std::vector<IntegerMap>& picture : maps_) inputs.push_back(picture[c.input]);
        round_weights(c, window_covariance(c, inputs, options_.threads), options_.threads, q);
    }

    /// What layer l gives its encoder.
    std::vector<IntegerMap> stored_maps(uint32_t l) const {
        const IntegerLayer arithmetic(network_.layers[l], layers_[l]);
        std::vector<IntegerMap> stored(maps_.size());
        for_each_index(maps_.size(), options_.threads,
                       [&](std::size_t i) { stored[i] = arithmetic.run(maps_[i]); });
        return stored;
    }

    /// Of the components of a folded layer, given those of the channels behind its transform.
    std::vector<ChannelShift> transformed_shifts(std::span<const ChannelShift> channels) const {
        std::vector<double> changes;
        for (const ChannelShift& c : channels)
            changes.push_back(c.missing / std::max(c.positive, least_share));
        std::vector<ChannelShift> shifts;
        for (const double change : transformed(transform_, changes)) shifts.push_back({change, 1});
        return shifts;
    }

    /// Makes the transform of `stored` a part of the convolution, whose symbols `stored` becomes.
    void fold(uint32_t l, std::vector<IntegerMap>& stored) {
        const FloatLayer& layer = network_.layers[l];
        QuantisedLayer& q = layers_[l];
        transform_ = calibrate_folded(maps_of(layer, q, stored), q.coding.quantiser,
                                      has_relu(layer) ? Format::u8 : Format::s12);
        const FloatConvolution convolution = folded(layer.convolution, transform_, q.stored_scale);
        q.stored_scale *= transform_.step;
        q.convolution = quantise_for(convolution, layer.name, q.input_scale, q.stored_scale);
        round(l, convolution, q.convolution);
        stored = stored_maps(l);
        const std::vector<std::span<const int16_t>> symbols(stored.begin(), stored.end());
        q.table = transform_.table(symbols);
    }

    struct Channel {
        double mean = 0;      ///< in steps
        double positive = 0;  ///< share of values above zero and below a ceiling
    };

    std::vector<Channel> observed(uint32_t l) const {
        const uint32_t channels = network_.layers[l].output.channels;
        const uint32_t words = words_of(layers_[l].stored);
        const int32_t ceiling = std::isinf(network_.layers[l].ceiling) ? INT32_MAX : 255;
        std::vector<int64_t> sums(channels), positive(channels);
        for (const std::vector<IntegerMap>& picture : maps_) {
            const IntegerMap& map = picture[l + 1];
            for (std::size_t i = 0; i < map.size() / words; ++i) {
                int32_t value = map[i * words];
                if (words == 2) std::memcpy(&value, &map[i * words], sizeof value);
                sums[i % channels] += value;
                positive[i % channels] += value > 0 && value < ceiling;
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
    const CalibrationOptions options_;
    const std::vector<uint32_t> last_reader_;
    PictureMaps maps_;
    FoldedTransform transform_;  ///< of the layer that is being calibrated
};

}  // namespace

void shift_channels(std::span<const ChannelShift> channels, double trust, QuantisedLayer& layer) {
    const auto shift = [&](QuantisedConvolution& c) {
        for (std::size_t n = 0; n < c.bias.size(); ++n) {
            const double share = std::max(channels[n].positive, least_share);
            const double step = layer.stored_scale * std::ldexp(c.multiplier[n], -int(c.shift));
            c.bias[n] = limited_bias(c.bias[n] + trust * channels[n].missing / share / step);
        }
        channels = channels.subspan(c.bias.size());
    };
    shift(layer.convolution);
    for (QuantisedConvolution& c : layer.beside) shift(c);
}

std::vector<IntegerMap> calibrate_layers(const Network& network,
                                         const std::vector<LayerRanges>& ranges,
                                         std::vector<IntegerMap> inputs,
                                         const CalibrationOptions& options,
                                         const std::function<void(const std::string&)>& progress,
                                         std::vector<QuantisedLayer>& layers) {
    PictureMaps maps(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) maps[i] = {std::move(inputs[i])};
    Calibration calibration(network, layers, std::move(maps), options);
    for (uint32_t l = 0; l < layers.size(); ++l) {
        calibration.round(l);
        calibration.finish(l, ranges[l]);
        calibration.forget(l);
        if (progress) progress("calibrated " + network.layers[l].name);
    }
    return calibration.last_maps();
}

PictureMaps calibrate_from(uint32_t first, const Network& network,
                           const std::vector<LayerRanges>& ranges, PictureMaps maps,
                           const CalibrationOptions& options, std::vector<QuantisedLayer> layers) {
    Calibration calibration(network, layers, std::move(maps), options);
    for (uint32_t l = first; l < layers.size(); ++l) calibration.finish(l, ranges[l]);
    return calibration.all_maps();
}

}  // namespace karhunen
