// codec encode and decode from outside: formats from their descriptions.
#include <algorithm>

#include "tests/platform/codec_files.h"

namespace {

/// The entry of the manifest for a counted tensor.
Json first_counted(const Json& manifest) {
    for (const Json& map : manifest.at("images")[0].at("maps"))
        if (map.at("counted")) return map;
    return {};
}

std::string bytes_of(const std::vector<int>& values) {
    return {values.begin(), values.end()};
}

/// Bits as in the format's description, from the most significant bit of each byte on.
std::string packed(std::string bits) {
    std::string bytes;
    bits.resize((bits.size() + 7) / 8 * 8, '0');
    for (size_t i = 0; i < bits.size(); i += 8)
        bytes += static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
    return bytes;
}

/// Encodes values.bin, decodes it again, and compares; returns meta.json.
Json there_and_back(const std::string& values, const std::string& options) {
    folder().write("values.bin", values);
    good("codec encode --in values.bin -o coded " + options);
    good("codec decode --in coded -o back.bin");
    BOOST_TEST((folder().read("back.bin") == values), options << ": decodes to other values");
    return json_file("coded/meta.json");
}

std::string shape_words(const Json& map) {
    const Json& s = map.at("shape");
    return s[0].dump() + "," + s[1].dump() + "," + s[2].dump();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(codec_command)

BOOST_AUTO_TEST_CASE(help_shows_examples) {
    for (const std::string command : {"dump-maps", "codec", "codec encode", "codec decode",
                                      "codec rate", "codec energy", "codec blocks"}) {
        const Outcome help = good(command + " --help");
        BOOST_TEST(contains(help.out, "Example"));
        BOOST_TEST(contains(help.out, "\n  karhunen " + command));
    }
    folder().check_refused("codec", {"subcommand"});
    folder().check_refused("codec code", {"subcommand"});
}

// The examples worked by hand in the format's description.
BOOST_AUTO_TEST_CASE(ebpc_writes_two_streams) {
    const auto check = [](const std::vector<int>& words, const std::string& bits) {
        const Json meta = there_and_back(bytes_of(words), "--codec ebpc --signed");
        BOOST_TEST((folder().read("coded/znz.bin") == "\xFF"));
        BOOST_TEST((folder().read("coded/bpc.bin") == packed(bits)));
        BOOST_TEST(meta.at("codec") == "ebpc");
        BOOST_TEST(meta.at("words") == 8);
        BOOST_TEST(meta.at("signed") == true);
        BOOST_TEST(meta.at("shape").is_null());
        BOOST_TEST(meta.at("streams")[0].at("file") == "znz.bin");
        BOOST_TEST(meta.at("streams")[0].at("bits") == 8);
        BOOST_TEST(meta.at("streams")[1].at("bits") == bits.size());
    };
    check({5, 5, 5, 5, 5, 5, 5, 5}, "00000101001111");
    check({1, 2, 3, 4, 5, 6, 7, 8},
          "00000001000000000000"
          "1101");
    check({100, -100, 50, 3, 7, 7, 7, 1},
          "01100100000110101011000110001001111010010001000100010001110100000001100100010000");
    // Zeros: runs of 16, 16 and 8 in ZNZ, then a single word and its filled block.
    const Json meta = there_and_back(std::string(40, '\0') + '\3', "--codec ebpc");
    BOOST_TEST((folder().read("coded/znz.bin") == packed("0111101111001111")));
    BOOST_TEST(meta.at("streams")[0].at("bits") == 16);
}

BOOST_AUTO_TEST_CASE(lossless_codecs_come_back) {
    const std::string map = some_values(5 * 3 * 7, 1);
    for (const std::string codec : {"raw", "zvc", "zrle", "ebpc"}) {
        const std::string words = "--codec " + codec;
        for (const size_t count : {0, 1, 2, 31, 33, 200})
            for (const std::string sign : {"", " --signed"})
                BOOST_TEST(there_and_back(some_values(count, 2), words + sign).at("words") ==
                           count);
        there_and_back(std::string(100, '\0'), words);
        there_and_back(std::string(100, '\xFF'), words);
        there_and_back(std::string(100, '\x80'), words + " --signed");
        const Json planes = there_and_back(map, words + " --shape 5,3,7");
        BOOST_TEST(planes.at("shape") == Json({5, 3, 7}));
        const std::string file = codec == "ebpc" ? "coded/bpc.bin" : "coded/stream.bin";
        const std::string stream = folder().read(file);
        there_and_back(interleaved(map, 5), words + " --shape 5,3,7 --order hwc");
        BOOST_TEST((folder().read(file) == stream));  // the order of the file is not the scan's
        const Json four = there_and_back(map, words + " --shape 5,3,7 --streams 4");
        BOOST_TEST(four.at("streams").size() == (codec == "ebpc" ? 8u : 4u));
        BOOST_TEST(four.at("streams").back().at("file") ==
                   (codec == "ebpc" ? "bpc3.bin" : "stream3.bin"));
        for (const Json& s : four.at("streams"))
            BOOST_TEST(s.at("bytes") ==
                       folder().read("coded/" + s.at("file").get<std::string>()).size());
    }
}

// Scan order (row, channel, column): the map that is the sequence, moved by hand.
BOOST_AUTO_TEST_CASE(maps_are_scanned_row_channel_column) {
    const std::string planes = bytes_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});  // 3 x 2 x 2
    const std::string scanned = bytes_of({1, 2, 5, 6, 9, 10, 3, 4, 7, 8, 11, 12});
    for (const std::string codec : {"zvc", "zrle"}) {
        there_and_back(planes, "--codec " + codec + " --shape 3,2,2");
        const std::string stream = folder().read("coded/stream.bin");
        there_and_back(scanned, "--codec " + codec);
        BOOST_TEST((folder().read("coded/stream.bin") == stream));
    }
    there_and_back(planes, "--codec ebpc --shape 3,2,2");
    const std::string stream = folder().read("coded/bpc.bin");
    there_and_back(scanned, "--codec ebpc");
    BOOST_TEST((folder().read("coded/bpc.bin") == stream));
}

