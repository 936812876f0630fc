// The reader of sweeps takes any text: it returns a sweep whose first and last points can be looked
// at, or throws ConfigurationError.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "platform/explore/sweep.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace karhunen;
    try {
        const Sweep sweep = Sweep::parse(std::string(data, data + size), "fuzz", "/nonexistent");
        if (sweep.size() == 0 || sweep.keys().empty() || sweep.objectives.empty()) std::abort();
        for (const uint64_t point : {uint64_t{0}, sweep.size() - 1}) {
            if (sweep.settings(point).empty()) std::abort();
            sweep.design(point);  // each setting was checked when it was read
        }
    } catch (const ConfigurationError&) {
    }
    return 0;
}
