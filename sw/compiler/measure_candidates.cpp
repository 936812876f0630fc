#include "sw/compiler/measure_candidates.h"

#include <algorithm>
#include <map>
#include <memory>

#include <karhunen/dma.h>

#include "models/codec/codec.h"
#include "sw/compiler/calibrate_layers.h"
#include "sw/compiler/candidate_settings.h"
#include "sw/compiler/logits.h"
#include "sw/compiler/parallel.h"
#include "sw/compiler/tile.h"

namespace karhunen {

namespace {

constexpr double least_error = 1e-4;  // of a lossy candidate
constexpr size_t most_pictures = 64, least_pictures_to_split = 8, most_probes = 16;
// Mean squared errors of the candidates whose noise is measured, as near as there are such: large
// against the effect of rounding, small against the values.
constexpr double probed_errors[] = {0.5, 4};

using Maps = std::vector<IntegerMap>;  ///< of one picture, as numbered in network.h

double square(double a) {
    return a * a;
}

uint64_t whole_bursts(uint64_t bytes, uint64_t burst_bytes) {
    return (bytes + burst_bytes - 1) / burst_bytes * burst_bytes;
}

/// Operations and residual additions that take each map.
std::vector<uint32_t> readers_of(const Network& network) {
    std::vector<uint32_t> readers(network.layers.size() + 1);
    for (const FloatLayer& layer : network.layers) {
        ++readers[layer.kind == LayerKind::convolution ? layer.convolution.input : layer.input];
        for (const FloatConvolution& c : layer.beside)
            readers[c.input] += c.input != layer.convolution.input;  // else decoded once
        if (layer.shortcut) ++readers[layer.shortcut->input];
        if (layer.residual) ++readers[*layer.residual];
    }
    return readers;
}

std::vector<uint32_t> band_rows_of(const Network& network,
                                   const std::vector<QuantisedLayer>& layers,
                                   const krhn_machine& machine) {
    std::vector<Format> stored;
    for (const QuantisedLayer& layer : layers) stored.push_back(layer.stored);
    std::vector<uint32_t> rows;
    for (const LayerPlan& plan : tile(network, stored, machine)) rows.push_back(plan.band_rows);
    return rows;
}

/// One version of the network, ready to run.
struct Version {
    Version(const Network& network, const std::vector<QuantisedLayer>& quantised,
            const krhn_machine& machine)
        : layers(quantised), band_rows(band_rows_of(network, quantised, machine)) {
        for (size_t l = 0; l < layers.size(); ++l)
            arithmetic.emplace_back(network.layers[l], layers[l]);
    }
    const std::vector<QuantisedLayer>& layers;
    std::vector<uint32_t> band_rows;
    std::vector<IntegerLayer> arithmetic;
};

/// What one image's map became.
struct Coded {
    uint64_t stream_bytes = 0;  ///< in whole bursts
    IntegerMap decoded;         ///< nothing, if the codec is lossless
};

Coded code(const Codec& codec, const BandShape& map, uint32_t band_rows, uint32_t streams,
           uint32_t burst_bytes, std::span<const int16_t> values) {
    Coded result;
    const size_t row = size_t{map.width} * map.channels;
    for (uint32_t y = 0; y < map.rows; y += band_rows) {
        const BandShape band{std::min(band_rows, map.rows - y), map.width, map.channels};
        const auto coded =
            encode_band(codec, band, streams, values.subspan(y * row, band.values()));
        for (const auto& stream : coded)
            result.stream_bytes += whole_bursts(stream.size(), burst_bytes);
        if (codec.lossless()) continue;
        const IntegerMap back = decode_band(codec, band, coded);
        result.decoded.insert(result.decoded.end(), back.begin(), back.end());
    }
    return result;
}

class Measurement {
public:
    Measurement(const Network& network, const std::vector<QuantisedLayer>& rectified,
                const std::vector<QuantisedLayer>& before_relu, std::span<const IntegerMap> inputs,
                const CandidateOptions& options)
        : network_(network),
          options_(options),
          settings_(candidate_settings(options)),
          readers_(readers_of(network)),
          last_reader_(last_readers(network)),
          rectified_(network, rectified, options.machine),
          before_relu_(network, before_relu, options.machine) {
        const size_t pictures = std::min(inputs.size(), most_pictures);
        const bool split = pictures >= least_pictures_to_split;
        for (size_t i = 0; i < pictures; ++i) {
            maps_.emplace_back(network.layers.size() + 1);
            maps_[i][0] = inputs[i * inputs.size() / pictures];
            if (!split || i % 2 == 0) learnt_.push_back(i);
            if (!split || i % 2 == 1) tested_.push_back(i);
        }
    }

