// `karhunen ddr` and `karhunen run --dram-commands` from outside.
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "models/ddr/device.h"
#include "models/ddr_checker/command_checker.h"
#include "tests/platform/command_csv.h"
#include "tests/platform/shared_folder.h"

using namespace karhunen;

namespace {

/// 2000 sequential reads.
std::string sequential() {
    std::ostringstream text;
    for (int i = 0; i < 2000; ++i) text << "0x" << std::hex << 16 * i << " READ 0\n";
    return text.str();
}

nlohmann::json json_of(const std::string& words) {
    const Outcome outcome = folder().run(words + " --json");
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(outcome.err == "");
    return nlohmann::json::parse(outcome.out);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ddr_command)

BOOST_AUTO_TEST_CASE(help_shows_a_trace_and_examples) {
    const Outcome help = folder().run("ddr --help");
    BOOST_TEST(help.exit_code == 0);
    for (const char* part : {"0xADDR READ|WRITE CYCLE", "\n  0x10 WRITE 0\n", "\n  karhunen ddr "})
        BOOST_TEST(contains(help.out, part));
}

BOOST_AUTO_TEST_CASE(json_of_the_sequential_read) {
    folder().write("seq.trace", sequential());
    const nlohmann::json report = json_of("ddr seq.trace");
    BOOST_TEST(report.at("trace") == "seq.trace");
    BOOST_TEST(report.at("device") == "ddr3-1600-4gb-x16");
    BOOST_TEST(report.at("clock_mhz") == 800);
    BOOST_TEST(report.at("requests") == 2000);
    BOOST_TEST(report.at("bytes_read") == 32000);
    BOOST_TEST(report.at("bytes_written") == 0);
    const double clocks = report.at("last_data_clock");
    BOOST_TEST(clocks == 8255.0, boost::test_tools::tolerance(0.005));
    BOOST_TEST(report.at("last_data_us").get<double>() == clocks / 800,
               boost::test_tools::tolerance(1e-12));
    BOOST_TEST(report.at("bandwidth_gbps").get<double>() == 32000 / (clocks / 800) / 1e3,
               boost::test_tools::tolerance(1e-12));
    BOOST_TEST(report.at("percent_of_peak").get<double>() == 100 * 8000 / clocks,
               boost::test_tools::tolerance(1e-12));
    const int hits = report.at("hits"), misses = report.at("misses"),
              conflicts = report.at("conflicts");
    BOOST_TEST(hits + misses + conflicts == 2000);
    BOOST_TEST(misses + conflicts >= 16);  // rows
    BOOST_TEST(report.at("commands").at("RD") == 2000);
    BOOST_TEST(report.at("commands").at("REF") == 1);
    BOOST_TEST(report.at("latency_clocks").at("min") == 27);
    double parts = 0;
    for (const auto& [name, value] : report.at("energy_parts_pj").items()) parts += double{value};
    const double energy = report.at("energy_pj");
    BOOST_TEST(energy == 3.65e6, boost::test_tools::tolerance(0.01));
    BOOST_TEST(parts == energy, boost::test_tools::tolerance(1e-12));
    // 0.33 W for (bits / 16) x 4 / 1066e6 s.
    BOOST_TEST(report.at("energy_paper_pj").get<double>() == 0.33 * 256000 / 16 * 4 / 1066e6 * 1e12,
               boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(text_for_people) {
    const Outcome text = folder().run("ddr seq.trace");
    BOOST_TEST(text.exit_code == 0);
    BOOST_TEST(text.err == "");
    for (const char* part :
         {"seq.trace on ddr3-1600-4gb-x16, 800.00 MHz, row-bank-column\n", " 2000 reads, 0 writes",
          "bandwidth", "row conflicts", "99.9 % within", "background", "paper's formula"})
        BOOST_TEST(contains(text.out, part));
}

BOOST_AUTO_TEST_CASE(the_same_every_time_and_from_standard_input) {
    const std::string words = "ddr seq.trace --json";
    const Outcome once = folder().run(words);
    BOOST_TEST(folder().run(words).out == once.out);
    BOOST_TEST(folder().run(words + " --commands a.csv").out == once.out);
    nlohmann::json expected = nlohmann::json::parse(once.out);
    expected["trace"] = "standard input";
    const Outcome piped = folder().run("ddr - --json", "", "seq.trace");
    BOOST_TEST(piped.exit_code == 0);
    BOOST_TEST((nlohmann::json::parse(piped.out) == expected));
}

BOOST_AUTO_TEST_CASE(commands_as_csv) {
    folder().write("three.trace", "0x0 READ 0\n0x4000 WRITE 100 # another row\n0x4010 READ 200\n");
    BOOST_TEST(folder().run("ddr three.trace --commands three.csv").exit_code == 0);
    // 28 clocks of tRAS are over, so the write finds its bank ready for PRE, ACT, WR.
    BOOST_TEST(folder().read("three.csv") ==
               "clock,command,bank,row,column\n1,ACT,0,0,0\n12,RD,0,0,0\n101,PRE,0,0,0\n"
               "112,ACT,0,1,0\n123,WR,0,1,0\n201,RD,0,1,8\n");

    BOOST_TEST(folder().run("ddr seq.trace --commands seq.csv").exit_code == 0);
    const std::vector<ddr::CommandRecord> commands = read_commands(folder().read("seq.csv"));
    ddr::CommandChecker checker(ddr::CheckedDevice::find("ddr3-1600-4gb-x16"));
    checker.add(commands);
    BOOST_TEST(checker.violations() == "");
    std::map<std::string, uint64_t> counts;
    for (const ddr::CommandRecord& c : commands) ++counts[std::string(name_of(c.command))];
    const nlohmann::json report = json_of("ddr seq.trace");
    for (const auto& [name, count] : report.at("commands").items())
        BOOST_TEST(counts[name] == count.get<uint64_t>(), name);
}

BOOST_AUTO_TEST_CASE(device_mapping_and_platform) {
    const nlohmann::json usual = json_of("ddr seq.trace");
    BOOST_TEST((json_of("ddr seq.trace --device ddr3-1600-4gb-x16") == usual));
    const nlohmann::json banks = json_of("ddr seq.trace --mapping row-column-bank");
    BOOST_TEST(banks.at("mapping") == "row-column-bank");
    BOOST_TEST(banks.at("commands").at("ACT") > 8);

    std::ifstream built_in(KARHUNEN_CONFIGS "/ddr/ddr3-1600-4gb-x16.yaml");
    std::string device{std::istreambuf_iterator<char>(built_in), {}};
    const size_t at = device.find("cl: 11");
    BOOST_REQUIRE(at != std::string::npos);
    folder().write("slow.yaml", device.replace(at, 6, "cl: 14"));
    BOOST_TEST(json_of("ddr seq.trace --device slow.yaml").at("latency_clocks").at("min") == 30);

    folder().write("half.yaml", "ddr:\n    clock_mhz: 400\n");
    const nlohmann::json half = json_of("ddr seq.trace --platform half.yaml");
    BOOST_TEST(half.at("clock_mhz") == 400);
    BOOST_TEST(half.at("last_data_clock") == usual.at("last_data_clock"));
    BOOST_TEST(half.at("last_data_us") == 2 * usual.at("last_data_us").get<double>());
    folder().write("ideal.yaml", "ddr:\n    model: ideal\n");
    folder().check_refused("ddr seq.trace --platform ideal.yaml",
                           {"ideal.yaml: ddr.model is ideal, which issues no commands"});
}

BOOST_AUTO_TEST_CASE(traces_that_are_wrong) {
    const auto check = [](const std::string& text, const std::string& message) {
        folder().write("bad.trace", text);
        folder().check_refused("ddr bad.trace --json --commands x.csv",
                               {"karhunen: bad.trace" + message});
    };
    const std::string good = "# comment\n0x10 READ 3\n\n";
    check(good + "0x20 REED 4\n", ":4: 'REED': expected READ or WRITE\n");
    check(good + "20 READ 4\n", ":4: '20': expected a hexadecimal address");
    check(good + "0x1ffffff8 READ 4\n", ":4: '0x1ffffff8': outside the device: ");
    check(good + "0x20 READ\n", ":4: end of the line: expected a cycle");
    check(good + "0x20 READ 4 4\n", ":4: '4': expected the end of the line\n");
    check(good + "0x20 READ 2\n", ":4: '2': expected a cycle not before that of the line before");
    check(good + "0x20 READ 99999999999999999999\n", ":4: '99999999999999999999': expected a ");
    check(good + std::string(2000, 'x'), ":4: 'xxxx");
    check(good + std::string(1 << 20, ' '), ":4: '    ");
    check("", ": no request in it; expected lines such as ");
    // Late in a long trace too.
    check(sequential() + "0x20 READ x\n", ":2001: 'x': expected a cycle");
}

BOOST_AUTO_TEST_CASE(an_input_is_never_replaced) {
    folder().write("precious.trace", "0x0 READ 0\n");
    folder().check_refused("ddr precious.trace --commands precious.trace",
                           {"precious.trace: cannot be written", "an input"});
    BOOST_TEST(folder().read("precious.trace") == "0x0 READ 0\n");
}

BOOST_AUTO_TEST_CASE(files_that_are_wrong) {
    folder().check_refused("ddr", {"trace is required"});
    folder().check_refused("ddr none.trace", {"none.trace: cannot be opened: No such file"});
    folder().check_refused("ddr photos", {"photos: cannot be read: Is a directory"});
    folder().check_refused("ddr seq.trace --device none", {"none", "ddr3-1600-4gb-x16"});
    folder().check_refused("ddr seq.trace --device none.yaml", {"none.yaml: cannot be opened"});
    folder().check_refused("ddr seq.trace --device bands.yaml", {"bands.yaml:"});
    folder().check_refused("ddr seq.trace --mapping diagonal",
                           {"diagonal", "row-bank-column", "row-column-bank"});
    folder().check_refused("ddr seq.trace --platform none.yaml", {"none.yaml: cannot be opened"});
    for (const std::string trace : {"ddr seq.trace --commands ",
                                    "run --network net.kvn "
                                    "--platform bands.yaml "
                                    "--dram-commands "}) {
        folder().check_refused(trace + "none/x.csv", {"none/x.csv: cannot be written: No such"});
        folder().check_refused(trace + "photos", {"photos: cannot be written: Is a directory"});
        folder().check_refused(trace + "/dev/null", {"/dev/null: cannot be written: not a reg"});
    }
    folder().write("ideal.yaml", "ddr:\n    model: ideal\nbuffers:\n    output_kib: 1\n");
    folder().check_refused("run --network net.kvn --platform ideal.yaml --dram-commands x.csv",
                           {"ddr.model is ideal"});
    // A failure leaves the old file alone.
    folder().write("old.csv", "old");
    folder().write("bad.trace", "0x0 READ 0\n0x0 REED 0\n");
    folder().check_refused("ddr bad.trace --commands old.csv", {"bad.trace:2: "});
    BOOST_TEST(folder().read("old.csv") == "old");
}

BOOST_AUTO_TEST_CASE(commands_of_a_whole_run) {
    const std::string words =
        "run --network net.kvn --platform bands.yaml --image photo.png --json";
    const Outcome alone = folder().run(words);
    const Outcome watched = folder().run(words + " --dram-commands run.csv");
    BOOST_TEST(watched.exit_code == 0);
    BOOST_TEST(watched.err == "");
    BOOST_TEST((watched.out == alone.out));
    const std::vector<ddr::CommandRecord> commands = read_commands(folder().read("run.csv"));
    BOOST_TEST(commands.size() > 1000u);
    ddr::CommandChecker checker(ddr::CheckedDevice::find("ddr3-1600-4gb-x16"));
    checker.add(commands);
    BOOST_TEST(checker.violations() == "");
    // As many bursts of 16 bytes as the report says were on the pins, and boot beside them.
    uint64_t columns = 0;
    for (const ddr::CommandRecord& c : commands) columns += is_column(c.command);
    const nlohmann::json report = nlohmann::json::parse(alone.out);
    BOOST_TEST(16 * columns >= report.at("total").at("dram_bytes").at("total").get<uint64_t>());
}

BOOST_AUTO_TEST_SUITE_END()
