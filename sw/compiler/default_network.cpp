#include "sw/compiler/default_network.h"

#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"

namespace karhunen {

Network default_network() {
    return fold(parse_onnx(default_network_file(), "the built-in network"));
}

}  // namespace karhunen
