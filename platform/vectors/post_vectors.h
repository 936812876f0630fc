// Jobs of post-processing: sums and residual rows in, rows out.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/post_processing/post_processing.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

struct PostRecord {
    PostJob job;
    std::vector<int32_t> sums;  ///< slice after slice
    /// Of each chunk: bias[n], multiplier[n]. None in pass jobs.
    std::vector<std::shared_ptr<const std::vector<int32_t>>> parameters;
    Format residual_format = Format::u8;
    std::vector<int16_t> residual;  ///< [row][column][channel]; none if nothing is added
    std::vector<int16_t> results;   ///< [row][column][channel of the job]; s32: two each
};

/// What `observe()` keeps of the jobs with a tag.
class PostRecorder : public PostObserver {
public:
    explicit PostRecorder(uint32_t tag) : tag_(tag) {}
    std::vector<PostRecord> records;

    void on_job(const PostJob& job) override;
    void on_sums(const SumRow& sums, const Row* residual) override;
    void on_result(const ResultSlice& result) override;

private:
    const uint32_t tag_;
    bool recording_ = false;
};

/// A case without a name.
VectorCase post_case(const PostRecord& record);

}  // namespace karhunen::vectors
