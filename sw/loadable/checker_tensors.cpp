// Machine, picture and stored maps.
#include <algorithm>

#include "sw/loadable/checker.h"

#include "models/arithmetic/format.h"

namespace karhunen {

namespace {

constexpr uint32_t most_streams = 12;                // KRHN_MAX_STREAMS of karhunen/dma.h
constexpr uint64_t most_values = uint64_t{1} << 28;  // of one map; keeps all sizes far from 2^64

}  // namespace

void LoadableChecker::check_machine_and_input() const {
    const FilePlace machine = section_place(KRHN_SECTION_MACHINE);
    const krhn_machine& m = *l_.machine_;
    machine.range("weight_bytes", m.weight_bytes, 1, UINT32_MAX);
    machine.range("activation_bytes", m.activation_bytes, 1, UINT32_MAX);
    machine.range("output_bytes", m.output_bytes, 1, UINT32_MAX);
    machine.range("residual_bytes", m.residual_bytes, 1, UINT32_MAX);
    machine.range("streams", m.streams, 1, most_streams);

    const FilePlace input = section_place(KRHN_SECTION_INPUT);
    const krhn_input& i = *l_.input_;
    input.range("crop", i.crop, 1, 65535);
    input.range("resize", i.resize, i.crop, 65535);
    for (const float v : i.mean)
        if (!(v >= 0 && v <= 1)) input.fail("mean", std::to_string(v), "0 to 1");
    for (const float v : i.std) input.positive("std", v);
    input.positive("scale", i.scale);
    input.range("classes", i.classes, 1, 65535);
    input.positive("logit_scale", i.logit_scale);
}

void LoadableChecker::check_tensors() {
    const FilePlace all = section_place(KRHN_SECTION_TENSORS);
    uint32_t inputs = 0, logits = 0;
    for (uint32_t i = 0; i < l_.tensors_.size(); ++i) {
        const krhn_tensor& t = l_.tensors_[i];
        FilePlace place{all.name + ", entry " + std::to_string(i)};
        place.name += " (" + string_at(place, t.name) + ")";
        check_tensor(t, place);
        check_storage(t, place);
        if (t.flags & KRHN_TENSOR_INPUT) {
            ++inputs, l_.input_tensor_ = i;
            place.equal("height", t.height, l_.input_->crop);
            place.equal("width", t.width, l_.input_->crop);
        }
        if (t.flags & KRHN_TENSOR_LOGITS) {
            ++logits, l_.logits_tensor_ = i;
            place.equal("stored_format", t.stored_format, KRHN_FORMAT_S32);
            place.equal("values", uint64_t{t.height} * t.width * t.channels, l_.input_->classes);
        }
    }
    all.equal("number of tensors with the input flag", inputs, 1);
    all.equal("number of tensors with the logits flag", logits, 1);
    check_overlaps();
}

void LoadableChecker::check_tensor(const krhn_tensor& t, const FilePlace& place) const {
    place.range("height", t.height, 1, 65535);
    place.range("width", t.width, 1, 65535);
    place.range("channels", t.channels, 1, 65535);
    place.range("values", uint64_t{t.height} * t.width * t.channels, 1, most_values);
    place.range("stored_format", t.stored_format, 0, KRHN_FORMAT_S32);
    place.range("decoded_format", t.decoded_format, 0, KRHN_FORMAT_S32);
    place.range("codec", t.codec, 0, KRHN_CODEC_CONTEXT);
    const bool lossless = t.codec >= KRHN_CODEC_ZVC && t.codec <= KRHN_CODEC_EBPC;
    if (lossless) place.range("stored_format", t.stored_format, KRHN_FORMAT_U8, KRHN_FORMAT_S8);
    if (lossless || t.codec == KRHN_CODEC_RAW) {
        place.equal("decoded_format", t.decoded_format, t.stored_format);
        place.equal("table_bytes", t.table_bytes, 0);
    }
    if (t.codec == KRHN_CODEC_VLC || t.codec == KRHN_CODEC_TRANSFORM) {
        place.range("stored_format", t.stored_format, KRHN_FORMAT_S8, KRHN_FORMAT_S12);
        const bool before_add =
            t.codec == KRHN_CODEC_TRANSFORM && t.decoded_format == KRHN_FORMAT_S12;
        place.require(before_add || t.decoded_format == KRHN_FORMAT_U8, "decoded_format",
                      t.decoded_format, "u8, or of transform s12");
        place.range("table_bytes", t.table_bytes, 1, UINT32_MAX);
    }
    if (t.codec == KRHN_CODEC_DCT_MASK) {
        place.equal("stored_format", t.stored_format, KRHN_FORMAT_U8);
        place.equal("decoded_format", t.decoded_format, KRHN_FORMAT_U8);
        place.range("table_bytes", t.table_bytes, 1, UINT32_MAX);
    }
    if (t.codec == KRHN_CODEC_CONTEXT) {
        place.require(t.stored_format == KRHN_FORMAT_U8 || t.stored_format == KRHN_FORMAT_S12,
                      "stored_format", t.stored_format, "u8 or s12");
        place.equal("decoded_format", t.decoded_format, KRHN_FORMAT_U8);
        place.range("table_bytes", t.table_bytes, 1, UINT32_MAX);
    }
    place.range("encoder_table_bytes", t.encoder_table_bytes, 0, t.table_bytes);
    place.range("streams", t.streams, 1, most_streams);
    if (t.codec == KRHN_CODEC_EBPC)
        place.require(t.streams % 2 == 0, "streams", t.streams, "an even number for ebpc");
    place.range("band_rows", t.band_rows, 1, t.height);
    place.equal("bands", t.bands, (t.height + t.band_rows - 1) / t.band_rows);
    place.require(t.flags <= (KRHN_TENSOR_INPUT | KRHN_TENSOR_LOGITS | KRHN_TENSOR_COUNTED),
                  "flags", t.flags, "known flags only");
    place.positive("scale", t.scale);
    place.positive("stored_scale", t.stored_scale);
    if (t.bits != 0) place.positive("bits", t.bits);
}

void LoadableChecker::check_storage(const krhn_tensor& t, const FilePlace& place) const {
    const krhn_header& h = *l_.header_;
    if (t.table_bytes > 0) {
        place.range("table_bytes", t.table_bytes, 1, l_.machine_->table_bytes);
        const auto found = sections_.find(KRHN_SECTION_TABLES);
        if (found == sections_.end()) place.fail("section TABLES", "missing", "present");
        const krhn_section& s = found->second;
        const uint64_t end = uint64_t{s.offset} + s.bytes;
        place.range("table_offset", t.table_offset, s.offset, end);
        place.range("end of table", uint64_t{t.table_offset} + t.table_bytes, s.offset, end);
    }
    place.aligned("slots_offset", t.slots_offset);
    place.aligned("slot_stride", t.slot_stride);
    place.aligned("slots_bytes", t.slots_bytes);
    place.aligned("entries_offset", t.entries_offset);
    place.range("stream_stride", t.stream_stride, 1, t.slot_stride / t.streams);
    place.range("slots_bytes", t.slots_bytes, uint64_t{t.slot_stride} * t.bands, UINT32_MAX);
    place.range("slots_offset", t.slots_offset, h.bytes, h.memory_bytes);
    place.range("end of slots", t.slots_offset + uint64_t{h.batch} * t.slots_bytes, h.bytes,
                h.memory_bytes);
    place.range("entries_offset", t.entries_offset, h.bytes, h.memory_bytes);
    place.range("end of entries", t.entries_offset + uint64_t{h.batch} * t.bands * 64, h.bytes,
                h.memory_bytes);
}

/// Every map has its own slots and entries.
void LoadableChecker::check_overlaps() const {
    struct Region {
        uint64_t begin, end;
        uint32_t tensor;
    };
    std::vector<Region> regions;
    const uint64_t batch = l_.header_->batch;
    for (uint32_t i = 0; i < l_.tensors_.size(); ++i) {
        const krhn_tensor& t = l_.tensors_[i];
        regions.push_back({t.slots_offset, t.slots_offset + batch * t.slots_bytes, i});
        regions.push_back({t.entries_offset, t.entries_offset + batch * t.bands * 64, i});
    }
    std::ranges::sort(regions, {}, &Region::begin);
    for (size_t i = 1; i < regions.size(); ++i)
        section_place(KRHN_SECTION_TENSORS)
            .require(regions[i].begin >= regions[i - 1].end,
                     "begin of the memory of entry " + std::to_string(regions[i].tensor),
                     regions[i].begin,
                     std::to_string(regions[i - 1].end) + " at least, the end of entry " +
                         std::to_string(regions[i - 1].tensor));
}

}  // namespace karhunen
