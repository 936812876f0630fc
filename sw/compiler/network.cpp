#include "sw/compiler/network.h"

namespace karhunen {

void store_before_pooling(Network& network, uint32_t l) {
    FloatLayer& layer = network.layers[l];
    if (layer.kind != LayerKind::convolution || !layer.pool) return;
    FloatLayer pooling;
    pooling.name = layer.name + ".pool";
    pooling.kind = LayerKind::max_pool;
    pooling.input = l + 1;
    pooling.pool = layer.pool;
    pooling.unpooled = layer.unpooled;
    pooling.output = layer.output;
    layer.output = layer.unpooled;
    layer.pool.reset();
    // Readers of this layer's map now read the new layer's; every later map moves up by one.
    const auto moved = [&](uint32_t& map) { map += map > l; };
    for (uint32_t i = l + 1; i < network.layers.size(); ++i) {
        FloatLayer& later = network.layers[i];
        moved(later.input);
        moved(later.convolution.input);
        if (later.shortcut) moved(later.shortcut->input);
        if (later.residual) moved(*later.residual);
    }
    network.layers.insert(network.layers.begin() + l + 1, std::move(pooling));
}

std::vector<uint32_t> last_readers(const Network& network) {
    std::vector<uint32_t> result(network.layers.size() + 1, 0);
    for (uint32_t l = 0; l < network.layers.size(); ++l) {
        const FloatLayer& layer = network.layers[l];
        result[layer.kind == LayerKind::convolution ? layer.convolution.input : layer.input] = l;
        if (layer.shortcut) result[layer.shortcut->input] = l;
        if (layer.residual) result[*layer.residual] = l;
    }
    return result;
}

}  // namespace karhunen
