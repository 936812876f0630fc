// A recording as a file: magic, lists that begin with their counts, CRC-32 of all before it; little
// endian.
#include <algorithm>
#include <bit>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

#include <karhunen/dma.h>
#include <zlib.h>

#include "models/codec/blob.h"
#include "platform/files.h"
#include "platform/recording.h"

namespace karhunen {

namespace {

constexpr std::string_view magic = "KRHNREC1";

uint32_t crc_of(std::span<const uint8_t> bytes) {
    return static_cast<uint32_t>(crc32_z(crc32_z(0, nullptr, 0), bytes.data(), bytes.size()));
}

template <typename T>
void put_list(BlobWriter& out, const std::vector<T>& values) {
    out.put(static_cast<uint32_t>(values.size()));
    out.put(values);
}

template <typename T>
std::vector<T> get_list(BlobReader& in) {
    return in.get<T>(in.get<uint32_t>());
}

void put_text(BlobWriter& out, const std::string& text) {
    put_list(out, std::vector<char>(text.begin(), text.end()));
}

std::string get_text(BlobReader& in) {
    const auto text = get_list<char>(in);
    return {text.begin(), text.end()};
}

void put_band(BlobWriter& out, const BandRecord& r) {
    for (const uint32_t v : {r.tag, r.codec, r.format, r.rows, r.width, r.channels, r.streams})
        out.put(v);
    put_list(out, r.row_bytes);
    put_list(out, r.row_clocks);
    out.put(r.code_bits);
    out.put(std::bit_cast<uint64_t>(r.entropy_bits));
    out.put(static_cast<uint32_t>(r.bytes.size()));
    for (const std::vector<uint8_t>& stream : r.bytes) put_list(out, stream);
}

bool is_consistent(const BandRecord& r) {
    if (r.streams > KRHN_MAX_STREAMS || r.row_bytes.size() != uint64_t{r.rows} * r.streams)
        return false;
    if (!r.row_clocks.empty() && r.row_clocks.size() != r.rows) return false;
    if (r.bytes.empty()) return true;
    std::vector<uint64_t> sizes(r.streams);
    for (size_t i = 0; i < r.row_bytes.size(); ++i) sizes[i % r.streams] += r.row_bytes[i];
    return std::ranges::equal(r.bytes, sizes, {}, &std::vector<uint8_t>::size);
}

BandRecord get_band(BlobReader& in) {
    BandRecord r;
    for (uint32_t* v : {&r.tag, &r.codec, &r.format, &r.rows, &r.width, &r.channels, &r.streams})
        *v = in.get<uint32_t>();
    r.row_bytes = get_list<uint32_t>(in);
    r.row_clocks = get_list<uint64_t>(in);
    r.code_bits = in.get<uint64_t>();
    r.entropy_bits = std::bit_cast<double>(in.get<uint64_t>());
    for (uint32_t left = in.get<uint32_t>(); left > 0; --left)
        r.bytes.push_back(get_list<uint8_t>(in));
    if (!is_consistent(r)) throw CodecError("a band's lists do not fit its shape");
    return r;
}

void put_log(BlobWriter& out, const BandLog& log) {
    out.put(static_cast<uint32_t>(log.size()));
    for (const BandRecord& record : log) put_band(out, record);
}

BandLog get_log(BlobReader& in) {
    BandLog log;
    for (uint32_t left = in.get<uint32_t>(); left > 0; --left) log.push_back(get_band(in));
    return log;
}

Recording get_recording(BlobReader& in) {
    Recording r;
    r.loadable_crc32 = in.get<uint32_t>();
    r.firmware_crc32 = in.get<uint32_t>();
    r.image = get_text(in);
    for (uint32_t left = in.get<uint32_t>(); left > 0; --left) r.shown.push_back(get_text(in));
    for (uint32_t images = in.get<uint32_t>(); images > 0; --images) {
        InputSizes& sizes = r.inputs.emplace_back();
        for (uint32_t bands = in.get<uint32_t>(); bands > 0; --bands)
            sizes.push_back(get_list<uint32_t>(in));
    }
    for (BandLog* log : {&r.input_decoder, &r.residual_decoder, &r.encoder}) *log = get_log(in);
    in.expect_end();
    return r;
}

}  // namespace

std::vector<uint8_t> Recording::bytes() const {
    BlobWriter out;
    for (const char c : magic) out.put(c);
    out.put(loadable_crc32);
    out.put(firmware_crc32);
    put_text(out, image);
    out.put(static_cast<uint32_t>(shown.size()));
    for (const std::string& name : shown) put_text(out, name);
    out.put(images());
    for (const InputSizes& sizes : inputs) {
        out.put(static_cast<uint32_t>(sizes.size()));
        for (const std::vector<uint32_t>& band : sizes) put_list(out, band);
    }
    for (const BandLog* log : {&input_decoder, &residual_decoder, &encoder}) put_log(out, *log);
    std::vector<uint8_t> all = out.take();
    const uint32_t crc = crc_of(all);
    for (unsigned i = 0; i < 4; ++i) all.push_back(static_cast<uint8_t>(crc >> 8 * i));
    return all;
}

Recording Recording::parse(std::span<const uint8_t> bytes, const std::string& name) {
    const auto fail = [&](const std::string& why) {
        throw std::runtime_error(name + ": " + why + "; make it with `karhunen run --record`");
    };
    constexpr size_t crc_bytes = 4;
    if (bytes.size() < magic.size() + crc_bytes ||
        !std::equal(magic.begin(), magic.end(), bytes.begin()))
        fail("is no recording of this version");
    const auto body = bytes.first(bytes.size() - crc_bytes);
    BlobReader in(body.subspan(magic.size())), end(bytes.last(crc_bytes));
    if (end.get<uint32_t>() != crc_of(body)) fail("is damaged: its checksum is wrong");
    try {
        return get_recording(in);
    } catch (const CodecError&) {
        fail("is damaged: its lists do not fit its length");
    }
    return {};
}

Recording Recording::read(const std::filesystem::path& path) {
    check_readable(path);
    std::ifstream file(path, std::ios::binary);
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    return parse(bytes, path.string());
}

void Recording::write(const std::filesystem::path& path) const {
    write_file(path, bytes());
}

}  // namespace karhunen
