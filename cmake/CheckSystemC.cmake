# Compiles and links three lines, so that a SystemC that was built for another C++ standard is
# reported here in words and not by the linker in symbols.
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LIBRARIES PkgConfig::SYSTEMC)
set(CMAKE_REQUIRED_DEFINITIONS -DSC_CPLUSPLUS=201703L)
set(CMAKE_REQUIRED_FLAGS -std=c++20)
check_cxx_source_compiles("#include <systemc>
    int sc_main(int, char**) { sc_core::sc_start(); return 0; }
    int main(int count, char** words) { return sc_core::sc_elab_and_sim(count, words); }" KARHUNEN_SYSTEMC_FITS)
unset(CMAKE_REQUIRED_LIBRARIES)
unset(CMAKE_REQUIRED_DEFINITIONS)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT KARHUNEN_SYSTEMC_FITS)
    message(FATAL_ERROR
        "SystemC was found, but a C++20 program does not link with it. Karhunen expects Debian 12's "
        "libsystemc-dev 2.3.4, which was built as C++17 and is used with SC_CPLUSPLUS=201703L. A "
        "SystemC built with another C++ standard or compiler does not fit: install Debian's package, "
        "or rebuild yours as C++17.")
endif()
