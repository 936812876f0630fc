// What a program says of --rtl that was built where Verilator is missing.
#include <boost/test/unit_test.hpp>

#include "platform/cosimulation/cosimulation.h"

BOOST_AUTO_TEST_CASE(says_what_is_missing) {
    BOOST_CHECK_EXCEPTION(karhunen::rtl::make_cosimulation({}), std::runtime_error, [](auto& e) {
        return std::string(e.what()).starts_with("--rtl: this program was built without Verilator");
    });
}
