// One picture through the whole machine, beside the golden executor. KARHUNEN_BENCH_NETWORK names a
// loadable (.kvn); without it, the built-in network. Everything runs in one thread.
#include <cstdlib>
#include <ctime>

#include <benchmark/benchmark.h>
#include <malloc.h>
#include <systemc>

#include "platform/recording.h"
#include "platform/run.h"
#include "sw/compiler/compile.h"
#include "sw/compiler/default_network.h"
#include "sw/golden/executor.h"
#include "sw/images/picture.h"

// libsystemc refers to it; run() starts the simulations.
int sc_main(int, char**) {
    return 1;
}

namespace {

using namespace karhunen;

Loadable load_network() {
    if (const char* path = std::getenv("KARHUNEN_BENCH_NETWORK")) return Loadable::read(path);
    CompileOptions options;
    options.codec = "transform";
    const Network network = default_network();
    return Loadable::parse(compile(network, drawn_pictures(1, 1, 8, network.input.width), options),
                           "the built-in network");
}

const Loadable& loadable() {
    static const Loadable result = load_network();
    return result;
}

const std::vector<int16_t>& picture() {
    static const std::vector<int16_t> result =
        input_values(drawn_picture(1, 1, loadable().input().crop), loadable().input());
    return result;
}

/// From a loadable to its first result: with the preparation of the weights and the codecs, which
/// the machine does, too, in every run.
void golden_first_run() {
    benchmark::DoNotOptimize(GoldenExecutor(loadable()).run(picture()).data());
}

void golden_fresh(benchmark::State& state) {
    picture();
    for (auto _ : state) golden_first_run();
}

double processor_seconds(auto work) {
    const std::clock_t start = std::clock();  // as Google Benchmark counts
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// From a loadable in memory to a report: the machine is made and loaded, the firmware boots, one
/// picture is simulated. Nothing is checked. "ratio": how much longer than golden_first_run that
/// takes, measured in turns, each as the first thing a process does, with an empty heap: otherwise
/// the one would be given pages that the other has paid for.
void full_system(benchmark::State& state) {
    RunOptions options;
    options.inputs = {picture()};
    double golden = 0, system = 0;
    for (auto _ : state) {
        state.PauseTiming();
        malloc_trim(0);
        golden += processor_seconds(golden_first_run);
        malloc_trim(0);
        state.ResumeTiming();
        RunReport report;
        system += processor_seconds([&] { report = run(loadable(), options); });
        if (report.exit_code != 0) return state.SkipWithError(report.fault.c_str());
    }
    state.counters["golden_ms"] = golden * 1e3 / static_cast<double>(state.iterations());
    state.counters["ratio"] = system / golden;
}

/// The same picture from a recording. "ratio": how much quicker that is than the run that it stands
/// for, in turns.
void replayed(benchmark::State& state) {
    Recording recording;
    RunOptions with_values, without;
    with_values.inputs = {picture()};
    with_values.record = &recording;
    run(loadable(), with_values);
    with_values.record = nullptr;
    without.replay = &recording;
    double full = 0, replay = 0;
    for (auto _ : state) {
        state.PauseTiming();
        full += processor_seconds([&] { run(loadable(), with_values); });
        state.ResumeTiming();
        RunReport report;
        replay += processor_seconds([&] { report = run(loadable(), without); });
        if (report.exit_code != 0) return state.SkipWithError(report.fault.c_str());
    }
    state.counters["ratio"] = full / replay;
}

}  // namespace

BENCHMARK(golden_fresh)->Unit(benchmark::kMillisecond)->MinTime(1);
// Not more: SystemC never frees the processes of a simulation.
BENCHMARK(full_system)->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK(replayed)->Unit(benchmark::kMillisecond)->Iterations(20);

int main(int count, char** words) {
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    benchmark::Initialize(&count, words);
    if (benchmark::ReportUnrecognizedArguments(count, words)) return 1;
    benchmark::RunSpecifiedBenchmarks();
}
