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
    const CodecSetting weak = parse_setting("transform:8/0.5", usual);
    BOOST_TEST(weak.quantiser.bits == 8);
    BOOST_TEST(weak.quantiser.least_deviation == 0.5);
    BOOST_TEST(setting_name(weak) == "transform:8/0.5");
    CodecSetting finer = weak;
    finer.quantiser.bits = 9;
    BOOST_TEST(same_but_for_bits(weak, finer));
    BOOST_TEST(!same_but_for_bits(weak, plain));
}

BOOST_AUTO_TEST_CASE(names_of_stored_maps) {
    std::vector<krhn_tensor> tensors(4);  // the first is none of the counted maps
    for (krhn_tensor& t : tensors) t.codec = KRHN_CODEC_VLC;
    BOOST_TEST(common_setting(tensors) == "none");
    for (size_t i = 1; i < tensors.size(); ++i) {
        tensors[i].flags = KRHN_TENSOR_COUNTED;
        tensors[i].bits = 5.7f;
    }
    BOOST_TEST(setting_name(tensors[1]) == "vlc:5.7");
    BOOST_TEST(common_setting(tensors) == "vlc:5.7");
    tensors[3].bits = 6;
    BOOST_TEST(common_setting(tensors) == "vlc");
    tensors[3].codec = KRHN_CODEC_ZVC;
    BOOST_TEST(setting_name(tensors[3]) == "zvc");
    BOOST_TEST(common_setting(tensors) == "mixed");
    BOOST_TEST(setting_name(tensors[0]) == "vlc");  // a file from before bits were written
}

BOOST_AUTO_TEST_CASE(refused) {
    for (const char* text :
         {"", "zip", "transform:", "transform:x", "transform:8x", "transform:-1", "transform:0",
          "transform:nan", ":8", "raw:8", "ebpc:4", "vlc:8:8", "vlc:8/0.5", "transform:8/",
          "transform:8/x", "transform:8/-1", "transform:8/0.5/1"})
        BOOST_CHECK_THROW(parse_setting(text, {}), CodecError);
}

BOOST_AUTO_TEST_CASE(what_the_encoder_takes) {
    BOOST_CHECK(stored_format_of(parse_setting("transform", {})) == Format::s12);
    BOOST_CHECK(stored_format_of(parse_setting("vlc:3", {})) == Format::s12);
    BOOST_CHECK(stored_format_of(parse_setting("raw", {})) == Format::u8);
    BOOST_CHECK(stored_format_of(parse_setting("ebpc", {})) == Format::u8);
}

BOOST_AUTO_TEST_SUITE_END()
