# Debian 12 packages only. Each check says in words what to install.
find_package(PkgConfig REQUIRED)

function(karhunen_need found package what)
    if(NOT ${found})
        message(FATAL_ERROR "${what} was not found. Install it with: apt-get install ${package}\n"
                            "(`make setup` installs everything that Karhunen needs.)")
    endif()
endfunction()

# SystemC and TLM-2.0. Debian's library was built as C++17; a unit of another standard links with it
# when it says SC_CPLUSPLUS=201703L before the first include.
pkg_check_modules(SYSTEMC IMPORTED_TARGET systemc tlm)
karhunen_need(SYSTEMC_FOUND libsystemc-dev "SystemC 2.3.4 with TLM-2.0")
add_library(karhunen_systemc INTERFACE)
target_link_libraries(karhunen_systemc INTERFACE PkgConfig::SYSTEMC)
target_compile_definitions(karhunen_systemc INTERFACE SC_CPLUSPLUS=201703L
                                                      SC_INCLUDE_DYNAMIC_PROCESSES)
include(CheckSystemC)

find_package(Eigen3 3.4 QUIET NO_MODULE)
karhunen_need(Eigen3_FOUND libeigen3-dev "Eigen 3.4")
find_package(Boost 1.74 QUIET COMPONENTS unit_test_framework)
karhunen_need(Boost_FOUND libboost-test-dev "Boost.Test 1.74")
pkg_check_modules(UNICORN IMPORTED_TARGET unicorn)
karhunen_need(UNICORN_FOUND libunicorn-dev "The Unicorn library")
find_package(yaml-cpp QUIET)
karhunen_need(yaml-cpp_FOUND libyaml-cpp-dev "yaml-cpp")
find_package(nlohmann_json QUIET)
karhunen_need(nlohmann_json_FOUND nlohmann-json3-dev "nlohmann-json")
find_package(CLI11 QUIET)
karhunen_need(CLI11_FOUND libcli11-dev "CLI11")
find_file(KARHUNEN_CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH)
karhunen_need(KARHUNEN_CHART_JS libjs-chart.js "Chart.js")
find_package(ZLIB QUIET)
karhunen_need(ZLIB_FOUND zlib1g-dev "zlib")
find_package(benchmark QUIET)
karhunen_need(benchmark_FOUND libbenchmark-dev "Google Benchmark")
