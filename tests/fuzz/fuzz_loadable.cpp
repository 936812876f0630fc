// The loadable reader takes any bytes: it returns a loadable whose every part can be read, or
// throws LoadableError. Checksums are put right first, or no mutation would get behind them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <zlib.h>

#include "sw/loadable/loadable.h"

namespace {

using namespace karhunen;

uint32_t crc_of(const uint8_t* bytes, size_t size, uint32_t crc = 0) {
    return static_cast<uint32_t>(crc32_z(crc, bytes, size));
}

void repair(std::vector<uint8_t>& file) {
    krhn_header header;
    if (file.size() < sizeof header) return;
    std::memcpy(&header, file.data(), sizeof header);
    header.bytes = static_cast<uint32_t>(file.size());
    header.crc32 = 0;
    const size_t room = (file.size() - sizeof header) / sizeof(krhn_section);
    const size_t sections = std::min<size_t>(header.sections, room);
    uint8_t* entry = file.data() + sizeof header;
    for (size_t i = 0; i < sections; ++i, entry += sizeof(krhn_section)) {
        krhn_section section;
        std::memcpy(&section, entry, sizeof section);
        if (section.offset <= file.size() && section.bytes <= file.size() - section.offset)
            section.crc32 = crc_of(file.data() + section.offset, section.bytes);
        std::memcpy(entry, &section, sizeof section);
    }
    header.crc32 = crc_of(reinterpret_cast<const uint8_t*>(&header), sizeof header);
    header.crc32 =
        crc_of(file.data() + sizeof header, sections * sizeof(krhn_section), header.crc32);
    std::memcpy(file.data(), &header, sizeof header);
}

/// Reads everything that an accepted loadable offers.
uint64_t read_all(const Loadable& l) {
    uint64_t sum = l.tensors()[l.input_tensor()].height + l.tensors()[l.logits_tensor()].height;
    for (const krhn_tensor& t : l.tensors()) {
        sum += l.name(t).size();
        for (const uint8_t v : l.table(t)) sum += v;
    }
    for (const krhn_layer& layer : l.layers()) {
        sum += l.name(layer).size();
        for (uint32_t o = 0; o < layer.operations; ++o) {
            const krhn_operation& op = l.operation(layer, o);
            for (uint32_t i = 0; i < op.chunks; ++i) {
                sum += l.chunk_channels(op, i);
                for (const uint8_t v : l.chunk(op, i)) sum += v;
            }
            for (uint32_t b = 0; b < layer.bands; ++b) sum += l.band(layer, b, o).conv_rows;
        }
    }
    return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::vector<uint8_t> file(data, data + size);
    for (const bool repaired : {false, true}) {
        if (repaired) repair(file);
        try {
            const Loadable loadable = Loadable::parse(file, "fuzz");
            if (read_all(loadable) == 0) std::abort();  // names are not all empty, heights not 0
        } catch (const LoadableError&) {
        }
    }
    return 0;
}
