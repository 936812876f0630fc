# karhunen_library(NAME SOURCES a.cpp ... DEPENDS targets ...)
#   A static library karhunen_NAME; headers are included from the root of the project.
function(karhunen_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
    add_library(karhunen_${name} STATIC ${ARG_SOURCES})
    target_include_directories(karhunen_${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_include_directories(karhunen_${name} SYSTEM PUBLIC ${PROJECT_SOURCE_DIR}/sw/include)
    target_link_libraries(karhunen_${name} PUBLIC ${ARG_DEPENDS})
endfunction()

# For tests and command lines, which need to be compiled quickly rather than to run quickly: with
# sanitizers no optimisation halves the time again.
set(KARHUNEN_QUICK_FLAG -O1)
if(KARHUNEN_SANITIZE)
    set(KARHUNEN_QUICK_FLAG -O0)
endif()

# karhunen_test(NAME SOURCES ... DEPENDS ... LABEL unit|system|fuzz|data [NEEDS file])
#   A Boost.Test executable test_NAME and one CTest test for it, skipped where the file (or folder)
#   is missing. Tests with the label data get KARHUNEN_DATA_DIR and need that folder.
set(KARHUNEN_DATA_DIR ${PROJECT_SOURCE_DIR}/../shared/data CACHE PATH
    "Real weights and photographs for tests; not part of the project")
function(karhunen_test name)
    cmake_parse_arguments(ARG "" "NEEDS" "SOURCES;DEPENDS;LABEL" ${ARGN})
    add_executable(test_${name} ${ARG_SOURCES})
    target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}
                                                    ${PROJECT_SOURCE_DIR}/sw/include)
    target_compile_options(test_${name} PRIVATE ${KARHUNEN_QUICK_FLAG})
    target_link_libraries(test_${name} PRIVATE ${ARG_DEPENDS} karhunen_test_main)
    set(support main)
    if("karhunen_test_support" IN_LIST ARG_DEPENDS)
        set(support support)
    endif()
    if(KARHUNEN_PCH)
        target_precompile_headers(test_${name} REUSE_FROM karhunen_test_${support})
    endif()
    if("data" IN_LIST ARG_LABEL)
        target_compile_definitions(test_${name} PRIVATE KARHUNEN_DATA_DIR="${KARHUNEN_DATA_DIR}")
        set(ARG_NEEDS ${KARHUNEN_DATA_DIR})
    endif()
    if(ARG_NEEDS)
        add_test(NAME ${name}
                 COMMAND sh -c "test -e \"$1\" || { echo \"SKIPPED: $1 is missing\"; exit 77; }; exec \"$0\" --log_level=message"
                         $<TARGET_FILE:test_${name}> ${ARG_NEEDS})
        set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)
    else()
        add_test(NAME ${name} COMMAND test_${name} --log_level=warning)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT 900)
    if("karhunen_test_support" IN_LIST ARG_DEPENDS)
        # SystemC cannot delete a simulation: what it and its threads held is not a leak of ours.
        set_tests_properties(${name} PROPERTIES ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0")
    endif()
endfunction()
