#include "platform/checker.h"

#include <algorithm>
#include <cstring>

namespace karhunen {

Checker::Checker(const Loadable& loadable, std::span<const std::vector<StoredTensor>> golden,
                 std::span<const uint8_t> memory)
    : loadable_(loadable), golden_(golden), memory_(memory) {
    for (uint32_t t = 0; t < loadable.tensors().size(); ++t) {
        const krhn_tensor& tensor = loadable.tensors()[t];
        for (uint32_t image = 0; image < golden.size(); ++image) {
            for (uint32_t band = 0; band < tensor.bands; ++band) {
                const uint64_t slot = tensor.slots_offset + uint64_t{image} * tensor.slots_bytes +
                                      uint64_t{band} * tensor.slot_stride;
                by_slot_[slot] = {t, image, band};
                if (tensor.flags & KRHN_TENSOR_INPUT) continue;
                const uint64_t index = uint64_t{image} * tensor.bands + band;
                by_entry_[tensor.entries_offset + index * sizeof(krhn_tile_entry)] = {t, image,
                                                                                      band};
            }
        }
    }
    for (const auto& [entry, place] : by_entry_) order_.emplace(entry, order_.size());
    stored_.resize(order_.size());
}

std::string Checker::name(const Place& p) const {
    const krhn_tensor& tensor = loadable_.tensors()[p.tensor];
    std::string text = "tensor " + std::string(loadable_.name(tensor)) + ", ";
    if (golden_.size() > 1) text += "image " + std::to_string(p.image) + ", ";
    return text + "band " + std::to_string(p.band) + " of " + std::to_string(tensor.bands);
}

const StoredBand& Checker::expected(const Place& p) const {
    return golden_[p.image][p.tensor].bands[p.band];
}

void Checker::report(const std::string& what) {
    if (difference_.empty()) difference_ = what;
}

void Checker::on_stored(uint64_t entry_offset, const krhn_tile_entry& entry) {
    const auto found = by_entry_.find(entry_offset);
    if (found == by_entry_.end()) {
        report("a tile table entry was written at DDR offset " + std::to_string(entry_offset) +
               ", where none belongs");
        return;
    }
    const Place& place = found->second;
    stored_[order_.at(entry_offset)] = true;
    compare(place, "as stored");
    const StoredBand& band = expected(place);
    const krhn_tensor& tensor = loadable_.tensors()[place.tensor];
    bool same = entry.crc32 == band.crc32 && entry.n_streams == band.streams.size() &&
                entry.offset == tensor.slots_offset + place.image * tensor.slots_bytes +
                                    place.band * tensor.slot_stride;
    for (size_t s = 0; same && s < band.streams.size(); ++s)
        same = entry.bytes[s] == band.streams[s].size();
    if (!same) report(name(place) + ": the streams are equal, but the tile table entry is not");
}

void Checker::on_load(uint64_t slot_offset) {
    const auto found = by_slot_.find(slot_offset);
    if (found == by_slot_.end())
        report("a band is loaded from DDR offset " + std::to_string(slot_offset) +
               ", where none begins");
    else
        compare(found->second, "as loaded");
}

void Checker::compare(const Place& place, const char* when) {
    ++checked_;
    const krhn_tensor& tensor = loadable_.tensors()[place.tensor];
    const StoredBand& band = expected(place);
    uint64_t offset = tensor.slots_offset + uint64_t{place.image} * tensor.slots_bytes +
                      uint64_t{place.band} * tensor.slot_stride;
    for (const std::vector<uint8_t>& stream : band.streams) {
        if (!std::equal(stream.begin(), stream.end(), memory_.begin() + offset)) {
            report(name(place) + ", " + when + ": " + explain(place));
            return;
        }
        offset += tensor.stream_stride;
    }
}

std::string Checker::explain(const Place& place) const {
    const krhn_tensor& tensor = loadable_.tensors()[place.tensor];
    const StoredTensor& golden = golden_[place.image][place.tensor];
    const uint64_t slot = tensor.slots_offset + uint64_t{place.image} * tensor.slots_bytes +
                          uint64_t{place.band} * tensor.slot_stride;
    std::vector<std::vector<uint8_t>> streams;
    for (size_t s = 0; s < golden.bands[place.band].streams.size(); ++s) {
        const uint8_t* first = memory_.data() + slot + s * tensor.stream_stride;
        streams.emplace_back(first, first + golden.bands[place.band].streams[s].size());
    }
    const uint32_t first_row = place.band * tensor.band_rows;
    const BandShape shape{std::min(tensor.band_rows, tensor.height - first_row), tensor.width,
                          tensor.channels};
    const Format format = static_cast<Format>(tensor.decoded_format);
    try {
        const auto codec = make_codec(tensor.codec, loadable_.table(tensor), format);
        const std::vector<int16_t> actual = decode_band(*codec, shape, streams);
        const int16_t* wanted = golden.decoded.data() + uint64_t{first_row} * shape.width *
                                                            shape.channels * words_of(format);
        for (size_t i = 0; i < actual.size(); ++i) {
            if (actual[i] == wanted[i]) continue;
            const size_t value = i / words_of(format);
            const size_t pixel = value / shape.channels;
            return "channel " + std::to_string(value % shape.channels) + ", row " +
                   std::to_string(first_row + pixel / shape.width) + ", column " +
                   std::to_string(pixel % shape.width) + ": expected " + std::to_string(wanted[i]) +
                   ", actual " + std::to_string(actual[i]);
        }
    } catch (const CodecError& e) {
        return std::string("the streams differ and do not decode: ") + e.what();
    }
    return "the streams differ, though they decode to the same values";
}

void Checker::finish() {
    for (const auto& [entry, place] : by_entry_)
        if (!stored_[order_.at(entry)]) report(name(place) + ": never stored");
}

}  // namespace karhunen
