// write_fault_table CONFIGS/faults DOCS/faults.md: makes the table of the page again.
#include <cstdio>
#include <exception>
#include <fstream>

#include <systemc>

#include "platform/files.h"
#include "tests/platform/faults/fault_table.h"

int sc_main(int, char**) {
    return 1;
}

int main(int argc, char** argv) {
    using namespace karhunen;
    if (argc != 3) return std::fprintf(stderr, "expected a folder and a page\n"), 2;
    try {
        std::ifstream file(argv[2]);
        const std::string page{std::istreambuf_iterator<char>(file),
                               std::istreambuf_iterator<char>()};
        write_text_file(argv[2], with_table(page, table_of(run_examples(argv[1]))));
        return 0;
    } catch (const std::exception& error) {
        return std::fprintf(stderr, "%s\n", error.what()), 2;
    }
}
