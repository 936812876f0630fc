// The folder of a sweep. Everything in it appears whole, under a name made of what it depends on,
// so that a sweep may be stopped at any moment, changed and gone on with, and nothing is done
// twice:
//
//     sweep.yaml                     the sweep that ran last
//     networks/HASH/network.kvn      a network compiled for a codec and a machine's buffers
//                   recording.rec    its run, for replays
//                   network.json     its accuracy, or why there is none; written last
//     points/HASH/platform.yaml      a design, as `karhunen run --platform` takes it
//                 result.json        its figures, or why there are none; written last
//     results.csv, results.json      all points of the sweep
//     slurm/                         what tasks of a cluster work on (cluster.h), and their logs
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "platform/explore/sweep.h"

namespace karhunen {

class Workspace {
public:
    /// version: of the program; the results of others may differ.
    Workspace(std::filesystem::path folder, const Sweep& sweep, std::string version);
    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    /// Makes the folder; until the end of this process and of those forked from it nobody else can.
    /// Throws std::runtime_error when another sweep is at work there, or the folder holds something
    /// else.
    void lock();

    void write_sweep(const Sweep& sweep) const;
    /// Of one of its files, whole.
    std::string text(const std::string& file) const;

    const std::filesystem::path& folder() const { return folder_; }
    /// Of the folder, whatever way it is named; it must be there.
    std::string folder_hash() const;
    /// Of what decides the bits: network, codec, buffers and streams.
    std::string network_hash(const Design& design) const;
    std::string point_hash(const Design& design) const;
    std::filesystem::path network(const std::string& hash) const;
    std::filesystem::path point(const std::string& hash) const;

    /// Of a file's bytes.
    static std::string checksum(const std::filesystem::path& file);
    /// A result that is there and whole.
    static std::optional<nlohmann::json> read(const std::filesystem::path& file);
    static void write(const std::filesystem::path& file, const nlohmann::ordered_json& json);

private:
    std::filesystem::path folder_;
    std::string identity_;  ///< program, network, pictures
    int lock_ = -1;
};

}  // namespace karhunen
