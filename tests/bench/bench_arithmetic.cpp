// Speed of the integer arithmetic on ResNet-18's shapes, beside a plain float matrix product of the
// same size (Eigen): "ratio" is how many times faster the exact integer path is.
#include <benchmark/benchmark.h>

#include <ctime>
#include <random>

#include <Eigen/Dense>

#include "models/arithmetic/convolution.h"
#include "models/arithmetic/dot_product.h"
#include "models/arithmetic/requantise.h"
#include "models/arithmetic/transform.h"

namespace {

using namespace karhunen;
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::vector<int16_t> random_values(size_t count, int low, int high) {
    std::mt19937 random(1);
    std::vector<int16_t> values(count);
    for (auto& v : values)
        v = static_cast<int16_t>(std::uniform_int_distribution<int>(low, high)(random));
    return values;
}

/// How often per second something can be done.
template <typename Work>
double rate_of(Work&& work) {
    for (int times = 1;; times *= 2) {
        const std::clock_t start = std::clock();  // as Google Benchmark counts: processor's time
        for (int i = 0; i < times; ++i) work();
        const double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
        if (seconds >= 0.1) return times / seconds;
    }
}

/// Multiplications per second of a float product [m x k] * [k x n].
double float_rate(int m, int k, int n) {
    const Matrix a = Matrix::Random(m, k), b = Matrix::Random(k, n);
    Matrix c(m, n);
    const double rate = rate_of([&] {
        c.noalias() = a * b;
        benchmark::DoNotOptimize(c.data());
    });
    return double(m) * k * n * rate;
}

/// The same of the bare integer product [vectors x channels] * [channels x channels].
double integer_rate(uint32_t vectors, uint32_t channels) {
    const auto values = random_values(size_t{vectors} * channels, -255, 255);
    const auto wide = random_values(size_t{channels} * channels, -128, 127);
    const std::vector<int8_t> matrix(wide.begin(), wide.end());
    const PackedWeights weights(matrix.data(), channels, channels, 1, channels);
    std::vector<uint32_t> offsets;
    for (uint32_t i = 0; i < vectors; ++i) offsets.push_back(i * channels);
    std::vector<int32_t> sums(values.size());
    const double rate = rate_of([&] {
        dot_products({values.data(), offsets.data(), vectors, 1, channels, 0}, weights,
                     sums.data());
        benchmark::DoNotOptimize(sums.data());
    });
    return double(vectors) * channels * channels * rate;
}

/// width, channels, kernel, stride, output rows of a run, output channels of a chunk.
void convolution(benchmark::State& state) {
    const auto width = static_cast<uint32_t>(state.range(0));
    const auto channels = static_cast<uint32_t>(state.range(1));
    const auto kernel = static_cast<uint32_t>(state.range(2));
    const auto stride = static_cast<uint32_t>(state.range(3));
    const auto rows = static_cast<uint32_t>(state.range(4));
    const auto n = static_cast<uint32_t>(state.range(5));
    const ConvolutionShape shape{.width = width,
                                 .channels = channels,
                                 .kernel_y = kernel,
                                 .kernel_x = kernel,
                                 .stride_y = stride,
                                 .stride_x = stride,
                                 .padding_left = kernel / 2,
                                 .output_width = width / stride};
    const uint32_t input_rows = (rows - 1) * stride + kernel;
    const auto map = random_values(size_t{input_rows} * width * channels, 0, 255);
    std::vector<const int16_t*> pointers(input_rows);
    for (uint32_t i = 0; i < input_rows; ++i) pointers[i] = &map[size_t{i} * width * channels];
    const auto values = random_values(size_t{shape.reduction()} * n, -128, 127);
    const std::vector<int8_t> weights(values.begin(), values.end());
    const PreparedWeights prepared(weights.data(), shape.reduction(), n);
    const uint32_t pixels = rows * shape.output_width;
    std::vector<int32_t> sums(size_t{pixels} * n);
    Patches patches;
    for (auto _ : state) {
        patches.gather(shape, pointers, rows);
        multiply(patches, prepared, sums.data());
        benchmark::DoNotOptimize(sums.data());
    }
    const double products = double(pixels) * shape.reduction() * n;
    const auto rate = benchmark::Counter::kIsIterationInvariantRate;
    state.counters["products/s"] = benchmark::Counter(products, rate);
    const double reference = float_rate(static_cast<int>(pixels),
                                        static_cast<int>(shape.reduction()), static_cast<int>(n));
    state.counters["ratio"] = benchmark::Counter(products / reference, rate);
}
BENCHMARK(convolution)
    ->ArgNames({"width", "channels", "kernel", "stride", "rows", "n"})
    ->Args({224, 3, 7, 2, 4, 64})
    ->Args({56, 64, 3, 1, 1, 64})
    ->Args({56, 64, 3, 1, 8, 64})
    ->Args({56, 64, 3, 2, 8, 128})
    ->Args({56, 64, 1, 2, 8, 128})
    ->Args({28, 128, 3, 1, 14, 128})
    ->Args({14, 256, 3, 1, 14, 256})
    ->Args({14, 256, 3, 1, 14, 48})
    ->Args({7, 512, 3, 1, 7, 16})
    ->Args({7, 512, 3, 1, 7, 28})
    ->Args({7, 512, 3, 1, 7, 32})
    ->Args({7, 512, 3, 1, 7, 48})
    ->Args({7, 512, 3, 1, 7, 64})
    ->Args({1, 512, 1, 1, 1, 1000});

void weight_preparation(benchmark::State& state) {
    const auto values = random_values(4608 * 32, -128, 127);
    const std::vector<int8_t> weights(values.begin(), values.end());
    for (auto _ : state) benchmark::DoNotOptimize(PreparedWeights(weights.data(), 4608, 32));
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(weights.size()));
}
BENCHMARK(weight_preparation);

