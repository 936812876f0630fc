// Jobs of the compute array: rows and weight chunks in, sums out.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/compute_array/compute_array.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

struct ArrayRecord {
    ArrayJob job;
    Format format = Format::u8;                     ///< of the input
    std::map<uint32_t, std::vector<int16_t>> rows;  ///< by their place in the map: those used
    std::vector<std::vector<uint8_t>> chunks;       ///< as the DMA delivers them
    std::vector<int32_t> sums;                      ///< slice after slice, as they are pushed
};

/// What `observe()` keeps of the jobs with a tag.
class ArrayRecorder : public ArrayObserver {
public:
    explicit ArrayRecorder(uint32_t tag) : tag_(tag) {}
    std::vector<ArrayRecord> records;

    void on_job(const ArrayJob& job) override;
    void on_input(uint32_t y, const Row& row) override;
    void on_weights(uint32_t index, const Chunk& chunk) override;
    void on_sums(const SumRow& sums) override;

private:
    const uint32_t tag_;
    bool recording_ = false;
};

/// A case without a name.
VectorCase array_case(const ArrayRecord& record);

}  // namespace karhunen::vectors
