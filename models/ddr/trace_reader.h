// Reads a plain request trace: `0xADDR READ|WRITE CYCLE` per line, hexadecimal address, decimal
// clock of the command bus. Every request has 16 bytes. `#` starts a comment; empty lines and
// carriage returns are skipped. One buffer, whatever the length of the trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/ddr/command.h"

namespace karhunen::ddr {

/// what(): "name:line: 'token': what was expected".
class TraceError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct TraceRequest {
    static constexpr uint64_t bytes = 16;
    uint64_t address = 0;
    bool write = false;
    Clock cycle = 0;  ///< at which it is offered
    bool operator==(const TraceRequest&) const = default;
};

class TraceReader {
public:
    /// Fills the buffer with 1 to `most` bytes and returns their number; 0: end of the trace.
    using Source = std::function<size_t(char* buffer, size_t most)>;

    static constexpr size_t longest_line = 1000;
    /// Over 20 minutes of DDR3-1600. A bound is needed, because the refreshes of a gap between two
    /// requests are worked through one by one.
    static constexpr Clock last_cycle = 1'000'000'000'000;

    /// name: of the trace, for messages. No request reaches beyond device_bytes. Throws
    /// std::invalid_argument for less than one request.
    TraceReader(std::string name, uint64_t device_bytes, Source source);

    /// The next request; false: there are no more. Throws TraceError for a line that is none or
    /// whose cycle is before that of the line before, and for a trace without a request; passes on
    /// what the source throws.
    bool next(TraceRequest& request);

    uint64_t requests() const { return requests_; }
    uint64_t bytes_read() const { return bytes_read_; }

private:
    class Line;
    bool next_line(std::string_view& line);
    bool refill();
    [[noreturn]] void fail(std::string_view token, const std::string& expected) const;
    uint64_t address_in(std::string_view token) const;
    bool write_in(std::string_view token) const;
    Clock cycle_in(std::string_view token) const;

    std::string name_;
    uint64_t device_bytes_;
    Source source_;
    std::vector<char> buffer_;
    size_t begin_ = 0, end_ = 0;  ///< of what is in the buffer and not yet read
    bool ended_ = false;
    uint64_t line_ = 0, requests_ = 0, bytes_read_ = 0;
    Clock cycle_ = 0;
};

}  // namespace karhunen::ddr
