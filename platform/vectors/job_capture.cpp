// Compute array and post-processing of a run.
#include "platform/vectors/array_vectors.h"
#include "platform/vectors/capture.h"
#include "platform/vectors/post_vectors.h"

namespace karhunen::vectors {

namespace {

/// The operations of a layer run in turn, band by band.
const krhn_operation& operation_of(const Loadable& loadable, uint32_t layer, size_t job) {
    const krhn_layer& l = loadable.layers()[layer];
    return loadable.operation(l, static_cast<uint32_t>(job % l.operations));
}

Json tile_of(const Loadable& loadable, uint32_t layer, size_t job, uint32_t first_row,
             uint32_t rows) {
    const krhn_layer& l = loadable.layers()[layer];
    return {{"tensor", loadable.name(loadable.tensors()[l.output])},
            {"operation", job % l.operations},
            {"first_row", first_row},
            {"rows", rows}};
}

class ArrayCapture : public Capture {
public:
    explicit ArrayCapture(uint32_t layer) : layer_(layer), recorder_(layer) {}

    void attach(const RunSubject& subject, Machine& machine) override {
        loadable_ = &subject.loadable;
        machine.array.observe(recorder_);
    }
    std::vector<VectorCase> take() override {
        std::vector<VectorCase> cases;
        for (size_t i = 0; i < recorder_.records.size(); ++i) {
            const ArrayRecord& record = recorder_.records[i];
            VectorCase vectors = array_case(record);
            vectors.name = "array_job" + std::to_string(i);
            vectors.tile =
                tile_of(*loadable_, layer_, i, record.job.output_row, record.job.output_rows);
            const krhn_operation& op = operation_of(*loadable_, layer_, i);
            if (op.input != KRHN_NONE)
                vectors.files.front().scale = loadable_->tensors()[op.input].scale;
            cases.push_back(std::move(vectors));
        }
        return cases;
    }

private:
    const uint32_t layer_;
    const Loadable* loadable_ = nullptr;
    ArrayRecorder recorder_;
};

class PostCapture : public Capture {
public:
    explicit PostCapture(uint32_t layer) : layer_(layer), recorder_(layer) {}

    void attach(const RunSubject& subject, Machine& machine) override {
        loadable_ = &subject.loadable;
        machine.post.observe(recorder_);
    }
    std::vector<VectorCase> take() override {
        std::vector<VectorCase> cases;
        for (size_t i = 0; i < recorder_.records.size(); ++i) {
            const PostRecord& record = recorder_.records[i];
            const PostJob& job = record.job;
            VectorCase vectors = post_case(record);
            vectors.name = "post_job" + std::to_string(i);
            vectors.tile = tile_of(*loadable_, layer_, i,
                                   job.has_pooling() ? job.pooled_rows(job.pool_row) : job.pool_row,
                                   job.output_rows);
            if (!job.has(KRHN_POST_TO_RESIDUAL | KRHN_POST_TO_INPUT))
                vectors.files.back().scale =
                    loadable_->tensors()[loadable_->layers()[layer_].output].stored_scale;
            cases.push_back(std::move(vectors));
        }
        return cases;
    }

private:
    const uint32_t layer_;
    const Loadable* loadable_ = nullptr;
    PostRecorder recorder_;
};

}  // namespace

std::unique_ptr<Capture> array_capture(uint32_t layer) {
    return std::make_unique<ArrayCapture>(layer);
}

std::unique_ptr<Capture> post_capture(uint32_t layer) {
    return std::make_unique<PostCapture>(layer);
}

}  // namespace karhunen::vectors
