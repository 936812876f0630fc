#include "platform/stalls.h"

#include <algorithm>

namespace karhunen {

namespace {

/// a without b.
Intervals without(const Intervals& a, const Intervals& b, uint64_t end) {
    return a & b.complement(end);
}

}  // namespace

StallAccount::StallAccount(const StallSources& s, uint64_t end) {
    const auto when = [&](const Activity& a, State state) { return Intervals::of(a, state, end); };
    // A decoder starves while its channel waits for memory: for the stream, or for the table.
    const auto starved = [&](const Activity& decoder, const Activity& stream,
                             const Activity& table) {
        return (when(decoder, State::wait_input) & when(stream, State::wait_input)) |
               (when(decoder, State::wait_weights) & when(table, State::wait_input));
    };
    const Intervals on_input = when(s.array, State::wait_input);
    const Intervals on_weights = when(s.array, State::wait_weights);
    const Intervals on_output = when(s.array, State::wait_output);
    // Behind the array: post-processing waits for residual rows, or the encoder is the brake.
    const Intervals on_residual = on_output & when(s.post, State::wait_input);
    const Intervals on_encoder = without(on_output, on_residual, end);

    const Intervals input_dram =
        on_input & starved(s.input_decoder, s.input_channel, s.input_table_channel);
    const Intervals weights_dram = on_weights & when(s.weights_channel, State::wait_input);
    const Intervals residual_dram =
        on_residual & starved(s.residual_decoder, s.residual_channel, s.residual_table_channel);
    const Intervals encoder_dram =
        on_encoder &
        ((when(s.encoder, State::wait_output) & when(s.output_channel, State::wait_output)) |
         (when(s.encoder, State::wait_weights) & when(s.encoder_table_channel, State::wait_input)));
    compute_ = when(s.array, State::busy);
    dram_ = input_dram | weights_dram | residual_dram | encoder_dram;
    input_ = without(on_input | on_residual, dram_, end);
    weights_ = without(on_weights, dram_, end);
    encoder_ = without(on_encoder, dram_, end);
}

CycleSplit StallAccount::split(uint64_t begin, uint64_t end, uint64_t period) const {
    CycleSplit result;
    result.total = (end - begin + period / 2) / period;
    result.compute = (compute_.length_within(begin, end) + period / 2) / period;
    // Data from DRAM arrives between clock edges: the fractions are rounded down, and what that
    // leaves over falls to `control`, which is everything that is none of the others.
    result.input = input_.length_within(begin, end) / period;
    result.weights = weights_.length_within(begin, end) / period;
    result.encoder = encoder_.length_within(begin, end) / period;
    result.dram = dram_.length_within(begin, end) / period;
    const uint64_t known =
        result.compute + result.input + result.weights + result.encoder + result.dram;
    result.control = result.total - std::min(result.total, known);
    return result;
}

}  // namespace karhunen
