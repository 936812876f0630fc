// karhunen codec ablation: what each part of transform coding brings (Chmiel et al., Fig. 4 left).
#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>
#include <optional>
#include <sstream>

#include "platform/commands/codec.h"
#include "platform/commands/commands.h"
#include "platform/commands/evaluation.h"
#include "platform/commands/networks.h"
#include "platform/files.h"
#include "platform/rate_curve.h"
#include "platform/table.h"

namespace karhunen {

namespace {

struct Options {
    std::string network, output;
    EvaluationOptions evaluation;
    std::vector<double> bits = {3, 4, 5, 6, 7, 8, 9};
    NetworkOptions compile;
};

struct Curve {
    const char* name;
    const char* codec;
    double TensorRate::*rate;  ///< what is stored for a value
    std::vector<CurvePoint> points;
};

std::array<Curve, 4> curves() {
    return {{{"Q", "vlc", &TensorRate::fixed_length, {}},
             {"PCA+Q", "transform", &TensorRate::fixed_length, {}},
             {"Q+VLC", "vlc", &TensorRate::code_bits, {}},
             {"PCA+Q+VLC", "transform", &TensorRate::code_bits, {}}}};
}

std::string data_file(const std::array<Curve, 4>& all) {
    std::ostringstream out;
    out << "configuration,quantiser_bits,bits_per_value,entropy,images,top1_percent,top5_percent,"
           "agreement_percent,logit_snr_db\n";
    const auto share = [](uint64_t part, const AccuracyReport& r) {
        return fixed(100.0 * static_cast<double>(part) / static_cast<double>(r.images), 4);
    };
    for (const Curve& curve : all)
        for (const CurvePoint& p : curve.points) {
            const AccuracyReport& r = p.report;
            out << curve.name << ',' << p.bits << ',' << fixed(p.rate, 6) << ','
                << fixed(r.average.entropy, 6) << ',' << r.images << ',' << share(r.top1, r) << ','
                << share(r.top5, r) << ','
                << (r.has_reference ? share(r.agreement, r) + ',' + fixed(r.snr_db, 4) : ",")
                << '\n';
        }
    return out.str();
}

void print_points(const std::array<Curve, 4>& all) {
    Table table({"configuration", "quantiser", "bits/value", "top-1", "top-5", "agree", "SNR dB"});
    for (const Curve& curve : all)
        for (const CurvePoint& p : curve.points) {
            const AccuracyReport& r = p.report;
            table.add({curve.name, fixed(p.bits, 2), fixed(p.rate, 3), percent(r.top1, r.images),
                       percent(r.top5, r.images),
                       r.has_reference ? percent(r.agreement, r.images) : "-",
                       r.has_reference ? fixed(r.snr_db, 2) : "-"});
        }
    table.print(std::cout);
}

/// The rates at equal error, where all four curves have one: what each part brings.
void print_order(const std::array<Curve, 4>& all) {
    std::cout << "\nbits per value at equal logit SNR\n";
    std::vector<std::string> head = {"SNR dB"};
    for (const Curve& curve : all) head.emplace_back(curve.name);
    Table table(head, 1);
    for (double snr = 0; snr <= 60; snr += 2.5) {
        std::vector<std::string> row = {fixed(snr, 1)};
        for (const Curve& curve : all)
            if (const auto rate = rate_at(curve.points, snr)) row.push_back(fixed(*rate, 3));
        if (row.size() == head.size()) table.add(std::move(row));
    }
    table.print(std::cout);
}

int ablation(const Options& o) {
    check_writable(o.output);
    if (is_loadable(o.network))
        throw std::runtime_error(o.network +
                                 ": a finished loadable; give the ONNX file, which is compiled "
                                 "with each quantiser");
    check_truncation(o.compile.quantiser, std::vector<std::string>{"transform"});
    std::array<Curve, 4> all = curves();
    std::vector<double> bits = o.bits;
    std::sort(bits.begin(), bits.end());
    NetworkCompiler compiler(o.network, o.compile);
    for (const char* codec : {"vlc", "transform"})
        for (const double b : bits) {
            std::ostringstream setting;
            setting << codec << ':' << b;
            const Loadable loadable = Loadable::parse(compiler.compile(setting.str()), o.network);
            const AccuracyReport report =
                evaluate(o.evaluation, o.compile.threads, loadable, setting.str());
            for (Curve& curve : all)
                if (curve.codec == std::string_view(codec))
                    curve.points.push_back({b, report.average.*curve.rate, report});
        }
    const std::string data = data_file(all);
    write_file(o.output, {reinterpret_cast<const uint8_t*>(data.data()), data.size()});
    print_points(all);
    if (!o.evaluation.reference.empty()) print_order(all);
    return 0;
}

}  // namespace

void add_codec_ablation_command(CLI::App& codec, int& exit_code) {
    CLI::App* command = codec.add_subcommand(
        "ablation",
        "Rate and accuracy with and without PCA, with and without variable-length code");
    auto o = std::make_shared<Options>();
    o->compile.quantiser.headroom = 0;
    command->add_option("--network", o->network, "ONNX file or 'default'")->required();
    add_evaluation_options(*command, o->evaluation);
    command->add_option("--at", o->bits, "bits of the quantiser, a point of each curve")
        ->check(CLI::Range(2.0, 11.0))
        ->delimiter(',')
        ->capture_default_str();
    command->add_option("-o,--output", o->output, "data file of the plot to write (CSV)")
        ->required();
    add_compile_options(*command, o->compile);
    command->footer(
        "Q: the quantised map, every symbol in as many bits as it needs at fixed length; VLC:\n"
        "Huffman code. Head-room is 0 here, so that a quantiser of 8 bits has symbols of 8 bits.\n"
        "Example:\n"
        "  karhunen codec ablation --network net.onnx --calibration photos/calibration \\\n"
        "      --images photos --labels photos/labels.csv --only evaluation/ \\\n"
        "      --reference float-logits.npy -o ablation.csv");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return ablation(*o); }); });
}

}  // namespace karhunen
