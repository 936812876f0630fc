#include "platform/replay.h"

#include <stdexcept>

#include <zlib.h>

namespace karhunen {

namespace {

uint32_t crc32_of(const ElfProgram& program) {
    const auto add = [](uLong crc, const void* bytes, size_t n) {
        return n == 0 ? crc : crc32_z(crc, static_cast<const Bytef*>(bytes), n);
    };
    uLong crc = add(crc32_z(0, nullptr, 0), &program.entry, sizeof program.entry);
    for (const ElfSegment& segment : program.segments) {
        crc = add(crc, &segment.address, sizeof segment.address);
        crc = add(crc, segment.bytes.data(), segment.bytes.size());
    }
    return static_cast<uint32_t>(crc);
}

}  // namespace

Recording recording_of(const Loadable& loadable, const ElfProgram& firmware) {
    Recording recording;
    recording.loadable_crc32 = loadable.header().crc32;
    recording.firmware_crc32 = crc32_of(firmware);
    return recording;
}

void check_made_for(const Recording& recording, const Loadable& loadable,
                    const ElfProgram& firmware) {
    if (recording.loadable_crc32 != loadable.header().crc32)
        throw std::runtime_error("the recording is of another loadable; record again");
    if (recording.firmware_crc32 != crc32_of(firmware))
        throw std::runtime_error("the recording was made with other firmware; record again");
    const krhn_tensor& input = loadable.tensors()[loadable.input_tensor()];
    for (const InputSizes& sizes : recording.inputs) {
        bool fits = sizes.size() == input.bands;
        for (const std::vector<uint32_t>& band : sizes) {
            fits = fits && band.size() == input.streams;
            for (const uint32_t bytes : band) fits = fits && bytes <= input.stream_stride;
        }
        if (!fits) throw std::runtime_error("the recording has pictures of another shape");
    }
}

DataPath recording_data_path(Recording& recording) {
    return {.values = Values::computed,
            .input_decoder = recording_coders(recording.input_decoder),
            .residual_decoder = recording_coders(recording.residual_decoder),
            .encoder = recording_coders(recording.encoder)};
}

DataPath replaying_data_path(const Recording& recording) {
    return {.values = Values::skipped,
            .input_decoder = replaying_coders(recording.input_decoder),
            .residual_decoder = replaying_coders(recording.residual_decoder),
            .encoder = replaying_coders(recording.encoder)};
}

}  // namespace karhunen
