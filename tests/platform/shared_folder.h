// One ProgramFolder for all cases of a test program. Include it in one source file.
#pragma once

#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/platform/program.h"

namespace {

struct SharedFolder {
    SharedFolder() { folder = std::make_unique<karhunen::ProgramFolder>(); }
    ~SharedFolder() { folder.reset(); }
    static std::unique_ptr<karhunen::ProgramFolder> folder;
};
std::unique_ptr<karhunen::ProgramFolder> SharedFolder::folder;

const karhunen::ProgramFolder& folder() {
    return *SharedFolder::folder;
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(SharedFolder);
