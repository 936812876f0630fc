#include "sw/compiler/default_network.h"

#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"

namespace karhunen {

Network default_network() {
    Network network = fold(parse_onnx(default_network_file(), "the built-in network"));
    network.shorter_side = network.input.width;  // drawn pictures have its size and lose no margin
    return network;
}

}  // namespace karhunen
