// The blocks in RTL of one unit of the machine, made when they are needed.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "platform/cosimulation/rtl_block.h"

namespace karhunen::rtl {

class Instances {
public:
    /// seed: of their stalls; 0: none.
    explicit Instances(uint32_t seed) : seed_(seed) {}

    /// With these tables.
    RtlBlock& huffman_encoder(uint32_t stream, const HuffmanCode& code) {
        return loaded(huffman_encoders_, huffman_encoder_block, stream, code);
    }
    RtlBlock& huffman_decoder(uint32_t stream, const HuffmanCode& code) {
        return loaded(huffman_decoders_, huffman_decoder_block, stream, code);
    }
    RtlBlock& pca_unit(const TransformParameters& parameters) {
        return loaded(pca_units_, pca_unit_block, 0, parameters);
    }
    RtlBlock& ebpc_encoder(uint32_t coder) {
        while (ebpc_encoders_.size() <= coder)
            ebpc_encoders_.push_back(ebpc_encoder_block(next_seed()));
        return *ebpc_encoders_[coder];
    }

private:
    template <typename Block, typename Tables>
    struct Loaded {
        std::unique_ptr<Block> block;
        std::vector<Tables> tables;  ///< none: not loaded
    };

    template <typename Block, typename Tables, typename Make>
    Block& loaded(std::vector<Loaded<Block, Tables>>& all, Make make, uint32_t number,
                  const Tables& tables) {
        while (all.size() <= number) all.push_back({make(next_seed()), {}});
        Loaded<Block, Tables>& one = all[number];
        if (one.tables.empty() || !(one.tables[0] == tables)) {
            one.block->load(tables);
            one.tables = {tables};
        }
        return *one.block;
    }
    uint32_t next_seed() { return seed_ == 0 ? 0 : std::max(seed_ + 7919 * ++made_, 1u); }

    std::vector<Loaded<HuffmanBlock, HuffmanCode>> huffman_encoders_, huffman_decoders_;
    std::vector<Loaded<PcaBlock, TransformParameters>> pca_units_;
    std::vector<std::unique_ptr<RtlBlock>> ebpc_encoders_;
    uint32_t seed_, made_ = 0;
};

}  // namespace karhunen::rtl
