// The language of symbolic traces: what is read, what is refused and how, and what lines print as.
#include <unistd.h>
#include <filesystem>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "platform/trace/trace.h"

using namespace karhunen;

namespace {

using Kind = TraceAction::Kind;

SymbolicTrace parsed(const std::string& lines) {
    return SymbolicTrace::parse("karhunen-trace 1\n" + lines, "x.ktr");
}

TraceAction only(const std::string& line) {
    const SymbolicTrace trace = parsed(line);
    BOOST_REQUIRE(trace.actions.size() == 1);
    return trace.actions.front();
}

void check_refused(const std::string& text, const std::string& message) {
    BOOST_CHECK_EXCEPTION(SymbolicTrace::parse(text, "x.ktr"), SymbolicTraceError,
                          [&](const auto& e) {
                              const std::string what = e.what();
                              BOOST_TEST(what.substr(0, message.size()) == message);
                              return true;
                          });
}

void check_line_refused(const std::string& line, const std::string& message) {
    check_refused("karhunen-trace 1\n" + line, "x.ktr:2: " + message);
}

}  // namespace

BOOST_AUTO_TEST_CASE(actions_are_read) {
    const TraceAction write = only("reg_write DMA.CHANNEL6.DESCRIPTOR 0x20000100");
    BOOST_TEST((write.kind == Kind::reg_write));
    BOOST_TEST(write.register_place->address == 0x10010100u);
    BOOST_TEST(write.value == 0x20000100u);
    BOOST_TEST(write.line == 2u);

    const TraceAction read = only("  reg_read\tUART.LSR 96 0xff   # a comment\r");
    BOOST_TEST((read.kind == Kind::reg_read));
    BOOST_TEST(read.value == 0x60u);
    BOOST_TEST(read.mask == 0xFFu);
    BOOST_TEST(read.register_place->bytes == 1u);

    const TraceAction poll = only("poll ENCODER.STATUS 0x3 0x1");
    BOOST_TEST((poll.kind == Kind::poll));
    BOOST_TEST(poll.mask == 3u);
    BOOST_TEST(poll.value == 1u);
    BOOST_TEST((only("poll_least ENCODER.JOBS_DONE 7").kind == Kind::poll_least));

    const TraceAction wait = parsed("wait_irq ENCODER 1\npoll ENCODER.STATUS 2 0").actions.front();
    BOOST_TEST((wait.kind == Kind::wait_irq));
    BOOST_TEST(wait.source == 8u);
    BOOST_TEST(wait.conditions == 1u);

    const TraceAction load = only("mem_load 0x80000000 6 0x5 hex 0x64636261 0x6665");
    BOOST_TEST(std::string(load.data.begin(), load.data.end()) == "abcdef");
    const TraceAction file = parsed("memory m.bin\nmem_load 0 4096 5 file 8192").actions.front();
    BOOST_TEST(file.offset == 8192u);
    BOOST_TEST((only("mem_check 0xffffffff 1 0x5").kind == Kind::mem_check));
    BOOST_TEST(parsed("\n# nothing\n   \n").actions.empty());
}

BOOST_AUTO_TEST_CASE(lines_print_as_they_are_read) {
    for (const std::string line :
         {"reg_write DMA.CHANNEL6.DESCRIPTOR 0x20000100", "reg_read UART.LSR 0x60 0xff",
          "poll ENCODER.STATUS 0x3 0x1", "poll_least ENCODER.JOBS_DONE 0x7", "wait_irq UART 0",
          "mem_load 0x80000000 6 0x5 hex 0x64636261 0x6665", "mem_check 0xffffffff 1 0x5"})
        BOOST_TEST(text_of(only(line)) == line);
}

