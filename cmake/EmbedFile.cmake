# karhunen_embed_file(SOURCE FILE HEADER FUNCTION)
#   Makes a C++ file of which an object with the bytes of FILE comes, and sets SOURCE to its name.
#   HEADER (from the root of the project) declares FUNCTION in namespace karhunen, which takes
#   nothing and returns the bytes as std::span<const uint8_t>.
function(karhunen_embed_file source file header function)
    set(made ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
    file(CONFIGURE OUTPUT ${made} CONTENT [[
// Made by cmake/EmbedFile.cmake.
#include "@header@"
__asm__(".section .rodata\n"
        ".balign 16\n"
        "karhunen_@function@_first: .incbin \"@file@\"\n"
        "karhunen_@function@_end: .byte 0\n"
        ".previous\n");
extern "C" const unsigned char karhunen_@function@_first[], karhunen_@function@_end[];
namespace karhunen {
std::span<const uint8_t> @function@() {
    return {karhunen_@function@_first, karhunen_@function@_end};
}
}  // namespace karhunen
]] @ONLY)
    set_source_files_properties(${made} PROPERTIES OBJECT_DEPENDS ${file})
    set(${source} ${made} PARENT_SCOPE)
endfunction()