void requantisation(benchmark::State& state) {
    constexpr uint32_t width = 448, n = 64;
    std::mt19937 random(1);
    std::vector<int32_t> sums(width * n), bias(n), multiplier(n);
    for (auto& v : sums) v = static_cast<int32_t>(random()) >> 10;
    for (auto& v : bias) v = static_cast<int32_t>(random()) >> 16;
    for (auto& v : multiplier) v = static_cast<int32_t>(random() >> 1);
    const auto residual = random_values(width * n, 0, 255);
    std::vector<int16_t> result(width * n);
    const Requantisation p{45, Format::u8, true, 1 << 29};
    for (auto _ : state) {
        requantise_row(p, sums.data(), bias.data(), multiplier.data(), width, n,
                       state.range(0) ? residual.data() : nullptr, n, result.data(), n);
        benchmark::DoNotOptimize(result.data());
    }
    state.SetItemsProcessed(state.iterations() * width * n);
}
BENCHMARK(requantisation)->ArgName("residual")->Arg(0)->Arg(1);

void transform(benchmark::State& state) {
    const auto channels = static_cast<uint32_t>(state.range(0));
    const auto vectors = static_cast<uint32_t>(state.range(1));
    const bool forward = state.range(2) == 0;
    TransformParameters p;
    p.channels = p.components = channels;
    const auto matrix = random_values(size_t{channels} * channels, -128, 127);
    p.matrix.assign(matrix.begin(), matrix.end());
    p.mean.assign(channels, 100);
    p.forward.assign(channels, 1 << 20), p.forward_shift = 31;
    p.low = -255, p.high = 255;
    p.inverse.assign(channels, 1 << 24), p.inverse_shift = 20;
    p.offset.assign(channels, 1 << 20), p.out_multiplier = 1 << 24, p.out_shift = 40;
    const Transform unit(p);
    const auto values = random_values(size_t{channels} * vectors, -255, 255);
    std::vector<int16_t> result(values.size());
    for (auto _ : state) {
        if (forward)
            unit.forward(values.data(), vectors, result.data());
        else
            unit.inverse(values.data(), vectors, result.data());
        benchmark::DoNotOptimize(result.data());
    }
    const double products = double(channels) * channels * vectors;
    const auto rate = benchmark::Counter::kIsIterationInvariantRate;
    state.counters["products/s"] = benchmark::Counter(products, rate);
    const int n = static_cast<int>(channels);
    const double reference = float_rate(static_cast<int>(vectors), n, n);
    state.counters["ratio"] = benchmark::Counter(products / reference, rate);
    state.counters["of_product"] =
        benchmark::Counter(products / integer_rate(vectors, channels), rate);
}
BENCHMARK(transform)
    ->ArgNames({"channels", "vectors", "inverse"})
    ->ArgsProduct({{64, 128, 256, 512}, {7, 56}, {0, 1}});

}  // namespace

BENCHMARK_MAIN();
