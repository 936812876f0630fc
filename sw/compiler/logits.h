// Logits and what noise does to them.
#pragma once

#include <vector>

#include "sw/compiler/integer_layer.h"

namespace karhunen {

using Logits = std::vector<double>;  ///< of one picture

/// Of the last map, whose s32 values are steps of `scale`.
Logits logits_of(const IntegerMap& map, double scale);

/// Mean squared error of a logit, the mean error of all (which moves no answer) taken away.
double logit_noise(const Logits& found, const Logits& reference);

/// The best class, the first of equally good ones.
size_t answer_of(const Logits& logits);
/// The best logit less the second; infinite when there is one class.
double margin_of(const Logits& logits);

}  // namespace karhunen
