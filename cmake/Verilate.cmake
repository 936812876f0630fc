# Blocks in SystemVerilog as C++ classes, where Verilator is installed.
set(KARHUNEN_RTL_DIR ${PROJECT_SOURCE_DIR}/tests/rtl CACHE PATH
    "Blocks in SystemVerilog that the platform simulates (platform/cosimulation/README.md)")
set(KARHUNEN_VERILATOR_ARGS "" CACHE STRING "More arguments of Verilator for these blocks, by ;")
find_package(verilator QUIET)
# Warnings of the reference end the build; those of other RTL are shown.
if(NOT "${KARHUNEN_RTL_DIR}" STREQUAL "${PROJECT_SOURCE_DIR}/tests/rtl")
    list(PREPEND KARHUNEN_VERILATOR_ARGS -Wno-fatal)
endif()

# karhunen_verilated_library(TARGET): to be filled by karhunen_verilate.
function(karhunen_verilated_library target)
    add_library(${target} STATIC)
    target_compile_options(${target} PRIVATE -w ${KARHUNEN_QUICK_FLAG})
    set_target_properties(${target} PROPERTIES SYSTEM ON)
endfunction()

# karhunen_verilate(TARGET FOLDER CLASS MODULE PARAMETER=VALUE ...): a class VCLASS of the module, with
# KARHUNEN_VERILATOR_ARGS.
function(karhunen_verilate target folder class module)
    list(TRANSFORM ARGN PREPEND -G)
    verilate(${target} PREFIX V${class} TOP_MODULE ${module} SOURCES ${folder}/${module}.sv
             VERILATOR_ARGS -Wall --x-initial unique -y ${folder} ${ARGN}
                            ${KARHUNEN_VERILATOR_ARGS})
endfunction()
