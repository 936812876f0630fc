#include "tests/platform/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "sw/compiler/image.h"
#include "sw/images/picture.h"
#include "tests/sw/compiler/model_builder.h"

namespace karhunen {

namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void redirect(const fs::path& file, int descriptor) {
    const int mode = descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC;
    const int opened = open(file.c_str(), mode, 0600);
    if (opened < 0 || dup2(opened, descriptor) < 0) _exit(126);
}

/// 128 + n: killed by signal n.
int wait_for(pid_t child) {
    int status = 0;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ProgramFolder::ProgramFolder() {
    std::string name = (fs::temp_directory_path() / "karhunen-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
    fs::create_directory(path_ / "photos");
    for (uint32_t i = 0; i < 3; ++i)
        write_png(path_ / "photos" / (std::to_string(i) + ".png"), drawn_picture(1, i, 80));
    write_png(path_ / "photo.png", drawn_picture(1, 9, 90));
    ModelBuilder model = small_resnet(64, 8, 5);
    const std::vector<uint8_t> bytes = model.bytes();
    write("net.onnx", {bytes.begin(), bytes.end()});
    write("bands.yaml", "buffers:\n    output_kib: 1\n");
    const Outcome compiled =
        run("compile net.onnx --calibration photos --codec raw --batch 2 --platform bands.yaml "
            "-o net.kvn");
    BOOST_REQUIRE_MESSAGE(compiled.exit_code == 0, compiled.err);
}

ProgramFolder::~ProgramFolder() {
    fs::remove_all(path_);
}

pid_t ProgramFolder::start(const std::string& words, const fs::path& out, const fs::path& err,
                           const fs::path& in) const {
    std::vector<std::string> all{KARHUNEN_PROGRAM};
    std::istringstream given(words);
    for (std::string word; given >> word;) all.push_back(word == "''" ? "" : word);
    std::vector<char*> pointers;
    for (std::string& word : all) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const pid_t child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child != 0) return child;
    if (!in.empty()) redirect(path_ / in, STDIN_FILENO);
    if (!out.empty()) redirect(out, STDOUT_FILENO);
    if (!err.empty()) redirect(err, STDERR_FILENO);
    if (chdir(path_.c_str()) == 0) execv(pointers[0], pointers.data());
    _exit(126);
}

Outcome ProgramFolder::run(const std::string& words, const std::string& to,
                           const std::string& from) const {
    const fs::path out = to.empty() ? path_.string() + ".out" : to, err = path_.string() + ".err";
    const int exit_code = wait_for(start(words, out, err, from));
    const Outcome outcome{exit_code, to.empty() ? contents(out) : "", contents(err)};
    if (to.empty()) fs::remove(out);
    fs::remove(err);
    return outcome;
}

int ProgramFolder::run_and_kill(const std::string& words, const std::vector<std::string>& parts,
                                int signal) const {
    const pid_t child = start(words, {}, {}, {});
    const auto is_there = [&] {
        const std::set<std::string> names = files();
        return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
                return name.find(part) != std::string::npos;
            });
        });
    };
    while (!is_there()) {
        siginfo_t ended{};
        BOOST_REQUIRE(
            waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0);
        if (ended.si_pid == child) break;
        usleep(1000);
    }
    kill(child, signal);
    return wait_for(child);
}

void ProgramFolder::check_refused(const std::string& words, const std::vector<std::string>& parts,
                                  int exit_code) const {
    const std::set<std::string> before = files();
    const Outcome outcome = run(words);
    BOOST_TEST_CONTEXT("karhunen " << words << "\n" << outcome.err) {
        BOOST_TEST(outcome.exit_code == exit_code);
        BOOST_TEST(outcome.out == "");
        for (const std::string& part : parts)
            BOOST_TEST(outcome.err.find(part) != std::string::npos, "does not say " << part);
        BOOST_TEST(files() == before, boost::test_tools::per_element());
    }
}

void ProgramFolder::write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
}

std::string ProgramFolder::read(const std::string& name) const {
    return contents(path_ / name);
}

std::set<std::string> ProgramFolder::files() const {
    std::set<std::string> names;
    std::error_code gone;  // files come and go while a program runs
    for (fs::recursive_directory_iterator entry(path_, gone), end; entry != end;
         entry.increment(gone))
        names.insert(entry->path().string());
    return names;
}

}  // namespace karhunen
