// The built-in ResNet-18 through the golden executor, beside the bare float matrix products (Eigen)
// of its layers: patches that are gathered already, times weights. Both in one thread, in turns.
#include <ctime>
#include <string>

#include <benchmark/benchmark.h>
#include <Eigen/Dense>

#include "sw/compiler/compile.h"
#include "sw/compiler/default_network.h"
#include "sw/golden/executor.h"
#include "sw/images/picture.h"

namespace {

using namespace karhunen;
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

double processor_seconds(auto work) {
    const std::clock_t start = std::clock();  // as Google Benchmark counts
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// A product for each convolution: [pixels x reduction] * [reduction x channels].
class FloatProducts {
public:
    explicit FloatProducts(const Network& network) {
        for (const FloatLayer& layer : network.layers) {
            if (layer.kind != LayerKind::convolution) continue;
            add(layer.convolution);
            if (layer.shortcut) add(*layer.shortcut);
        }
    }

    void multiply() {
        for (Product& p : products_) {
            p.result.noalias() = p.patches * p.weights;
            benchmark::DoNotOptimize(p.result.data());
        }
    }

    /// Multiplications and additions.
    double operations() const { return operations_; }

private:
    struct Product {
        Matrix patches, weights, result;
    };

    void add(const FloatConvolution& c) {
        const auto pixels = static_cast<int>(c.output_shape.height * c.output_shape.width),
                   reduction = static_cast<int>(c.reduction()),
                   channels = static_cast<int>(c.output_shape.channels);
        products_.push_back({Matrix::Random(pixels, reduction), Matrix::Random(reduction, channels),
                             Matrix(pixels, channels)});
        operations_ += 2.0 * pixels * reduction * channels;
    }

    std::vector<Product> products_;
    double operations_ = 0;
};

/// "GOP/s" counts the operations of the convolutions only; coding and decoding of all maps,
/// requantisation and pooling are in the time. "ratio": to the float products' own rate.
void golden_run(benchmark::State& state, const std::string& codec) {
    const Network network = default_network();
    CompileOptions options;
    options.codec = codec;
    const Loadable loadable = Loadable::parse(
        compile(network, drawn_pictures(calibration_seed, 0, 8, network.input.width), options),
        "the built-in network");
    const GoldenExecutor executor(loadable);
    const auto input = input_values(drawn_picture(1, 1, loadable.input().crop), loadable.input());
    FloatProducts reference(network);
    reference.multiply();
    executor.run(input);
    double golden = 0, products = 0;
    for (auto _ : state) {
        golden += processor_seconds([&] { benchmark::DoNotOptimize(executor.run(input).data()); });
        state.PauseTiming();
        products += processor_seconds([&] { reference.multiply(); });
        state.ResumeTiming();
    }
    const double operations = reference.operations() * static_cast<double>(state.iterations());
    state.counters["GOP/s"] = operations / golden / 1e9;
    state.counters["float_GOP/s"] = operations / products / 1e9;
    state.counters["ratio"] = products / golden;
}
BENCHMARK_CAPTURE(golden_run, raw, "raw")->Unit(benchmark::kMillisecond)->MinTime(1);
BENCHMARK_CAPTURE(golden_run, transform, "transform")->Unit(benchmark::kMillisecond)->MinTime(1);

}  // namespace

BENCHMARK_MAIN();
