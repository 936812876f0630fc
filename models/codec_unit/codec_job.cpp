#include "models/codec_unit/codec_job.h"

#include <deque>
#include <vector>

#include <karhunen/dma.h>

namespace karhunen {

namespace {

/// More than any buffer holds, little enough for 32-bit arithmetic on a row.
constexpr uint32_t most_values_of_row = 1 << 24;

struct Prepared {
    uint32_t id;
    Format format;
    std::shared_ptr<const Codec> codec;
};

/// make_codec(), but for the latest few tables only once each: the units of a machine load the
/// same table one after the other, and comparing it is much faster than preparing it again.
std::shared_ptr<const Codec> shared_codec(uint32_t id, const std::vector<uint8_t>& table,
                                          Format format) {
    struct Made : Prepared {
        std::vector<uint8_t> table;
    };
    constexpr size_t kept = 6;  // encoder, two decoders, and the next table of each
    if (codec_traits(id).before_relu && format == Format::u8)
        format = Format::s12;  // what a decoder of u8 makes of it, too
    thread_local std::deque<Made> latest;
    for (const Made& m : latest)
        if (m.id == id && m.format == format && m.table == table) return m.codec;
    if (latest.size() == kept) latest.pop_front();
    latest.push_back({{id, format, make_codec(id, table, format)}, table});
    return latest.back().codec;
}

}  // namespace

CodecJob CodecJob::capture(RegisterBlock& registers) {
    CodecJob job;
    job.tag = registers["TAG"];
    job.codec = registers["CODEC"];
    job.format_number = registers["FORMAT"];
    job.rows = registers["ROWS"];
    job.width = registers["WIDTH"];
    job.channels = registers["CHANNELS"];
    job.row_sequence = registers["ROW_SEQUENCE"];
    job.streams = registers["STREAMS"];
    job.table_sequence = registers["TABLE_SEQUENCE"];
    job.flags = registers["FLAGS"];
    return job;
}

void CodecJob::check() const {
    const bool good = rows != 0 && rows <= most_values_of_row && width != 0 && channels != 0 &&
                      uint64_t{width} * channels <= most_values_of_row && streams != 0 &&
                      streams <= KRHN_MAX_STREAMS && is_valid_format(format_number) &&
                      codec_name(codec) != "?";
    if (!good) throw JobError(KRHN_ERROR_PARAMETER, "a parameter of the band is out of range");
}

const Codec& CodecTables::codec_of(const CodecJob& job) {
    try {
        if (!codec_traits(job.codec).has_table) {
            std::unique_ptr<Codec>& codec = without_table_[{job.codec, job.format_number}];
            if (!codec) codec = make_codec(job.codec, {}, job.format());
            return *codec;
        }
        const Chunk& chunk = tables_.wait_for(job.table_sequence);
        if (chunk.error) throw JobError(KRHN_ERROR_BUS, "the table was not loaded");
        auto prepared = std::static_pointer_cast<Prepared>(chunk.prepared);
        if (!prepared || prepared->id != job.codec || prepared->format != job.format()) {
            prepared = std::make_shared<Prepared>(Prepared{
                job.codec, job.format(), shared_codec(job.codec, chunk.bytes, job.format())});
            chunk.prepared = prepared;
        }
        return *prepared->codec;
    } catch (const CodecError& e) {
        throw JobError(KRHN_ERROR_TABLE, e.what());
    }
}

void CodecTables::release(const CodecJob& job) {
    if (codec_traits(job.codec).has_table && job.flags & KRHN_CODEC_RELEASE_TABLE)
        tables_.release(job.table_sequence);
}

}  // namespace karhunen
