#include "models/codec/ebpc.h"
#include "tests/fuzz/fuzz_sequence.h"

using namespace karhunen;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    try {
        fuzz_sequence(*make_ebpc_encoder(), *make_ebpc_decoder(), 2, {data, size});
    } catch (const CodecError&) {
    }
    return 0;
}
