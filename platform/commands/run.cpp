// karhunen run and karhunen demo: networks on the virtual machine.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <span>

#include <nlohmann/json.hpp>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"
#include "models/cpu/elf.h"
#include "models/resources/device.h"
#include "platform/commands/commands.h"
#include "platform/commands/instruments.h"
#include "platform/commands/networks.h"
#include "platform/drawn_images.h"
#include "platform/files.h"
#include "platform/html_report.h"
#include "platform/machine.h"
#include "platform/recording.h"
#include "platform/report.h"
#include "platform/run.h"
#include "platform/run_page.h"
#include "platform/timeline.h"
#include "sw/compiler/image.h"
#include "sw/images/picture.h"

namespace karhunen {

namespace {

struct Options {
    std::string network = "default", firmware, vcd, dram_commands, timeline, report, classes,
                record, replay;
    std::string device = "stratix10";
    std::vector<std::string> images;
    NetworkOptions compile;
    InstrumentOptions instruments;
    bool check = false, json = false, csv = false, csv_dram = false, uart = false, verbose = false;
    const CLI::App* command = nullptr;
};

/// room: the batch that the loadable was compiled for.
void check_batch(const Options& o, uint32_t room) {
    const std::string images = std::to_string(o.images.size()),
                      compiled = o.network + " was compiled for a batch of " + std::to_string(room);
    if (o.images.size() > room)
        throw std::runtime_error("--image names " + images + " pictures; " + compiled +
                                 ": compile with --batch " + images);
    if (o.images.size() > o.compile.batch)
        throw std::runtime_error("--image names " + images + " pictures; add --batch " + images);
    if (o.compile.batch > room)
        throw std::runtime_error("--batch " + std::to_string(o.compile.batch) + ": " + compiled);
}

/// Buffers are compared by the firmware; the number of substreams is in no register.
void check_streams(const Options& o, const Loadable& loadable, uint32_t streams) {
    for (const krhn_tensor& tensor : loadable.tensors()) {
        const uint32_t coders = tensor.streams / codec_traits(tensor.codec).streams_per_coder;
        if (coders != streams)
            throw std::runtime_error("codec.streams is " + std::to_string(streams) + ", " +
                                     o.network + " was compiled for " + std::to_string(coders) +
                                     "; compile again");
    }
}

bool has_network(const Options& o) {
    return o.network != no_network;
}

/// Of a machine without a network.
void check_bare(const Options& o) {
    if (o.firmware.empty())
        throw std::runtime_error("--network none: name the program to run by --firmware");
    refuse_compiler_options(o.network, *o.command);
    for (const char* option :
         {"--image", "--batch", "--classes", "--check", "--record", "--replay"})
        if (o.command->get_option_no_throw(option) && o.command->count(option) > 0)
            throw std::runtime_error(std::string(option) + " has no meaning with --network none");
}

/// Those that exclude each other.
void check_options(const Options& o) {
    if (o.json + o.csv + o.csv_dram > 1)
        throw std::runtime_error("--json, --csv and --csv-dram: choose one");
    if (!has_network(o)) check_bare(o);
    if (!o.record.empty()) check_writable(o.record);
    if (o.replay.empty()) return;
    for (const char* option : {"--image", "--batch", "--seed", "--check", "--record"})
        if (o.command->get_option_no_throw(option) && o.command->count(option) > 0)
            throw std::runtime_error(std::string(option) +
                                     " does not go with --replay, which has " +
                                     "the pictures of its recording and no values");
}

std::vector<Picture> pictures_of(const Options& o) {
    if (!is_loadable(o.network)) check_batch(o, UINT32_MAX);
    std::vector<Picture> pictures;
    for (const std::string& file : o.images) pictures.push_back(read_picture(file));
    return pictures;
}

/// The images of the batch: the pictures in turn, or drawn ones.
std::vector<std::vector<int16_t>> inputs_of(const Options& o, const krhn_input& input,
                                            std::span<const Picture> pictures) {
    std::vector<std::vector<int16_t>> inputs;
    if (!has_network(o)) return {{}};
    for (uint32_t i = 0; i < o.compile.batch; ++i) {
        const Picture picture = pictures.empty() ? drawn_picture_for(input, o.compile.seed, i)
                                                 : resize_and_crop(pictures[i % pictures.size()],
                                                                   input.resize, input.crop);
        inputs.push_back(input_values(picture, input));
    }
    return inputs;
}

std::vector<std::string> read_lines(const std::string& path) {
    check_readable(path);
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

/// classes: none, or at least as many as the network has.
void name_guesses(const std::vector<std::string>& classes, RunReport& report) {
    for (auto& image : report.top)
        for (Guess& guess : image)
            if (!classes.empty()) guess.name = classes.at(guess.index);
}

/// What the drawn pictures show.
void name_pictures(const Options& o, RunReport& report) {
    for (uint32_t i = 0; i < o.compile.batch; ++i)
        report.shown.push_back(drawn_classes().at(drawn_class(o.compile.seed, i)));
}

/// Before the work begins.
void check_page_and_timeline(const Options& o) {
    std::vector<std::filesystem::path> inputs(o.images.begin(), o.images.end());
    inputs.insert(inputs.end(), {o.network, o.firmware, o.classes, o.compile.platform});
    for (const std::string& file : {o.timeline, o.report}) {
        if (file.empty()) continue;
        check_writable(file);
        check_not_input(file, inputs);
    }
    if (!o.timeline.empty() && o.timeline == o.report)
        throw std::runtime_error("--timeline and --report name one file, " + o.report);
    resources::find_device(o.device);
}

int run_command(Options o) {
    check_options(o);
    std::optional<Recording> recording;
    if (!o.replay.empty()) {
        recording = Recording::read(o.replay);
        o.compile.batch = recording->images();
    }
    RunOptions options;
    options.configuration = configuration_of(o.compile);
    std::vector<std::string> classes;
    if (!o.classes.empty())
        classes = read_lines(o.classes);
    else if (o.network == "default")
        classes = drawn_classes();
    // Bad files are found before the compiler works for seconds.
    check_page_and_timeline(o);
    const std::vector<Picture> pictures = pictures_of(o);
    o.instruments.firmware = o.firmware;
    const auto instruments = make_instruments(o.instruments);
    for (const auto& instrument : instruments) options.instruments.push_back(instrument.get());
    if (!o.firmware.empty()) {
        check_readable(o.firmware);
        read_elf(o.firmware);
    }
    const Loadable loadable =
        has_network(o) ? read_or_compile(o.network, *o.command, o.compile) : Loadable::none();
    check_batch(o, loadable.header().batch);
    check_streams(o, loadable, options.configuration.codec.streams);
    if (!o.classes.empty() && classes.size() < loadable.input().classes)
        throw std::runtime_error(o.classes + ": has " + std::to_string(classes.size()) +
                                 " names, the network has " +
                                 std::to_string(loadable.input().classes) + " classes");
    if (recording)
        options.replay = &*recording;
    else
        options.inputs = inputs_of(o, loadable.input(), pictures);
    if (!o.record.empty()) options.record = &recording.emplace();
    options.firmware = o.firmware;
    options.check = o.check;
    options.vcd = o.vcd;
    options.dram_commands = o.dram_commands;
    Timeline timeline;
    if (!o.timeline.empty() || !o.report.empty()) options.timeline = &timeline;
    options.verbose_firmware = o.verbose;
    const bool show_uart =
        o.instruments.uart.empty() && (o.uart || o.verbose || !o.firmware.empty());
    if (show_uart) options.uart = [](char c) { std::cerr << c << std::flush; };

    print_warnings(ddr_settings(options.configuration));
    RunReport report = run(loadable, options);
    report.network = o.network;
    report.has_network = has_network(o);
    if (has_network(o)) report.image = o.images.empty() ? "drawn picture" : o.images.front();
    if (o.images.empty() && !classes.empty()) name_pictures(o, report);
    if (options.record && report.exit_code == 0) {
        recording->image = report.image;
        recording->shown = report.shown;
        recording->write(o.record);
    }
    if (options.replay) {
        report.image = recording->image;
        report.shown = recording->shown;
    }
    report.codec = common_setting(loadable.tensors());
    report.uart_shown = show_uart;
    name_guesses(classes, report);
    if (!o.timeline.empty()) write_trace_events(timeline, report, o.timeline);
    if (!o.report.empty())
        write_html_report(
            o.report, Page::run,
            run_page_data(report, timeline, loadable, options.configuration, o.device));
    if (o.json)
        print_json(report, std::cout);
    else if (o.csv)
        print_csv(report, std::cout);
    else if (o.csv_dram)
        print_dram_csv(report.total.dram, report.dram_shared, std::cout);
    else
        print_text(report, std::cout);
    // Tables have no place for it; a mismatch is told below.
    if ((o.csv || o.csv_dram) && report.rtl && report.rtl->mismatch.empty())
        print_rtl_verdict(*report.rtl, std::cerr);
    if (!report.fault.empty()) std::cerr << "karhunen: " << report.fault << '\n';
    if (!report.remark.empty()) std::cerr << "karhunen: " << report.remark << '\n';
    if (!report.first_difference.empty())
        std::cerr << "karhunen: mismatch: " << report.first_difference << '\n';
    return report.exit_code;
}

void add_page_options(CLI::App& command, Options& o) {
    command.add_option("--report", o.report,
                       "write a page of charts: one HTML file that opens from disk");
    command
        .add_option("--device", o.device,
                    "what the machine of the report is built on (see `karhunen estimate`)")
        ->capture_default_str();
    command.add_option("--timeline", o.timeline,
                       "write what every block did when as JSON that ui.perfetto.dev and "
                       "chrome://tracing open");
}

void add_output_options(CLI::App& command, Options& o) {
    command.add_flag("--check", o.check,
                     "compare every stored and loaded band with the golden executor");
    command.add_flag("--json", o.json, "print JSON");
    command.add_flag("--csv", o.csv, "print CSV, a line per layer");
    command.add_flag("--csv-dram", o.csv_dram,
                     "print CSV, a line per master and kind of data in DRAM");
    command
        .add_option_function<std::string>(
            "--uart",
            [&o](const std::string& place) {
                o.uart = place.empty();
                o.instruments.uart = place;
            },
            "show the UART on standard error (as --firmware does); pty: a pseudo-terminal "
            "instead,\n"
            "whose path is printed; tcp:PORT: whoever connects to this port of this host (0: any)")
        ->expected(0, 1)
        ->option_text("[pty|tcp:PORT]");
    command.add_flag("--verbose", o.verbose,
                     "firmware reports every layer on the UART, which is shown");
    command.add_option("--vcd", o.vcd, "write waveforms (see waveforms/README.md)");
    add_page_options(command, o);
    command.add_option("--dram-commands", o.dram_commands,
                       "write the DRAM commands as CSV: clock,command,bank,row,column");
    command.add_option("--firmware", o.firmware,
                       "RV32 ELF to run instead of the built-in firmware; shows the UART");
}

}  // namespace

void add_run_command(CLI::App& program, int& exit_code) {
    CLI::App* command =
        program.add_subcommand("run", "Run a network on the virtual machine and report on it");
    auto o = std::make_shared<Options>();
    o->command = command;
    command
        ->add_option("--network", o->network,
                     "loadable (.kvn), ONNX file, or 'default': the built-in ResNet-18;\n"
                     "none: nothing in DRAM, for --firmware that needs no network")
        ->capture_default_str();
    command->add_option("--record", o->record, "write what the timing depends on, for --replay");
    command->add_option("--replay", o->replay,
                        "take the clocks from a recording of this network instead of computing:\n"
                        "milliseconds for another --platform, with the same result as a run");
    command->add_option(
        "--image", o->images,
        "PNG or JPEG; several fill a batch in turn; none: drawn ones (`karhunen images`)");
    command->add_option("--classes", o->classes, "text file, a class name per line");
    add_network_options(*command, o->compile);
    add_output_options(*command, *o);
    add_instrument_options(*command, o->instruments);
    command->footer(
        "Examples:\n"
        "  karhunen run --check                      built-in network, a drawn picture\n"
        "  karhunen run --seed 7 --batch 4           four others, and what they show\n"
        "  karhunen run --network net.kvn --image cat.jpg --json\n"
        "  karhunen run --network net.kvn --record net.rec\n"
        "  karhunen run --network net.kvn --replay net.rec --platform wide.yaml\n"
        "  karhunen run --network net.onnx --calibration photos --codec vlc --image cat.jpg\n"
        "  karhunen run --inject configs/faults/stream-input.yaml --check    with a fault\n"
        "  karhunen compile default --codec ebpc -o net.kvn          once, for many runs:\n"
        "  karhunen run --network net.kvn --rtl cross    the coders in RTL beside the model\n"
        "  karhunen run --network net.kvn --platform half-clock.yaml --csv > layers.csv\n"
        "  karhunen run --network none --firmware hello.elf     a program of your own\n"
        "Exit codes: 0 good, 2 bad input, 3 firmware fault, 4 mismatch (a band with --check, or\n"
        "RTL with its model), 5 stopped as asked (--stop-at, GDB).");
    command->callback(
        [o, &exit_code] { exit_code = report_errors([&] { return run_command(*o); }); });
}

void add_demo_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "demo", "The built-in ResNet-18 on a drawn picture of a class that it has learnt, checked");
    auto o = std::make_shared<Options>();
    o->command = command;
    o->check = o->uart = true;
    add_network_options(*command, o->compile);
    add_page_options(*command, *o);
    command->footer(
        "Examples:\n"
        "  karhunen demo\n"
        "  karhunen demo --seed 7                       another picture\n"
        "  karhunen demo --codec raw --batch 4          the same without compression, four images\n"
        "  karhunen demo --platform half-clock.yaml     on a machine of your own\n"
        "Exit codes: 0 good, 2 bad input, 3 firmware fault, 4 a band differs from the golden "
        "reference.");
    command->callback(
        [o, &exit_code] { exit_code = report_errors([&] { return run_command(*o); }); });
}

}  // namespace karhunen
