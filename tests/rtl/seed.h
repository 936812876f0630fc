// Seeds of tests with RTL.
#pragma once

#include <cstdint>

namespace karhunen::rtl {

/// The seed of a test case, printed; KARHUNEN_RTL_SEED repeats one.
uint32_t seed_of_test();

}  // namespace karhunen::rtl
