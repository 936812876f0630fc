// From a network in float and calibration pictures to a loadable.
//
//   const Network network = read_network("resnet18.onnx");
//   const auto pictures = read_pictures("calibration", 256, 224);
//   CompileOptions options;
//   options.codec = "transform";
//   const std::vector<uint8_t> file = compile(network, pictures, options);   // a whole .kvn
//
// All errors are CompileError (ImageError for pictures). The result depends on nothing but the
// arguments: not on the number of threads, nor on the host.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <karhunen/loadable.h>

#include "models/codec/calibrate.h"
#include "sw/compiler/choose_codecs.h"
#include "sw/compiler/histogram.h"
#include "sw/compiler/image.h"
#include "sw/compiler/network.h"

namespace karhunen {

/// Which maps are stored.
enum class Preset {
    standard,  ///< max-pooling is fused into the convolution before it
    paper,     ///< the map before max-pooling is stored (Chmiel et al.), the pooled one is raw
};

Preset preset_of(const std::string& name);  ///< "default" or "paper"; throws CompileError

/// Buffers and streams of the default platform.
krhn_machine default_machine();

struct CompileOptions {
    /// of the counted tensors, see parse_setting(); "auto": see automatic.h
    std::string codec = "transform";
    std::map<std::string, std::string> tensor_codecs;  ///< other ones by the tensor's name
    QuantiserOptions quantiser;                        ///< where a codec's text does not say
    RangeMethod ranges;                                ///< of maps
    uint32_t weight_bits = 8;                          ///< 8 or 4 (set_weight_bits())
    bool correct_biases = true;                        ///< calibrate_layers.h
    Preset preset = Preset::standard;
    /// The transform's matrix is part of the convolutions (Chmiel et al.): every convolution's map
    /// is stored before the addition, and whoever reads a sum makes it. For transform and raw.
    bool folded = false;
    uint32_t batch = 1;  ///< images whose maps have room in memory
    krhn_machine machine = default_machine();
    unsigned threads = 0;                              ///< 0: one per processor
    std::function<void(const std::string&)> progress;  ///< called with one short line per step

    // What follows is for codec "auto".
    std::vector<uint32_t> choose_from;  ///< codecs, raw always among them; none: all
    double max_drop = 0.5;  ///< of accuracy, in percentage points against `raw`; 0 to 100
    std::optional<double> min_snr_db;  ///< of the logits against `raw`, instead of max_drop
    uint32_t burst_bytes = 16;         ///< of the DRAM
    std::function<void(const CodecChoices&)> chosen;  ///< called with the choice
};

/// Reads ONNX and folds it into layers (onnx_reader.h, fold.h).
Network read_network(const std::filesystem::path& onnx);

/// Compiles a network with one codec after the other; what is the same for all is done once.
class Compiler {
public:
    /// pictures: cropped to the network's input size; at least one.
    Compiler(Network network, std::span<const Picture> pictures, CompileOptions options);
    ~Compiler();

    /// Returns a whole .kvn. codec: as CompileOptions::codec, which it stands in for.
    std::vector<uint8_t> compile(const std::string& codec);
    /// The codec of `setting`, or raw, with bits chosen for each tensor by measurement on the
    /// calibration pictures: the fewest found that make no more noise in the logits than `setting`
    /// for all, or that one.
    std::vector<uint8_t> compile_like(const CodecSetting& setting);

private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

/// The same once, with options.codec.
std::vector<uint8_t> compile(Network network, std::span<const Picture> pictures,
                             const CompileOptions& options);

}  // namespace karhunen
