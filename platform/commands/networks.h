// From what the user names (an ONNX file, a loadable, the built-in network) to a loadable; shared
// by compile, run, demo and dump-maps.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "models/codec/calibrate.h"
#include "platform/configuration.h"
#include "sw/compiler/compile.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

struct NetworkOptions {
    std::string calibration;  ///< folder of pictures
    std::string codec = "transform", preset = "default", ranges = "mse", platform;
    uint32_t weight_bits = 8;
    bool no_bias_correction = false;
    std::vector<std::string> tensor_codecs;
    QuantiserOptions quantiser;
    std::optional<double> max_drop, min_snr_db;
    std::vector<std::string> among;  ///< codecs that auto chooses from
    std::string choices;             ///< file for the table that codec auto chooses from
    std::optional<PlatformConfiguration> machine;  ///< instead of the file `platform`
    uint32_t batch = 1, seed = 1;
    unsigned threads = 0;
    bool folded = false;
};

/// The names of all codecs, for help texts.
std::string codec_list();

/// A codec of --codec or --codecs, `auto` too. Throws std::runtime_error saying what is expected.
void check_codec(const std::string& text);

/// --components and --energy: how much of `transform` is kept.
void add_truncation_options(CLI::App& command, QuantiserOptions& quantiser);
/// Throws std::runtime_error if they make no sense, or if none of `codecs` (as users write them) is
/// transform.
void check_truncation(const QuantiserOptions& quantiser, std::span<const std::string> codecs);
/// The same for a network: `codecs` or those of single tensors.
void check_truncation(const NetworkOptions& options, std::span<const std::string> codecs);

/// Options of `compile`, and of the commands that may compile first.
void add_network_options(CLI::App& command, NetworkOptions& options);
/// The same without those that choose the codec.
void add_compile_options(CLI::App& command, NetworkOptions& options);

/// options.platform, or the defaults.
PlatformConfiguration configuration_of(const NetworkOptions& options);

/// model: an ONNX file (needs options.calibration) or "default". Returns a whole loadable.
std::vector<uint8_t> compile_network(const std::string& model, const NetworkOptions& options);

/// The same several times with other codecs: model and pictures are read once.
class NetworkCompiler {
public:
    NetworkCompiler(const std::string& model, const NetworkOptions& options);
    /// codec: as options.codec.
    std::vector<uint8_t> compile(const std::string& codec);
    /// As Compiler::compile_like().
    std::vector<uint8_t> compile_like(const std::string& codec);

private:
    std::vector<uint8_t> with_progress(const std::function<std::vector<uint8_t>()>& work);

    std::optional<Compiler> compiler_;
    std::optional<CodecChoices> chosen_;
    std::function<void(const std::string&)> progress_;
    QuantiserOptions quantiser_;
    std::string choices_;  ///< file for what codec auto chose from
};

/// What `karhunen run --network` takes for a machine with nothing in DRAM.
constexpr std::string_view no_network = "none";

/// Not an ONNX file and not "default".
bool is_loadable(const std::string& network);

/// Throws std::runtime_error when `command` was given compiler options, which `network`, a
/// loadable, has no use for.
void refuse_compiler_options(const std::string& network, const CLI::App& command);

/// A loadable is read, anything else compiled. Throws std::runtime_error when `command` was given
/// compiler options for a loadable.
Loadable read_or_compile(const std::string& network, const CLI::App& command,
                         const NetworkOptions& options);

}  // namespace karhunen
