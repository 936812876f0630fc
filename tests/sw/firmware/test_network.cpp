// What the firmware refuses, and that it names the reason.
#include <cstring>
#include <functional>
#include <string>

#include <zlib.h>
#include <boost/test/unit_test.hpp>

#include "tests/sw/firmware/random_case.h"

using namespace karhunen;

namespace {

krhn_section* section(std::vector<uint8_t>& file, uint32_t type) {
    auto* header = reinterpret_cast<krhn_header*>(file.data());
    auto* sections = reinterpret_cast<krhn_section*>(header + 1);
    for (uint32_t i = 0; i < header->sections; ++i)
        if (sections[i].type == type) return &sections[i];
    BOOST_FAIL("no section " << type);
    return nullptr;
}

template <typename T>
T* entries(std::vector<uint8_t>& file, uint32_t type) {
    return reinterpret_cast<T*>(&file[section(file, type)->offset]);
}

krhn_operation* operations(std::vector<uint8_t>& file, const krhn_layer& layer) {
    return entries<krhn_operation>(file, KRHN_SECTION_OPERATIONS) + layer.first_operation;
}

/// Makes every checksum right again, by zlib.
void seal(std::vector<uint8_t>& file) {
    auto* header = reinterpret_cast<krhn_header*>(file.data());
    auto* sections = reinterpret_cast<krhn_section*>(header + 1);
    for (uint32_t i = 0; i < header->sections; ++i)
        sections[i].crc32 =
            static_cast<uint32_t>(crc32_z(0, &file[sections[i].offset], sections[i].bytes));
    header->crc32 = 0;
    header->crc32 = static_cast<uint32_t>(
        crc32_z(0, file.data(), sizeof *header + header->sections * sizeof *sections));
}

/// The reason, or "" if the firmware takes the loadable.
std::string reason(const std::function<void(std::vector<uint8_t>&)>& change, uint32_t images = 2,
                   uint32_t sums_percent = 0) {
    std::vector<uint8_t> file =
        RandomCase::file(7, {.layers = 12, .batch = 2, .sums_percent = sums_percent});
    const Loadable loadable = Loadable::parse(file, "good");
    change(file);
    file.resize(loadable.header().memory_bytes);
    Machine machine(loadable.machine(), std::move(file));
    refusal why{};
    return open_network(machine, images, why) ? "" : why.reason;
}

}  // namespace

BOOST_AUTO_TEST_CASE(takes_a_good_loadable) {
    BOOST_TEST(reason([](auto&) {}) == "");
    BOOST_TEST(reason(seal) == "");
}

BOOST_AUTO_TEST_CASE(refuses_every_flipped_bit_that_it_relies_on) {
    const std::vector<uint8_t> good = RandomCase::file(7, {.layers = 12, .batch = 2});
    std::vector<uint8_t> file = good;
    std::mt19937 random(1);
    std::vector<std::pair<uint32_t, uint32_t>> parts{
        {0, sizeof(krhn_header) + 9 * sizeof(krhn_section)}};
    for (uint32_t type : {KRHN_SECTION_MACHINE, KRHN_SECTION_TENSORS, KRHN_SECTION_LAYERS,
                          KRHN_SECTION_OPERATIONS, KRHN_SECTION_TILING})
        parts.push_back({section(file, type)->offset, section(file, type)->bytes});
    for (const auto& [offset, bytes] : parts)
        for (int i = 0; i < 200; ++i) {
            const uint32_t at = offset + random() % bytes, bit = random() % 8;
            BOOST_TEST_CONTEXT("byte " << at << " bit " << bit)
            BOOST_TEST(reason([&](auto& f) { f[at] ^= uint8_t(1 << bit); }) != "");
        }
}

BOOST_AUTO_TEST_CASE(names_the_reason) {
    BOOST_TEST(reason([](auto& f) { f[0] = 'X'; }) == "no loadable in DDR: magic number");
    BOOST_TEST(reason([](auto& f) { f[4] = 1; }) == "version of the loadable");
    BOOST_TEST(reason([](auto& f) { f[100] ^= 1; }) == "checksum of the header");
    BOOST_TEST(reason([](auto&) {}, 3) == "images (at most)");
    BOOST_TEST(reason([](auto&) {}, 0) == "images (at most)");
    BOOST_TEST(reason([](auto& f) {
                   entries<krhn_machine>(f, KRHN_SECTION_MACHINE)->residual_bytes += 64;
                   seal(f);
               }) == "made for a larger machine: bytes of the residual buffer");
    BOOST_TEST(reason([](auto& f) {
                   section(f, KRHN_SECTION_TILING)->type = 99;
                   seal(f);
               }) == "missing section");
    BOOST_TEST(reason([](auto& f) {
                   section(f, KRHN_SECTION_LAYERS)->offset = 0xFFFFFFF0;
                   reinterpret_cast<krhn_header*>(f.data())->crc32 = 0;
                   auto* h = reinterpret_cast<krhn_header*>(f.data());
                   h->crc32 = static_cast<uint32_t>(
                       crc32_z(0, f.data(), sizeof *h + h->sections * sizeof(krhn_section)));
               }) == "bytes of section");
}