// encode and decode of what the encoder takes give what dump-maps says the decoder gives.
BOOST_AUTO_TEST_CASE(transform_with_parameters_of_a_network) {
    need_maps();
    const Json map = first_counted(json_file("maps/manifest.json"));
    const std::string input = "maps/" + map.at("encoder_takes").at("file").get<std::string>();
    const std::string words = "codec encode --codec transform --format s12 --in " + input +
                              " --shape " + shape_words(map);
    good(words + " --network transform.kvn --streams 4 -o coded --tensor " +
         map.at("tensor").get<std::string>());
    good("codec decode --in coded -o back.bin");
    BOOST_TEST((folder().read("back.bin") ==
                folder().read("maps/" + map.at("decoder_gives").at("file").get<std::string>())));
    const Json meta = json_file("coded/meta.json");
    uint64_t bits = 0;
    for (const Json& s : meta.at("streams")) {
        bits += s.at("bits").get<uint64_t>();
        BOOST_TEST(s.at("bits") <= 8 * s.at("bytes").get<uint64_t>());
        BOOST_TEST(s.at("bits") > 8 * s.at("bytes").get<uint64_t>() - 16);  // 16-bit words
    }
    BOOST_TEST(meta.at("code_bits") == bits);
    BOOST_TEST(meta.at("decoded").at("lossless") == false);

    // The parameters that were written may be used again.
    const std::string stream = folder().read("coded/stream2.bin");
    folder().write("parameters", folder().read("coded/parameters.bin"));
    good(words + " --parameters parameters --streams 4 -o again");
    BOOST_TEST((folder().read("again/stream2.bin") == stream));

    // Calibrated on the values themselves, finer steps cost more.
    const Outcome coarse = good(words + " --bits 5 -o coarse");
    BOOST_TEST(contains(coarse.err, "parameters of transform calibrated on " + input));
    good(words + " --bits 8 -o fine");
    BOOST_TEST(json_file("coarse/meta.json").at("code_bits") <
               json_file("fine/meta.json").at("code_bits"));
}

