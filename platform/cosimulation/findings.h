// What RTL does in the platform, what it costs, and the first thing that it does wrong.
#pragma once

#include <time.h>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "platform/cosimulation/positions.h"

namespace karhunen::rtl {

enum class Block { huffman_encoder, pca_unit, ebpc_encoder, huffman_decoder };
inline constexpr size_t blocks = 4;
inline constexpr std::array<const char*, blocks> block_names = {"huffman_encoder", "pca_unit",
                                                                "ebpc_encoder", "huffman_decoder"};

/// cross: RTL and model both work, are compared, and the model's result is used.
enum class Mode { model, rtl, cross };
inline constexpr std::array<const char*, 3> mode_names = {"model", "rtl", "cross"};

/// Of each block.
using Modes = std::array<Mode, blocks>;
inline constexpr size_t index_of(Block block) {
    return static_cast<size_t>(block);
}

/// The units of the machine whose coders may be RTL.
enum class Unit { encoder, input_decoder, residual_decoder };
inline constexpr size_t units = 3;

/// One band that a unit works on.
struct UnitJob {
    Unit unit = Unit::encoder;
    size_t number = 0;   ///< of the unit's jobs, from 0
    uint32_t layer = 0;  ///< the job's tag
};

struct Mismatch {
    Block block = Block::huffman_encoder;
    UnitJob job;
    std::optional<BandPosition> position;  ///< in the band; none: behind its last value
    const char* channels = "channel";      ///< or what stands for them
    std::string instance;                  ///< "substream 2", or empty
    uint64_t clock = 0;                    ///< of the instance
    std::string what;
};

struct Cost {
    uint64_t bands = 0, words = 0, rtl_clocks = 0, model_clocks = 0;
    double rtl_seconds = 0, model_seconds = 0;
};

class Findings {
public:
    Cost& cost(Block block) { return costs_[index_of(block)]; }
    /// Only the first is kept.
    void add(Mismatch mismatch) {
        if (!first_) first_ = std::move(mismatch);
    }
    const std::optional<Mismatch>& first() const { return first_; }

private:
    std::array<Cost, blocks> costs_;
    std::optional<Mismatch> first_;
};

/// Of this thread, in seconds: what it takes does not depend on what else the host does.
inline double processor_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Adds the time that the work takes.
template <typename Work>
void timed(double& seconds, Work&& work) {
    const double begin = processor_time();
    std::forward<Work>(work)();
    seconds += processor_time() - begin;
}

}  // namespace karhunen::rtl
