// What each way to code each tensor costs, measured on calibration pictures: the table that
// choose_codecs.h chooses from.
//
// Candidates: every codec that there is, or those asked for and raw; one with a table at 4 to 9
// bits in steps of a half (to 11 where codecs are asked for). What the machine cannot take
// (streams, table memory) and what a codec refuses is left out.
//
// Bytes per image: the map is written once and read once by each operation and each residual
// addition that takes it. Each time its streams move in whole bursts; each band's tile table entry
// is written (64 bytes), and of it firmware reads the checksum and a length per stream, a burst
// each. The codec's table is loaded by the encoder and by each reader's decoder, once per layer and
// batch. (Tables of one layer's two inputs that do not fit the table memory together would be
// loaded again and again; so where the largest ones do not, candidates that need more than half of
// it are left out.)
//
// At most 64 pictures, evenly chosen. From eight on, tables are calibrated on one half and bytes
// and errors measured on the other: on its own calibration pictures a transform looks too good.
//
// Noise: for each tensor and codec, two candidates are put into the network alone, one of a mean
// squared error near 0.5 and one near 4, on up to 16 pictures, everything behind it run exactly.
// The noise of all its candidates is their squared error times the slope between the two. What
// noise there would be at no error is left out: any change makes all roundings behind it fall
// otherwise (ResNet-18: as much noise as a squared error of 1.5 makes), but only once, for
// whichever tensors.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <karhunen/loadable.h>

#include "sw/compiler/choose_codecs.h"
#include "sw/compiler/integer_layer.h"
#include "sw/compiler/quantise.h"

namespace karhunen {

struct CandidateOptions {
    krhn_machine machine{};
    uint32_t batch = 1;
    uint32_t burst_bytes = 16;     ///< of the DRAM
    double headroom = 0.15;        ///< of the quantisers
    std::vector<uint32_t> codecs;  ///< none: all
    unsigned threads = 0;
    std::function<void(const std::string&)> progress;
};

/// rectified: the network's layers as they are with `raw`, biases corrected. before_relu: the same
/// with every coded map stored as s12. inputs: the first map of every picture. Result: the coded
/// tensors, in the order of the layers.
std::vector<TensorCandidates> measure_candidates(const Network& network,
                                                 const std::vector<QuantisedLayer>& rectified,
                                                 const std::vector<QuantisedLayer>& before_relu,
                                                 std::span<const IntegerMap> inputs,
                                                 const CandidateOptions& options);

}  // namespace karhunen