/// By the reader of loadables, too.
BOOST_AUTO_TEST_CASE(refuses_sums_that_are_none) {
    const auto with_sum = [](auto&& change) {
        return reason(
            [&](auto& f) {
                krhn_layer* l = entries<krhn_layer>(f, KRHN_SECTION_LAYERS);
                while (l->operations < 3) ++l;
                const uint32_t last = l->operations - 1;
                krhn_operation* op = operations(f, *l);
                BOOST_TEST_REQUIRE(op[last].input == KRHN_NONE);
                change(*l, op, last);
                seal(f);
                try {
                    Loadable::parse(f, "changed");
                    BOOST_ERROR("the reader takes it");
                } catch (const LoadableError&) {
                }
            },
            2, 100);
    };
    const std::string no_sum = "residual rows of layer";
    BOOST_TEST(with_sum([](auto& l, auto*, uint32_t) { l.residual = KRHN_NONE; }) == no_sum);
    BOOST_TEST(with_sum([](auto&, auto* op, uint32_t) { op[0].post_flags = 0; }) == no_sum);
    BOOST_TEST(with_sum([](auto&, auto* op, uint32_t) { op[0].conv_height -= 1; }) == no_sum);
    BOOST_TEST(with_sum([](auto&, auto* op, uint32_t) { op[0].residual_region = 1; }) == no_sum);
    BOOST_TEST(with_sum([](auto&, auto* op, uint32_t) { op[0].result_region = 0; }) == no_sum);
    BOOST_TEST(with_sum([](auto&, auto* op, uint32_t) { op[1].region = 0; }) == no_sum);
    BOOST_TEST(with_sum([](auto&, auto* op, uint32_t last) { op[last].region = 0; }) == no_sum);
    BOOST_TEST(with_sum([](auto&, auto* op, uint32_t last) {
                   op[last].post_flags |= KRHN_POST_RESIDUAL;
               }) == no_sum);
    BOOST_TEST(with_sum([](auto&, auto* op, uint32_t last) {
                   op[last - 1].post_flags ^= KRHN_POST_TO_INPUT | KRHN_POST_TO_RESIDUAL;
               }) == no_sum);
    BOOST_TEST(with_sum([](auto&, auto* op, uint32_t) { op[0].input = KRHN_NONE; }) ==
               "input of layer");
    BOOST_TEST(with_sum([](auto&, auto* op, uint32_t) { op[1].input = KRHN_NONE; }) ==
               "input of layer");
}

BOOST_AUTO_TEST_CASE(checks_every_index_that_it_follows) {
    const auto with_layer = [](uint32_t i, auto&& change) {
        return reason([&](auto& f) {
            krhn_layer& l = entries<krhn_layer>(f, KRHN_SECTION_LAYERS)[i];
            change(l, operations(f, l));
            seal(f);
        });
    };
    BOOST_TEST(with_layer(1, [](auto& l, auto*) { l.operations = 5; }) == "operations of layer");
    BOOST_TEST(with_layer(1, [](auto& l, auto*) { l.output = 1000; }) == "output of layer");
    BOOST_TEST(with_layer(1, [](auto& l, auto*) { l.output = 1; }) != "");
    BOOST_TEST(with_layer(1, [](auto& l, auto*) { l.residual = 1000; }) == "residual of layer");
    BOOST_TEST(with_layer(1, [](auto& l, auto*) { l.bands += 1; }) == "bands of layer");
    BOOST_TEST(with_layer(1, [](auto& l, auto*) { l.tiling = 0xFFFFFFFF; }) == "tiling of layer");
    BOOST_TEST(with_layer(1, [](auto&, auto* op) { op[0].input = 1000; }) == "input of layer");
    BOOST_TEST(with_layer(1, [](auto&, auto* op) { op[0].region = 4; }) == "region of layer");
    BOOST_TEST(with_layer(0, [](auto&, auto* op) { op[0].input = 5; }) ==
               "tensor read before it is made");
    const auto with_tensor = [](auto&& change) {
        return reason([&](auto& f) {
            change(entries<krhn_tensor>(f, KRHN_SECTION_TENSORS)[2]);
            seal(f);
        });
    };
    BOOST_TEST(with_tensor([](auto& t) { t.streams = 13; }) == "substreams of tensor");
    BOOST_TEST(with_tensor([](auto& t) { t.streams = 0; }) == "substreams of tensor");
    BOOST_TEST(with_tensor([](auto& t) { t.band_rows = 0; }) == "bands of tensor");
    BOOST_TEST(with_tensor([](auto& t) { t.bands = 0x10000; }) == "bands of tensor");
}
