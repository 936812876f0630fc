#include "models/resources/machine.h"

#include <algorithm>
#include <stdexcept>

#include <karhunen/dma.h>

#include "models/codec/codec.h"
#include "models/resources/paper_preset.h"

namespace karhunen::resources {

namespace {

void check(const Machine& m, const Device& device, Preset preset) {
    for (const uint32_t codec : m.codecs) {
        const uint32_t most = KRHN_MAX_STREAMS / codec_traits(codec).streams_per_coder;
        if (m.codec_unit.streams > most)
            throw std::invalid_argument("codec.streams is " + std::to_string(m.codec_unit.streams) +
                                        ", " + std::string(codec_name(codec)) + " takes at most " +
                                        std::to_string(most));
    }
    if (preset != Preset::paper) return;
    if (device.logic_unit() != std::string("ALM"))
        throw std::invalid_argument(
            "preset paper is of a synthesis for Stratix 10; expected device stratix10 or arria10");
    if (m.array.map_bits != 8 || m.array.weight_bits != 8)
        throw std::invalid_argument("preset paper has 8-bit maps and weights");
}

Usage usage_of(const PaperLogic& logic) {
    Usage usage;
    usage.logic = static_cast<uint64_t>(logic.lut + 0.5);
    usage.dsp = static_cast<uint64_t>(logic.dsp + 0.5);
    return usage;
}

class Builder {
public:
    Builder(const Machine& machine, const Device& device, Preset preset)
        : m_(machine), device_(device), preset_(preset) {}

    Estimate run() {
        array();
        buffers();
        codec_unit("encoder", encoder_parts);
        codec_unit("input decoder", decoder_parts);
        codec_unit("residual decoder", decoder_parts);
        add("DMA", "", dma(m_.dma));
        add("DRAM controller", "front end", ddr_front_end(m_.ddr));
        return estimate_;
    }

private:
    void add(const std::string& block, const std::string& part, const Usage& usage,
             bool kge_known) {
        estimate_.blocks.push_back({block, part, usage, kge_known});
        estimate_.total += usage;
        estimate_.kge_known = estimate_.kge_known && kge_known;
    }
    void add(const std::string& block, const std::string& part, const Inventory& inventory) {
        add(block, part, resources::usage_of(inventory, device_), true);
    }

    void array() {
        if (preset_ == Preset::paper) {
            const Usage one = usage_of(paper_array(paper_channels(m_.array.reduction_lanes)));
            Usage all;
            all.logic = one.logic * m_.array.output_lanes;
            all.dsp = one.dsp * m_.array.output_lanes;
            add("compute array", "", all, false);
        } else {
            add("compute array", "", compute_array(m_.array));
        }
        add("post-processing", "", post_processing(m_.array, m_.pass_values_per_clock));
    }

    /// Ports as wide as the blocks around them need per clock.
    void buffers() {
        const uint64_t lanes = m_.array.reduction_lanes, outputs = m_.array.output_lanes;
        const uint64_t row_port =
            std::max<uint64_t>(8ull * m_.codec_unit.raw_values_per_clock, 16 * outputs);
        buffer("weights", m_.buffers.weight_kib, lanes * outputs * m_.array.weight_bits);
        buffer("activations", m_.buffers.activation_kib, lanes * m_.array.map_bits);
        buffer("output", m_.buffers.output_kib, row_port);
        buffer("residual", m_.buffers.residual_kib, row_port);
    }
    void buffer(const char* name, uint32_t kib, uint64_t width_bits) {
        Inventory one = counter(2 * 20) + gates(40);
        one.memories.push_back(Memory::of_bytes(uint64_t{1024} * kib, width_bits));
        add("buffer", name, one);
    }

    void codec_unit(const char* block, std::vector<Part> (*parts_of)(uint32_t, const CodecUnit&)) {
        std::vector<std::string> have;  // vlc and transform share their Huffman coders
        for (const uint32_t codec : m_.codecs)
            for (const Part& part : parts_of(codec, m_.codec_unit)) {
                if (std::find(have.begin(), have.end(), part.name) != have.end()) continue;
                have.push_back(part.name);
                if (preset_ == Preset::paper && part.name.find("PCA unit") != std::string::npos)
                    add(block, part.name,
                        usage_of(paper_pca(paper_channels(m_.array.reduction_lanes))), false);
                else
                    add(block, part.name, part.inventory);
            }
        for (const Part& part : shared_parts(m_.codecs, m_.codec_unit))
            add(block, part.name, part.inventory);
    }

    const Machine& m_;
    const Device& device_;
    Preset preset_;
    Estimate estimate_;
};

}  // namespace

Estimate estimate(const Machine& machine, const Device& device, Preset preset) {
    check(machine, device, preset);
    return Builder(machine, device, preset).run();
}

}  // namespace karhunen::resources
