// Where the array's clocks went: its own states, and for each wait whether the data was held up by
// DRAM or by the unit in between.
#pragma once

#include <cstdint>

#include "models/interfaces/activity.h"
#include "platform/intervals.h"
#include "platform/report.h"

namespace karhunen {

/// The blocks whose histories are asked. DMA channels: wait_input and wait_output mean memory.
struct StallSources {
    const Activity &array, &post, &input_decoder, &residual_decoder, &encoder;
    const Activity &weights_channel, &encoder_table_channel, &input_table_channel,
        &residual_table_channel, &input_channel, &residual_channel, &output_channel;
};

class StallAccount {
public:
    /// Histories up to `end` (ps).
    StallAccount(const StallSources& sources, uint64_t end);

    /// Clocks of `period` ps between two times (ps). The parts sum to the total.
    CycleSplit split(uint64_t begin, uint64_t end, uint64_t period) const;

private:
    Intervals compute_, input_, weights_, encoder_, dram_;
};

}  // namespace karhunen
