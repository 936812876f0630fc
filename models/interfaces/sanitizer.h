// AddressSanitizer and SystemC's coroutines.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#include <pthread.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace karhunen {

/// SystemC 2.3.4 tells the sanitizer of every switch of stacks, but not of the way back to the
/// main stack: exceptions thrown after sc_start() would then be reported as stack errors. Call this
/// after sc_start() has returned.
inline void restore_stack_bounds() {
#if defined(__SANITIZE_ADDRESS__)
    pthread_attr_t attributes;
    void *bottom = nullptr, *fake_stack = nullptr;
    size_t bytes = 0;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &bottom, &bytes);
    pthread_attr_destroy(&attributes);
    __sanitizer_start_switch_fiber(&fake_stack, bottom, bytes);
    __sanitizer_finish_switch_fiber(fake_stack, nullptr, nullptr);
#endif
}

}  // namespace karhunen
