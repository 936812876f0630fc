// A program that was built where Verilator was missing.
#include <stdexcept>

#include "platform/cosimulation/cosimulation.h"

namespace karhunen::rtl {

std::unique_ptr<Instrument> make_cosimulation(const Settings&) {
    throw std::runtime_error(
        "--rtl: this program was built without Verilator; install it (apt-get install verilator) "
        "and build again");
}

}  // namespace karhunen::rtl
