#include "models/codec/zrle.h"
#include "tests/fuzz/fuzz_sequence.h"

using namespace karhunen;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    try {
        fuzz_sequence(*make_zrle_encoder(), *make_zrle_decoder(), 1, {data, size});
    } catch (const CodecError&) {
    }
    return 0;
}
