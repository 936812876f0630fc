#include "platform/tensor_difference.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <stdexcept>

#include "models/codec/calibrate.h"
#include "platform/table.h"
#include "sw/compiler/parallel.h"
#include "sw/golden/executor.h"

namespace karhunen {

namespace {

/// What one picture adds to a tensor.
struct Sums {
    uint64_t values = 0, saturated = 0;
    double signal = 0, found = 0, product = 0, noise = 0;  ///< squares
    double max_error = 0, largest = 0;
    double coded = 0, coding_noise = 0, rounding_noise = 0;
    size_t expected = 0, answer = 0;  ///< of logits: the best class

    void add(double reference, double value) {
        const double error = reference - value;
        ++values;
        signal += reference * reference;
        found += value * value;
        product += reference * value;
        noise += error * error;
        max_error = std::max(max_error, std::fabs(error));
        largest = std::max(largest, std::fabs(reference));
    }
    void add(const Sums& other) {
        values += other.values;
        saturated += other.saturated;
        signal += other.signal;
        found += other.found;
        product += other.product;
        noise += other.noise;
        max_error = std::max(max_error, other.max_error);
        largest = std::max(largest, other.largest);
        coded += other.coded;
        coding_noise += other.coding_noise;
        rounding_noise += other.rounding_noise;
    }
};

double decibels(double signal, double noise) {
    return noise > 0 ? 10 * std::log10(signal / noise) : INFINITY;
}

bool at_the_end(Format format, int16_t value) {
    switch (format) {
        case Format::u8:
            return value >= 255;
        case Format::s8:
            return value <= -128 || value >= 127;
        case Format::s12:
            return value <= -2047 || value >= 2047;
        default:
            return false;
    }
}

Format decoded_format(const krhn_tensor& t) {
    return static_cast<Format>(t.decoded_format);
}

/// One picture through both.
class Comparison {
public:
    Comparison(const Loadable& loadable, const GoldenExecutor& golden,
               const std::vector<uint32_t>& nodes)
        : loadable_(loadable), golden_(golden), nodes_(nodes) {}

    std::vector<Sums> run(const GraphExecutor& reference, ComparedPicture picture) const {
        const std::vector<StoredTensor> stored = golden_.run(picture.input);
        std::vector<Sums> sums(stored.size());
        const GraphExecutor::Map answer = reference.run(
            std::move(picture.picture), [&](uint32_t node, const GraphExecutor::Map& value) {
                for (uint32_t t = 0; t < stored.size(); ++t)
                    if (nodes_[t] == node && t != loadable_.logits_tensor())
                        compare(reference.graph(), t, value, stored[t], sums[t]);
            });
        compare_logits(answer, golden_.logits(stored), sums[loadable_.logits_tensor()]);
        return sums;
    }

private:
    void compare(const Graph& graph, uint32_t tensor, const GraphExecutor::Map& reference,
                 const StoredTensor& stored, Sums& sums) const {
        const krhn_tensor& t = loadable_.tensors()[tensor];
        const Format format = decoded_format(t);
        // Pooled before its ReLU, the map before pooling has no node of its own.
        const Operator kind = graph.nodes[nodes_[tensor]].kind;
        const bool rectify = format == Format::u8 &&
                             (kind == Operator::convolution ||
                              kind == Operator::batch_normalisation || kind == Operator::add);
        const bool codes_before_relu = format == Format::u8 && t.stored_format != t.decoded_format;
        for (size_t i = 0; i < reference.size(); ++i) {
            const double wanted = rectify ? std::max(reference[i], 0.0f) : reference[i];
            const double found = stored.decoded[i] * double{t.scale};
            sums.add(wanted, found);
            sums.saturated += at_the_end(format, stored.decoded[i]);
            double coded = stored.encoded[i] * double{t.stored_scale};
            if (codes_before_relu) coded = std::max(coded, 0.0);
            sums.coded += coded * coded;
            sums.coding_noise += (coded - found) * (coded - found);
            if (tensor != loadable_.input_tensor()) continue;
            const double rounded = std::nearbyint(wanted / t.scale) * t.scale;
            sums.rounding_noise += (wanted - rounded) * (wanted - rounded);
        }
    }

