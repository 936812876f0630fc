// The trace reader takes any bytes, in pieces of any size: it returns requests that keep its
// promises or throws TraceError, the same for every size of the pieces.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "models/ddr/trace_reader.h"

namespace {

using namespace karhunen::ddr;

constexpr uint64_t device_bytes = 1 << 29;

struct Outcome {
    std::vector<TraceRequest> requests;
    std::string error;
    bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view text, size_t piece) {
    Outcome outcome;
    TraceReader reader("fuzz", device_bytes, [&](char* buffer, size_t most) {
        const size_t count = text.copy(buffer, std::min(most, piece));
        text.remove_prefix(count);
        return count;
    });
    try {
        for (TraceRequest r; reader.next(r);) outcome.requests.push_back(r);
    } catch (const TraceError& error) {
        outcome.error = error.what();
    }
    return outcome;
}

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Outcome whole = read(text, SIZE_MAX);
    require(whole == read(text, 1) && whole == read(text, 1 + size % 97));
    require(!whole.requests.empty() || !whole.error.empty());
    Clock cycle = 0;
    for (const TraceRequest& r : whole.requests) {
        require(r.address <= device_bytes - TraceRequest::bytes);
        require(r.cycle >= cycle && r.cycle <= TraceReader::last_cycle);
        cycle = r.cycle;
    }
    for (const char c : whole.error) require(c >= ' ' && c <= '~');
    return 0;
}
