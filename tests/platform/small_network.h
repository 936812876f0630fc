// A residual network of a few thousand values with everything ResNet-18 has: fused pooling,
// identity and convolution shortcuts, average pooling, a fully connected layer.
#pragma once

#include <vector>

#include "platform/run.h"
#include "sw/compiler/compile.h"

namespace karhunen {

/// deep: an identity block and a convolution more, so that a sum of three maps is taken by two
/// kinds of layers when maps are stored before additions.
Network small_network(bool deep = false);
Picture small_picture(unsigned seed);

struct SmallOptions {
    std::string codec = "transform";
    Preset preset = Preset::standard;
    bool folded = false;  ///< of the deep network
    uint32_t batch = 1, weight_bits = 8;
    PlatformConfiguration configuration;
    QuantiserOptions quantiser;
};

/// Compiled for the configuration.
Loadable small_loadable(const SmallOptions& options);
/// Ready to run `options.batch` pictures, with the check on.
RunOptions small_run(const Loadable& loadable, const SmallOptions& options);

}  // namespace karhunen
