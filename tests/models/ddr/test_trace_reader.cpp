#include "models/ddr/trace_reader.h"

#include <algorithm>
#include <random>

#include <boost/test/unit_test.hpp>

namespace karhunen::ddr {

// Boost.Test prints what differs.
std::ostream& operator<<(std::ostream& out, const TraceRequest& r) {
    return out << r.address << (r.write ? " WRITE " : " READ ") << r.cycle;
}

namespace {

constexpr uint64_t device_bytes = 512 << 20;

/// Hands out a text in pieces of at most `piece` bytes.
TraceReader::Source source_of(const std::string& text, size_t piece) {
    return [text, piece, at = size_t{0}](char* buffer, size_t most) mutable {
        const size_t count = text.copy(buffer, std::min(most, piece), at);
        at += count;
        return count;
    };
}

std::vector<TraceRequest> read(const std::string& text, size_t piece = SIZE_MAX) {
    TraceReader reader("t", device_bytes, source_of(text, piece));
    std::vector<TraceRequest> requests;
    for (TraceRequest r; reader.next(r);) requests.push_back(r);
    BOOST_TEST(reader.requests() == requests.size());
    BOOST_TEST(reader.bytes_read() == text.size());
    return requests;
}

std::string error_of(const std::string& text, size_t piece = SIZE_MAX) {
    try {
        read(text, piece);
    } catch (const TraceError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trace_reader)

BOOST_AUTO_TEST_CASE(requests_comments_and_blank_lines) {
    const std::string text =
        "# a comment\n"
        "\n"
        "0x0 READ 0\n"
        " \t0x1F40\tWRITE   7 # to the end of the line: 0x1 READ 2\n"
        "0X1ffffff0 READ 7#\r\n"
        "   # 0x3 READ 4\n"
        "\r\n"
        "0x00000000000000000000013 WRITE 1000000000000";  // no line feed
    const std::vector<TraceRequest> expected = {
        {0, false, 0}, {0x1f40, true, 7}, {0x1ffffff0, false, 7}, {0x13, true, 1'000'000'000'000}};
    for (size_t piece = 1; piece < text.size() + 2; ++piece)
        BOOST_TEST(read(text, piece) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
    const std::string good = "0x10 READ 5\n# so far so good\n";
    const std::pair<std::string, std::string> wrong[] = {
        {"0x20 REED 6", "'REED': expected READ or WRITE"},
        {"0x20 read 6", "'read': expected READ or WRITE"},
        {"20 READ 6", "'20': expected a hexadecimal address such as 0x1f40"},
        {"0x READ 6", "'0x': expected a hexadecimal address such as 0x1f40"},
        {"0x2g READ 6", "'0x2g': expected a hexadecimal address such as 0x1f40"},
        {"-0x20 READ 6", "'-0x20': expected a hexadecimal address such as 0x1f40"},
        {"0x-20 READ 6", "'0x-20': expected a hexadecimal address such as 0x1f40"},
        {"0x1ffffff1 READ 6",
         "'0x1ffffff1': outside the device: expected an address up to 0x1ffffff0, 16 bytes before "
         "its end"},
        {"0x123456789abcdef01 READ 6",
         "'0x123456789abcdef01': outside the device: expected an address up to 0x1ffffff0, 16 "
         "bytes before its end"},
        {"0x20", "end of the line: expected READ or WRITE"},
        {"0x20 # READ 6", "end of the line: expected READ or WRITE"},
        {"0x20 WRITE", "end of the line: expected a cycle, a decimal number"},
        {"0x20 WRITE x", "'x': expected a cycle, a decimal number"},
        {"0x20 WRITE 6.5", "'6.5': expected a cycle, a decimal number"},
        {"0x20 WRITE 0x7", "'0x7': expected a cycle, a decimal number"},
        {"0x20 WRITE -7", "'-7': expected a cycle, a decimal number"},
        {"0x20 WRITE +7", "'+7': expected a cycle, a decimal number"},
        {"0x20 WRITE 4", "'4': expected a cycle not before that of the line before, 5"},
        {"0x20 WRITE 1000000000001", "'1000000000001': expected a cycle up to 1000000000000"},
        {"0x20 WRITE 99999999999999999999",
         "'99999999999999999999': expected a cycle up to 1000000000000"},
        {"0x20 WRITE 6 7", "'7': expected the end of the line"},
        {"0x20 \x1b[31m\x80 6", "'\\x1b[31m\\x80': expected READ or WRITE"},
        {"0x20 " + std::string(50, 'W') + " 6",
         "'" + std::string(40, 'W') + "...': expected READ or WRITE"},
        {std::string("0x20\0READ", 9),
         "'0x20\\x00READ': expected a hexadecimal address such as "
         "0x1f40"},
    };
    for (const auto& [line, message] : wrong)
        for (const size_t piece : {size_t{1}, size_t{7}, SIZE_MAX})
            for (const std::string end : {"", "\n", "\r\n0x30 READ 9\n"})
                BOOST_TEST(error_of(good + line + end, piece) == "t:3: " + message);
}

BOOST_AUTO_TEST_CASE(lines_have_a_limit) {
    const std::string request = "0x10 READ 5";
    const auto padded = [&](size_t length) {
        return request + std::string(length - request.size(), ' ') + '\n';
    };
    constexpr size_t most = TraceReader::longest_line;
    for (const size_t piece : {size_t{1}, size_t{100}, most, SIZE_MAX}) {
        BOOST_TEST(read(padded(most), piece).size() == 1u);
        for (const size_t length : {most + 1, most + 2, size_t{1} << 17})
            BOOST_TEST(error_of(request + '\n' + padded(length), piece) ==
                       "t:2: '0x10 READ 5" + std::string(29, ' ') +
                           "...': expected a line of at most 1000 characters");
    }
}

BOOST_AUTO_TEST_CASE(a_trace_has_requests) {
    for (const std::string text : {"", "\n\n", "# nothing", "   \r\n"})
        BOOST_TEST(error_of(text) == "t: no request in it; expected lines such as 0x1f40 READ 12");
    BOOST_CHECK_THROW(TraceReader("t", 15, source_of("", 1)), std::invalid_argument);
    BOOST_TEST(error_of("0x20000000 READ 0").substr(0, 5) == "t:1: ");
}

BOOST_AUTO_TEST_CASE(many_lines_in_pieces_of_any_size) {
    std::mt19937 random(5);
    std::string text;
    std::vector<TraceRequest> expected;
    for (Clock cycle = 0; expected.size() < 20000; cycle += random() % 3) {
        expected.push_back({random() % (device_bytes - 15), random() % 2 == 0, cycle});
        char line[64];
        std::snprintf(line, sizeof line, "0x%llx %s %lld\n",
                      static_cast<unsigned long long>(expected.back().address),
                      expected.back().write ? "WRITE" : "READ", static_cast<long long>(cycle));
        text += line;
        if (random() % 8 == 0) text += std::string(random() % 300, '#') + '\n';
    }
    for (const size_t piece : {size_t{1}, size_t{1000}, size_t{4097}, SIZE_MAX})
        BOOST_CHECK(read(text, piece) == expected);
}

BOOST_AUTO_TEST_CASE(errors_of_the_source_come_through) {
    TraceReader reader("t", device_bytes, [](char*, size_t) -> size_t {
        throw std::runtime_error("t: cannot be read: Input/output error");
    });
    TraceRequest request;
    BOOST_CHECK_THROW(reader.next(request), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
