#include "platform/checker.h"

#include <algorithm>

namespace karhunen {

Checker::Checker(const Loadable& loadable, std::span<const std::vector<StoredTensor>> golden,
                 std::span<const uint8_t> memory)
    : loadable_(loadable),
      golden_(golden),
      memory_(memory),
      bands_(loadable, static_cast<uint32_t>(golden.size())) {}

std::string Checker::name(const Place& p) const {
    const krhn_tensor& tensor = loadable_.tensors()[p.tensor];
    std::string text = "tensor " + std::string(loadable_.name(tensor)) + ", ";
    if (golden_.size() > 1) text += "image " + std::to_string(p.image) + ", ";
    return text + "band " + std::to_string(p.band) + " of " + std::to_string(tensor.bands);
}

const StoredBand& Checker::expected(const Place& p) const {
    return golden_[p.image][p.tensor].bands[p.band];
}

namespace {

bool is_same(const BandPlace& a, const std::optional<BandPlace>& b) {
    return b && a.tensor == b->tensor && a.image == b->image && a.band == b->band;
}

}  // namespace

void Checker::report(const Place& place, const std::string& what) {
    for (const Difference& d : differences_)
        if (is_same(place, d.place)) return;
    differences_.push_back({place, name(place) + what, stores_});
}

void Checker::report_nowhere(const std::string& what, uint64_t offset) {
    differences_.push_back({std::nullopt, what + std::to_string(offset), stores_});
}

void Checker::on_stored(uint64_t offset, const krhn_tile_entry& entry) {
    const std::optional<Place> found = bands_.of_entry(offset);
    if (!found) {
        return report_nowhere("a tile table entry was written where none belongs, at DDR offset ",
                              offset);
    }
    const Place& place = *found;
    ++stores_;
    const auto [stored, is_first] = stored_.insert({offset, 0});
    if (!is_first) {
        stored->second = stores_;
        std::erase_if(differences_, [&](const Difference& d) { return is_same(place, d.place); });
    }
    if (!compare(place, "as stored")) return;
    const StoredBand& band = expected(place);
    const krhn_tensor& tensor = loadable_.tensors()[place.tensor];
    bool same = entry.crc32 == band.crc32 && entry.n_streams == band.streams.size() &&
                entry.offset == slot_offset(tensor, place.image, place.band);
    for (size_t s = 0; same && s < band.streams.size(); ++s)
        same = entry.bytes[s] == band.streams[s].size();
    if (!same) report(place, ": the streams are equal, but the tile table entry is not");
}

void Checker::on_load(uint64_t offset) {
    const std::optional<Place> found = bands_.of_slot(offset);
    if (found)
        compare(*found, "as loaded");
    else
        report_nowhere("a band is loaded where none begins, from DDR offset ", offset);
}

bool Checker::compare(const Place& place, const char* when) {
    ++checked_;
    const krhn_tensor& tensor = loadable_.tensors()[place.tensor];
    const StoredBand& band = expected(place);
    uint64_t offset = slot_offset(tensor, place.image, place.band);
    for (const std::vector<uint8_t>& stream : band.streams) {
        if (!std::equal(stream.begin(), stream.end(), memory_.begin() + offset)) {
            report(place, std::string(", ") + when + ": " + explain(place));
            return false;
        }
        offset += tensor.stream_stride;
    }
    return true;
}

std::string Checker::explain(const Place& place) const {
    const krhn_tensor& tensor = loadable_.tensors()[place.tensor];
    const StoredTensor& golden = golden_[place.image][place.tensor];
    const uint64_t slot = slot_offset(tensor, place.image, place.band);
    std::vector<std::vector<uint8_t>> streams;
    for (size_t s = 0; s < golden.bands[place.band].streams.size(); ++s) {
        const uint8_t* first = memory_.data() + slot + s * tensor.stream_stride;
        streams.emplace_back(first, first + golden.bands[place.band].streams[s].size());
    }
    const uint32_t first_row = place.band * tensor.band_rows;
    const BandShape shape = band_shape(tensor, place.band);
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

/// Firmware that noticed it runs the batch once more, and the maps of then are compared.
void Checker::forget_what_was_made_again() {
    uint64_t earliest = UINT64_MAX;
    for (const Place& place : bands_.produced()) {
        const krhn_tensor& tensor = loadable_.tensors()[place.tensor];
        const auto stored = stored_.find(entry_offset(tensor, place.image, place.band));
        earliest = std::min(earliest, stored == stored_.end() ? 0 : stored->second);
    }
    std::erase_if(differences_,
                  [&](const Difference& d) { return !d.place && d.stores < earliest; });
}

void Checker::finish() {
    forget_what_was_made_again();
    for (const Place& place : bands_.produced()) {
        const krhn_tensor& tensor = loadable_.tensors()[place.tensor];
        if (stored_.count(entry_offset(tensor, place.image, place.band))) continue;
        // Differences of tensors made from it follow from that.
        std::string missing = name(place) + ": never stored";
        if (differences_.empty())
            differences_.push_back({place, missing, stores_});
        else if (!differences_.front().place || place.tensor < differences_.front().place->tensor)
            differences_.insert(differences_.begin(),
                                {place, missing + "; and then: " + differences_.front().text,
                                 differences_.front().stores});
        return;
    }
}

}  // namespace karhunen
