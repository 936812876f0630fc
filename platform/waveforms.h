// The VCD file of a run.
#pragma once

#include <filesystem>

#include <systemc>

namespace karhunen {

/// Recorded under a temporary name beside `path`, which gets the file when all of it is written.
/// Unless finish() is reached, nothing is left behind.
class Waveforms {
public:
    /// Throws std::runtime_error naming the path when no file can be written there.
    explicit Waveforms(const std::filesystem::path& path);
    ~Waveforms();
    Waveforms(const Waveforms&) = delete;
    Waveforms& operator=(const Waveforms&) = delete;

    /// Begins to record the present simulation context; what is to be traced comes next.
    /// Times are in ps, the resolution of the simulation.
    sc_core::sc_trace_file* start();
    /// After the simulation. Throws std::runtime_error when the file is not whole.
    void finish();

private:
    void close();

    std::filesystem::path path_, temporary_;
    sc_core::sc_trace_file* file_ = nullptr;
};

}  // namespace karhunen