BOOST_AUTO_TEST_CASE(mistakes_are_refused_with_their_place) {
    check_refused("", "x.ktr:1: field 1 (action): found nothing, expected `karhunen-trace 1`");
    check_refused("reg_write A.B 1", "x.ktr:1: field 1 (action): found 'reg_write', expected the");
    check_refused("karhunen-trace 2", "x.ktr:1: field 2 (version): found '2', expected 1");
    check_line_refused("reg_wirte UART.DATA 1", "field 1 (action): found 'reg_wirte', expected");
    check_line_refused("reg_write UART.DATUM 1", "field 2 (register): found 'UART.DATUM', exp");
    check_line_refused("reg_write UART.DATA", "field 3 (value): found '', expected the line");
    check_line_refused("reg_write UART.DATA 256", "field 3 (value): found '256', expected a num");
    check_line_refused("reg_write DMA.ID 0x1ffffffff", "field 3 (value): found '0x1ffffffff'");
    check_line_refused("reg_write DMA.ERROR 1x", "field 3 (value): found '1x', expected a number");
    check_line_refused("reg_write DMA.ERROR 0x", "field 3 (value): found '0x', expected a number");
    check_line_refused("reg_write DMA.ERROR -1", "field 3 (value): found '-1', expected a number");
    check_line_refused("reg_write DMA.ERROR 1 2", "field 4 (end): found '2', expected no more");
    check_line_refused("reg_write DMA.ID 1", "field 3 (value): found '1', expected no write");
    check_line_refused("poll DMA.CONTROL 1 1", "field 4 (value): found '1', expected no read");
    check_line_refused("wait_irq BUFFERS 0", "field 2 (source): found 'BUFFERS', expected a bl");
    check_line_refused("wait_irq DMA 65", "field 3 (conditions): found '65', expected a number");
    check_line_refused("wait_irq DMA 1\nreg_write DMA.ERROR 1",
                       "field 3 (conditions): found 1, expected the 0 polls");
    check_line_refused("wait_irq DMA 2\npoll DMA.STATUS 1 0", "field 3 (conditions): found 2");
    check_line_refused("mem_check 0x80000000 0 1", "field 3 (bytes): found '0', expected 1 or");
    check_line_refused("mem_check 0xfffffffc 5 1", "field 3 (bytes): found '5', expected 1 or");
    check_line_refused("mem_load 0 4 1 file 0", "field 5 (hex or file): found 'file', expected h");
    check_line_refused("mem_load 0 4 1 octal 0", "field 5 (hex or file): found 'octal'");
    check_line_refused("mem_load 0 5 1 hex 1", "field 7 (word): found '', expected the line to");
    check_line_refused("mem_load 0 1 1 hex 256", "field 6 (word): found '256', expected zeros");
    check_line_refused("mem_load 0 1 1 hex 1 1", "field 7 (end): found '1', expected no more");
    check_line_refused("memory ../secret", "field 2 (file): found '../secret', expected the name");
    check_refused("karhunen-trace 1\nmemory a\nmemory b",
                  "x.ktr:3: field 2 (file): found 'b', expected one memory file, after a");
    check_line_refused("reg_write \x01\x80 1",
                       "field 2 (register): found '?"
                       "?', exp");
}

BOOST_AUTO_TEST_CASE(memory_is_checked_when_it_is_read) {
    namespace fs = std::filesystem;
    const fs::path path = fs::temp_directory_path() / ("trace-" + std::to_string(getpid()));
    const auto read = [&](const std::string& lines, const std::string& memory) {
        std::ofstream(path.string() + ".bin") << memory;
        std::ofstream(path) << "karhunen-trace 1\nmemory " << path.filename().string() << ".bin\n"
                            << lines;
        return SymbolicTrace::read(path);
    };
    const auto refuses = [&](const std::string& lines, const std::string& part) {
        BOOST_CHECK_EXCEPTION(read(lines, "123456789"), SymbolicTraceError, [&](const auto& e) {
            BOOST_TEST(std::string(e.what()).find(":3: " + part) != std::string::npos, e.what());
            return true;
        });
    };
    // CRC-32/ISO-HDLC of "123456789"
    const SymbolicTrace good = read("mem_load 0x80000000 9 0xcbf43926 file 0", "123456789");
    const auto data = good.data_of(good.actions.front());
    BOOST_TEST(std::string(data.begin(), data.end()) == "123456789");
    refuses("mem_load 0x80000000 9 0xcbf43927 file 0", "field 4 (crc): found 0xcbf43927, expect");
    refuses("mem_load 0x80000000 9 1 hex 0 0 0", "field 4 (crc): found 0x1, expected");
    refuses("mem_load 0x80000000 9 0xcbf43926 file 1", "field 6 (offset): 9 bytes at 1 are not");
    refuses("mem_load 0x80000000 9 0xcbf43926 file 18446744073709551615", "field 6 (offset)");
    fs::remove(path.string() + ".bin");
    BOOST_CHECK_THROW(SymbolicTrace::read(path), std::runtime_error);
    fs::remove(path);
}
