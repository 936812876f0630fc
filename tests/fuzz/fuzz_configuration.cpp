// The configuration reader takes any bytes: it returns a configuration or throws
// ConfigurationError.
#include <cstddef>
#include <cstdint>
#include <sstream>

#include "platform/configuration.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    try {
        const auto configuration = karhunen::PlatformConfiguration::parse(
            std::string(reinterpret_cast<const char*>(data), size), "fuzz");
        std::ostringstream out;
        configuration.print(out);
        // What was accepted must read back.
        karhunen::PlatformConfiguration::parse(out.str(), "printed");
    } catch (const karhunen::ConfigurationError&) {
    }
    return 0;
}
