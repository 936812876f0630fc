#include "models/codec/context.h"

#include <karhunen/loadable.h>

#include "models/arithmetic/requantise.h"
#include "models/codec/blob.h"
#include "models/codec/context_band.h"
#include "models/codec/symbol_codec.h"

namespace karhunen {

ContextTables::ContextTables(const ContextParameters& p)
    : table_of(p.table_of),
      block(1u << p.log2_block),
      model(p),
      encoder(p.tables),
      decoder(p.tables, p.table_of) {
    for (int x = -2048; x < 2048; ++x)
        quantised.push_back(static_cast<uint8_t>(
            saturate(scale_and_round(int64_t{x} * p.forward, p.forward_shift), 0, 255)));
    for (size_t q = 0; q < decoded.size(); ++q)
        decoded[q] = static_cast<int16_t>(saturate(
            scale_and_round(static_cast<int64_t>(q) * p.inverse, p.inverse_shift), 0, 255));
}

void quantise(const ContextTables& tables, std::span<const int16_t> row, uint8_t* quantised) {
    for (const int16_t x : row)
        *quantised++ = tables.quantised[static_cast<size_t>(saturate(x, -2048, 2047) + 2048)];
}

namespace {

constexpr uint8_t blob_version = 1;
constexpr uint8_t shared_flag = 0x80;
constexpr uint32_t map_bits = 5;

/// Fields of a few bits, from the least significant on.
class Packer {
public:
    void put(uint32_t value, uint32_t bits) {
        pending_ |= value << pending_bits_;
        for (pending_bits_ += bits; pending_bits_ >= 8; pending_bits_ -= 8, pending_ >>= 8)
            bytes_.push_back(static_cast<uint8_t>(pending_));
    }
    std::vector<uint8_t> take() {
        if (pending_bits_ > 0) bytes_.push_back(static_cast<uint8_t>(pending_));
        return std::move(bytes_);
    }

private:
    std::vector<uint8_t> bytes_;
    uint32_t pending_ = 0, pending_bits_ = 0;
};

uint32_t field(std::span<const uint8_t> bytes, size_t at, uint32_t bits) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < bits; ++i)
        value |= (uint32_t{bytes[(at + i) / 8]} >> (at + i) % 8 & 1) << i;
    return value;
}

void check(const ContextParameters& p) {
    const auto need = [](bool good, const char* what) {
        if (!good) throw CodecError(std::string("context: ") + what);
    };
    need(p.channels >= 1 && p.channels <= context_max_channels, "1 to 2048 channels");
    need(p.forward >= 0 && p.inverse >= 0 && p.forward_shift <= 62 && p.inverse_shift <= 62,
         "multiplier or shift out of range");
    need(p.log2_block >= 6 && p.log2_block <= 16, "blocks have 2^6 to 2^16 values");
    need(!p.tables.empty() && p.tables.size() <= context_max_tables, "1 to 32 tables");
    need(p.weights.size() == (p.shared_weights ? 4 : size_t{4} * p.channels) &&
             p.bias.size() == p.channels && p.deviation.size() == p.channels,
         "parameters do not fit the channels");
    for (const uint8_t s : p.deviation) need(s < 16, "class out of range");
    for (const uint8_t t : p.table_of) need(t < p.tables.size(), "there is no such table");
    for (const TokenFrequencies& table : p.tables) {
        uint32_t sum = 0;
        for (const uint16_t f : table) {
            need(f >= 1 && f < 1 << rans_precision, "frequency out of range");
            sum += f;
        }
        need(sum == 1 << rans_precision, "frequencies do not add up");
    }
}

class ContextCodec : public Codec {
public:
    ContextCodec(const ContextParameters& p, Format stored)
        : tables_(p), stored_(stored), lossless_(stored == Format::u8) {
        for (size_t q = 0; q < 256; ++q)
            lossless_ = lossless_ && tables_.quantised[q + 2048] == q &&
                        tables_.decoded[q] == static_cast<int16_t>(q);
        if (stored == Format::u8 && !lossless_) stored_ = Format::s12;
    }

    std::unique_ptr<BandEncoder> encoder(const BandShape& shape, uint32_t streams) const override {
        check(shape, streams);
        return make_context_encoder(tables_, shape, streams);
    }
    std::unique_ptr<BandDecoder> decoder(const BandShape& shape, uint32_t streams) const override {
        check(shape, streams);
        return make_context_decoder(tables_, shape, streams);
    }
    Format stored_format() const override { return stored_; }
    Format decoded_format() const override { return Format::u8; }
    bool lossless() const override { return lossless_; }

