// A random network in the memory of a machine made for it.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "tests/sw/firmware/random_network.h"
#include "tests/sw/firmware/run_scheduler.h"

namespace karhunen {

struct RandomCase {
    Loadable loadable;
    std::unique_ptr<Machine> machine;

    RandomCase(uint32_t seed, const NetworkChoices& choices) : RandomCase(file(seed, choices)) {
        machine->seed(seed);
        store_input(*machine, loadable, choices.batch);
    }

    static std::vector<uint8_t> file(uint32_t seed, const NetworkChoices& choices) {
        std::mt19937 random(seed);
        return random_network(random, choices);
    }

private:
    explicit RandomCase(std::vector<uint8_t> file) : loadable(Loadable::parse(file, "random")) {
        file.resize(loadable.header().memory_bytes);
        machine = std::make_unique<Machine>(loadable.machine(), std::move(file));
    }
};

}  // namespace karhunen
