// Streams of zvc, zrle and ebpc that no encoder made. The decoders take only what an encoder
// writes, so whatever they take is written again by encoding what they gave.
#include <boost/test/unit_test.hpp>

#include <functional>
#include <random>

#include "models/codec/ebpc.h"
#include "models/codec/zrle.h"
#include "models/codec/zvc.h"
#include "tests/models/codec/naive_coders.h"

using namespace karhunen;
using naive::Words;

namespace {

struct Coder {
    const char* name;
    std::function<std::vector<Words>(const Words&)> encode;
    std::function<Words(const std::vector<Words>&, uint64_t)> decode;
};

const Coder coders[] = {
    {"zvc", [](const Words& w) { return std::vector<Words>{zvc_encode(w)}; },
     [](const std::vector<Words>& s, uint64_t words) { return zvc_decode(s[0], words); }},
    {"zrle", [](const Words& w) { return std::vector<Words>{zrle_encode(w)}; },
     [](const std::vector<Words>& s, uint64_t words) { return zrle_decode(s[0], words); }},
    {"ebpc",
     [](const Words& w) {
         EbpcStreams s = ebpc_encode(w);
         return std::vector<Words>{s.znz, s.bpc};
     },
     [](const std::vector<Words>& s, uint64_t words) {
         return ebpc_decode({s[0], s[1], words});
     }},
};

Words sample(size_t count, std::mt19937& random) {
    Words words(count);
    const unsigned density = random() % 101, range = 1 + random() % 255;
    for (uint8_t& w : words)
        if (random() % 100 < density) w = static_cast<uint8_t>(1 + random() % range);
    return words;
}

/// False: refused.
bool taken(const Coder& coder, const std::vector<Words>& streams, uint64_t words) {
    Words result;
    try {
        result = coder.decode(streams, words);
    } catch (const CodecError&) {
        return false;
    }
    BOOST_REQUIRE_EQUAL(result.size(), words);
    BOOST_REQUIRE(coder.encode(result) == streams);
    return true;
}

}  // namespace

BOOST_AUTO_TEST_CASE(cut_prolonged_and_flipped_sequences) {
    const unsigned seed = 41;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (const Coder& coder : coders) BOOST_TEST_CONTEXT(coder.name) {
            size_t refused = 0, changed = 0;
            for (const size_t count : {1u, 2u, 7u, 8u, 31u, 32u, 33u, 100u, 100u, 300u, 300u}) {
                const Words words = sample(count, random);
                const auto good = coder.encode(words);
                BOOST_REQUIRE(taken(coder, good, count));
                // What fills the last block or byte can be as good as a zero; more cannot.
                BOOST_REQUIRE(!taken(coder, good, count + 40));
                taken(coder, good, count - 1);
                for (size_t s = 0; s < good.size(); ++s) {
                    for (size_t length = 0; length < good[s].size(); ++length) {
                        auto cut = good;
                        cut[s].resize(length);
                        BOOST_REQUIRE(!taken(coder, cut, count));
                    }
                    for (const size_t more : {1u, 2u, 4u, 40u})
                        for (const uint8_t byte : {0x00, 0xFF}) {
                            auto longer = good;
                            longer[s].resize(good[s].size() + more, byte);
                            BOOST_REQUIRE(!taken(coder, longer, count));
                        }
                    for (size_t bit = 0; bit < good[s].size() * 8; ++bit) {
                        auto bad = good;
                        bad[s][bit / 8] = static_cast<uint8_t>(bad[s][bit / 8] ^ 1u << bit % 8);
                        ++(taken(coder, bad, count) ? changed : refused);
                    }
                }
            }
            BOOST_TEST(refused > 100u);
            BOOST_TEST(changed > 100u);  // values may change, nothing tells
        }
}

BOOST_AUTO_TEST_CASE(any_bytes_are_refused_or_come_back) {
    const unsigned seed = 42;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (const Coder& coder : coders)
        for (int round = 0; round < 20000; ++round) {
            std::vector<Words> streams(2);
            for (Words& s : streams) {
                s.resize(random() % 24);
                const uint32_t mask = random() | random();
                for (uint8_t& byte : s) byte = static_cast<uint8_t>(random() & mask);
            }
            if (coder.encode({}).size() == 1) streams.pop_back();
            taken(coder, streams, random() % 64);
        }
}

BOOST_AUTO_TEST_CASE(codes_that_no_encoder_writes) {
    const auto refused = [](const std::string& znz, const std::string& bpc, uint64_t words) {
        BOOST_CHECK_THROW(ebpc_decode({naive::packed(znz), naive::packed(bpc), words}), CodecError);
    };
    const std::string eight = "11111111";
    BOOST_CHECK_NO_THROW(ebpc_decode({naive::packed(eight), naive::packed("00000101001111"), 8}));
    refused("0000100001", "", 4);           // two runs in a row
    refused("0000100001", "", 3);           // a run beyond the last word
    refused(eight, "00000000001111", 8);    // a zero among the other words
    refused(eight, "0000010101001110", 8);  // two runs of planes in a row
    refused(eight,
            "00000101"
            "00000"
            "001111",
            8);  // a run beyond the last plane
    refused(eight,
            "00000101"
            "10000000"
            "001110",
            8);  // a run of one plane as a literal
    refused(eight,
            "00000101"
            "11111111"
            "001110",
            8);  // all ones as a literal
    refused(eight,
            "00000101"
            "00001"
            "001110",
            8);  // DBP = DBP before, written as zero
    refused(eight,
            "00000101"
            "00010110"
            "001110",
            8);  // two ones at place 6
    refused(eight,
            "00000101"
            "00011111"
            "001110",
            8);  // a one at place 7
    // 127 and then differences of +1 (plane 0 all ones, plane 1 back to zero): beyond 8 bits.
    refused(eight,
            "01111111"
            "00000"
            "00000"
            "001101",
            8);
    refused("1",
            "00000101"
            "001111",
            1);  // five eight times, but only one is told of
    BOOST_CHECK_THROW(zrle_decode(naive::packed("100000000"), 1), CodecError);
    BOOST_CHECK_THROW(zrle_decode(naive::packed("0000000000"), 2), CodecError);
    BOOST_CHECK_THROW(zvc_decode(Words{1, 0, 0, 0, 0}, 1), CodecError);
    BOOST_CHECK_THROW(zvc_decode(Words{2, 0, 0, 0, 9}, 1), CodecError);
}

BOOST_AUTO_TEST_CASE(claims_of_many_words_need_bytes) {
    for (const Coder& coder : coders) {
        BOOST_CHECK_THROW(coder.decode({Words(3), Words(3)}, uint64_t{1} << 62), CodecError);
        BOOST_CHECK_THROW(coder.decode({{}, {}}, 1), CodecError);
    }
}
