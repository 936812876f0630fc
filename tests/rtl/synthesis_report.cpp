// synthesis_report SYNTHESIS.csv: SYNTHESIS.md to standard output.
#include <cstdio>
#include <exception>

#include "tests/rtl/report.h"

int main(int count, char** words) {
    if (count != 2) {
        std::fprintf(stderr, "usage: synthesis_report SYNTHESIS.csv\n");
        return 2;
    }
    try {
        const auto points = karhunen::rtl::read_synthesised_points(words[1]);
        std::fputs(karhunen::rtl::synthesis_report(points).c_str(), stdout);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "synthesis_report: %s\n", error.what());
        return 2;
    }
    return 0;
}
