// The compute array: convolution and fully connected layers; rows in, rows of int32 sums out.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include <systemc>

#include "models/compute_array/array_job.h"
#include "models/compute_array/array_timing.h"
#include "models/compute_array/weight_chunk.h"
#include "models/interfaces/activity.h"
#include "models/interfaces/clock.h"
#include "models/interfaces/register_block.h"
#include "models/interfaces/rows.h"

namespace karhunen {

/// What one job took. end - begin is the sum of the four others.
struct ArrayJobRecord {
    uint32_t tag = 0;
    sc_core::sc_time begin, end;
    sc_core::sc_time compute, wait_input, wait_weights, wait_output;
};

/// Who keeps what passes through the array. Calls come in the order of the jobs.
class ArrayObserver {
public:
    virtual ~ArrayObserver() = default;
    virtual void on_job(const ArrayJob& job) = 0;
    /// Row y of the map, or chunk `index` of the job, is used; not always for the first time.
    virtual void on_input(uint32_t y, const Row& row) = 0;
    virtual void on_weights(uint32_t index, const Chunk& chunk) = 0;
    virtual void on_sums(const SumRow& sums) = 0;
};

/// Timing, registers and errors: README.md.
class ComputeArray : public sc_core::sc_module {
public:
    RegisterBlock registers;
    sc_core::sc_out<bool> irq{"irq"};
    sc_core::sc_port<RowReader> activation{"activation"};
    sc_core::sc_port<ChunkReader> weights{"weights"};
    sc_core::sc_port<SumSink> post{"post"};

    ComputeArray(sc_core::sc_module_name name, const ArrayTiming& timing,
                 sc_core::sc_time clock_period, Values values = Values::computed);

    Activity& activity() { return activity_; }
    JobState job_state() const { return jobs_.state(); }
    /// Every job so far, failed ones too, in order.
    const std::vector<ArrayJobRecord>& jobs() const { return records_; }
    /// The observer outlives the simulation. A replay tells of jobs alone.
    void observe(ArrayObserver& observer) { observer_ = &observer; }
    void trace(sc_core::sc_trace_file* file) const;

private:
    /// Output rows whose sums are computed in one go because their input is there. They still leave
    /// one by one, each at its own time.
    struct Batch {
        uint32_t first = 0, rows = 0;
        Patches patches;
        std::vector<std::vector<int32_t>> sums;  ///< per chunk [row][column][channel], when known
    };

    void run();
    uint32_t work(const ArrayJob& job);
    bool convolve_rows_first(const ArrayJob& job);
    bool convolve_chunks_first(const ArrayJob& job);
    bool pass(const ArrayJob& job);

    bool gather(const ArrayJob& job, uint32_t row, uint32_t most, Batch& batch);
    bool has_input(const ArrayJob& job, uint32_t row) const;
    const Row* input_row(const ArrayJob& job, uint32_t y);
    const WeightChunk* weight_chunk(const ArrayJob& job, uint32_t chunk);
    void emit(const ArrayJob& job, uint32_t row, uint32_t chunk, const WeightChunk& weights,
              Batch& batch);
    std::vector<int32_t> sums_of(const ArrayJob& job, uint32_t row, uint32_t chunk,
                                 const WeightChunk& weights, Batch& batch);
    const WeightChunk* without_weights(uint32_t channels);
    void release_rows(const ArrayJob& job, uint32_t row);
    void release_weights(const ArrayJob& job, uint32_t chunk);
    void push(SumRow sums);
    bool fail(uint32_t causes);

    void compute(uint64_t clocks);
    template <typename Call>
    void wait_in(State state, sc_core::sc_time& total, Call&& call);

    const ArrayTiming timing_;
    const Values values_;
    const Clock clock_;
    JobQueue<ArrayJob> jobs_;
    Activity activity_;
    std::vector<ArrayJobRecord> records_;
    ArrayJobRecord record_;  ///< of the running job
    uint32_t causes_ = 0;    ///< why it failed
    ArrayObserver* observer_ = nullptr;
    WeightChunk no_weights_{{nullptr, 0, 0}, 8, {}};  ///< of a replay
};

}  // namespace karhunen
