#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <stb/stb_image_write.h>
#include <boost/test/unit_test.hpp>

#include "sw/compiler/image.h"
#include "sw/images/picture.h"

using namespace karhunen;

namespace {

struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "karhunen-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

Picture row(const std::vector<uint8_t>& grey) {
    Picture p{static_cast<uint32_t>(grey.size()), 1, {}};
    for (const uint8_t g : grey) p.rgb.insert(p.rgb.end(), 3, g);
    return p;
}

std::vector<uint8_t> bytes_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& path, const std::vector<uint8_t>& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
}

void check_refused(const std::filesystem::path& path, const std::string& part) {
    BOOST_CHECK_EXCEPTION(read_picture(path), ImageError, [&](const ImageError& error) {
        const std::string what = error.what();
        BOOST_TEST(what.find(path.string()) == 0u, what);
        BOOST_TEST(what.find(part) != std::string::npos, what);
        return true;
    });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(images)

/// Worked by hand: 4 -> 2 has scale 2, so each output is a triangle of radius 2 around 1.0 and 3.0:
/// weights 3/4, 3/4, 1/4 over 7/4, the fourth sample lying outside.
BOOST_AUTO_TEST_CASE(shrinking_is_antialiased) {
    const Picture half = resize(row({0, 70, 140, 210}), 2, 1);
    BOOST_TEST(half.rgb[0] == 50);   // (0*3 + 70*3 + 140*1) / 7
    BOOST_TEST(half.rgb[3] == 160);  // (70*1 + 140*3 + 210*3) / 7
}

/// 2 -> 4 has scale 1/2: plain interpolation at -1/4, 1/4, 3/4, 5/4 with clamped borders.
BOOST_AUTO_TEST_CASE(enlarging_interpolates) {
    const Picture twice = resize(row({0, 100}), 4, 1);
    BOOST_TEST(twice.rgb[0] == 0);
    BOOST_TEST(twice.rgb[3] == 25);
    BOOST_TEST(twice.rgb[6] == 75);
    BOOST_TEST(twice.rgb[9] == 100);
}

BOOST_AUTO_TEST_CASE(resizing_keeps_what_is_even) {
    const Picture even{37, 23, std::vector<uint8_t>(37 * 23 * 3, 201)};
    for (const uint8_t value : resize(even, 11, 50).rgb) BOOST_TEST(value == 201);
    const Picture picture = drawn_picture(1, 1, 40);
    BOOST_TEST(resize(picture, 40, 40).rgb == picture.rgb);
}

BOOST_AUTO_TEST_CASE(the_crop_is_the_centre) {
    Picture wide{60, 20, std::vector<uint8_t>(60 * 20 * 3)};
    for (uint32_t y = 0; y < 20; ++y)
        for (uint32_t x = 0; x < 60; ++x) wide.rgb[(y * 60 + x) * 3] = static_cast<uint8_t>(x);
    const Picture crop = resize_and_crop(wide, 20, 10);
    BOOST_TEST(crop.width == 10u);
    BOOST_TEST(crop.rgb.size() == 300u);
    BOOST_TEST(crop.rgb[0] == 25);
    BOOST_TEST(crop.rgb[9 * 3] == 34);
}

BOOST_AUTO_TEST_CASE(normalised_and_quantised) {
    const krhn_input input = imagenet_input(1);
    BOOST_TEST(imagenet_input(224).resize == 256u);
    const Picture pixel{1, 1, {0, 128, 255}};
    const auto real = normalise(pixel, input);
    BOOST_TEST(real[0] == -0.485f / 0.229f, boost::test_tools::tolerance(1e-6f));
    BOOST_TEST(real[1] == (128 / 255.0f - 0.456f) / 0.224f, boost::test_tools::tolerance(1e-6f));
    const auto steps = input_values(pixel, input);
    BOOST_TEST(steps[2] == 127);  // the brightest blue is the largest value that there is
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(std::abs(steps[i] * input.scale - real[i]) <= input.scale / 2);
}

BOOST_AUTO_TEST_CASE(networks_that_prepare_pictures_themselves) {
    const krhn_input expected = imagenet_input(224);
    // The same for values in 0..255 and in 0..1.
    for (const float range : {255.0f, 1.0f}) {
        std::vector<float> factor, offset;
        for (int c = 0; c < 3; ++c) {
            factor.push_back(1 / (expected.std[c] * range));
            offset.push_back(-expected.mean[c] / expected.std[c]);
        }
        const krhn_input found = own_input(224, factor, offset);
        BOOST_TEST(found.resize == expected.resize);
        BOOST_TEST(found.scale == expected.scale, boost::test_tools::tolerance(1e-5f));
        for (int c = 0; c < 3; ++c) {
            BOOST_TEST(found.mean[c] == expected.mean[c], boost::test_tools::tolerance(1e-5f));
            BOOST_TEST(found.std[c] == expected.std[c], boost::test_tools::tolerance(1e-5f));
        }
    }
    // torchvision's transform_input: from ImageNet's mean and deviation to 0.5 and 0.5
    std::vector<float> factor, offset;
    for (int c = 0; c < 3; ++c) {
        factor.push_back(expected.std[c] / 0.5f);
        offset.push_back((expected.mean[c] - 0.5f) / 0.5f);
    }
    const krhn_input again = own_input(224, factor, offset);
    for (int c = 0; c < 3; ++c) {
        BOOST_TEST(again.mean[c] == 0.5f, boost::test_tools::tolerance(1e-5f));
        BOOST_TEST(again.std[c] == 0.5f, boost::test_tools::tolerance(1e-5f));
    }
    // Caffe's: the mean alone, in 0..255
    const std::vector<float> one(3, 1.0f), mean(3, -127.5f), zero(3, 0.0f);
    BOOST_TEST(own_input(8, one, mean).mean[0] == 0.5f, boost::test_tools::tolerance(1e-5f));
    BOOST_TEST(own_input(8, one, zero).std[0] == 1.0f);
    BOOST_CHECK_THROW(own_input(8, zero, one), CompileError);
}

BOOST_AUTO_TEST_CASE(pictures_survive_the_disk) {
    const Folder folder;
    const Picture picture = drawn_picture(1, 3, 50);
    write_png(folder.path / "b.png", picture);
    BOOST_TEST(read_picture(folder.path / "b.png").rgb == picture.rgb);
    stbi_write_jpg((folder.path / "a.jpeg").c_str(), 50, 50, 3, picture.rgb.data(), 95);
    write(folder.path / "notes.txt", {1, 2, 3});
    const auto pictures = read_pictures(folder.path, 50, 50);
    BOOST_TEST_REQUIRE(pictures.size() == 2u);
    BOOST_TEST(pictures[1].rgb == picture.rgb);
    double error = 0;  // a JPEG is near
    for (size_t i = 0; i < picture.rgb.size(); ++i)
        error += std::abs(pictures[0].rgb[i] - picture.rgb[i]);
    BOOST_TEST(error / static_cast<double>(picture.rgb.size()) < 8);
}

BOOST_AUTO_TEST_CASE(bad_pictures_are_refused) {
    const Folder folder;
    const auto file = folder.path / "p.png";
    check_refused(file, "cannot be read");
    check_refused(folder.path, "cannot be read");
    write(file, {});
    check_refused(file, "neither a PNG nor a JPEG");
    write_png(file, drawn_picture(1, 3, 50));
    const auto good = bytes_of(file);
    auto bad = good;
    bad.resize(bad.size() / 2);
    write(file, bad);
    check_refused(file, "damaged");
    for (size_t at = 8; at < good.size(); at += 97) {  // behind the signature
        bad = good;
        bad[at] ^= 0x10;
        write(file, bad);
        check_refused(file, "damaged");
    }
    stbi_write_jpg((folder.path / "p.jpg").c_str(), 50, 50, 3, drawn_picture(1, 3, 50).rgb.data(),
                   95);
    bad = bytes_of(folder.path / "p.jpg");
    bad.resize(bad.size() / 2);
    write(folder.path / "p.jpg", bad);
    check_refused(folder.path / "p.jpg", "damaged");
    BOOST_CHECK_THROW(write_png(folder.path / "none" / "p.png", drawn_picture(1, 3, 8)),
                      ImageError);
    BOOST_CHECK_THROW(read_pictures(folder.path / "none", 8, 8), ImageError);
    std::filesystem::create_directory(folder.path / "empty");
    BOOST_CHECK_THROW(read_pictures(folder.path / "empty", 8, 8), ImageError);
}

BOOST_AUTO_TEST_SUITE_END()
