// Speed of the DRAM controller's core, in bursts per second.
#include <benchmark/benchmark.h>

#include <deque>
#include <random>

#include "models/ddr/controller.h"

namespace {

using namespace karhunen::ddr;

/// Keeps the controller supplied from a generator; nothing is moved.
class Feeder : public Client {
public:
    Feeder() : core(device, AddressMapping(device, "row-bank-column"), Policy{}, *this) {
        for (Request& r : requests_) free_.push_back(&r);
    }

    template <typename Next>
    void run(uint64_t count, Next next) {
        for (uint64_t sent = 0; sent < count || !core.idle();) {
            while (sent < count && !blocked_ && !free_.empty()) {
                Request& r = *free_.back();
                free_.pop_back();
                next(r);
                blocked_ = true;  // until accepted, which may come at once
                core.submit(r, now_);
                ++sent;
            }
            now_ = core.next();
            core.advance(now_);
        }
    }

    const Device device = Device::find("ddr3-1600-4gb-x16");
    Controller core;

private:
    void accepted(Request&, Clock) override { blocked_ = false; }
    void transferred(Request&, uint64_t, uint64_t, Clock) override {}
    void completed(Request& r, Clock) override { free_.push_back(&r); }

    std::array<Request, 128> requests_;
    std::vector<Request*> free_;
    bool blocked_ = false;
    Clock now_ = 0;
};

void sequential(benchmark::State& state) {
    const auto bytes = static_cast<uint64_t>(state.range(0));
    Feeder feeder;
    uint64_t address = 0;
    const uint64_t requests = (16 << 20) / bytes;
    for (auto _ : state)
        feeder.run(requests, [&](Request& r) {
            r.address = address % feeder.device.bytes();
            r.bytes = bytes;
            address += bytes;
        });
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * requests * bytes / 16));
    state.SetLabel("bursts");
}

void random_single(benchmark::State& state) {
    Feeder feeder;
    std::mt19937_64 random(1);
    const uint64_t requests = 100'000;
    for (auto _ : state)
        feeder.run(requests, [&](Request& r) {
            const uint64_t number = random();
            r.address = number % feeder.device.bytes() / 16 * 16;
            r.bytes = 16;
            r.write = state.range(0) && number >> 62 == 0;
        });
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * requests));
    state.SetLabel(state.range(0) ? "bursts, a quarter writes" : "bursts, reads");
}

}  // namespace

BENCHMARK(sequential)
    ->Arg(16)
    ->Arg(512)
    ->Arg(4096)
    ->Name("ddr/sequential")
    ->Unit(benchmark::kMillisecond);
BENCHMARK(random_single)->Arg(0)->Arg(1)->Name("ddr/random")->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
