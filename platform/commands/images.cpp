// karhunen images: drawn pictures with classes, as files.
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <limits>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

#include "platform/commands/commands.h"
#include "platform/files.h"
#include "platform/npy.h"
#include "platform/progress.h"
#include "sw/compiler/image.h"
#include "sw/compiler/parallel.h"
#include "sw/images/picture.h"

namespace karhunen {

namespace {

using Json = nlohmann::ordered_json;

struct Options {
    uint32_t count = 0, size = 224;
    uint64_t seed = 1, first = 0;
    unsigned threads = 0;
    std::string output;
    bool npy = false, classes = false, json = false;
};

constexpr std::chrono::seconds quiet{2};

std::string file_name(const Options& o, uint64_t index, const std::vector<std::string>& classes) {
    std::ostringstream text;
    text << std::setw(6) << std::setfill('0') << index << '-' << classes[drawn_class(o.seed, index)]
         << ".png";
    return text.str();
}

/// Pictures of the same names are replaced; others would pass for some of these.
void refuse_other_pictures(const Options& o, const std::vector<std::string>& classes) {
    if (!std::filesystem::is_directory(o.output)) return;
    std::set<std::string> own;
    for (uint32_t i = 0; i < o.count; ++i) own.insert(file_name(o, o.first + i, classes));
    for (const auto& entry : std::filesystem::directory_iterator(o.output)) {
        const std::string name = entry.path().filename().string();
        if (has_picture_name(name) && !own.contains(name))
            throw std::runtime_error(o.output + ": has other pictures already, " + name +
                                     " for one; name a new folder, or delete them");
    }
}

/// `work` on the pictures first .. first + count - 1, some at a time.
template <typename Work>
void for_each_piece(const Options& o, Work&& work) {
    constexpr uint32_t piece = 32;
    Progress progress("drawing", quiet);
    for (uint32_t done = 0; done < o.count; done += piece) {
        work(done, std::min(piece, o.count - done));
        progress(std::min(done + piece, o.count), o.count);
    }
}

std::string lines_of(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += name + '\n';
    return text;
}

void write_png_files(const Options& o) {
    const std::vector<std::string> names = drawn_classes();
    refuse_other_pictures(o, names);
    OutputFolder folder(o.output);
    std::string labels = "file,class\n";
    for_each_piece(o, [&](uint32_t done, uint32_t count) {
        std::vector<std::vector<uint8_t>> files(count);
        for_each_index(count, o.threads, [&](size_t i) {
            files[i] = png_of(drawn_picture(o.seed, o.first + done + i, o.size));
        });
        for (uint32_t i = 0; i < count; ++i) {
            const uint64_t index = o.first + done + i;
            const std::string name = file_name(o, index, names);
            folder.write(name, files[i]);
            labels += name + ',' + std::to_string(drawn_class(o.seed, index)) + '\n';
        }
    });
    folder.write("labels.csv", labels);
    folder.write("classes.txt", lines_of(names));
    folder.commit();
}

/// One array of all pictures and one of their classes, for training.
void write_arrays(const Options& o) {
    OutputFolder folder(o.output);
    std::string labels = npy_header("|u1", std::array{o.count});
    for (uint32_t i = 0; i < o.count; ++i)
        labels += static_cast<char>(drawn_class(o.seed, o.first + i));
    folder.write("labels.npy", labels);
    folder.write("classes.txt", lines_of(drawn_classes()));
    OutputFile pictures(std::filesystem::path(o.output) / "pictures.npy");
    pictures.write(npy_header("|u1", std::array{o.count, o.size, o.size, 3u}));
    for_each_piece(o, [&](uint32_t done, uint32_t count) {
        for (const Picture& picture :
             drawn_pictures(o.seed, o.first + done, count, o.size, o.threads))
            pictures.write({reinterpret_cast<const char*>(picture.rgb.data()), picture.rgb.size()});
        pictures.check();
    });
    pictures.commit();
    folder.commit();
}

void print_summary(const Options& o) {
    const std::vector<std::string> names = drawn_classes();
    if (!o.json) {
        std::cout << o.count << " pictures of " << names.size() << " classes in " << o.output
                  << '\n';
        return;
    }
    Json pictures = Json::array();
    for (uint32_t i = 0; i < o.count; ++i) {
        const uint32_t label = drawn_class(o.seed, o.first + i);
        Json entry = {{"index", o.first + i}, {"class", label}, {"name", names[label]}};
        if (!o.npy) entry["file"] = file_name(o, o.first + i, names);
        pictures.push_back(std::move(entry));
    }
    std::cout << Json{{"folder", o.output},
                      {"seed", o.seed},
                      {"size", o.size},
                      {"classes", names},
                      {"pictures", pictures}}
                     .dump(2)
              << '\n';
}

int images(const Options& o) {
    if (o.classes) {
        if (o.count > 0 || !o.output.empty())
            throw std::runtime_error("--classes prints the names of the classes and draws nothing");
        if (o.json)
            std::cout << Json(drawn_classes()).dump() << '\n';
        else
            std::cout << lines_of(drawn_classes());
        return 0;
    }
    if (o.count == 0) throw std::runtime_error("--count: how many pictures? (1 or more)");
    if (o.output.empty()) throw std::runtime_error("-o: which folder?");
    if (o.first > std::numeric_limits<uint64_t>::max() - o.count)
        throw std::runtime_error("--first and --count: their sum is above 2^64 - 1");
    o.npy ? write_arrays(o) : write_png_files(o);
    print_summary(o);
    return 0;
}

/// CLI11 would read -1 as 2^64 - 1.
std::string not_negative(const std::string& text) {
    return text.find('-') == std::string::npos ? ""
                                               : "a number of 0 or more is wanted, not " + text;
}

}  // namespace

void add_images_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "images", "Draw pictures with known classes, which the built-in network has learnt");
    auto o = std::make_shared<Options>();
    command->add_option("--count", o->count, "how many pictures")->check(CLI::Range(1u, 1000000u));
    command->add_option("--seed", o->seed, "other seeds, other pictures")
        ->check(not_negative)
        ->capture_default_str();
    command->add_option("--first", o->first, "number of the first picture")
        ->check(not_negative)
        ->capture_default_str();
    command->add_option("--size", o->size, "pixels on each side; the same scenes at every size")
        ->check(CLI::Range(smallest_drawn, largest_drawn))
        ->capture_default_str();
    command->add_option("-o,--output", o->output,
                        "folder for NUMBER-CLASS.png, labels.csv (for `karhunen accuracy`) and "
                        "classes.txt;\nrefused if it has pictures of other names");
    command->add_flag("--npy", o->npy,
                      "one array instead of PNG files: pictures.npy (uint8, picture, row, column,\n"
                      "colour) and labels.npy (uint8)");
    command->add_flag("--classes", o->classes, "print the names of the classes and draw nothing");
    command->add_flag("--json", o->json, "print JSON");
    command->add_option("--threads", o->threads, "0: one per processor")
        ->check(CLI::Range(0u, 1024u));
    command->footer(
        "Picture I of seed S is the same on every machine. The built-in network was trained on\n"
        "seeds from 1000 on.\n"
        "Examples:\n"
        "  karhunen images --count 100 --seed 7 -o drawn\n"
        "  karhunen accuracy --images drawn --labels drawn/labels.csv     as --count 100 --seed 7\n"
        "  karhunen run --image drawn/000000-*.png --check\n"
        "  karhunen images --count 20000 --seed 1000 --size 64 --npy -o train-64\n"
        "  karhunen images --classes");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return images(*o); }); });
}

}  // namespace karhunen
