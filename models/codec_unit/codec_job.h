// What encoder and decoder have in common: the job in their registers, how it can fail, and the
// codec that they make of a loaded table.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include <karhunen/registers.h>

#include "models/buffers/chunk_store.h"
#include "models/codec/codec.h"
#include "models/interfaces/register_block.h"

namespace karhunen {

/// How an encoder or decoder is built.
struct CodecUnitParameters {
    uint32_t id = 0;  ///< number of the block, see block_id()
    sc_core::sc_time clock_period{6250, sc_core::SC_PS};
    CodecHardware hardware;
    uint32_t fifo_bytes = 2048;         ///< per substream, at least 16
    uint32_t table_bytes = 384 * 1024;  ///< of the table memory
};

/// The job cannot be finished.
class JobError : public std::runtime_error {
public:
    /// causes: bits of the register ERROR
    JobError(uint32_t causes, const char* what) : std::runtime_error(what), causes(causes) {}
    const uint32_t causes;
};

/// One band, as in KRHN_ENCODER_REGISTERS.
struct CodecJob {
    uint32_t tag = 0, codec = 0, format_number = 0, rows = 0, width = 0, channels = 0;
    uint32_t row_sequence = 0, streams = 0, table_sequence = 0, flags = 0;

    static CodecJob capture(RegisterBlock& registers);
    /// Throws JobError when a parameter is out of range.
    void check() const;

    Format format() const { return static_cast<Format>(format_number); }
    BandShape shape() const { return {rows, width, channels}; }
    BandShape row_shape() const { return {1, width, channels}; }
};

/// Codecs made of the chunks of a table memory, once per chunk.
class CodecTables {
public:
    explicit CodecTables(ChunkReader& tables) : tables_(tables) {}

    /// Blocks the calling SC_THREAD until the job's table is loaded. Throws JobError.
    const Codec& codec_of(const CodecJob& job);
    /// Gives the room of the job's table back if the job says so. Codecs made of it end here.
    void release(const CodecJob& job);

private:
    ChunkReader& tables_;
    std::map<std::pair<uint32_t, uint32_t>, std::unique_ptr<Codec>>
        without_table_;  ///< by codec and format
};

/// Runs the work of a job and returns the ERROR bits that stand for what it threw; 0: nothing.
template <typename Work>
uint32_t causes_of(Work&& work) {
    try {
        std::forward<Work>(work)();
        return 0;
    } catch (const JobError& e) {
        return e.causes;
    } catch (const CodecError&) {
        return KRHN_ERROR_STREAM;
    } catch (const std::length_error&) {  // a row that never fits its buffer
        return KRHN_ERROR_PARAMETER;
    } catch (const std::bad_alloc&) {
        return KRHN_ERROR_PARAMETER;
    }
}

}  // namespace karhunen
