// The stub takes any bytes from GDB: it answers with packets that are whole, the same ones however
// the bytes arrive, and the machine it speaks for is asked for nothing but what it offers.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/platform/debug/mock_target.h"

namespace {

using namespace karhunen::debug;

void require(bool condition) {
    if (!condition) std::abort();
}

/// A machine that stops again at once, until GDB leaves.
std::string converse(std::string_view bytes, size_t piece, bool is_running) {
    MockTarget target;
    Stub stub(target);
    std::string output;
    const auto serve = [&] {
        while (const auto resume = stub.serve()) {
            if (*resume == Resume::detach) require(target.points.empty());
            if (*resume == Resume::detach || *resume == Resume::kill) return false;
            if (is_running) stub.wants_stop();
            stub.say("on");
            stub.stopped({StopReport::trapped, ""});
        }
        return true;
    };
    for (bool goes_on = true; goes_on && !bytes.empty();) {
        stub.receive(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        goes_on = serve();
        output += stub.take_output();
    }
    require(target.memory.size() == 64);
    return output;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::string whole = converse(bytes, SIZE_MAX, false);
    require(whole == converse(bytes, 1, false));
    require(whole == converse(bytes, 1 + size % 97, false));
    converse(bytes, 1 + size % 13, true);
    PacketReader reader;
    reader.feed(whole);
    while (const auto message = reader.next()) require(message->kind != Message::Kind::damaged);
    return 0;
}
