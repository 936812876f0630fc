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
    std::string resume;  ///< journal
};

void add_evaluation_options(CLI::App& command, EvaluationOptions& options);

/// threads 0: one per processor. name: of the report. Throws std::runtime_error.
AccuracyReport evaluate(const EvaluationOptions& o, unsigned threads, const Loadable& loadable,
                        const std::string& name);

}  // namespace karhunen