BOOST_AUTO_TEST_CASE(bad_values) {
    folder().write("values.bin", some_values(12, 3));
    const std::string encode = "codec encode --in values.bin -o new --codec ";
    folder().check_refused(encode + "zip", {"unknown codec 'zip'", "raw", "transform"});
    folder().check_refused(encode + "raw --shape 2,3,3",
                           {"values.bin: 12 values of format u8, expected 2 channels of 3 x 3"});
    for (const std::string shape : {"2,3", "2,3,2,1", "2,3,x", "2,-3,2", "0,3,4", "2,,3", "2,3,2,"})
        folder().check_refused(encode + "raw --shape " + shape,
                               {"shape '" + shape + "': expected C,H,W"});
    folder().check_refused(encode + "raw --order cwh --shape 2,3,2", {"cwh", "chw and hwc"});
    folder().check_refused(encode + "raw --format u9", {"u9", "u8, s8, s12"});
    folder().check_refused(encode + "raw --format s32", {"values.bin: ", "32 bits"});
    folder().check_refused(encode + "raw --format s12 --signed", {"--signed", "s12"});
    folder().check_refused(encode + "raw --streams 4", {"--streams 4", "--shape"});
    folder().check_refused(encode + "raw --streams 13 --shape 2,3,2", {"--streams"});
    folder().check_refused(encode + "transform", {"transform", "--shape"});
    for (const std::string codec : {"zvc", "zrle", "ebpc"})
        folder().check_refused(encode + codec + " --format s12", {"values.bin: "});
    folder().write("values.bin", "\x01\x02\x03");
    folder().check_refused(encode + "vlc --format s12", {"values.bin: 3 bytes", "2 bytes"});
    folder().write("values.bin", std::string("\x01\x00\x00\x08", 4));
    folder().check_refused(encode + "vlc --format s12", {"values.bin: value 1 is 2048", "12 bits"});
    folder().write("values.bin", "");
    folder().check_refused(encode + "vlc", {"values.bin: ", "no values"});
    folder().check_refused("codec encode --in none.bin -o new --codec raw",
                           {"none.bin: the map cannot be read: No such file"});
    folder().check_refused("codec encode --in photos -o new --codec raw", {"photos: "});
    folder().check_refused("codec encode --in photo.png -o photo.png --codec raw",
                           {"photo.png: cannot be written: Not a directory"});
    folder().check_refused("codec encode --in photo.png -o photo.png/x --codec raw",
                           {"photo.png: cannot be written: Not a directory"});
}

