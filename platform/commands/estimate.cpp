// karhunen estimate: what the machine of a configuration takes of a device.
#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"
#include "platform/commands/commands.h"
#include "platform/estimate_report.h"
#include "platform/files.h"

namespace karhunen {

namespace {

struct Options {
    std::string platform, device = "stratix10", preset = "clean";
    std::vector<std::string> codecs = {"transform"};
    bool table_3 = false, json = false, csv = false;
};

std::vector<uint32_t> codec_numbers(const std::vector<std::string>& texts) {
    std::vector<uint32_t> numbers;
    const auto add = [&](uint32_t codec) {
        if (std::find(numbers.begin(), numbers.end(), codec) == numbers.end())
            numbers.push_back(codec);
    };
    for (const std::string& text : texts) {
        if (text == "all")
            for (const std::string_view name : codec_names()) add(codec_number(name));
        else
            add(parse_setting(text, {}).codec);  // bits, as run takes them, change no hardware
    }
    return numbers;
}

resources::Preset preset_of(const std::string& name) {
    if (name == "clean") return resources::Preset::clean;
    if (name == "paper") return resources::Preset::paper;
    throw std::runtime_error("preset '" + name + "': expected clean or paper");
}

EstimateReport report_of(const Options& o) {
    PlatformConfiguration configuration;
    if (!o.platform.empty()) {
        check_readable(o.platform);
        configuration = PlatformConfiguration::read(o.platform);
    }
    return estimate_report(configuration, codec_numbers(o.codecs), o.device, preset_of(o.preset));
}

int print(const Options& o) {
    if (o.table_3) {
        (o.json ? print_table_3_json : o.csv ? print_table_3_csv : print_table_3_text)(std::cout);
        return 0;
    }
    (o.json ? print_json : o.csv ? print_csv : print_text)(report_of(o), std::cout);
    return 0;
}

std::string device_list() {
    std::string list;
    for (const resources::Device& device : resources::devices())
        list += (list.empty() ? "" : ", ") + std::string(device.name) + " (" + device.title + ')';
    return list;
}

std::string known_codecs() {
    std::string list;
    for (const std::string_view name : codec_names()) list += std::string(name) + ", ";
    return list + "all";
}

}  // namespace

void add_estimate_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "estimate", "Estimate LUT, DSP, memory, gates and energy of a machine, block by block");
    auto o = std::make_shared<Options>();
    command->add_option("--platform", o->platform, "the machine (YAML; see `karhunen config`)");
    command
        ->add_option("--codec", o->codecs,
                     "codecs that it can do besides raw, separated by commas: " + known_codecs())
        ->delimiter(',')
        ->capture_default_str();
    command->add_option("--device", o->device, "what it is built on: " + device_list())
        ->capture_default_str();
    command
        ->add_option("--preset", o->preset,
                     "clean: the formulas of models/resources; paper: array and PCA as Chmiel et "
                     "al. synthesised them")
        ->capture_default_str();
    auto* table = command->add_flag("--table-iii", o->table_3,
                                    "Table III of Chmiel et al. by preset paper, with residuals");
    for (const char* other : {"--platform", "--codec", "--device", "--preset"})
        table->excludes(command->get_option(other));
    auto* json = command->add_flag("--json", o->json, "print JSON");
    command->add_flag("--csv", o->csv, "print CSV, a row per block")->excludes(json);
    command->footer(
        "A machine that does not fit is an answer, not an error.\n"
        "Examples:\n"
        "  karhunen estimate                                  the default machine\n"
        "  karhunen estimate --platform my-machine.yaml --codec ebpc,context --device zu9eg\n"
        "  karhunen estimate --codec all --device asic65      in gates\n"
        "  karhunen estimate --platform configs/platform/paper-array.yaml --preset paper\n"
        "  karhunen estimate --table-iii --csv > table3.csv");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return print(*o); }); });
}

}  // namespace karhunen
