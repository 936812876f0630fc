#include "platform/commands/rate_distortion.h"

#include <algorithm>
#include <sstream>

#include "models/codec/codec.h"

namespace karhunen {

RateDistortion measure_rate_distortion(const std::string& model, std::vector<double> bits,
                                       bool per_tensor, const EvaluationOptions& evaluation,
                                       const NetworkOptions& compile) {
    RateDistortion curves;
    const CodecSetting setting = parse_setting(compile.codec, {});
    curves.codec = codec_name(setting.codec);
    if (!codec_traits(setting.codec).has_table)
        throw std::runtime_error("--rate-distortion: codec " + curves.codec +
                                 " has no quantiser; vlc, transform, dct-mask and context do");
    if (compile.codec != curves.codec)
        throw std::runtime_error("--rate-distortion: give --codec " + curves.codec +
                                 " without bits; --at says which");
    if (per_tensor && compile.folded)
        throw std::runtime_error(
            "--folded: steps of the folded variant cannot be chosen per "
            "tensor; give --uniform");
    std::sort(bits.begin(), bits.end());
    NetworkCompiler compiler(model, compile);
    const auto measured = [&](const std::vector<uint8_t>& file, const std::string& name) {
        return evaluate(evaluation, compile.threads, Loadable::parse(file, model), name);
    };
    const auto add = [&](std::vector<CurvePoint>& curve, double b, AccuracyReport report) {
        const double rate = report.average.entropy;
        curve.push_back({b, rate, std::move(report)});
    };
    curves.raw = measured(compiler.compile("raw"), "raw");
    for (const double b : bits) {
        std::ostringstream codec;
        codec << curves.codec << ':' << b;
        add(curves.uniform, b, measured(compiler.compile(codec.str()), codec.str()));
        if (!per_tensor) continue;
        const std::string name = codec.str() + ", steps per tensor";
        add(curves.per_tensor, b, measured(compiler.compile_like(codec.str()), name));
    }
    return curves;
}

}  // namespace karhunen