    void compare_logits(const GraphExecutor::Map& wanted, const std::vector<int32_t>& found,
                        Sums& sums) const {
        for (size_t i = 0; i < found.size(); ++i)
            sums.add(wanted[i], found[i] * double{loadable_.input().logit_scale});
        const auto best = [](const auto& logits) {
            return static_cast<size_t>(std::max_element(logits.begin(), logits.end()) -
                                       logits.begin());
        };
        sums.expected = best(wanted);
        sums.answer = best(found);
    }

    const Loadable& loadable_;
    const GoldenExecutor& golden_;
    const std::vector<uint32_t>& nodes_;
};

TensorDifference difference_of(const Loadable& loadable, uint32_t tensor, const Node& node,
                               const Sums& sums) {
    const krhn_tensor& t = loadable.tensors()[tensor];
    TensorDifference d;
    d.tensor = loadable.name(t);
    d.node = node.title;
    d.codec = setting_name(t);
    d.values = sums.values;
    d.snr_db = decibels(sums.signal, sums.noise);
    const double lengths = std::sqrt(sums.signal * sums.found);
    d.cosine = lengths > 0 ? sums.product / lengths : sums.signal == sums.found;
    d.gain = sums.signal > 0 ? sums.product / sums.signal : 1;
    d.max_error = sums.max_error;
    d.largest = sums.largest;
    d.saturated = static_cast<double>(sums.saturated) /
                  static_cast<double>(std::max<uint64_t>(sums.values, 1));
    d.coding_db = decibels(sums.coded, sums.coding_noise);
    if (tensor == loadable.input_tensor()) d.before_db = decibels(sums.signal, sums.rounding_noise);
    return d;
}

std::string advice_for(const NetworkDifference& all, bool is_input) {
    const TensorDifference& t = all.tensors[*all.first];
    if (is_input)
        return "the pictures do not reach the network as the model wants them: check mean, "
               "deviation, the order of the channels, resizing and cropping";
    // Without its wrong gain a tensor has noise 1 - cosine^2.
    if (std::fabs(t.gain - 1) > 0.05 &&
        decibels(t.cosine * t.cosine, 1 - t.cosine * t.cosine) > t.snr_db + 6)
        return "its values are " + fixed(t.gain, 2) +
               " times the model's: look for a wrong scale in its weights, bias or range";
    if (t.coding_db < t.snr_db + 3)
        return "its codec loses this: give it more bits or another codec (--tensor-codec " +
               t.tensor + "=CODEC:BITS)";
    if (t.saturated > 0.005)
        return "values are cut off at the end of the format: calibrate with pictures like these, "
               "or with another range method";
    return "the layer's own arithmetic loses this, not its codec: try another range method or more "
           "calibration pictures";
}

}  // namespace

double TensorDifference::lost_db() const {
    constexpr double most = 60;  // beyond what 12 bits can have
    const double lost = std::clamp(before_db, -most, most) - std::clamp(snr_db, -most, most);
    return std::max(lost, 0.0);
}

// ---- Tensors and nodes ----

namespace {

bool passes_one_map(Operator kind) {
    return kind == Operator::relu || kind == Operator::clip || kind == Operator::max_pool;
}

/// The operand of the sum before `node` that convolution `name` makes, or the other one.
uint32_t part_of_sum(const Graph& graph, uint32_t node, const std::string& name, bool other) {
    while (passes_one_map(graph.nodes[node].kind)) node = graph.nodes[node].inputs[0];
    if (graph.nodes[node].kind != Operator::add) return node;
    for (const uint32_t part : graph.nodes[node].inputs) {
        uint32_t maker = part;
        while (graph.nodes[maker].kind == Operator::batch_normalisation)
            maker = graph.nodes[maker].inputs[0];
        if ((graph.nodes[maker].name == name) != other) return part;
    }
    return node;
}

}  // namespace

std::vector<uint32_t> nodes_of(const Loadable& loadable, const Graph& graph,
                               const Network& network) {
    std::map<std::string, uint32_t> known;
    for (const FloatLayer& layer : network.layers) known[layer.name] = layer.node;
    std::vector<uint32_t> nodes;
    for (uint32_t i = 0; i < loadable.tensors().size(); ++i) {
        const krhn_tensor& t = loadable.tensors()[i];
        const std::string name(loadable.name(t));
        const MapShape shape{t.height, t.width, t.channels};
        uint32_t node = 0;
        if (i != loadable.input_tensor()) {
            // Layers that the compiler split off: store_before_pooling(), store_before_add().
            const size_t point = known.count(name) ? name.size() : name.rfind('.');
            const std::string base = name.substr(0, point);
            if (!known.count(base))
                throw std::runtime_error("the loadable has a tensor " + name +
                                         ", the model no such node: it was made from another one");
            node = known[base];
            const bool is_signed =
                decoded_format(t) == Format::s8 || decoded_format(t) == Format::s12;
            const Operator kind = graph.nodes[node].kind;
            if (is_signed && (kind == Operator::relu || kind == Operator::clip))
                node = part_of_sum(graph, node, base, base != name);
            while (graph.nodes[node].shape != shape && passes_one_map(graph.nodes[node].kind))
                node = graph.nodes[node].inputs[0];
        }
        const MapShape& found = graph.nodes[node].shape;
        if (found != shape)
            throw std::runtime_error(
                "tensor " + name + " of the loadable has " + std::to_string(shape.height) + " x " +
                std::to_string(shape.width) + " x " + std::to_string(shape.channels) + " values, " +
                graph.nodes[node].title + " of the model " + std::to_string(found.height) + " x " +
                std::to_string(found.width) + " x " + std::to_string(found.channels) +
                ": it was made from another one");
        nodes.push_back(node);
    }
    return nodes;
}

// ---- Measurement ----

NetworkDifference measure_difference(const GraphExecutor& reference, const Loadable& loadable,
                                     const std::vector<uint32_t>& nodes, size_t pictures,
                                     const std::function<ComparedPicture(size_t)>& picture,
                                     const DifferenceOptions& options) {
    const GoldenExecutor golden(loadable, {.naive = false, .entropy = false, .encoded = true});
    const Comparison comparison(loadable, golden, nodes);
    std::vector<std::vector<Sums>> parts(pictures);  // added in their order below
    std::mutex mutex;
    size_t done = 0;
    for_each_index(pictures, options.threads, [&](size_t i) {
        parts[i] = comparison.run(reference, picture(i));
        const std::lock_guard lock(mutex);
        if (options.progress) options.progress(++done, pictures);
    });

    NetworkDifference result;
    result.pictures = pictures;
    result.threshold_db = options.threshold_db;
    result.enough_db = options.enough_db;
    const uint32_t logits = loadable.logits_tensor();
    std::vector<Sums> sums(loadable.tensors().size());
    for (size_t i = 0; i < parts.size(); ++i) {
        for (size_t t = 0; t < sums.size(); ++t) sums[t].add(parts[i][t]);
        const Sums& last = parts[i][logits];
        if (last.expected == last.answer)
            ++result.agreement;
        else
            result.others.push_back({i, last.expected, last.answer});
    }
    std::vector<double> snr(sums.size());
    const auto add = [&](uint32_t t, double before) {
        TensorDifference d = difference_of(loadable, t, reference.graph().nodes[nodes[t]], sums[t]);
        snr[t] = d.snr_db;
        if (t == logits) d.coding_db = INFINITY;
        if (t != loadable.input_tensor()) d.before_db = before;
        result.tensors.push_back(std::move(d));
        const TensorDifference& added = result.tensors.back();
        const bool poor = t == loadable.input_tensor() || added.snr_db < options.enough_db;
        if (!result.first && poor && added.lost_db() > options.threshold_db)
            result.first = result.tensors.size() - 1;
    };
    add(loadable.input_tensor(), 0);
    for (const krhn_layer& layer : loadable.layers()) {
        double before = layer.residual == KRHN_NONE ? INFINITY : snr[layer.residual];
        for (uint32_t o = 0; o < layer.operations; ++o) {
            const uint32_t input = loadable.operation(layer, o).input;
            if (input != KRHN_NONE) before = std::min(before, snr[input]);
        }
        add(layer.output, before);
    }
    if (result.first) result.advice = advice_for(result, *result.first == 0);
    return result;
}

}  // namespace karhunen
