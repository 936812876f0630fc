// A residual network of a few thousand values with everything ResNet-18 has: fused pooling,
// identity and convolution shortcuts, average pooling, a fully connected layer.
#pragma once

#include <vector>

#include "platform/run.h"
#include "sw/compiler/compile.h"

namespace karhunen {

Network small_network();
Picture small_picture(unsigned seed);

struct SmallOptions {
    std::string codec = "transform";
    Preset preset = Preset::standard;
    uint32_t batch = 1;
    PlatformConfiguration configuration;
    QuantiserOptions quantiser;
};

/// Compiled for the configuration.
Loadable small_loadable(const SmallOptions& options);
/// Ready to run `options.batch` pictures, with the check on.
RunOptions small_run(const Loadable& loadable, const SmallOptions& options);

}  // namespace karhunen
