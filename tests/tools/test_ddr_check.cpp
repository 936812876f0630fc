// The program ddr_check, run as a user runs it.
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

namespace {

const std::string ddr3 = KARHUNEN_CONFIGS_DIR "/ddr/ddr3-1600-4gb-x16.yaml";
const std::string ddr4 = KARHUNEN_CONFIGS_DIR "/ddr/ddr4-2400-8gb-x16.yaml";

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("test_ddr_check." + std::to_string(getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }

    std::string file(const std::string& text) {
        const auto name = path / "commands.csv";
        std::ofstream(name, std::ios::binary) << text;
        return name.string();
    }
    std::string trace(const std::string& lines) {
        return file("clock,command,bank,row,column\n" + lines);
    }
};

struct Result {
    int code = -1;
    std::string text;  ///< standard output and error
};

Result run(const std::string& words) {
    Result r;
    FILE* const pipe = popen((DDR_CHECK " " + words + " 2>&1").c_str(), "r");
    BOOST_REQUIRE(pipe);
    std::array<char, 4096> buffer;
    while (const size_t n = fread(buffer.data(), 1, buffer.size(), pipe))
        r.text.append(buffer.data(), n);
    const int status = pclose(pipe);
    if (WIFEXITED(status)) r.code = WEXITSTATUS(status);
    return r;
}

void expect(const std::string& words, int code, const std::string& text) {
    const Result r = run(words);
    BOOST_TEST(r.code == code, words << "\n" << r.text);
    BOOST_TEST(r.text.find(text) != std::string::npos, words << "\n" << r.text);
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(legal_traces, Folder) {
    const std::string commands = trace("1,ACT,0,7,0\n12,RD,0,7,0\n16,RDA,0,7,8\n");
    expect(
        ddr3 + ' ' + commands, 0,
        "3 commands, last at clock 16 (0.02 us)\nACT 1\nRD 1\nRDA 1\nWR 0\nWRA 0\nPRE 0\nPREA 0\n"
        "REF 0\n0 violations\n");
    expect(ddr3 + ' ' + commands + " --mhz 400", 0, "(0.04 us)");
    expect(ddr3 + ' ' + trace(""), 0, "0 commands");
    expect(ddr3 + ' ' + file("clock,command,bank,row,column\r\n1,ACT,0,7,0\r\n"), 0,
           "0 violations");
    expect(ddr3 + " - < " + commands, 0, "0 violations");
}

BOOST_FIXTURE_TEST_CASE(illegal_traces, Folder) {
    expect(ddr3 + ' ' + trace("1,ACT,0,7,0\n11,RD,0,7,0\n"), 1,
           "line 3: clock 11 RD bank 0 row 7 column 0: tRCD\n");
    // The bank group is in the lowest bit: tCCD_S and tCCD_L.
    const std::string open = "1,ACT,0,0,0\n8,ACT,1,0,0\n16,ACT,2,0,0\n";
    expect(ddr4 + ' ' + trace(open + "40,RD,0,0,0\n44,RD,1,0,0\n"), 0, "0 violations");
    expect(ddr4 + ' ' + trace(open + "40,RD,0,0,0\n44,RD,2,0,0\n"), 1, "tCCD within a bank group");

    std::string many;
    for (int i = 1; i <= 30; ++i) many += std::to_string(i) + ",PRE,0,0,0\n";
    const Result r = run(ddr3 + ' ' + trace(many));
    BOOST_TEST(r.code == 1);
    BOOST_TEST(r.text.find("line 21:") != std::string::npos);
    BOOST_TEST(r.text.find("line 22:") == std::string::npos);
    BOOST_TEST(r.text.find("\n30 violations\n") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(refresh_options, Folder) {
    const std::string late = trace("56160,REF,0,0,0\n");  // 9 tREFI
    expect(ddr3 + ' ' + late, 1, "1 violation");
    expect(ddr3 + ' ' + late + " --postponed 8", 0, "0 violations");
    expect(ddr3 + ' ' + late + " --postponed 7", 1, "tREFI");
    const std::string none = trace("60000,ACT,0,0,0\n");
    expect(ddr3 + ' ' + none, 1, "tREFI");
    expect(ddr3 + ' ' + none + " --no-refresh", 0, "0 violations");
}

BOOST_FIXTURE_TEST_CASE(bad_input, Folder) {
    const std::string good = trace("1,ACT,0,7,0\n");
    expect("", 2, "usage");
    expect("--help", 0, "usage");
    expect(ddr3, 2, "usage");
    expect(ddr3 + ' ' + good + " more", 2, "usage");
    expect(ddr3 + ' ' + good + " --fast", 2, "no option --fast");
    expect(ddr3 + ' ' + good + " --mhz", 2, "--mhz: expected a number after it");
    expect(ddr3 + ' ' + good + " --mhz 1600", 2, "800.000000 MHz at most");
    expect(ddr3 + ' ' + good + " --mhz nan", 2, "--mhz: expected a number above 0");
    expect(ddr3 + ' ' + good + " --postponed 9", 2, "at most 8");
    expect("/no/such/file.yaml " + good, 2, "/no/such/file.yaml: cannot be read");
    expect(ddr3 + " /no/such/file.csv", 2, "/no/such/file.csv: cannot be read");
    expect(good + ' ' + good, 2, "commands.csv: ");
    expect(ddr3 + ' ' + file(""), 2, "expected clock,command,bank,row,column");
    expect(ddr3 + ' ' + file("1,ACT,0,7,0\n"), 2, "commands.csv:1: expected clock,command");
    expect(ddr3 + ' ' + trace("1,ACT,0,7,0\n2,NOP,0,0,0\n"), 2, "commands.csv:3: no command 'NOP'");
    expect(ddr3 + ' ' + trace("x,ACT,0,7,0\n"), 2, ":2: clock: expected a number, found 'x'");
    expect(ddr3 + ' ' + trace("1,ACT,-1,7,0\n"), 2, ":2: bank: expected a number, found '-1'");
    expect(ddr3 + ' ' + trace("-1,ACT,0,7,0\n"), 2, ":2: clock out of range");
    expect(ddr3 + ' ' + trace("1,ACT,0,7\n"), 2, ":2: expected clock,command");
    expect(ddr3 + ' ' + trace("1,ACT,0,7,0,0\n"), 2, ":2: expected clock,command");
    expect(ddr3 + ' ' + trace("1,ACT,0,7,0\n\n"), 2, ":3: expected clock,command");
    expect(ddr3 + ' ' + trace(std::string(100'000, '1')), 2, ":2: longer than any command");
}
