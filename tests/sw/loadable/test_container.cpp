// The file as a container: what was written is read back; what is damaged is refused.
#include <algorithm>
#include <cstring>
#include <fstream>

#include <unistd.h>
#include <zlib.h>
#include <boost/test/unit_test.hpp>

#include "sw/loadable/loadable.h"
#include "tests/sw/support/tiny_network.h"

using namespace karhunen;
using Bytes = std::vector<uint8_t>;

namespace {

std::string objection(Bytes file) {
    try {
        Loadable::parse(std::move(file), "net.kvn");
    } catch (const LoadableError& error) {
        return error.what();
    }
    return "";
}

bool mentions(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<krhn_section> sections_of(const Bytes& file) {
    krhn_header header;
    std::memcpy(&header, file.data(), sizeof header);
    std::vector<krhn_section> sections(header.sections);
    std::memcpy(sections.data(), &file[sizeof header], sections.size() * sizeof(krhn_section));
    return sections;
}

/// Puts changed header and section table in, with the right checksum.
void reseal(Bytes& file, krhn_header header, const std::vector<krhn_section>& sections) {
    header.crc32 = 0;
    std::memcpy(&file[sizeof header], sections.data(), sections.size() * sizeof(krhn_section));
    std::memcpy(file.data(), &header, sizeof header);
    header.crc32 = static_cast<uint32_t>(crc32(
        0, file.data(), static_cast<uInt>(sizeof header + sections.size() * sizeof(krhn_section))));
    std::memcpy(file.data(), &header, sizeof header);
}

krhn_header header_of(const Bytes& file) {
    krhn_header header;
    std::memcpy(&header, file.data(), sizeof header);
    return header;
}

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("karhunen-" + std::to_string(getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(container)

BOOST_AUTO_TEST_CASE(round_trip) {
    const TinyNetwork network(7, 3);
    const Folder folder;
    const auto path = folder.path / "net.kvn";
    network.writer().write(path, network.memory_bytes, network.batch);
    const Loadable l = Loadable::read(path);
    BOOST_TEST(l.header().batch == 3);
    BOOST_TEST(l.header().memory_bytes == network.memory_bytes);
    BOOST_TEST((Bytes(l.bytes().begin(), l.bytes().end()) == network.file()));
    const auto same = [](const auto& a, const auto& b) {
        BOOST_REQUIRE(a.size() == b.size());
        for (size_t i = 0; i < a.size(); ++i)
            BOOST_TEST(std::memcmp(&a[i], &b[i], sizeof a[i]) == 0);
    };
    same(l.tensors(), network.tensors);
    for (size_t i = 0; i < network.layers.size(); ++i) {
        krhn_layer layer = network.layers[i];
        layer.first_operation = l.layers()[i].first_operation;
        BOOST_TEST(std::memcmp(&l.layers()[i], &layer, sizeof layer) == 0);
        BOOST_TEST(std::memcmp(&l.operation(layer, 0), network.layers[i].operation,
                               layer.operations * sizeof(krhn_operation)) == 0);
    }
    BOOST_TEST(std::memcmp(&l.machine(), &network.machine, sizeof network.machine) == 0);
    BOOST_TEST(std::memcmp(&l.input(), &network.input, sizeof network.input) == 0);
    BOOST_TEST(l.input_tensor() == 0);
    BOOST_TEST(l.logits_tensor() == 6);
    BOOST_TEST(l.name(l.tensors()[3]) == "two");
    BOOST_TEST(l.name(l.layers()[4]) == "average");
    BOOST_TEST(l.table(l.tensors()[0]).empty());
    BOOST_TEST(l.table(l.tensors()[4]).size() == network.tensors[4].table_bytes);
    // Band 1 of layer "two"'s neighbour: operations x bands, band by band.
    BOOST_TEST(l.band(l.layers()[0], 1, 0).output_row == 2);
    BOOST_TEST(&l.band(l.layers()[2], 0, 1) == &l.band(l.layers()[2], 0, 0) + 1);
    // Chunks of 5, 5 and 2 channels: bias first.
    const krhn_operation& one = l.operation(l.layers()[1], 0);
    BOOST_TEST(one.chunks == 3);
    BOOST_TEST(l.chunk_channels(one, 1) == 5);
    BOOST_TEST(l.chunk_channels(one, 2) == 2);
    int32_t bias;
    std::memcpy(&bias, l.chunk(one, 2).data() + 4, 4);
    BOOST_TEST(bias == network.convolutions[1].bias[11]);
    Loadable moved = Loadable::read(path), other = Loadable::read(path);
    other = std::move(moved);
    BOOST_TEST(other.name(other.tensors()[3]) == "two");
}

BOOST_AUTO_TEST_CASE(writer_is_all_or_nothing) {
    const TinyNetwork network;
    const Folder folder;
    BOOST_CHECK_THROW(
        network.writer().write(folder.path / "no" / "net.kvn", network.memory_bytes, 1),
        LoadableError);
    const auto path = folder.path / "taken";
    std::filesystem::create_directories(path / "inside");  // a rename cannot replace it
    BOOST_CHECK_THROW(network.writer().write(path, network.memory_bytes, 1), LoadableError);
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);
    LoadableWriter writer = network.writer();
    BOOST_CHECK_THROW(writer.add(KRHN_SECTION_TABLES, {}), std::logic_error);
    BOOST_CHECK_THROW(writer.replace(KRHN_SECTION_TABLES, {}), std::logic_error);
    BOOST_CHECK_THROW(writer.finish(writer.bytes() - 1, 1), LoadableError);
    BOOST_CHECK_THROW(writer.finish(uint64_t{1} << 32, 1), LoadableError);
}

BOOST_AUTO_TEST_CASE(unreadable_files) {
    const Folder folder;
    for (const auto& path : {folder.path / "missing.kvn", folder.path}) {
        try {
            Loadable::read(path);
            BOOST_ERROR("accepted");
        } catch (const LoadableError& error) {
            BOOST_TEST(mentions(error.what(), path.string() + ": cannot be read"));
        }
    }
    std::ofstream(folder.path / "empty.kvn");
    BOOST_CHECK_THROW(Loadable::read(folder.path / "empty.kvn"), LoadableError);
}

BOOST_AUTO_TEST_CASE(truncated_at_every_boundary) {
    const Bytes file = TinyNetwork().file();
    std::vector<size_t> ends{0, 1, 63, 64, 65, 84, file.size() - 1};
    size_t last_end = 0;
    for (const krhn_section& s : sections_of(file)) {
        last_end = std::max<size_t>(last_end, s.offset + s.bytes);
        ends.push_back(s.offset);
        ends.push_back(s.offset + s.bytes - 1);
        if (s.offset + s.bytes < file.size()) ends.push_back(s.offset + s.bytes);
    }
    for (const size_t end : ends) {
        BOOST_TEST_CONTEXT("cut at " << end) {
            const Bytes cut(file.begin(), file.begin() + static_cast<int64_t>(end));
            const std::string text = objection(cut);
            BOOST_TEST(
                mentions(text, "net.kvn: header: size of the file is " + std::to_string(end)));
            // And with a header that claims that this is all there is.
            if (end < 64) continue;
            krhn_header header = header_of(file);
            header.bytes = static_cast<uint32_t>(end);
            const auto sections = sections_of(file);
            if (end < sizeof header + sections.size() * sizeof(krhn_section)) continue;
            Bytes resealed = cut;
            reseal(resealed, header, sections);
            const std::string expected =
                end < last_end ? "expected at most the size of the file" : "";  // mere padding
            BOOST_TEST(mentions(objection(resealed), expected));
            BOOST_TEST(objection(resealed).empty() == expected.empty());
        }
    }
    Bytes longer = file;
    longer.push_back(0);
    BOOST_TEST(mentions(objection(longer), "size of the file"));
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_noticed) {
    const Bytes file = TinyNetwork().file();
    BOOST_TEST(objection(file) == "");
    for (size_t byte = 0; byte < file.size(); ++byte)
        // Every bit of header and section table, one bit of each byte behind them.
        for (int bit = 0; bit < 8; ++bit) {
            if (byte >= 256 && bit != static_cast<int>(byte % 8)) continue;
            Bytes flipped = file;
            flipped[byte] ^= static_cast<uint8_t>(1 << bit);
            if (objection(flipped).empty())
                BOOST_ERROR("bit " << bit << " of byte " << byte << " flipped unnoticed");
        }
}

BOOST_AUTO_TEST_CASE(other_versions) {
    Bytes file = TinyNetwork().file();
    krhn_header header = header_of(file);
    header.minor = 9;  // fields at the end: readable
    reseal(file, header, sections_of(file));
    BOOST_TEST(objection(file) == "");
    header.major = 4;
    reseal(file, header, sections_of(file));
    BOOST_TEST(objection(file) ==
               "net.kvn: header: major version is 4, expected 3 (compile the network again)");
    header.magic = 0x464C457F;
    reseal(file, header, sections_of(file));
    BOOST_TEST(mentions(objection(file), "magic is 0x464C457F, expected 0x4E48524B (KRHN)"));
}

BOOST_AUTO_TEST_CASE(bad_section_tables) {
    const Bytes good = TinyNetwork().file();
    const auto with = [&](auto change) {
        Bytes file = good;
        krhn_header header = header_of(file);
        auto sections = sections_of(file);
        change(header, sections);
        reseal(file, header, sections);
        return objection(file);
    };
    using Sections = std::vector<krhn_section>;
    BOOST_TEST(mentions(with([](auto&, Sections& s) { s[1].offset += 4; }), "a multiple of 64"));
    BOOST_TEST(mentions(with([](auto&, Sections& s) { s[1].offset = s[0].offset; }), "offset"));
    BOOST_TEST(mentions(with([](auto&, Sections& s) { s[0].offset = 0; }), "offset is 0"));
    BOOST_TEST(mentions(with([](auto&, Sections& s) { s.back().offset = 0xFFFFFFC0; }), "end is"));
    BOOST_TEST(mentions(with([](auto&, Sections& s) { s[5].bytes = 0xFFFFFFFF; }), "end is"));
    BOOST_TEST(mentions(with([](auto&, Sections& s) { s[0].type = 77; }), "type is 77"));
    BOOST_TEST(mentions(with([](auto&, Sections& s) { s[0].type = s[1].type; }), "each type once"));
    BOOST_TEST(mentions(with([](auto&, Sections& s) { s[2].crc32 ^= 1; }), "LAYERS: crc32"));
    BOOST_TEST(
        mentions(with([](auto& h, auto&) { h.memory_bytes = h.bytes - 1; }), "memory_bytes"));
    BOOST_TEST(mentions(with([](auto& h, auto&) { h.batch = 0; }), "batch is 0"));
    Bytes file = good;
    krhn_header header = header_of(file);
    header.sections = 0xFFFFFFFF;  // 64 + 20 * 2^32 must not wrap
    std::memcpy(file.data(), &header, sizeof header);
    BOOST_TEST(mentions(objection(file), "sections is 4294967295"));
}

BOOST_AUTO_TEST_CASE(missing_sections) {
    const TinyNetwork network;
    for (const krhn_section& missing : sections_of(network.file())) {
        Bytes file = network.file();
        krhn_header header = header_of(file);
        auto sections = sections_of(file);
        std::erase_if(sections, [&](const auto& s) { return s.type == missing.type; });
        --header.sections;
        // Blank what is no longer a section, so that its absence is the only objection.
        std::memset(&file[sizeof header], 0, (sections.size() + 1) * sizeof(krhn_section));
        std::memset(&file[missing.offset], 0, missing.bytes);
        reseal(file, header, sections);
        BOOST_TEST_CONTEXT("section " << missing.type)
        if (missing.type == KRHN_SECTION_CHECKSUMS)
            BOOST_TEST(objection(file) == "");
        else
            BOOST_TEST(mentions(objection(file), "missing"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
