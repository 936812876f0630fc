// Pictures with classes that networks are evaluated on; shared by accuracy and codec ablation.
#pragma once

#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "platform/accuracy.h"

namespace karhunen {

struct EvaluationOptions {
    std::string images, labels, reference, only;
    uint32_t count = 0;  ///< of drawn pictures, where no folder is named; 0: default_count
    uint64_t seed = 1;   ///< of drawn pictures
    static constexpr uint32_t default_count = 100;
    std::string resume;          ///< journal
    bool drawn_classes = false;  ///< the classes of the files are those of drawn pictures
};

/// drawn: pictures may be drawn (--count) instead of read from --images, for the built-in network.
void add_evaluation_options(CLI::App& command, EvaluationOptions& options, bool drawn = false);

/// The images to be run.
std::vector<LabelledImage> images_of(const EvaluationOptions& o, const Loadable& loadable,
                                     const std::string& name);

/// threads 0: one per processor. name: of the report. Throws std::runtime_error.
AccuracyReport evaluate(const EvaluationOptions& o, unsigned threads, const Loadable& loadable,
                        const std::string& name);

}  // namespace karhunen
