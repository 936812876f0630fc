#include "tests/rtl/seed.h"

#include <cstdlib>
#include <random>

#include <boost/test/unit_test.hpp>

namespace karhunen::rtl {

uint32_t seed_of_test() {
    const char* wanted = std::getenv("KARHUNEN_RTL_SEED");
    const uint32_t seed =
        wanted ? static_cast<uint32_t>(std::strtoul(wanted, nullptr, 10)) : std::random_device{}();
    BOOST_TEST_MESSAGE("KARHUNEN_RTL_SEED=" << seed);
    return seed;
}

}  // namespace karhunen::rtl
