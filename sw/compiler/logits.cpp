#include "sw/compiler/logits.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace karhunen {

Logits logits_of(const IntegerMap& map, double scale) {
    Logits logits(map.size() / 2);
    for (size_t i = 0; i < logits.size(); ++i) {
        int32_t value;
        std::memcpy(&value, &map[2 * i], sizeof value);
        logits[i] = value * scale;
    }
    return logits;
}

double logit_noise(const Logits& found, const Logits& reference) {
    const auto classes = static_cast<double>(found.size());
    double mean = 0, squares = 0;
    for (size_t i = 0; i < found.size(); ++i) mean += (found[i] - reference[i]) / classes;
    for (size_t i = 0; i < found.size(); ++i) {
        const double error = found[i] - reference[i] - mean;
        squares += error * error;
    }
    return squares / classes;
}

size_t answer_of(const Logits& logits) {
    return static_cast<size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

double margin_of(const Logits& logits) {
    const size_t best = answer_of(logits);
    double second = -std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < logits.size(); ++i)
        if (i != best) second = std::max(second, logits[i]);
    return logits[best] - second;
}

}  // namespace karhunen