    std::vector<TensorCandidates> run() {
        run_probes();
        std::vector<TensorCandidates> tensors;
        for (uint32_t l = 0; l < network_.layers.size(); ++l) {
            const FloatLayer& layer = network_.layers[l];
            std::vector<IntegerMap> s12(is_coded(layer) ? maps_.size() : 0);
            for_each_index(maps_.size(), options_.threads, [&](size_t i) {
                maps_[i][l + 1] = rectified_.arithmetic[l].run(maps_[i]);
                if (is_coded(layer)) s12[i] = before_relu_.arithmetic[l].run(maps_[i]);
            });
            if (is_coded(layer)) {
                tensors.push_back(measured(l, s12));
                if (options_.progress) options_.progress("measured codecs on " + layer.name);
            }
            for (uint32_t map = 0; map <= l; ++map)
                if (last_reader_[map] == l)
                    for (Maps& picture : maps_) IntegerMap().swap(picture[map]);
        }
        keep_tables_together(tensors);
        return tensors;
    }

private:
    /// A candidate with what is needed to code maps with it.
    struct Trial {
        CodecCandidate result;
        const Version* version;
        std::unique_ptr<Codec> codec;  ///< none: it cannot be had
        uint32_t streams = 0;
        std::vector<double> mean_error;  ///< of each channel, in steps of the uint8 map
        std::vector<IntegerMap> probes;  ///< decoded, if it is to be put into the network
    };

    /// All maps of the network as it is, on the pictures that changes are tried on.
    void run_probes() {
        probes_.resize(std::min(tested_.size(), most_probes));
        for_each_index(probes_.size(), options_.threads, [&](size_t i) {
            probes_[i] = maps_[tested_[i * tested_.size() / probes_.size()]];
            for (uint32_t l = 0; l < network_.layers.size(); ++l)
                probes_[i][l + 1] = rectified_.arithmetic[l].run(probes_[i]);
        });
    }

    TensorCandidates measured(uint32_t l, const std::vector<IntegerMap>& s12) const {
        std::vector<Trial> trials(settings_.size());
        for_each_index(trials.size(), options_.threads,
                       [&](size_t i) { trials[i] = tried(l, settings_[i], s12); });
        std::erase_if(trials, [](const Trial& trial) { return !trial.codec; });
        const std::vector<Trial*> samples = samples_of(trials);
        const std::vector<double> positive = positive_shares(l);
        for_each_index(samples.size(), options_.threads,
                       [&](size_t i) { decode_probes(l, positive, *samples[i]); });
        const std::vector<double> noise = noise_of(l, samples);
        TensorCandidates tensor{
            network_.layers[l].name, network_.layers[l].output.values(), readers_[l + 1], {}};
        for (Trial& trial : trials) {
            CodecCandidate& c = trial.result;
            c.noise = c.squared_error * gain(samples, noise, c.setting.codec);
            tensor.candidates.push_back(c);
        }
        return tensor;
    }

    /// Noise per squared error of the codec's candidates.
    static double gain(const std::vector<Trial*>& samples, const std::vector<double>& noise,
                       uint32_t codec) {
        std::vector<size_t> own;
        for (size_t i = 0; i < samples.size(); ++i)
            if (samples[i]->result.setting.codec == codec) own.push_back(i);
        if (own.empty()) return 0;
        const auto error = [&](size_t i) { return samples[i]->result.squared_error; };
        const size_t first = own.front(), last = own.back();
        const double slope = (noise[last] - noise[first]) / (error(last) - error(first));
        return slope > 0 ? slope : noise[last] / error(last);  // not of one sample, 0 / 0
    }

