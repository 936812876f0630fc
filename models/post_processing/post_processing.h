// Post-processing: sums of the array in, rows of feature maps out.
#pragma once

#include <deque>

#include <systemc>

#include "models/interfaces/activity.h"
#include "models/interfaces/clock.h"
#include "models/interfaces/pipeline.h"
#include "models/interfaces/register_block.h"
#include "models/interfaces/rows.h"
#include "models/post_processing/post_core.h"

namespace karhunen {

struct PostProcessingParameters {
    sc_core::sc_time clock_period{6250, sc_core::SC_PS};
    uint32_t latency_clocks = 8;  ///< from the sums to the result; does not slow the array down
    uint32_t fifo_rows = 2;       ///< slices of sums that wait in front
    Values values = Values::computed;
};

/// Who keeps what passes through the unit. Calls come in the order of the jobs.
class PostObserver {
public:
    virtual ~PostObserver() = default;
    virtual void on_job(const PostJob& job) = 0;
    /// A slice that the job accepts, with the residual row that is added to it, if one is.
    virtual void on_sums(const SumRow& sums, const Row* residual) = 0;
    virtual void on_result(const ResultSlice& result) = 0;
};

/// Timing, registers and errors: README.md.
class PostProcessing : public sc_core::sc_module, private SumSink {
public:
    RegisterBlock registers;
    sc_core::sc_out<bool> irq{"irq"};
    sc_core::sc_export<SumSink> sums{"sums"};                        ///< from the array
    sc_core::sc_port<RowReader> residual{"residual"};                ///< the residual buffer
    sc_core::sc_port<RowWriter> residual_writer{"residual_writer"};  ///< for shortcuts and sums
    sc_core::sc_port<RowWriter> activation{"activation"};            ///< the same, for sums
    sc_core::sc_port<RowWriter> output{"output"};                    ///< the output buffer

    PostProcessing(sc_core::sc_module_name name, const PostProcessingParameters& parameters);

    Activity& activity() { return activity_; }
    JobState job_state() const { return jobs_.state(); }
    /// Slices of sums in the FIFO in front.
    uint32_t waiting_slices() const { return fill_; }
    /// The observer outlives the simulation. A replay tells of slices without values.
    void observe(PostObserver& observer) { observer_ = &observer; }
    void trace(sc_core::sc_trace_file* file) const;

private:
    void push(SumRow row) override;

    void run();
    bool work(const PostJob& job);
    bool finish_slice(const PostJob& job, const SumRow& sums);
    bool store(const PostJob& job, const ResultSlice& result);
    static void place(const PostJob& job, const ResultSlice& result, Row& row);
    RowWriter& destination(const PostJob& job);
    SumRow next_sums();
    void swallow(bool on);

    const PostProcessingParameters parameters_;
    const Clock clock_;
    JobQueue<PostJob> jobs_;
    PostCore core_;
    Pipeline pipeline_{"pipeline"};
    Activity activity_;
    PostObserver* observer_ = nullptr;
    std::deque<SumRow> fifo_;
    uint32_t fill_ = 0;      ///< size of fifo_, for waveforms
    bool swallows_ = false;  ///< in error: what the array still makes goes nowhere
    sc_core::sc_event pushed_, popped_;
};

}  // namespace karhunen
