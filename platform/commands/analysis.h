// What the analyses of maps (karhunen codec energy, blocks) share.
#pragma once

#include "platform/commands/networks.h"
#include "platform/rate_sources.h"

namespace karhunen {

struct AnalysisOptions {
    std::string input, network;
    std::vector<std::string> images;
    NetworkOptions compile;
    bool csv = false, json = false;
    const CLI::App* command = nullptr;
};

void add_analysis_options(CLI::App& command, AnalysisOptions& options);

/// The maps that the options name, all of them s12. Throws std::runtime_error.
std::vector<RateTensor> analysed_maps(const AnalysisOptions& options);

}  // namespace karhunen