BOOST_AUTO_TEST_CASE(bad_numpy_files) {
    const auto check = [](const std::string& header, const std::string& values,
                          const std::string& part) {
        std::string file("\x93NUMPY\x01\x00", 8);
        file += static_cast<char>(header.size());
        file += '\0';
        folder().write("a.npy", file + header + values);
        folder().check_refused("codec encode --codec raw --in a.npy -o new", {"a.npy: ", part});
    };
    const std::string type = "{'descr': '|u1', 'fortran_order': False, ";
    check("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "abcd", "<f4, expected |u1");
    check("{'descr': '|u1', 'fortran_order': True, 'shape': (1,)}", "a", "C order");
    check(type + "'shape': (2, 2)}", "abcd", "2 dimensions");
    check(type + "'shape': (5,)}", "abcd", "4 values of format u8, expected");
    check(type + "'shape': (99999999, 99999999, 99999999)}", "abcd", "too large");
    folder().write("a.npy", "\x93NUM");
    folder().check_refused("codec encode --codec raw --in a.npy -o new", {"not a .npy file"});
    folder().write("a.npy", std::string("\x93NUMPY\x01\x00\xFF\x00{", 11));
    folder().check_refused("codec encode --codec raw --in a.npy -o new", {"header cut short"});
}

// Pixels (a, a): the second component is nothing, and the first brings everything back.
BOOST_AUTO_TEST_CASE(truncated_transform) {
    std::string values;
    for (int i = 0; i < 100; ++i) values += {static_cast<char>(i), static_cast<char>(i)};
    folder().write("values.bin", values);
    const std::string words =
        "codec encode --codec transform --signed --order hwc --shape 2,10,10 --in values.bin ";
    for (const std::string truncation : {"--components 1", "--energy 0.99"}) {
        good(words + truncation + " --bits 9 -o coded");
        good("codec decode --in coded -o back.bin");
        const std::string back = folder().read("back.bin");
        BOOST_TEST_REQUIRE(back.size() == values.size());
        for (size_t i = 0; i < values.size(); ++i) BOOST_TEST(std::abs(back[i] - values[i]) <= 1);
        BOOST_TEST(folder().read("coded/parameters.bin")[4] == 1);
    }
    good(words + "--bits 9 -o whole");
    BOOST_TEST(json_file("coded/meta.json").at("code_bits") <
               json_file("whole/meta.json").at("code_bits"));
}

BOOST_AUTO_TEST_CASE(bad_parameters) {
    need_maps();
    folder().write("values.bin", some_values(12, 4));
    const std::string encode =
        "codec encode --signed --shape 2,3,2 --in values.bin -o new --codec transform ";
    folder().check_refused(encode + "--parameters none", {"none: the parameters cannot be read"});
    folder().check_refused(encode + "--parameters photo.png", {"not parameters of transform"});
    folder().check_refused(encode + "--parameters photo.png --network net.kvn", {"choose one"});
    folder().check_refused(encode + "--network photo.png --tensor x", {"photo.png"});
    folder().check_refused(encode + "--network net.kvn", {"net.kvn: has no tensor ''", "--tensor"});
    const Json map = first_counted(json_file("maps/manifest.json"));
    const std::string tensor = map.at("tensor");
    folder().check_refused(encode + "--network net.kvn --tensor " + tensor,
                           {"tensor " + tensor + " has codec raw, not transform"});
    folder().check_refused(encode + "--network transform.kvn --tensor " + tensor,
                           {"values.bin: transform: parameters for ", "map of 2"});
    folder().check_refused(encode + "--bits 99", {"values.bin: ", "bits"});
    folder().check_refused(encode + "--energy 0", {"--energy is a share"});
    folder().check_refused(encode + "--components 1 --network transform.kvn --tensor " + tensor,
                           {"--components has no meaning with the parameters of transform.kvn"});
    folder().check_refused(encode + "--bits 7 --parameters photo.png",
                           {"--bits has no meaning with the parameters of photo.png"});
    folder().check_refused("codec encode --codec vlc --components 1 --in values.bin -o new",
                           {"for codec transform, not for vlc"});
}

BOOST_AUTO_TEST_CASE(bad_folders) {
    there_and_back(some_values(100, 5), "--codec ebpc");
    const Json meta = json_file("coded/meta.json");
    const auto check = [&](const char* key, const Json& value, const std::string& part) {
        Json changed = meta;
        changed[key] = value;
        folder().write("coded/meta.json", changed.dump());
        folder().check_refused("codec decode --in coded -o new.bin", {"coded", part});
    };
    check("codec", "zip", "unknown codec 'zip'");
    check("codec", 7, "meta.json: ");
    check("words", 99, "");
    check("words", 1 << 25, "words is 33554432");
    check("words", "many", "meta.json: ");
    check("shape", {10, 10, 10}, "shape and words do not agree");
    check("shape", {10, 10}, "meta.json: ");
    check("format", "u9", "u9");
    check("streams", Json::array(), "");
    check("streams", {{{"file", "../net.kvn"}}}, "'../net.kvn' is not the name of a file");
    check("streams", {{{"file", "none.bin"}}}, "none.bin: the stream cannot be read");
    check("decoded", {{"crc32", 1}}, "crc32 is ");
    folder().write("coded/meta.json", "{");
    folder().check_refused("codec decode --in coded -o new.bin", {"meta.json: "});
    folder().check_refused("codec decode --in none -o new.bin", {"none/meta.json: "});

    folder().write("coded/meta.json", meta.dump());
    const std::string stream = folder().read("coded/bpc.bin");
    for (const std::string& bad : {stream.substr(1), stream + '\0', std::string()}) {
        folder().write("coded/bpc.bin", bad);
        folder().check_refused("codec decode --in coded -o new.bin", {"coded: "});
    }
    folder().write("coded/bpc.bin", stream);
    folder().check_refused("codec decode --in coded -o photos", {"photos: cannot be written"});
    folder().check_refused("codec decode --in coded -o coded/bpc.bin", {"it is an input, too"});
    folder().check_refused("codec encode --codec ebpc --in coded/bpc.bin -o coded",
                           {"coded/bpc.bin: cannot be written: it is an input, too"});
    // Streams from elsewhere have no checksum.
    Json foreign = meta;
    foreign.erase("decoded");
    foreign.erase("code_bits");
    foreign.erase("order");
    folder().write("coded/meta.json", foreign.dump());
    good("codec decode --in coded -o back.bin");
    BOOST_TEST((folder().read("back.bin") == folder().read("values.bin")));
}

BOOST_AUTO_TEST_SUITE_END()