    uint64_t worst_case_bytes(const BandShape& shape, uint32_t streams) const override {
        check_band(shape, streams);
        const uint64_t values = coder_clocks(shape, streams);
        return 2 * values + 8 * ((values + tables_.block - 1) / tables_.block);
    }
    CodecTiming encode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware&) const override {
        return {coder_clocks(row, streams), model_latency + tables_.block + coder_latency};
    }
    CodecTiming decode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware&) const override {
        const uint64_t pixels = uint64_t{row.rows} * row.width;
        return {std::max(coder_clocks(row, streams), pixels * model_latency),
                model_latency + coder_latency};
    }
    double entropy_bits(std::span<const int16_t> row) const override {
        const uint32_t channels = tables_.model.channels();
        if (row.size() % channels != 0) throw CodecError("context: a row of the wrong length");
        const auto coder = make_context_encoder(
            tables_, {1, static_cast<uint32_t>(row.size() / channels), channels}, 1);
        coder->encode_row(row);
        return coder->entropy_bits();
    }
    std::vector<int16_t> symbols(std::span<const int16_t> row) const override {
        std::vector<uint8_t> quantised(row.size());
        quantise(tables_, row, quantised.data());
        return {quantised.begin(), quantised.end()};
    }

private:
    /// From the left neighbour to the table of a value.
    static constexpr uint64_t model_latency = 12;

    void check(const BandShape& shape, uint32_t streams) const {
        check_band(shape, streams);
        if (shape.channels != tables_.model.channels())
            throw CodecError("context: parameters for " + std::to_string(tables_.model.channels()) +
                             " channels, not " + std::to_string(shape.channels));
    }

    ContextTables tables_;
    Format stored_;
    bool lossless_;
};

}  // namespace

std::vector<uint8_t> context_blob(const ContextParameters& p) {
    check(p);
    BlobWriter out;
    out.put(static_cast<uint8_t>(KRHN_CODEC_CONTEXT));
    out.put(blob_version);
    out.put(static_cast<uint16_t>(p.channels));
    out.put(p.forward);
    out.put(p.inverse);
    out.put(p.forward_shift);
    out.put(p.inverse_shift);
    out.put(p.log2_block);
    out.put(static_cast<uint8_t>(p.tables.size() | (p.shared_weights ? shared_flag : 0)));
    out.put(p.weights);
    out.put(p.bias);
    out.put(p.deviation);
    Packer map, tables;
    for (const uint8_t t : p.table_of) map.put(t, map_bits);
    for (const TokenFrequencies& table : p.tables)
        for (const uint16_t f : table) tables.put(f, rans_precision);
    out.put(map.take());
    out.put(tables.take());
    return out.take();
}

std::unique_ptr<Codec> make_context_codec(const ContextParameters& p, Format stored) {
    if (stored != Format::u8 && stored != Format::s8 && stored != Format::s12)
        throw CodecError("context codes maps of 8 or 12 bits");
    check(p);
    return std::make_unique<ContextCodec>(p, stored);
}

std::unique_ptr<Codec> make_context_codec(std::span<const uint8_t> blob, Format stored) {
    BlobReader in(blob);
    if (in.get<uint8_t>() != KRHN_CODEC_CONTEXT || in.get<uint8_t>() != blob_version)
        throw CodecError("not parameters of context, version 1");
    ContextParameters p;
    p.channels = in.get<uint16_t>();
    p.forward = in.get<int32_t>();
    p.inverse = in.get<int32_t>();
    p.forward_shift = in.get<uint8_t>();
    p.inverse_shift = in.get<uint8_t>();
    p.log2_block = in.get<uint8_t>();
    const auto tables = in.get<uint8_t>();
    p.shared_weights = (tables & shared_flag) != 0;
    p.weights = in.get<int8_t>(p.shared_weights ? 4 : 4 * p.channels);
    p.bias = in.get<int16_t>(p.channels);
    p.deviation = in.get<uint8_t>(p.channels);
    const auto map = in.bytes(context_count * map_bits / 8);
    for (size_t i = 0; i < context_count; ++i)
        p.table_of[i] = static_cast<uint8_t>(field(map, i * map_bits, map_bits));
    p.tables.resize(tables & ~shared_flag);
    const size_t bits = p.tables.size() * rans_tokens * rans_precision;
    const auto frequencies = in.bytes((bits + 7) / 8);
    in.expect_end();
    size_t at = 0;
    for (TokenFrequencies& table : p.tables)
        for (uint16_t& f : table) {
            f = static_cast<uint16_t>(field(frequencies, at, rans_precision));
            at += rans_precision;
        }
    if (field(frequencies, bits, static_cast<uint32_t>(frequencies.size() * 8 - bits)) != 0)
        throw CodecError("context: the padding of the tables is not zero");
    return make_context_codec(p, stored);
}

}  // namespace karhunen
