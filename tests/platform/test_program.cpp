// The program from outside: exit codes, what goes to which stream, and what bad input is told.
#include <algorithm>
#include <sstream>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/platform/shared_folder.h"
#include "tests/sw/compiler/model_builder.h"

using namespace karhunen;

namespace {

constexpr const char* run_net = "run --network net.kvn --platform bands.yaml --image photo.png ";
constexpr const char* compile_net = "compile net.onnx --calibration photos --codec raw -o x.kvn ";

std::string firmware(const std::string& name) {
    return std::string("--firmware ") + KARHUNEN_FIRMWARE_VARIANTS + "/" + name + ".elf ";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(program)

BOOST_AUTO_TEST_CASE(help_shows_examples_and_exit_codes) {
    const Outcome help = folder().run("--help");
    BOOST_TEST(help.exit_code == 0);
    BOOST_TEST(contains(help.out, "0 good, 2 bad input, 3 firmware fault, 4 mismatch"));
    for (const std::string command :
         {"run", "compile", "config", "accuracy", "codec", "ddr", "dump-maps", "paper", "demo"}) {
        BOOST_TEST(contains(help.out, "\n  " + command + ' '));
        const Outcome own = folder().run(command + " --help");
        BOOST_TEST_CONTEXT(own.out) {
            BOOST_TEST(own.exit_code == 0);
            BOOST_TEST(contains(own.out, "Example"));
            BOOST_TEST(contains(own.out, "\n  karhunen " + command));
            BOOST_TEST(own.err == "");
        }
    }
    folder().check_refused("", {"Subcommands:", "run"});
    folder().check_refused("rum", {"rum"});
    folder().check_refused("run --codek raw", {"--codek"});
}

BOOST_AUTO_TEST_CASE(a_replay_prints_what_a_run_prints) {
    folder().write("slow.yaml", "array: {clock_mhz: 50}\n");
    const Outcome recorded = folder().run(std::string(run_net) + "--record net.rec --json");
    BOOST_TEST(recorded.exit_code == 0);
    const std::string replay = "run --network net.kvn --replay net.rec ";
    const Outcome replayed = folder().run(replay + "--platform bands.yaml --json");
    BOOST_TEST(replayed.exit_code == 0);
    BOOST_TEST(replayed.err == "");
    BOOST_TEST(replayed.out == recorded.out);
    folder().check_refused(replay + "--image photo.png", {"--image", "--replay"});
    folder().check_refused(replay + "--check", {"--check"});
    folder().check_refused("run --network net.kvn --replay net.kvn", {"net.kvn", "recording"});
    folder().check_refused("run --network net.kvn --replay none.rec", {"none.rec", "opened"});
}

BOOST_AUTO_TEST_CASE(a_good_run_is_quiet_and_checked) {
    const Outcome text = folder().run(std::string(run_net) + "--check");
    BOOST_TEST(text.exit_code == 0);
    BOOST_TEST(text.err == "");
    BOOST_TEST(contains(text.out, "bands equal the golden reference"));
    BOOST_TEST(contains(text.out, "image 0 top-5:"));
    const Outcome compiled =
        folder().run("run --network net.onnx --calibration photos --image photo.png --check");
    BOOST_TEST(compiled.exit_code == 0);
    BOOST_TEST(compiled.err == "");
    const Outcome spoken = folder().run(std::string(run_net) + "--uart");
    BOOST_TEST(contains(spoken.err, "Karhunen: "));
    BOOST_TEST(!contains(spoken.out, "Karhunen: "));
    const Outcome verbose = folder().run(std::string(run_net) + "--verbose");
    BOOST_TEST(contains(verbose.err, "\nlayer 0 "));
    const Outcome own = folder().run(run_net + firmware("swap_bands"));
    BOOST_TEST(contains(own.err, "Karhunen: "));
    BOOST_TEST(contains(own.out, "\nDRAM was busy "));
    BOOST_TEST(contains(own.out, " of the total belong to no layer"));
}

BOOST_AUTO_TEST_CASE(json_and_csv_are_all_of_standard_output) {
    const std::string words = std::string(run_net) + "--batch 2 --check --uart ";
    const Outcome json = folder().run(words + "--json");
    BOOST_TEST(json.exit_code == 0);
    const nlohmann::json report = nlohmann::json::parse(json.out);
    BOOST_TEST(report.at("images") == 2);
    BOOST_TEST(report.at("exit_code") == 0);
    BOOST_TEST(report.at("top").size() == 2u);

    const Outcome csv = folder().run(words + "--csv");
    BOOST_TEST(csv.exit_code == 0);
    std::istringstream lines(csv.out);
    size_t count = 0, commas = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const auto found = static_cast<size_t>(std::count(line.begin(), line.end(), ','));
        if (count == 0) commas = found;
        BOOST_TEST(found == commas);
    }
    BOOST_TEST(count == report.at("layers").size() + 2);  // head and total
    BOOST_TEST(commas > 10u);
    folder().check_refused(words + "--csv --json", {"choose one"});

    const Outcome dram = folder().run(words + "--csv-dram");
    BOOST_TEST(dram.exit_code == 0);
    BOOST_TEST(dram.out.rfind("master,kind,bytes_read,", 0) == 0u);
    // A head, a line per entry, four shared parts, the total.
    BOOST_TEST(static_cast<size_t>(std::count(dram.out.begin(), dram.out.end(), '\n')) ==
               report.at("dram").size() + 6);
    folder().check_refused(words + "--csv --csv-dram", {"choose one"});
}

BOOST_AUTO_TEST_CASE(paper) {
    const Outcome text = folder().run("paper");
    BOOST_TEST(text.exit_code == 0);
    BOOST_TEST(text.err == "");
    BOOST_TEST(contains(text.out, "\n* Misprint, 5 of 12 energy cells: milliwatts"));
    const nlohmann::json report = nlohmann::json::parse(folder().run("paper --json").out);
    BOOST_TEST(report.at("table_3").size() == 12u);
    BOOST_TEST(report.at("resnet18").size() == 3u);
    folder().check_refused("paper --csv", {"--csv"});
}

BOOST_AUTO_TEST_CASE(firmware_that_fails) {
    const Outcome fault = folder().run(run_net + firmware("read_unmapped") + "--json");
    BOOST_TEST(fault.exit_code == 3);
    BOOST_TEST(contains(fault.err, "bus error: read of 4 bytes at 0x40000000 by cpu"));
    const nlohmann::json report = nlohmann::json::parse(fault.out);
    BOOST_TEST(report.at("exit_code") == 3);
    BOOST_TEST(!report.contains("layers"));  // no band was stored
    BOOST_TEST(report.at("simulated_ms") > 0);
    BOOST_TEST(contains(fault.err, report.at("uart").get<std::string>()));
    const Outcome text = folder().run(run_net + firmware("read_unmapped"));
    BOOST_TEST(contains(text.out, "\nNo band was stored. Exit code 3 after "));
    BOOST_TEST(!contains(text.out, "Memory: "));
    const Outcome csv = folder().run(run_net + firmware("read_unmapped") + "--csv");
    BOOST_TEST(std::count(csv.out.begin(), csv.out.end(), '\n') == 1);  // the head

    const Outcome mismatch = folder().run(run_net + firmware("skip_band") + "--check");
    BOOST_TEST(mismatch.exit_code == 4);
    BOOST_TEST(contains(mismatch.err, "karhunen: mismatch: tensor "));
    BOOST_TEST(contains(mismatch.err, ": never stored"));

    const Outcome swapped = folder().run(run_net + firmware("swap_bands") + "--check");
    BOOST_TEST(swapped.exit_code == 0);

    folder().check_refused(std::string(run_net) + "--firmware photo.png",
                           {"photo.png: not an ELF file"});
    folder().check_refused(std::string(run_net) + "--firmware none.elf",
                           {"none.elf: cannot be opened: No such file"});
}

BOOST_AUTO_TEST_CASE(a_machine_without_a_network) {
    const std::string run = "run --network none ";
    const Outcome fault = folder().run(run + firmware("read_unmapped"));
    BOOST_TEST(fault.exit_code == 3);
    BOOST_TEST(fault.out.rfind("Exit code 3 after 0.0", 0) == 0u, fault.out);
    BOOST_TEST(contains(fault.out, "; DRAM: 0.0 KiB read, 0.0 KiB written\n"));
    BOOST_TEST(std::count(fault.out.begin(), fault.out.end(), '\n') == 1);
    BOOST_TEST(contains(fault.err, "karhunen: firmware ended with code 3"));
    const nlohmann::json report =
        nlohmann::json::parse(folder().run(run + firmware("read_unmapped") + "--json").out);
    BOOST_TEST(report.at("network") == "none");
    BOOST_TEST(!report.contains("top"));
    folder().write("faults.yaml", "faults: [{interrupt: {source: DMA}}]");
    const Outcome injected = folder().run(run + firmware("read_unmapped") + "--inject faults.yaml");
    BOOST_TEST(contains(injected.out, "\ninjected: {interrupt: {source: DMA}}: NEVER FIRED"));
    folder().write("faults.yaml", "faults: [{flip: {tensor: conv1, bit: 0}}]");
    folder().check_refused(run + firmware("read_unmapped") + "--inject faults.yaml",
                           {"faults.yaml:1:26: there is no network with a 'conv1'"});
    folder().check_refused(run, {"--network none: name the program to run by --firmware"});
    for (const std::string option : {"--check", "--batch 1", "--image photo.png", "--bits 7",
                                     "--record x.rec", "--replay net.kvn", "--classes x"})
        folder().check_refused(
            run + firmware("read_unmapped") + option,
            {option.substr(0, option.find(' ')) + " has no meaning with --network none"});
}

BOOST_AUTO_TEST_CASE(configurations) {
    const auto check = [](const std::string& text, const std::vector<std::string>& parts) {
        folder().write("machine.yaml", text);
        folder().check_refused("config --platform machine.yaml", parts);
        folder().check_refused(std::string(compile_net) + "--platform machine.yaml", parts);
        folder().check_refused("run --network net.kvn --platform machine.yaml", parts);
    };
    check("array:\n    clock_mhz: 100\n    output_lames: 4\n",
          {"machine.yaml:3:5: unknown key", "'output_lames'", "'output_lanes'"});
    check("bufers:\n    weight_kib: 1\n",
          {"machine.yaml:1:1: unknown group 'bufers'", "'buffers'"});
    check("ddr:\n    clock_mhz: fast\n", {"machine.yaml:2:16: ddr.clock_mhz: expected a number"});
    check("cpu: {clock_mhz: 1, clock_mhz: 2}\n",
          {"machine.yaml:1:21: cpu.clock_mhz is given twice"});
    check("array: [\n", {"machine.yaml:2:1: not YAML"});
    folder().check_refused("config --platform none.yaml",
                           {"none.yaml: cannot be opened: No such file"});
    folder().check_refused("run --platform none.yaml", {"none.yaml: cannot be opened: No such"});
    folder().check_refused("config --platform photos", {"photos: cannot be read: it is a folder"});
    const Outcome good = folder().run("config");
    BOOST_TEST(good.exit_code == 0);
    folder().write("machine.yaml", good.out);
    BOOST_TEST(folder().run("config --platform machine.yaml").out == good.out);
}

BOOST_AUTO_TEST_CASE(machines_that_are_too_small_or_others) {
    folder().write("machine.yaml", "buffers:\n    activation_kib: 1\n");
    folder().check_refused(std::string(compile_net) + "--platform machine.yaml",
                           {"layer ", " bytes of the activation buffer, which has 1024", "larger"});
    // net.kvn was not compiled for this one.
    const Outcome other = folder().run("run --network net.kvn --platform machine.yaml");
    BOOST_TEST(other.exit_code == 2);
    BOOST_TEST(contains(other.err, "firmware refused the loadable; compile it again"));
    BOOST_TEST(contains(other.err, "activation"));
    BOOST_TEST(contains(other.out, "\nNo band was stored. Exit code 2 after "));
    BOOST_TEST(contains(other.out, "UART:\nKarhunen: loadable refused: "));
    const Outcome own =
        folder().run("run --network net.kvn --platform machine.yaml " + firmware("swap_bands"));
    BOOST_TEST(own.exit_code == 2);  // whose meaning is the firmware's affair
    BOOST_TEST(contains(own.err, "firmware ended with code 2 (by convention: loadable refused)"));
    BOOST_TEST(!contains(own.out, "\nUART:"));  // it was shown
    folder().write("machine.yaml", "buffers:\n    output_kib: 1\ncodec:\n    streams: 8\n");
    folder().check_refused("run --network net.kvn --platform machine.yaml",
                           {"codec.streams is 8, net.kvn was compiled for 4; compile again"});
}

BOOST_AUTO_TEST_CASE(loadables) {
    const std::string good = folder().read("net.kvn");
    const auto check = [](const std::string& bytes, const std::vector<std::string>& parts) {
        folder().write("bad.kvn", bytes);
        folder().check_refused("run --network bad.kvn --platform bands.yaml", parts);
    };
    check("", {"bad.kvn: ", "header"});
    check(good.substr(0, good.size() - 100),
          {"bad.kvn: header: size of the file is ", "(field bytes)"});
    for (const size_t at : {good.size() / 2, good.size() - 100}) {
        std::string flipped = good;
        flipped[at] = static_cast<char>(flipped[at] ^ 4);
        check(flipped, {"bad.kvn: section ", ": crc32 is "});
    }
    std::string newer = good;
    newer[4] = 99;  // u16 major version behind the magic
    check(newer, {"bad.kvn: header: major version is 99, expected ", "compile"});
    check("\x89PNG", {"bad.kvn is no loadable (.kvn)", "`karhunen compile` makes one"});
    folder().check_refused("accuracy --network net.onnx --images . --labels l",
                           {"net.onnx: an ONNX network needs --calibration DIR"});
    folder().check_refused("run --network none.kvn", {"none.kvn: cannot be read"});
    folder().check_refused("accuracy --network none.kvn --images . --labels l", {"none.kvn: "});
    for (const std::string option :
         {"--codec raw", "--preset paper", "--bits 7", "--calibration photos", "--headroom 0.2",
          "--components 4", "--energy 0.9"})
        folder().check_refused(run_net + option, {option.substr(0, option.find(' ')),
                                                  "net.kvn, a finished loadable", "compile"});
    folder().check_refused(std::string(run_net) + "--batch 3",
                           {"--batch 3: net.kvn was compiled for a batch of 2"});
    folder().check_refused(run_net + std::string("photo.png photo.png"),
                           {"net.kvn was compiled for a batch of 2: compile with --batch 3"});
    folder().write("names.txt", "cat\ndog\n");
    folder().check_refused(run_net + std::string("--classes names.txt"),
                           {"names.txt: has 2 names, the network has 5 classes"});
    folder().check_refused(run_net + std::string("--classes none.txt"),
                           {"none.txt: cannot be opened: No such file"});
}

BOOST_AUTO_TEST_CASE(labels) {
    const std::string words = "accuracy --network net.kvn --images . --labels labels.csv";
    const auto check = [&](const std::string& text, const std::string& part) {
        folder().write("labels.csv", text);
        folder().check_refused(words, {part});
    };
    folder().check_refused("accuracy --network net.kvn --images . --labels none.csv",
                           {"none.csv: cannot be opened: No such file"});
    check("photo.png,1\n", "labels.csv:1: expected a header line, such as file,class, found '");
    check("file,class\nphoto.png,1\nphoto.png,5\n",
          "labels.csv:3: expected a class from 0 to 4, found 'photo.png,5'");
    for (const std::string wrong :
         {"photo.png", "photo.png,", "photo.png,1x", "photo.png,-1", "\"photo.png,1",
          "photo.png,\"1", "\"photo.png\"x,1", "\"pho\"to.png\",1", "\"\"\",1", "photo.png,\"1\"2"})
        check("file,class\n" + wrong + "\n", "labels.csv:2: expected FILE,CLASS, found '");
    folder().write("labels.csv", "file,class\r\nphoto.png, 4\r\n");
    const Outcome good = folder().run(words);
    BOOST_TEST(good.exit_code == 0);
    BOOST_TEST(contains(good.out, " of 1 = "));
    BOOST_TEST(!contains(good.out, "published"));  // these maps are not the publication's
    folder().write("a,\"b\".png", folder().read("photo.png"));
    folder().write("labels.csv",
                   "\"file\",\"class\"\n\"a,\"\"b\"\".png\",4\n\"photo.png\", \"4\"\n"
                   "a,\"b\".png,4\n");
    const Outcome quoted = folder().run(words);
    BOOST_TEST(quoted.exit_code == 0, quoted.err);
    BOOST_TEST(contains(quoted.out, " of 3 = "));
}

BOOST_AUTO_TEST_CASE(pictures) {
    const std::string run = "run --network net.kvn --platform bands.yaml --image ";
    const std::string good = folder().read("photo.png");
    folder().check_refused(run + "none.png", {"none.png: the picture cannot be read"});
    folder().check_refused(run + "photos", {"photos: the picture cannot be read"});
    folder().check_refused(run + "bands.yaml", {"bands.yaml: neither a PNG nor a JPEG picture"});
    folder().write("bad.png", good.substr(0, good.size() / 2));
    folder().check_refused(run + "bad.png", {"bad.png: the picture is damaged: "});
    std::string flipped = good;
    flipped[good.size() / 2] = static_cast<char>(~flipped[good.size() / 2]);
    folder().write("bad.png", flipped);
    folder().check_refused(run + "bad.png", {"bad.png: the picture is damaged: "});
    folder().check_refused(run + "photo.png photo.png", {"2 pictures", "--batch 2"});
    folder().check_refused("compile net.onnx --calibration none -o x.kvn",
                           {"none: cannot be read"});
    folder().check_refused("compile net.onnx --calibration net.kvn -o x.kvn", {"net.kvn: "});
}

BOOST_AUTO_TEST_CASE(networks) {
    const std::string options = " --calibration photos -o x.kvn";
    ModelBuilder model = small_resnet(64, 8, 5);
    model.graph().mutable_node(2)->set_op_type("Softplus");
    const std::vector<uint8_t> bytes = model.bytes();
    folder().write("bad.onnx", {bytes.begin(), bytes.end()});
    folder().check_refused(
        "compile bad.onnx" + options,
        {"bad.onnx: ", model.graph().node(2).name(), "Softplus", "not supported"});
    const std::string good = folder().read("net.onnx");
    folder().write("bad.onnx", good.substr(0, good.size() / 2));
    folder().check_refused("compile bad.onnx" + options, {"bad.onnx: not an ONNX model"});
    folder().check_refused("compile photo.png" + options, {"photo.png: not an ONNX model"});
    folder().check_refused("compile none.onnx" + options, {"none.onnx: the model cannot be read"});
    folder().check_refused("compile net.onnx -o x.kvn", {"net.onnx: ", "--calibration"});
    folder().check_refused("run --network net.onnx", {"net.onnx: ", "--calibration"});
    for (const std::string word : {"zip", "dct"})
        folder().check_refused("compile net.onnx --codec " + word + options,
                               {word, "raw", "vlc", "transform"});
    folder().check_refused("compile net.onnx --preset thin" + options,
                           {"thin", "default", "paper"});
    folder().check_refused("compile net.onnx --batch 0" + options, {"--batch"});
}

BOOST_AUTO_TEST_CASE(outputs_that_cannot_be_written) {
    const std::string compile = "compile net.onnx --calibration photos --codec raw -o ";
    folder().check_refused(compile + "none/x.kvn", {"none/x.kvn: cannot be written: No such file"});
    folder().check_refused(compile + "photos", {"photos: cannot be written: Is a directory"});
    folder().check_refused(compile + "/dev/null", {"/dev/null: cannot be written: not a regular"});
    for (const std::string option : {"--vcd", "--timeline"})
        folder().check_refused(run_net + option + " none/x",
                               {"none/x: cannot be written: No such file"});
    const Outcome full = folder().run("config", "/dev/full");
    BOOST_TEST(full.exit_code == 2);
    BOOST_TEST(full.err == "karhunen: standard output cannot be written\n");
    // A failure after the start leaves the old file alone.
    const std::string before = folder().read("net.kvn");
    folder().check_refused("compile net.onnx --calibration photos --bits 99 -o net.kvn", {"bits"});
    for (const std::string share : {"0", "1.5", "nan"})
        folder().check_refused("compile net.onnx --calibration photos -o net.kvn --energy " + share,
                               {"--energy is a share"});
    folder().check_refused(
        "compile net.onnx --calibration photos --codec vlc --components 4 -o net.kvn",
        {"for codec transform, not for vlc"});
    BOOST_TEST((folder().read("net.kvn") == before));
}

BOOST_AUTO_TEST_SUITE_END()
