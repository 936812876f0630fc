// A run with its trace, and replays of it.
#pragma once

#include <unistd.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "platform/run.h"
#include "platform/trace/player.h"
#include "platform/trace/recorder.h"

namespace karhunen {

namespace fs = std::filesystem;

/// Keeps what DDR held at the end.
struct MemoryKeeper : Instrument {
    std::vector<uint8_t> memory;
    void finish(Machine& machine, RunReport&) override {
        memory.assign(machine.memory().begin(), machine.memory().end());
    }
};

/// A run, its trace, and what it left behind.
struct Recorded {
    fs::path folder = fs::temp_directory_path() / ("karhunen-trace-" + std::to_string(getpid()));
    fs::path path = folder / "run.ktr";
    RunReport report;
    std::vector<uint8_t> memory;
    std::vector<uint32_t> claims;

    uint32_t ddr_mib;

    Recorded(const Loadable& loadable, RunOptions options, uint32_t size_mib = 4)
        : ddr_mib(size_mib) {
        fs::create_directory(folder);
        TraceRecorder recorder(path);
        MemoryKeeper keeper;
        options.check = false;
        options.configuration.ddr.size_mib = ddr_mib;
        options.instruments = {&recorder, &keeper};
        report = run(loadable, options);
        memory = std::move(keeper.memory);
        claims = recorder.claims();
    }
    ~Recorded() { fs::remove_all(folder); }

    /// Replays it and compares all of DDR.
    TraceReport replay(PlatformConfiguration configuration) const {
        configuration.ddr.size_mib = ddr_mib;
        size_t differences = 0;
        const TraceReport played =
            play_trace(SymbolicTrace::read(path), configuration, [&](Machine& machine) {
                for (size_t i = 0; i < memory.size(); ++i)
                    differences += memory[i] != machine.memory()[i];
            });
        BOOST_TEST(differences == 0u);
        return played;
    }
    std::string text() const {
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        return text.str();
    }
    void rewrite(const std::string& text) const { std::ofstream(path) << text; }
};

inline std::string first_mismatch(const TraceReport& report) {
    return report.mismatches.empty() ? "" : report.mismatches.front();
}

}  // namespace karhunen