    Trial tried(uint32_t l, const CodecSetting& setting, const std::vector<IntegerMap>& s12) const {
        Trial trial;
        trial.result.setting = setting;
        if (!objection(setting, network_.layers[l], options_.machine).empty()) return trial;
        const Format format = format_of(l, setting);
        trial.version = format == Format::s12 ? &before_relu_ : &rectified_;
        trial.streams = options_.machine.streams * codec_traits(setting.codec).streams_per_coder;
        CalibrationMaps maps;
        for (const size_t i : learnt_) maps.images.push_back(given(l, format, i, s12));
        maps.channels = network_.layers[l].output.channels;
        maps.width = network_.layers[l].output.width;
        maps.stored_scale = trial.version->layers[l].stored_scale;
        maps.decoded_scale = trial.version->layers[l].scale;
        try {
            const std::vector<uint8_t> table = calibrate_codec(setting, maps);
            trial.result.table_bytes = table.size();
            if (table.size() <= options_.machine.table_bytes)
                trial.codec = make_codec(setting.codec, table, format);
        } catch (const CodecError&) {
            return trial;  // finer or coarser than the codec can
        }
        if (trial.codec) measure(l, s12, trial);
        return trial;
    }

    void measure(uint32_t l, const std::vector<IntegerMap>& s12, Trial& trial) const {
        const BandShape shape = shape_of(l);
        const uint32_t band_rows = trial.version->band_rows[l];
        const Format format = format_of(l, trial.result.setting);
        const size_t channels = shape.channels;
        const double ratio = trial.version->layers[l].stored_scale / rectified_.layers[l].scale;
        uint64_t bytes = 0;
        double squares = 0;
        std::vector<double> sums(channels);
        for (const size_t i : tested_) {
            const std::span<const int16_t> from = given(l, format, i, s12);
            const Coded coded =
                code(*trial.codec, shape, band_rows, trial.streams, options_.burst_bytes, from);
            bytes += coded.stream_bytes;
            for (size_t v = 0; v < coded.decoded.size(); ++v) {
                const double rounded = maps_[i][l + 1][v], decoded = coded.decoded[v];
                const double exact =
                    format == Format::s12 ? std::clamp(from[v] * ratio, 0.0, 255.0) : rounded;
                squares += square(decoded - exact) - square(rounded - exact);
                sums[v % channels] += decoded - rounded;
            }
        }
        CodecCandidate& c = trial.result;
        const double images = static_cast<double>(tested_.size());
        const double values = images * static_cast<double>(shape.values());
        c.lossless = trial.codec->lossless();
        c.map_bytes = static_cast<double>(bytes) / images;
        c.squared_error = squares / values;
        for (const double sum : sums) {
            const double mean = sum * static_cast<double>(channels) / values;
            trial.mean_error.push_back(mean);
            c.squared_error -= mean * mean / static_cast<double>(channels);
        }
        c.squared_error = c.lossless ? 0 : std::max(c.squared_error, least_error);
        const double readers = readers_[l + 1], burst = options_.burst_bytes;
        const double bands = (shape.rows + band_rows - 1) / band_rows;
        const double entry = sizeof(krhn_tile_entry) + readers * (1 + trial.streams) * burst;
        const auto table = static_cast<double>(whole_bursts(c.table_bytes, options_.burst_bytes));
        c.bytes = (1 + readers) * (c.map_bytes + table / options_.batch) + bands * entry;
    }

    /// Of each codec the lossy candidates whose errors are nearest to those to be probed.
    static std::vector<Trial*> samples_of(std::vector<Trial>& trials) {
        std::map<std::pair<uint32_t, double>, Trial*> nearest;  // by codec and error to be probed
        for (Trial& trial : trials)
            for (const double wanted : probed_errors) {
                const auto distance = [&](const Trial& t) {
                    const double error = t.result.squared_error;
                    return std::max(error, wanted) / std::min(error, wanted);
                };
                const CodecCandidate& c = trial.result;
                if (c.squared_error == 0 || c.setting.quantiser.least_deviation != 0) continue;
                Trial*& best = nearest[{trial.result.setting.codec, wanted}];
                if (!best || distance(trial) < distance(*best)) best = &trial;
            }
        std::vector<Trial*> result;
        for (const auto& [key, trial] : nearest)
            if (result.empty() || result.back() != trial) result.push_back(trial);
        return result;
    }

    /// The maps as they come back, biases being corrected for the codec as compilation does.
    void decode_probes(uint32_t l, const std::vector<double>& positive, Trial& trial) const {
        QuantisedLayer corrected = trial.version->layers[l];
        std::vector<ChannelShift> shifts;
        for (size_t c = 0; c < positive.size(); ++c)
            shifts.push_back({-trial.mean_error[c] * corrected.scale, positive[c]});
        shift_channels(shifts, 1, corrected);
        const IntegerLayer layer(network_.layers[l], corrected);
        for (const Maps& probe : probes_)
            trial.probes.push_back(code(*trial.codec, shape_of(l), trial.version->band_rows[l],
                                        trial.streams, options_.burst_bytes, layer.run(probe))
                                       .decoded);
    }

