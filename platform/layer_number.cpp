#include "platform/layer_number.h"

#include <stdexcept>

namespace karhunen {

uint32_t layer_number(const Loadable& loadable, const std::string& layer,
                      const std::string& option) {
    const auto layers = loadable.layers();
    if (layers.empty())
        throw std::runtime_error(option + ": there are no layers without a network");
    std::string names;
    for (uint32_t i = 0; i < layers.size(); ++i) {
        if (loadable.name(layers[i]) == layer) return i;
        names += (names.empty() ? "" : ", ") + std::string(loadable.name(layers[i]));
    }
    for (uint32_t i = 0; i < layers.size(); ++i)
        if (std::to_string(i) == layer) return i;
    throw std::runtime_error(option + ": there is no layer " + layer + "; expected 0 to " +
                             std::to_string(layers.size() - 1) + " or one of " + names);
}

}  // namespace karhunen
