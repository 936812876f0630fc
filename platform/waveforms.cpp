#include "platform/waveforms.h"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "platform/files.h"

namespace karhunen {

namespace {

constexpr char last_words[] = "end of recording";

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
    throw std::runtime_error(path.string() + ": cannot be written: " + reason);
}

/// SystemC does not say whether the disk took everything.
bool is_whole(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const std::streamoff tail = std::min<std::streamoff>(file.tellg(), 100);
    std::string text(static_cast<size_t>(std::max<std::streamoff>(tail, 0)), '\0');
    file.seekg(-tail, std::ios::end);
    file.read(text.data(), tail);
    return text.find(last_words) != std::string::npos;
}

}  // namespace

Waveforms::Waveforms(const std::filesystem::path& path) : path_(path) {
    std::error_code error;
    if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error))
        refuse(path, "not a regular file");
    // SystemC adds ".vcd" to every name.
    temporary_ = path.string() + ".part" + std::to_string(getpid()) + ".vcd";
    remove_on_signal(temporary_);
    if (!std::ofstream(temporary_)) refuse(path, std::strerror(errno));
}

Waveforms::~Waveforms() {
    close();
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
}

sc_core::sc_trace_file* Waveforms::start() {
    std::filesystem::path stem = temporary_;
    file_ = sc_core::sc_create_vcd_trace_file(stem.replace_extension().c_str());
    file_->set_time_unit(1, sc_core::SC_PS);
    return file_;
}

void Waveforms::finish() {
    file_->write_comment(last_words);
    close();
    if (!is_whole(temporary_)) refuse(path_, "the disk did not take all of it");
    std::error_code error;
    std::filesystem::rename(temporary_, path_, error);
    if (error) refuse(path_, error.message());
}

void Waveforms::close() {
    if (file_) sc_core::sc_close_vcd_trace_file(file_);
    file_ = nullptr;
}

}  // namespace karhunen
