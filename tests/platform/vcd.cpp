#include "tests/platform/vcd.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace karhunen {

namespace {

class Reader {
public:
    explicit Reader(const std::filesystem::path& path) : file_(path) {}

    Vcd read() {
        for (std::string word; file_ >> word;) {
            if (word[0] == '$')
                command(word);
            else if (word[0] == '#')
                advance(std::stoull(word.substr(1)));
            else if (word[0] == 'b')
                set(next(), word.substr(1));
            else
                set(word.substr(1), word.substr(0, 1));
        }
        return std::move(vcd_);
    }

private:
    std::string next() {
        std::string word;
        if (!(file_ >> word)) throw std::runtime_error("VCD: ends in the middle");
        return word;
    }

    std::vector<std::string> words_to_end() {
        std::vector<std::string> words;
        for (std::string word = next(); word != "$end"; word = next()) words.push_back(word);
        return words;
    }

    void command(const std::string& name) {
        if (name == "$dumpvars" || name == "$end") return;
        const std::vector<std::string> words = words_to_end();
        if (name == "$scope") {
            scopes_.push_back(words.at(1));
        } else if (name == "$upscope") {
            scopes_.pop_back();
        } else if (name == "$timescale") {
            for (const std::string& word : words) vcd_.timescale += word;
        } else if (name == "$var") {
            std::string full;
            for (const std::string& scope : scopes_) full += scope + '.';
            for (size_t i = 3; i < words.size(); ++i) full += words[i];
            VcdSignal& signal = vcd_.signals[full];
            signal.bits = static_cast<unsigned>(std::stoul(words.at(1)));
            if (!codes_.emplace(words.at(2), &signal).second)
                throw std::runtime_error("VCD: two signals are called " + words.at(2));
        }
    }

    void advance(uint64_t time) {
        if (time < vcd_.end) throw std::runtime_error("VCD: time runs backwards");
        vcd_.end = time;
    }

    void set(const std::string& code, const std::string& digits) {
        VcdSignal& signal = *codes_.at(code);
        if (digits.find_first_not_of("01") != std::string::npos || digits.size() > signal.bits)
            throw std::runtime_error("VCD: " + digits + " is no value of " + code);
        signal.changes.push_back({vcd_.end, std::stoull(digits, nullptr, 2)});
    }

    std::ifstream file_;
    std::vector<std::string> scopes_;
    std::map<std::string, VcdSignal*> codes_;
    Vcd vcd_;
};

}  // namespace

uint64_t VcdSignal::at(uint64_t time) const {
    const auto after = std::upper_bound(changes.begin(), changes.end(), time,
                                        [](uint64_t t, const VcdChange& c) { return t < c.time; });
    if (after == changes.begin()) throw std::runtime_error("VCD: no value yet");
    return std::prev(after)->value;
}

unsigned VcdSignal::edges_to(uint64_t value) const {
    unsigned edges = 0;
    for (size_t i = 1; i < changes.size(); ++i) edges += changes[i].value == value;
    return edges;
}

bool VcdSignal::has_only_changes() const {
    return std::adjacent_find(changes.begin(), changes.end(),
                              [](const VcdChange& a, const VcdChange& b) {
                                  return a.value == b.value || a.time >= b.time;
                              }) == changes.end();
}

Vcd Vcd::read(const std::filesystem::path& path) {
    return Reader(path).read();
}

}  // namespace karhunen
