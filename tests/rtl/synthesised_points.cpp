#include "tests/rtl/synthesised_points.h"

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "models/resources/ebpc_coder.h"
#include "models/resources/huffman_coder.h"
#include "models/resources/pca_unit.h"
#include "models/resources/usage.h"

namespace karhunen::rtl {
namespace {

using resources::Inventory;

constexpr const char* header = "block,use,parameters,lut,lutram,ff,dsp,bram36,kge,tool";
enum Column { block, use, parameters, lut, lutram, ff, dsp, bram36, kge, tool, columns };

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
    return parts;
}

double number(const std::string& text) {
    size_t used = 0;
    double value = 0;
    try {
        value = std::stod(text, &used);
    } catch (const std::exception&) {
    }
    if (used == 0 || used != text.size())
        throw std::runtime_error("'" + text + "': expected a number");
    return value;
}

SynthesisedPoint point_of(const std::string& line) {
    const std::vector<std::string> fields = split(line, ',');
    if (fields.size() != columns)
        throw std::runtime_error("expected " + std::to_string(columns) + " columns");
    if (fields[use] != "fitted" && fields[use] != "held-out")
        throw std::runtime_error("'" + fields[use] + "': expected fitted or held-out");
    return {fields[block],      fields[parameters],  fields[use] == "held-out", number(fields[lut]),
            number(fields[ff]), number(fields[dsp]), number(fields[kge]),       fields[tool]};
}

/// "SYMBOL_BITS=11 CODE_BITS=15"
class Parameters {
public:
    explicit Parameters(const std::string& text) : text_(text) {
        for (const std::string& word : split(text, ' ')) {
            const std::vector<std::string> sides = split(word, '=');
            if (sides.size() != 2) throw std::runtime_error("'" + word + "': expected NAME=VALUE");
            values_[sides[0]] = static_cast<uint32_t>(number(sides[1]));
        }
    }
    uint32_t operator[](const std::string& name) const {
        const auto found = values_.find(name);
        if (found == values_.end()) throw std::runtime_error("'" + text_ + "' lacks " + name);
        return found->second;
    }

private:
    std::string text_;
    std::map<std::string, uint32_t> values_;
};

Inventory pca_of(const Parameters& p) {
    const resources::PcaUnit unit{
        .input_bits = p["INPUT_BITS"], .multipliers = p["MULTIPLIERS"], .channels = p["CHANNELS"]};
    const uint32_t sum_bits =
        unit.input_bits + 1 + unit.weight_bits + resources::index_bits(unit.channels);
    // All vectors of the RTL have as many words as the longest: its tree has one output.
    resources::PcaUnit exact = unit;
    exact.accumulator_bits = sum_bits;
    exact.fewest_channels = unit.channels;
    return pca_unit(exact) + resources::quantiser(sum_bits, p["SYMBOL_BITS"], 1);
}

}  // namespace

std::vector<SynthesisedPoint> read_synthesised_points(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line)) throw std::runtime_error(path + ": cannot be read");
    if (line != header) throw std::runtime_error(path + ":1: expected " + header);
    std::vector<SynthesisedPoint> points;
    for (int at = 2; std::getline(file, line); ++at) try {
            points.push_back(point_of(line));
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(path + ":" + std::to_string(at) + ": " + error.what());
        }
    return points;
}

Inventory inventory_of(const SynthesisedPoint& point) {
    const Parameters p(point.parameters);
    if (point.block == "huffman_encoder")
        return resources::huffman_encoder({.symbol_bits = p["SYMBOL_BITS"],
                                           .code_bits = p["CODE_BITS"],
                                           .word_bits = p["WORD_BITS"],
                                           .streams = 1});
    if (point.block == "ebpc_encoder")
        return resources::ebpc_encoder({.word_bits = p["WORD_BITS"],
                                        .block_words = p["BLOCK_WORDS"],
                                        .zero_run_bits = p["RUN_BITS"],
                                        .stream_bits = p["STREAM_BITS"]});
    if (point.block == "pca_unit") return pca_of(p);
    throw std::runtime_error("block '" + point.block + "': there is no formula");
}

EstimatedPoint estimate_of(const Inventory& inventory) {
    const resources::Usage fpga = usage_of(inventory, resources::find_device("zu9eg"));
    Inventory logic = inventory;
    logic.memories.clear();
    return {static_cast<double>(fpga.logic), static_cast<double>(fpga.registers),
            static_cast<double>(fpga.dsp), usage_of(logic, resources::find_device("asic65")).kge};
}

double relative_error(double estimated, double synthesised) {
    return estimated == synthesised ? 0 : estimated / synthesised - 1;
}

}  // namespace karhunen::rtl