    /// Share of each channel's values above zero.
    std::vector<double> positive_shares(uint32_t l) const {
        const size_t channels = network_.layers[l].output.channels;
        std::vector<uint64_t> counts(channels);
        for (const Maps& picture : maps_)
            for (size_t v = 0; v < picture[l + 1].size(); ++v)
                counts[v % channels] += picture[l + 1][v] > 0;
        const double values = static_cast<double>(maps_.size() * maps_[0][l + 1].size());
        std::vector<double> shares;
        for (const uint64_t count : counts)
            shares.push_back(static_cast<double>(count * channels) / values);
        return shares;
    }

    /// Mean squared error of a logit when layer l gives each sample's maps, the rest being exact.
    std::vector<double> noise_of(uint32_t l, const std::vector<Trial*>& samples) const {
        const size_t pictures = probes_.size();
        std::vector<double> errors(samples.size() * pictures);
        for_each_index(errors.size(), options_.threads, [&](size_t i) {
            const Maps& reference = probes_[i % pictures];
            Maps maps = reference;
            maps[l + 1] = samples[i / pictures]->probes[i % pictures];
            for (uint32_t k = l + 1; k < network_.layers.size(); ++k)
                maps[k + 1] = rectified_.arithmetic[k].run(maps);
            const double scale = rectified_.layers.back().scale;
            errors[i] =
                logit_noise(logits_of(maps.back(), scale), logits_of(reference.back(), scale));
        });
        std::vector<double> noise(samples.size());
        for (size_t i = 0; i < errors.size(); ++i)
            noise[i / pictures] += errors[i] / static_cast<double>(pictures);
        return noise;
    }

    /// Leaves no choice with which the tables of a layer's inputs would not fit together.
    void keep_tables_together(std::vector<TensorCandidates>& tensors) const {
        std::map<uint32_t, TensorCandidates*> of_map;
        size_t next = 0;
        for (uint32_t l = 0; l < network_.layers.size(); ++l)
            if (is_coded(network_.layers[l])) of_map[l + 1] = &tensors[next++];
        const auto largest = [&](uint32_t map) {
            uint64_t bytes = 0;
            if (of_map.count(map))
                for (const CodecCandidate& c : of_map[map]->candidates)
                    bytes = std::max(bytes, c.table_bytes);
            return bytes;
        };
        for (const FloatLayer& layer : network_.layers) {
            if (!layer.shortcut) continue;
            const uint32_t inputs[] = {layer.shortcut->input, layer.convolution.input};
            if (largest(inputs[0]) + largest(inputs[1]) <= options_.machine.table_bytes) continue;
            for (const uint32_t map : inputs)
                if (of_map.count(map))
                    std::erase_if(of_map[map]->candidates, [&](const CodecCandidate& c) {
                        return c.table_bytes > options_.machine.table_bytes / 2;
                    });
        }
    }

    BandShape shape_of(uint32_t l) const {
        const MapShape& shape = network_.layers[l].output;
        return {shape.height, shape.width, shape.channels};
    }

    Format format_of(uint32_t l, const CodecSetting& setting) const {
        return has_relu(network_.layers[l]) ? stored_format_of(setting) : Format::s8;
    }

    /// What the encoder is given.
    std::span<const int16_t> given(uint32_t l, Format format, size_t picture,
                                   const std::vector<IntegerMap>& s12) const {
        return format == Format::s12 ? s12[picture] : maps_[picture][l + 1];
    }

    const Network& network_;
    const CandidateOptions& options_;
    const std::vector<CodecSetting> settings_;
    const std::vector<uint32_t> readers_, last_reader_;
    const Version rectified_, before_relu_;
    std::vector<Maps> maps_;               ///< of each picture
    std::vector<size_t> learnt_, tested_;  ///< pictures: for tables; for bytes and errors
    std::vector<Maps> probes_;             ///< for noise, all maps
};

}  // namespace

std::vector<TensorCandidates> measure_candidates(const Network& network,
                                                 const std::vector<QuantisedLayer>& rectified,
                                                 const std::vector<QuantisedLayer>& before_relu,
                                                 std::span<const IntegerMap> inputs,
                                                 const CandidateOptions& options) {
    return Measurement(network, rectified, before_relu, inputs, options).run();
}

}  // namespace karhunen
