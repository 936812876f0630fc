// Clock, reset and seed of golden_bench.sv. Exit code 0: all equal, 4: mismatch, 1: it hangs.
#include BENCH_HEADER

#include <cstdio>
#include <cstdlib>
#include <random>

int main() {
    const char* wanted = std::getenv("KARHUNEN_RTL_SEED");
    const uint32_t seed =
        wanted ? static_cast<uint32_t>(std::strtoul(wanted, nullptr, 10)) : std::random_device{}();
    std::printf("KARHUNEN_RTL_SEED=%u\n", seed);
    std::fflush(stdout);
    VerilatedContext context;
    context.randReset(2);
    context.randSeed(static_cast<int>(seed % 0x7FFFFFFF + 1));
    BENCH bench(&context);
    bench.seed = seed;
    bench.rst_n = 0;
    constexpr int most_clocks = 1'000'000;
    int clocks = 0;
    for (; clocks < most_clocks; ++clocks) {
        if (clocks > 3 && bench.done) break;  // what it says before the reset is random
        bench.rst_n = clocks > 3;
        bench.clk = 0;
        bench.eval();
        bench.clk = 1;
        bench.eval();
    }
    bench.final();
    std::fflush(stdout);
    if (clocks == most_clocks) return std::puts("the bench hangs"), 1;
    return bench.failed ? 4 : 0;
}
