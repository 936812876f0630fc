#include "platform/vectors/stimulus.h"

#include <iterator>
#include <stdexcept>

#include <karhunen/dma.h>

#include "models/codec/codec.h"
#include "platform/vectors/array_stimulus.h"
#include "platform/vectors/codec_stimulus.h"
#include "platform/vectors/dma_stimulus.h"
#include "platform/vectors/post_stimulus.h"

namespace karhunen::vectors {

namespace {

/// Those named, or all whose substreams a band has room for.
std::vector<uint32_t> codecs_of(const StimulusOptions& options) {
    if (!options.codecs.empty()) return options.codecs;
    std::vector<uint32_t> all;
    for (const std::string_view name : codec_names()) {
        const uint32_t codec = codec_number(name);
        if (options.configuration.codec.streams * codec_traits(codec).streams_per_coder <=
            KRHN_MAX_STREAMS)
            all.push_back(codec);
    }
    return all;
}

DmaParameters dma_of(const StimulusOptions& options) {
    return {options.configuration.dma.block_bytes, options.configuration.dma.outstanding};
}

[[noreturn]] void refuse(const std::string& block) {
    throw std::invalid_argument("no block of vectors: " + block);
}

}  // namespace

std::vector<VectorCase> corner_cases(const std::string& block, const StimulusOptions& options) {
    const uint32_t coders = options.configuration.codec.streams;
    if (block == "encoder") return codec_corners(false, codecs_of(options), coders);
    if (block == "decoder") return codec_corners(true, codecs_of(options), coders);
    if (block == "array") return array_corners();
    if (block == "post") return post_corners();
    if (block == "dma") return dma_corners(dma_of(options));
    refuse(block);
}

std::vector<VectorCase> random_cases(const std::string& block, uint32_t seed, uint32_t count,
                                     const StimulusOptions& options) {
    const uint32_t coders = options.configuration.codec.streams;
    RandomSource random(seed);
    std::vector<VectorCase> cases;
    const auto append = [&](std::vector<VectorCase> more) {
        std::move(more.begin(), more.end(), std::back_inserter(cases));
    };
    while (cases.size() < count) {
        if (block == "encoder" || block == "decoder")
            append({random_band(block == "decoder", codecs_of(options), coders, random)});
        else if (block == "array")
            append({random_array_job(random)});
        else if (block == "post")
            append(random_post_jobs(random));
        else if (block == "dma")
            append(random_chains(dma_of(options), count, random));
        else
            refuse(block);
    }
    cases.resize(count);
    for (size_t i = 0; i < cases.size(); ++i)
        cases[i].name = "random" + std::to_string(i) + "_" + cases[i].name;
    return cases;
}

}  // namespace karhunen::vectors
