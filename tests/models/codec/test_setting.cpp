// Codecs and their bits as users name them.
#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"

using namespace karhunen;

BOOST_AUTO_TEST_SUITE(setting)

BOOST_AUTO_TEST_CASE(names_and_bits) {
    const QuantiserOptions usual{7.5, 0.25};
    const CodecSetting plain = parse_setting("transform", usual);
    BOOST_TEST(plain.codec == KRHN_CODEC_TRANSFORM);
    BOOST_TEST(plain.quantiser.bits == 7.5);
    BOOST_TEST(plain.quantiser.headroom == 0.25);
    BOOST_TEST(parse_setting("vlc:6.25", usual).quantiser.bits == 6.25);
    BOOST_TEST(setting_name(parse_setting("vlc:6.25", usual)) == "vlc:6.25");
    BOOST_TEST(setting_name(plain) == "transform:7.5");
    BOOST_TEST(setting_name(parse_setting("zvc", usual)) == "zvc");
}

BOOST_AUTO_TEST_CASE(refused) {
    for (const char* text : {"", "zip", "transform:", "transform:x", "transform:8x", "transform:-1",
                             "transform:0", "transform:nan", ":8", "raw:8", "ebpc:4", "vlc:8:8"})
        BOOST_CHECK_THROW(parse_setting(text, {}), CodecError);
}

BOOST_AUTO_TEST_CASE(what_the_encoder_takes) {
    BOOST_CHECK(stored_format_of(parse_setting("transform", {})) == Format::s12);
    BOOST_CHECK(stored_format_of(parse_setting("vlc:3", {})) == Format::s12);
    BOOST_CHECK(stored_format_of(parse_setting("raw", {})) == Format::u8);
    BOOST_CHECK(stored_format_of(parse_setting("ebpc", {})) == Format::u8);
}

BOOST_AUTO_TEST_SUITE_END()
